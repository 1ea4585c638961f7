"""Addresses and menu items of the reports."""

from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .base import PERMISSION
from .views import REPORTS


class ReportMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm(PERMISSION)


def urls() -> list[URLPattern]:
    """Two addresses a report: the page, and its rows alone for the filters."""
    found = []
    for view in REPORTS:
        base, name = f"reports/reviews/{view.key}/", f"articles_report_{view.key}"
        found.append(path(base, view.as_view(), name=name))
        found.append(
            path(f"{base}results/", view.as_view(results_only=True), name=f"{name}_results")
        )
    return found


def register() -> None:
    """Called once, where the app meets Wagtail's hooks."""
    hooks.register("register_admin_urls", urls)
    for order, view in enumerate(REPORTS):
        hooks.register("register_reports_menu_item", _item(view, 100 + order))


def _item(view: Any, order: int) -> Any:
    return lambda: ReportMenuItem(
        view.page_title,
        reverse(f"articles_report_{view.key}"),
        name=f"review-{view.key}",
        icon_name=view.header_icon,
        order=order,
    )
