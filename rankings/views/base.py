"""What every ranking screen shares."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..models import Account, Board, Observation
from ..periods import Month, PeriodError


class RankingScreen(WagtailAdminTemplateMixin, View):
    """A screen for people who hold one of ``permissions``, codenames of this app."""

    permissions: tuple[str, ...] = ("view_report",)
    header_icon = "order"
    title = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.has_perm(f"rankings.{each}") for each in self.permissions):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)


def month_page(row: Observation) -> str | None:
    """The page behind a monthly statement about an account; None for others."""
    if row.account_id is None or row.month is None:
        return None
    month = Month.from_index(row.month)
    return reverse("rankings:month_detail", args=[row.board.key, row.account.key, str(month)])


def board_or_404(key: str) -> Board:
    return get_object_or_404(Board, key=key)


def account_or_404(key: str) -> Account:
    return get_object_or_404(Account, key=key)


def month_or_404(text: str) -> Month:
    try:
        return Month.parse(text)
    except PeriodError as error:
        raise Http404 from error
