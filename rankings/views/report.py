"""A board's month, and what stands behind a cell."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from .. import dashboard, reports
from ..periods import Month
from .base import RankingScreen, account_or_404, board_or_404, month_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(data: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to be saved, never shown: what it holds came from outside."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


class MonthTableView(RankingScreen):
    """榜单月表: one month of a board."""

    title = "榜单月表"
    template_name = "rankings/admin/month_table.html"

    def get_page_subtitle(self) -> str:
        parts = [str(self.board)] if self.board else []
        if self.month:
            parts.append(self.month.label)
        return " · ".join(parts)

    def get(self, request: HttpRequest, key: str = "", month: str = "") -> HttpResponse:
        boards = reports.boards_of(reports.our_account())
        self.month: Month | None = month_or_404(month) if month else None
        if key:
            self.board = board_or_404(key)
        else:
            wanted = request.GET.get("board", "")
            self.board = next((board for board in boards if board.key == wanted), None)
            if self.board is None and boards:
                self.board = boards[0]
        table = None
        if self.board is not None:
            table = reports.month_table(self.board, self.month)
            self.month = table.month
        order = request.GET.get("order", "")
        return self.show(
            table=table,
            sortable=dashboard.board_table(table, order) if table else None,
            board=self.board,
            boards=boards,
        )


class MonthDetailView(RankingScreen):
    """What stands behind one cell of the strip."""

    template_name = "rankings/admin/month_detail.html"

    def get_page_title(self) -> str:
        return f"{self.detail.account}：{self.detail.month.label}"

    def get_page_subtitle(self) -> str:
        return str(self.detail.board)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, last = super().get_breadcrumbs_items()
        query = f"?board={self.detail.board.key}&account={self.detail.account.key}"
        return [*before, {"url": f"{reverse('rankings:overview')}{query}", "label": "总览"}, last]

    def get(self, request: HttpRequest, board: str, account: str, month: str) -> HttpResponse:
        self.detail = reports.month_detail(
            board_or_404(board), account_or_404(account), month_or_404(month)
        )
        return self.show(
            detail=self.detail,
            cards=[reports.statement_card(row) for row in self.detail.observations],
            may_correct=request.user.has_perm("rankings.record_observation"),
            may_confirm=request.user.has_perm("rankings.confirm_observation"),
            next_unproved=reports.next_unproved(
                self.detail.board, self.detail.account, self.detail.month
            ),
        )
