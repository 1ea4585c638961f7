"""Wagtail's user forms with one Chinese name and an office in place of given and family name."""

from typing import Any

from django import forms
from wagtail.admin.forms.auth import LoginForm as WagtailLoginForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from .models import User


class LoginForm(WagtailLoginForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Wagtail declares the field without a label, so that its name would be shown.
        self.fields["password"].label = "密码"


class OwnDetailsForm(forms.ModelForm):
    """What people may change about themselves; the office is the administrator's to say."""

    class Meta:
        model = User
        fields = ["display_name", "email"]


def superuser_field() -> forms.BooleanField:
    """Shown, and set on the server only: who manages people must not raise themselves above all."""
    return forms.BooleanField(
        label="超级用户",
        required=False,
        disabled=True,
        help_text="只能由维护人员在服务器上设立。日常工作用下面的角色就够了。",
    )


class WorkbenchUserCreationForm(UserCreationForm):
    first_name = None
    last_name = None
    is_superuser = superuser_field()

    class Meta(UserCreationForm.Meta):
        fields = ["username", "display_name", "office", "email", "is_superuser", "groups"]


class WorkbenchUserEditForm(UserEditForm):
    first_name = None
    last_name = None
    is_superuser = superuser_field()

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
