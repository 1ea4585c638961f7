"""总览: one account on one board, and its charts as files."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.widgets.button import Button, HeaderButton

from .. import dashboard, reports, spreadsheets
from ..dashboard import pictures
from ..periods import SHANGHAI
from .base import RankingScreen
from .report import XLSX, download

# More names than this make the list of suggestions slower than typing.
SUGGESTED_ACCOUNTS = 500
# No name is longer.
LONGEST_TEXT = 120
SVG = "image/svg+xml; charset=utf-8"


def asked_of(query: QueryDict) -> dashboard.Asked:
    """What the address asks for. ``versus`` says that the choice of rivals was sent, if empty."""

    def text(name: str) -> str:
        return query.get(name, "").strip()[:LONGEST_TEXT]

    sent = "versus" in query or "vs" in query
    return dashboard.Asked(
        board=text("board"),
        account=text("account"),
        month=text("month"),
        order=text("order"),
        search=text("heat"),
        rivals=tuple(key[:LONGEST_TEXT] for key in query.getlist("vs")) if sent else None,
        added=text("add"),
    )


def address(choice: dashboard.Choice, **changes: str) -> list[tuple[str, str]]:
    """The parts of an address that leads to this choice; a change to "" leaves a part out."""
    asked = choice.asked
    parts = {
        "board": choice.board.key if choice.board else "",
        "account": choice.account.key if choice.account else "",
        "month": str(choice.as_of or ""),
        "order": asked.order,
        "heat": asked.search,
        **changes,
    }
    pairs = [(name, value) for name, value in parts.items() if value]
    if asked.rivals is not None and "vs" not in changes:
        pairs += [("versus", "1"), *(("vs", key) for key in asked.rivals)]
    return pairs


class DashboardScreen(RankingScreen):
    """What the page and its files share: the choice and everything drawn from it."""

    def prepare(self, request: HttpRequest) -> None:
        self.choice = dashboard.choose(asked_of(request.GET))
        today = timezone.now().astimezone(SHANGHAI).date()
        self.overview = dashboard.overview(self.choice, request.user, today)


class OverviewView(DashboardScreen):
    """The screen, and with ``export=xlsx`` its months as a workbook."""

    title = "总览"
    template_name = "rankings/admin/dashboard/page.html"
    choice: dashboard.Choice

    def get_page_subtitle(self) -> str:
        return " · ".join(str(part) for part in (self.choice.account, self.choice.board) if part)

    def get(self, request: HttpRequest) -> HttpResponse:
        self.prepare(request)
        choice, overview = self.choice, self.overview
        if request.GET.get("export") == "xlsx" and choice.board and choice.account:
            report = overview.report if overview else reports.AccountReport(*self._subject())
            name = f"{choice.account.name}-{choice.board.name}-名次报告.xlsx"
            return download(spreadsheets.report_workbook(report), XLSX, name)
        return self.show(
            choice=choice,
            overview=overview,
            board=choice.board,
            account=choice.account,
            account_text=self._account_text(),
            suggestions=choice.accounts[:SUGGESTED_ACCOUNTS],
            report=overview.report if overview else None,
            legend=reports.STATE_WORDS.values(),
            query=urlencode(address(choice)),
            kept_by_versus=address(choice, vs=""),
            kept_by_order=address(choice, order=""),
            kept_by_heat=address(choice, heat=""),
            may_import=request.user.has_perm("rankings.import_rankings"),
        )

    def _subject(self) -> tuple[Any, Any]:
        return self.choice.board, self.choice.account

    def _account_text(self) -> str:
        if self.choice.account is not None:
            return self.choice.account.name
        return self.choice.asked.account

    @property
    def header_buttons(self) -> list[Button]:
        if self.overview is None:
            return []
        query = urlencode([*address(self.choice), ("export", "xlsx")])
        return [
            HeaderButton(
                "导出 XLSX", url=f"{reverse('rankings:overview')}?{query}", icon_name="download"
            )
        ]


class ChartView(DashboardScreen):
    """One chart as an SVG file."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        self.prepare(request)
        picture = None
        if self.overview is not None and key in pictures.KEYS:
            picture = self.overview.picture(key)
        if picture is None:
            raise Http404
        board, account = self.choice.board, self.choice.account
        marks = pictures.REPORT_MARKS[picture.name]
        file = picture.file(
            " · ".join(part for part in (board.publisher, board.scope, board.metric) if part),
            f"数据截至{self.overview.report.as_of.label}；{marks}只据报道，未经核实。",
        )
        name = f"{account.name}-{board.name}-{pictures.LABELS[key]}.svg"
        return download(file.encode(), SVG, name)


class ReportRedirect(RankingScreen):
    """The report of earlier days is part of the overview; addresses kept by people go on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.urlencode()
        return redirect(f"{reverse('rankings:overview')}{'?' + query if query else ''}")


dashboard_urls = [
    path("overview/", OverviewView.as_view(), name="overview"),
    path("overview/<slug:key>.svg", ChartView.as_view(), name="overview_chart"),
    path("report/", ReportRedirect.as_view(), name="report"),
]
