"""待复核: proposals that wait for the second person."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from .. import services
from ..models import Observation
from ..reports import StatementCard, statement_card
from .base import RankingScreen

LISTS_ON_A_PAGE = 10
# More digits than any row's number has.
LONGEST_NUMBER = 18
# One list of one source, entered by one person, is looked through as a whole.
_LIST = (
    "board_id",
    "start",
    "end",
    "source_kind",
    "source_name",
    "edition",
    "recorded_by_id",
)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A proposal, and the version in force that it would replace, if any."""

    card: StatementCard
    before: Observation | None

    @property
    def row(self) -> Observation:
        return self.card.row


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Proposals to look through together."""

    rows: list[WaitingRow]
    own: bool

    @property
    def head(self) -> Observation:
        return self.rows[0].row


class ReviewView(RankingScreen):
    title = "待复核"
    permissions = ("confirm_observation",)
    template_name = "rankings/admin/review.html"
    header_icon = "tasks"

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = (
            Observation.objects.waiting()
            .values(*_LIST)
            .annotate(rows=Count("pk"))
            .order_by("board_id", "-start", *_LIST[2:])
        )
        page = Paginator(groups, LISTS_ON_A_PAGE).get_page(request.GET.get("p"))
        return self.show(
            lists=self._lists(list(page.object_list)),
            page=page,
            total=Observation.objects.waiting().count(),
        )

    def _lists(self, groups: list[dict]) -> list[WaitingList]:
        if not groups:
            return []
        wanted = Q()
        for group in groups:
            wanted |= Q(**{name: group[name] for name in _LIST})
        rows = (
            Observation.objects.waiting()
            .filter(wanted)
            .select_related("board", "account", "recorded_by", "capture", "supersedes")
            .order_by("rank", "pk")
        )
        lists: dict[tuple, list[WaitingRow]] = {
            tuple(group[name] for name in _LIST): [] for group in groups
        }
        for row in rows:
            before = row.supersedes if row.supersedes_id and row.supersedes.is_current else None
            lists[tuple(getattr(row, name) for name in _LIST)].append(
                WaitingRow(statement_card(row), before)
            )
        return [
            WaitingList(rows, own=rows[0].row.recorded_by_id == self.request.user.pk)
            for rows in lists.values()
            if rows
        ]

    def post(self, request: HttpRequest) -> HttpResponse:
        numbers = [
            int(text)
            for text in request.POST.getlist("row")
            if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
        ]
        rows = list(Observation.objects.filter(pk__in=numbers))
        if not rows:
            messages.error(request, "没有选中任何一条，请勾选后再点“复核通过”。")
            return redirect("rankings:review")
        try:
            count = services.confirm_observations(request.user, rows)
        except services.RankingError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                f"已复核通过 {count} 条，从现在起计入名次。",
                buttons=[messages.button(reverse("rankings:overview"), "看总览")],
            )
        return redirect("rankings:review")
