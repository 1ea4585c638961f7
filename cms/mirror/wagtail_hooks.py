"""Where the mirror meets Wagtail's admin."""

from wagtail import hooks

from .admin import status
from .admin.periods import special_period_viewset


@hooks.register("register_admin_viewset")
def register_special_periods():
    return special_period_viewset


@hooks.register("register_admin_urls")
def register_mirror_urls():
    return status.URLS


@hooks.register("register_reports_menu_item")
def register_mirror():
    return status.menu_item()
