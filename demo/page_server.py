"""A small web server with pages that print 演示榜, so that the demo really fetches over a socket.

``python -m demo.page_server --port 8100`` runs it; tests use ``PageServer`` with port 0.

| Address | Page |
|---|---|
| ``/yanshi/2026-10.html`` | the month's list |
| ``/yanshi-gbk/2026-10.html`` | the same in GBK, as old portals are |
| ``/yanshi-review/2026-10.html`` | a page with a slip: one line, and so one rank, is missing |
| ``/yanshi-login/2026-10.html`` | a verification page with status 200 |
| ``/yanshi-picture/2026-10.html`` | a page whose list is a picture (``.png`` beside it) |
| ``/yanshi-index/`` | titles and links of the newest lists |

A month without a list, and anything else, is answered with 404.
"""

import argparse
import calendar
import datetime as dt
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from demo.content import example_board
from demo.local_server import LocalServer
from demo.picture_list import NAME as PICTURE_LIST
from demo.picture_list import ROWS as PICTURE_ROWS
from demo.picture_list import picture_list
from media.fonts import FontMissing

PAGES = Path(__file__).parent / "pages"
ADDRESS = re.compile(r"/(yanshi(?:-[a-z]+)?)/(\d{4})-(\d{2})\.(html|png)")
INDEX = "/yanshi-index/"
# As many months as a publisher's first page lists.
INDEX_MONTHS = 6
# The line left out of the page that has to be looked at by a person.
MISSING_RANK = 37


@dataclass(frozen=True)
class Answer:
    """What is sent: ``charset`` is the one the header names."""

    status: HTTPStatus
    body: bytes
    charset: str = "utf-8"
    media_type: str = "text/html"

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(dirs=[PAGES])


def ranking_page(
    year: int, month: int, *, charset: str = "utf-8", skip: int | None = None
) -> bytes:
    """The page of one month in ``charset``; ``skip`` is the number of a line to leave out.

    Raises ``LookupError`` when there is no list for that month, or it has yet to come out.
    """
    rows = printed_rows(year, month)
    accounts = {account["key"]: account for account in example_board.accounts()}
    # Only text goes into the template: numbers and dates would ask for Django's settings.
    page = {
        **about_month(year, month, example_board.BOARD["name"], len(rows)),
        "charset": charset,
        "rows": [
            _printed(row, accounts[row["account_key"]])
            for number, row in enumerate(rows, 1)
            if number != skip
        ],
    }
    return _page("ranking.html", page).encode(charset)


def printed_rows(year: int, month: int) -> list[example_board.ExampleRow]:
    """The rows of a month whose list is out; raises ``LookupError``."""
    try:
        rows = example_board.rows(year, month)
    except ValueError as error:
        raise LookupError(f"{year}-{month:02d}") from error
    # The loaded history is all printed; later lists come out on their day.
    history = (year, month) in example_board.months()
    to_come = not history and example_board.published_on(year, month) > dt.date.today()
    if not rows or to_come:
        raise LookupError(f"{year}-{month:02d}")
    return rows


def about_month(year: int, month: int, name: str, size: int) -> dict[str, str]:
    """Title, heading and days of the list ``name`` of a month."""
    last_day = calendar.monthrange(year, month)[1]
    return {
        "title": f"【{example_board.MARK}】{name}{year}年{month}月榜单发布",
        "publisher": example_board.BOARD["publisher"],
        "heading": f"{name}{year}年{month}月TOP{size}",
        "published": example_board.published_on(year, month).isoformat(),
        "range": f"{year}年{month}月1日至{year}年{month}月{last_day}日",
    }


def picture_page(year: int, month: int) -> bytes:
    """A page whose list is a picture; raises ``LookupError`` like ``ranking_page``."""
    size = min(PICTURE_ROWS, len(printed_rows(year, month)))
    about = about_month(year, month, PICTURE_LIST, size)
    page = {**about, "picture": f"/yanshi-picture/{year}-{month:02d}.png"}
    return _page("picture.html", page).encode()


def index_page(today: dt.date) -> bytes:
    """The newest lists that are out on ``today``, newest first."""
    articles = []
    year, month = today.year, today.month
    while len(articles) < INDEX_MONTHS and (year, month) > example_board.FIRST_MONTH:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        try:
            rows = printed_rows(year, month)
        except LookupError:
            continue
        about = about_month(year, month, example_board.BOARD["name"], len(rows))
        articles.append({**about, "address": f"/yanshi/{year}-{month:02d}.html"})
    return _page("index.html", {"articles": articles}).encode()


def _page(template: str, context: dict[str, Any]) -> str:
    return _engine().get_template(template).render(Context(context))


def _printed(
    row: example_board.ExampleRow, account: example_board.ExampleAccount
) -> dict[str, str]:
    """One line as publishers print it: sums over a capped article end in a plus sign."""

    def figure(key: str) -> str:
        return f"{row[key]}+" if row[f"{key}_bound"] == "at_least" else str(row[key])

    return {
        "rank": f"{row['rank']}（并列）" if row["tied"] else str(row["rank"]),
        "name": account["name"],
        "wechat_id": account["wechat_id"],
        "articles": str(row["articles"]),
        "reads": figure("reads"),
        "headline_reads": figure("headline_reads"),
        "average_reads": figure("average_reads"),
        "max_reads": row["max_reads_raw"],
        "likes": str(row["likes"]),
        "looks": str(row["looks"]),
        "index": f"{row['index']:.2f}",
    }


def _file(name: str) -> bytes:
    return (PAGES / name).read_bytes()


KINDS: dict[str, Callable[[int, int], Answer]] = {
    "yanshi": lambda year, month: Answer(HTTPStatus.OK, ranking_page(year, month)),
    "yanshi-gbk": lambda year, month: Answer(
        HTTPStatus.OK, ranking_page(year, month, charset="gbk"), "gbk"
    ),
    "yanshi-review": lambda year, month: Answer(
        HTTPStatus.OK, ranking_page(year, month, skip=MISSING_RANK)
    ),
    "yanshi-login": lambda year, month: Answer(HTTPStatus.OK, _file("login.html")),
    "yanshi-picture": lambda year, month: Answer(HTTPStatus.OK, picture_page(year, month)),
}


def answer(path: str) -> Answer:
    """What the server says to a request for ``path``."""
    place = path.partition("?")[0]
    if place == INDEX:
        return Answer(HTTPStatus.OK, index_page(dt.date.today()))
    match = ADDRESS.fullmatch(place)
    if match:
        kind, year, month = match[1], int(match[2]), int(match[3])
        try:
            if match[4] == "html" and kind in KINDS:
                return KINDS[kind](year, month)
            if match[4] == "png" and kind == "yanshi-picture":
                return Answer(HTTPStatus.OK, picture_list(year, month), "", "image/png")
        except (LookupError, FontMissing):
            pass  # no list for that month, or no font to draw it with: like any unknown address
    return Answer(HTTPStatus.NOT_FOUND, _file("missing.html"))


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def _send(self, *, with_body: bool) -> None:
        said = answer(self.path)
        self.send_response(said.status)
        self.send_header("Content-Type", said.content_type)
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(said.body)

    def log_message(self, format: str, *args: Any) -> None:
        if self.server.verbose:
            super().log_message(format, *args)


class PageServer(LocalServer):
    """The pages above."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port, _Handler)


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 1 when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m demo.page_server", description="演示榜单页面")
    parser.add_argument("--port", type=int, default=8100, help="端口，默认 8100")
    port = parser.parse_args(arguments).port
    try:
        server = PageServer(port)
    except OSError as error:
        sys.stderr.write(f"端口 {port} 无法使用（{error.strerror}），请换一个端口。\n")
        return 1
    return server.serve(f"演示榜单页面：{server.url}/yanshi/2026-10.html")


if __name__ == "__main__":
    sys.exit(main())
