"""榜单衔接: proposing, deciding and showing the written links of a board."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from wagtail.admin import messages

from .. import queries, reports, services
from ..lineage import Lineage, MethodChange
from ..models import Account, Board, BoardLink, LinkStatus, PeriodKind
from ..periods import Month, PeriodError
from ..services.links import METHOD_LIMIT, REASON_LIMIT, URL_LIMIT, links_about
from .base import RankingScreen
from .capture_choice import CaptureField, captures_near
from .import_forms import EvidenceField

METHOD, NAME = "method", "name"


class MonthField(forms.CharField):
    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        try:
            return Month.parse(text) if text else None
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error


class LinkForm(forms.Form):
    """``board`` is the later one, or the only one."""

    kind = forms.ChoiceField(
        label="衔接什么",
        choices=[(METHOD, "本榜单的计算方法变了"), (NAME, "本榜单由另一个榜单改名或接续而来")],
        widget=forms.RadioSelect,
        initial=METHOD,
    )
    earlier = forms.ModelChoiceField(
        label="前身榜单",
        queryset=Board.objects.none(),
        required=False,
        empty_label="（计算方法变了的不用选）",
    )
    month = MonthField(
        label="从哪个月起",
        max_length=20,
        help_text="新榜单（新方法）的第一期，例如 2018-01；改名的，这个月之前都按前身榜单算。",
    )
    earlier_method = forms.CharField(label="原计算方法", max_length=METHOD_LIMIT, required=False)
    later_method = forms.CharField(
        label="新计算方法",
        max_length=METHOD_LIMIT,
        required=False,
        help_text="记录里写有计算方法的可以留空。",
    )
    reason = forms.CharField(
        label="衔接理由",
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="发布机构怎样说明前后是同一个榜单，至少 10 个字。",
    )
    source_url = forms.URLField(
        label="依据网址", required=False, max_length=URL_LIMIT, assume_scheme="https"
    )
    evidence = EvidenceField(
        label="依据文件",
        help_text="发布机构的公告：图片、PDF 或保存的网页，最大 20 MB。网址和文件至少要有一样。",
    )
    capture = CaptureField(label="或选用已有的存证")

    def __init__(self, board: Board, month: Month | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board
        self.fields["earlier"].queryset = Board.objects.filter(
            period_kind=PeriodKind.MONTH, is_example=board.is_example
        ).exclude(pk=board.pk)
        if month is not None:
            self.fields["capture"].offer(captures_near(board, month.first_day, month.last_day))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == NAME and not data.get("earlier") and "earlier" not in self.errors:
            self.add_error("earlier", "请选择前身榜单；还没有的，先在“榜单”里添加。")
        return data

    def proposal(self) -> dict[str, Any]:
        """What ``propose_link`` wants; only for a valid form."""
        data = self.cleaned_data
        file = data["evidence"]
        return {
            "earlier": data["earlier"] if data["kind"] == NAME else self.board,
            "later": self.board,
            "month": data["month"],
            "reason": data["reason"],
            "source_url": data["source_url"],
            "capture": data["capture"],
            "upload": None if file is None else file.read(),
            "methods": (data["earlier_method"], data["later_method"]),
        }


class AddLinkView(RankingScreen):
    """``?month=`` and the other fields fill the form in."""

    title = "提出衔接"
    permissions = ("link_board",)
    template_name = "rankings/admin/link_form.html"
    header_icon = "link"

    def get_page_subtitle(self) -> str:
        return str(self.board)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.board = get_object_or_404(Board, pk=pk)
        given = {name: request.GET[name] for name in LinkForm.base_fields if name in request.GET}
        return self._show(LinkForm(self.board, _month(given.get("month", "")), initial=given))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.board = get_object_or_404(Board, pk=pk)
        month = _month(request.POST.get("month", ""))
        form = LinkForm(self.board, month, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            link = services.propose_link(request.user, **form.proposal())
        except services.RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        messages.success(request, "已提出，等另一位同事复核后生效。在那之前连续在此断开。")
        return redirect("rankings:link", link.pk)

    def _show(self, form: LinkForm, status: int = 200) -> HttpResponse:
        return self.show(
            status=status,
            form=form,
            media=form.media,
            board=self.board,
            back=board_page(self.board),
        )


class LinkView(RankingScreen):
    """One link with all that is known of it, and what may be done about it."""

    title = "榜单衔接"
    permissions = ("view_report", "link_board", "confirm_observation")
    template_name = "rankings/admin/link.html"
    header_icon = "link"

    def get_page_subtitle(self) -> str:
        return str(self.link)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.link = self._link(pk)
        proposed = self.link.status == LinkStatus.PROPOSED
        own = self.link.linked_by_id == request.user.pk
        may_confirm = request.user.has_perm("rankings.confirm_observation")
        return self.show(
            link=self.link,
            effect=effect_of(self.link) if proposed else None,
            own=own and proposed,
            may_decide=proposed and may_confirm and not own,
            may_withdraw=request.user.has_perm("rankings.link_board")
            and self.link.status in (LinkStatus.PROPOSED, LinkStatus.CONFIRMED),
            reason_limit=REASON_LIMIT,
            back=board_page(self.link.later),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.link = self._link(pk)
        reason = request.POST.get("reason", "")
        try:
            match request.POST.get("action"):
                case "confirm":
                    services.confirm_link(request.user, self.link)
                    messages.success(request, "衔接已生效，两段记录从现在起接着算。")
                case "reject":
                    services.reject_link(request.user, self.link, reason)
                    messages.success(request, "已退回，提出人会看到理由。")
                case "withdraw":
                    services.withdraw_link(request.user, self.link, reason)
                    messages.success(request, "已撤销，连续从这个月起断开。")
                case _:
                    messages.error(request, "没有收到要做什么，请重新点一次按钮。")
        except services.RankingError as error:
            messages.error(request, str(error))
        return redirect("rankings:link", pk)

    def _link(self, pk: int) -> BoardLink:
        related = ("earlier", "later", "linked_by", "decided_by", "capture")
        return get_object_or_404(BoardLink.objects.select_related(*related), pk=pk)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposed link would do to the streak of one account: proved months now and then."""

    account: Account
    now: int
    then: int
    then_span: str


def effect_of(link: BoardLink) -> Effect | None:
    """For our account or, where that is never first, for the one with the longest streak.

    None where nobody has any. A fixed number of queries.
    """
    line = queries.lineage_of(link.later, also=[link])
    rows = queries.board_standings(link.later, line=line).accounts
    own = [row for row in rows if row.account.is_ours and row.longest.proved]
    then = next(iter(own or rows), None)
    if then is None or not then.longest.proved:
        return None
    [now] = queries.board_standings(link.later, account=then.account).accounts
    run = then.longest
    return Effect(
        then.account, now.longest.proved, run.proved, reports.span(run.proved_from, run.proved_to)
    )


@dataclass(frozen=True, slots=True)
class Break:
    """A change of method that nobody has linked; ``waiting`` is the proposal to do so."""

    change: MethodChange
    waiting: BoardLink | None

    @property
    def propose(self) -> str:
        """The form filled in with the change."""
        fields = {
            "kind": METHOD,
            "month": str(self.change.since),
            "earlier_method": self.change.before[0],
            "later_method": self.change.after[0],
        }
        address = reverse("rankings:link_add", args=[self.change.board.pk])
        return f"{address}?{urlencode(fields)}"


@dataclass(frozen=True, slots=True)
class LinkSection:
    """榜单衔接 on the page of a board."""

    line: Lineage
    links: list[BoardLink]
    breaks: list[Break]
    may_link: bool

    @property
    def path(self) -> list[tuple[Board, str, str]]:
        """The boards of the record, oldest first, with their pages and the months they hold."""
        found = []
        for segment in self.line.segments:
            months = [Month.from_index(month) for month in self.line.months if segment.holds(month)]
            span = reports.span(months[0], months[-1]) if months else ""
            found.append((segment.board, board_page(segment.board), span))
        return found


def link_section(board: Board, user: Any) -> LinkSection | None:
    """None for a board that is not monthly: its periods are never linked. Three queries."""
    if not board.is_monthly:
        return None
    links = links_about(board)
    line = queries.lineage_of(board)
    waiting = [link for link in links if link.status == LinkStatus.PROPOSED and link.within_board]
    breaks = [
        Break(
            change,
            next((w for w in waiting if change.before_month < w.month <= change.month), None),
        )
        for change in line.unlinked
    ]
    return LinkSection(line, links, breaks, user.has_perm("rankings.link_board"))


def board_page(board: Board) -> str:
    return reverse(Board.snippet_viewset.get_url_name("inspect"), args=[board.pk])


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except PeriodError:
        return None


link_urls = [
    path("boards/<int:pk>/links/add/", AddLinkView.as_view(), name="link_add"),
    path("links/<int:pk>/", LinkView.as_view(), name="link"),
]
