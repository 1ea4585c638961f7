"""Wagtail's user screens with this project's forms."""

from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from .forms import WorkbenchUserCreationForm, WorkbenchUserEditForm


class UserViewSet(WagtailUserViewSet):
    def get_form_class(self, for_update: bool = False):
        return WorkbenchUserEditForm if for_update else WorkbenchUserCreationForm
