"""推送日历 in the admin's menu."""

from django.urls import reverse
from wagtail.admin.menu import MenuItem

from ..menu import PushMenuItem


def calendar_item() -> MenuItem:
    return PushMenuItem(
        "推送日历", reverse("pushes_calendar"), name="calendar", icon_name="calendar", order=104
    )
