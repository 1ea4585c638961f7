"""待复核: proposals that wait for the second person; and taking one's own back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from .. import services
from ..dependents import DependentGroup, dependents_of
from ..evidence.models import Sighting
from ..importing.plan import Difference
from ..models import Observation
from ..reports import StatementCard, statement_card, statement_differences
from ..services.links import waiting_links
from ..services.proposals import REASON_LIMIT
from ..services.writing import key_of
from .base import RankingScreen, month_page

LISTS_ON_A_PAGE = 10
# More digits than any row's number has.
LONGEST_NUMBER = 18
# Pictures beside one list; the others are a link away.
PICTURES = 3
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
    """A proposal, and what it says otherwise than the version in force, if there is one."""

    card: StatementCard
    before: Observation | None
    differences: Sequence[Difference]

    @property
    def row(self) -> Observation:
        return self.card.row


@dataclass(frozen=True, slots=True)
class Proof:
    """A capture as it can be looked at."""

    number: int
    sha256: str
    content_type: str

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_page(self) -> bool:
        return self.content_type.startswith("text/html")


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Proposals to look through together."""

    rows: list[WaitingRow]
    own: bool
    proofs: list[Proof]
    more_proofs: int

    @property
    def head(self) -> Observation:
        return self.rows[0].row

    @property
    def unproved(self) -> int:
        """How many of the rows rest on no evidence."""
        return sum(waiting.row.capture_id is None for waiting in self.rows)


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
        lists, in_force = self._lists(list(page.object_list))
        return self.show(
            lists=[each for each in lists if not each.own],
            own=[each for each in lists if each.own],
            page=page,
            total=Observation.objects.waiting().count(),
            leaning=_leaning(lists, in_force),
            reason_limit=REASON_LIMIT,
            waiting_links=waiting_links(),
        )

    def _lists(self, groups: list[dict]) -> tuple[list[WaitingList], list[Observation]]:
        """The lists of a page, and what is in force in their periods; three queries."""
        if not groups:
            return [], []
        wanted, periods = Q(), Q()
        for group in groups:
            wanted |= Q(**{name: group[name] for name in _LIST})
            periods |= Q(**{name: group[name] for name in _LIST[:3]})
        rows = (
            Observation.objects.waiting()
            .filter(wanted)
            .select_related("board", "account", "recorded_by", "capture")
            .order_by("rank", "pk")
        )
        in_force = list(Observation.objects.in_force().filter(periods).select_related("capture"))
        replaced = {key_of(row): row for row in in_force}
        lists: dict[tuple, list[WaitingRow]] = {
            tuple(group[name] for name in _LIST): [] for group in groups
        }
        for row in rows:
            before = replaced.get(key_of(row))
            told = () if before is None else statement_differences(before, row)
            lists[tuple(getattr(row, name) for name in _LIST)].append(
                WaitingRow(statement_card(row), before, told)
            )
        proofs = _proofs(waiting.row for each in lists.values() for waiting in each)
        return [self._list(rows, proofs) for rows in lists.values() if rows], in_force

    def _list(self, rows: list[WaitingRow], proofs: dict[int, Proof]) -> WaitingList:
        named = dict.fromkeys(
            waiting.row.capture_id for waiting in rows if waiting.row.capture_id is not None
        )
        shown = [proofs[number] for number in named][:PICTURES]
        own = rows[0].row.recorded_by_id == self.request.user.pk
        return WaitingList(rows, own, shown, len(named) - len(shown))

    def post(self, request: HttpRequest) -> HttpResponse:
        rows = _chosen(request)
        action = request.POST.get("action", "confirm")
        if not rows:
            messages.error(request, "没有选中任何一条，请先勾选，再点下面的按钮。")
            return redirect("rankings:review")
        reason = request.POST.get("reason", "")
        try:
            if action == "reject":
                count = services.reject_proposals(request.user, rows, reason)
                messages.success(request, f"已退回 {count} 条，录入人会看到理由。")
            elif action == "withdraw":
                count = services.withdraw_proposals(request.user, rows, reason)
                messages.success(request, f"已撤回 {count} 条，不计入名次，仍留在历史里。")
            else:
                count = services.confirm_observations(request.user, rows)
                messages.success(
                    request,
                    f"已复核通过 {count} 条，从现在起计入名次。",
                    buttons=[messages.button(reverse("rankings:overview"), "看总览")],
                )
        except services.RankingError as error:
            messages.error(request, str(error))
        return redirect("rankings:review")


class WithdrawView(RankingScreen):
    """撤回: whoever entered a proposal takes it back."""

    title = "撤回录入"
    permissions = ("record_observation", "import_rankings")
    template_name = "rankings/admin/withdraw.html"
    header_icon = "undo"

    def get_page_subtitle(self) -> str:
        return str(self.row)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.row = _observation(pk)
        return self.show(row=self.row, card=statement_card(self.row), limit=REASON_LIMIT)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = _observation(pk)
        try:
            services.withdraw_proposal(request.user, row, request.POST.get("reason", ""))
        except services.RankingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"已撤回“{row}”，不计入名次，仍留在历史里。")
        return redirect(month_page(row) or reverse("rankings:observations"))


def _observation(pk: int) -> Observation:
    rows = Observation.objects.select_related("board", "account", "capture", "recorded_by")
    return get_object_or_404(rows, pk=pk)


def _chosen(request: HttpRequest) -> list[Observation]:
    numbers = [
        int(text)
        for text in request.POST.getlist("row")
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    ]
    return list(Observation.objects.filter(pk__in=numbers))


def _leaning(lists: Iterable[WaitingList], in_force: Iterable[Observation]) -> list[DependentGroup]:
    """What leans on these accounts' months, or on who was first then."""
    rows = [waiting.row for each in lists for waiting in each.rows]
    about = {(row.board_id, row.start, row.end, row.account_id) for row in rows}
    touched = [
        row
        for row in in_force
        if row.rank == 1 or (row.board_id, row.start, row.end, row.account_id) in about
    ]
    return dependents_of([*rows, *touched])


def _proofs(rows: Iterable[Observation]) -> dict[int, Proof]:
    """How each capture can be looked at, told by where it was met; one query."""
    captures = {row.capture_id: row.capture for row in rows if row.capture_id is not None}
    types: dict[int, list[str]] = defaultdict(list)
    for number, content_type in (
        Sighting.objects.filter(capture__in=captures)
        .order_by("pk")
        .values_list("capture_id", "content_type")
    ):
        types[number].append(content_type)
    return {
        number: Proof(number, capture.sha256, next(filter(None, types[number]), ""))
        for number, capture in captures.items()
    }
