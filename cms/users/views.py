"""Wagtail's account page with one Chinese name in place of given and family name."""

from typing import Any

from wagtail.admin.views.account import AccountView as WagtailAccountView
from wagtail.admin.views.account import BaseSettingsPanel, NameEmailSettingsPanel
from wagtail.users.models import UserProfile

from .forms import OwnDetailsForm


class OwnDetailsPanel(BaseSettingsPanel):
    name = "own_details"
    title = "姓名与邮箱"
    order = 100
    form_class = OwnDetailsForm


class AccountView(WagtailAccountView):
    def get_panels(self) -> list[Any]:
        user = self.request.user
        own = OwnDetailsPanel(self.request, user, UserProfile.get_for_user(user))
        others = [p for p in super().get_panels() if not isinstance(p, NameEmailSettingsPanel)]
        return [own, *others]
