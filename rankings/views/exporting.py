"""The records as a file that the import reads back."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from ..exporting import as_csv, as_xlsx, observations_of
from .base import RankingScreen, board_or_404
from .report import XLSX, download

# Rows are fetched so many at a time, however long the history is.
FETCHED = 2000


class ExportView(RankingScreen):
    """Every version of every statement of one board, or of all."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        key = request.GET.get("board", "")
        board = board_or_404(key) if key else None
        rows = observations_of(board)
        name = f"名次记录-{board.name if board else '全部'}"
        if request.GET.get("format") == "xlsx":
            return download(as_xlsx(rows.iterator(chunk_size=FETCHED)), XLSX, f"{name}.xlsx")
        return self._stream(as_csv(rows.iterator(chunk_size=FETCHED)), f"{name}.csv")

    def _stream(self, lines: Iterator[str], name: str) -> HttpResponse | StreamingHttpResponse:
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response
