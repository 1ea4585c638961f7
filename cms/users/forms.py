"""Wagtail's user forms with one Chinese name and an office in place of given and family name."""

from wagtail.users.forms import UserCreationForm, UserEditForm


class WorkbenchUserCreationForm(UserCreationForm):
    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):
        fields = ["username", "display_name", "office", "email", "is_superuser", "groups"]


class WorkbenchUserEditForm(UserEditForm):
    first_name = None
    last_name = None

    class Meta(UserEditForm.Meta):
        fields = [
            "username",
            "display_name",
            "office",
            "email",
            "is_active",
            "is_superuser",
            "groups",
        ]
