"""Wagtail's account page with one Chinese name, and with our choices of mails for its own."""

from typing import Any

from wagtail.admin.views.account import AccountView as WagtailAccountView
from wagtail.admin.views.account import (
    BaseSettingsPanel,
    NameEmailSettingsPanel,
    NotificationsSettingsPanel,
)
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
        replaced = (NameEmailSettingsPanel, NotificationsSettingsPanel)
        others = [p for p in super().get_panels() if not isinstance(p, replaced)]
        return [own, *others]
