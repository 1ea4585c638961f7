"""Reading an HTML ranking table, against BeautifulSoup on lxml merely walking its cells."""

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from bs4 import BeautifulSoup

from scrapers.extract import extract

from .harness import DEFAULT, FULL, TINY, Line, Work, interleaved, ms, ratio

TITLE = "读取网页榜单表格，处理器时间"
# Rows of the table, and how many rounds.
SIZES = {TINY: ((50, 100), 1), DEFAULT: ((1000, 2000, 4000), 5), FULL: ((1000, 2000, 4000), 9)}

LIMIT = 2.0  # extraction by walking
LINEAR = 1.25  # time a row of the longest table by time a row of the shortest

HEADERS = ["排名", "公众号", "微信号", "发布篇数", "总阅读数", "头条阅读数", "平均阅读数"]
HEADERS += ["最高阅读数", "总点赞数", "WCI"]


def page(rows: int) -> bytes:
    """A month's page with ``rows`` rows of invented accounts and falling figures, UTF-8."""
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>2019年8月演示政务微信排行榜'
        '</title></head><body><h1>2019年8月演示政务微信排行榜</h1><p class="date">2019-09-05</p>'
        f"<h2>2019年8月演示政务微信排行榜·县级</h2>{_table(rows)}</body></html>"
    ).encode()


def _table(rows: int) -> str:
    draw = random.Random(rows)
    body = []
    for row in range(rows):
        reads = (rows - row) * 331 + 900
        articles = draw.randrange(20, 200)
        cells = [
            row + 1,
            f"演示{chr(0x4E00 + row)}{chr(0x5000 + row // 7)}发布",
            f"yanshi{row:05d}",
            articles,
            reads,
            reads // 2,
            reads // articles,
            "10万+" if reads > 300_000 else reads // 3,
            reads // 90,
            f"{1800 - row * 1500 / rows:.2f}",
        ]
        body.append(f'<tr class="row">{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>\n')
    head = "".join(f"<th>{name}</th>" for name in HEADERS)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def read(data: bytes) -> int:
    """Ours: the whole way from bytes to rows with verdict and flags; how many rows."""
    fetched = datetime(2019, 9, 6, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    found = extract(
        data,
        url="http://example.com/2019-08.html",
        content_type="text/html; charset=utf-8",
        fetched_at=fetched,
    )
    assert found.verdict == "ok", found.flags
    return sum(len(board.rows) for board in found.boards)


def walk(data: bytes) -> int:
    """The peer: the tree, and the text of each cell; how many rows with data."""
    soup = BeautifulSoup(data.decode(), "lxml")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in soup.find_all("tr")]
    return sum(1 for row in rows if len(row) == len(HEADERS))


def run(size: str) -> Iterator[Line]:
    counts, rounds = SIZES[size]
    pages = {count: page(count) for count in counts}
    for count, data in pages.items():
        assert read(data) == walk(data) == count, f"{count} rows were not read as {count} rows"
    works = {}
    for count, data in pages.items():
        works[f"ours {count}"] = Work(lambda data=data: read(data))
        works[f"peer {count}"] = Work(lambda data=data: walk(data))
    taken = interleaved(works, rounds, time.process_time)
    for count, data in pages.items():
        ours, peer = taken[f"ours {count}"], taken[f"peer {count}"]
        yield Line(
            "",
            f"{count} 行：抽取 ÷ BeautifulSoup 逐格走一遍",
            ratio(ours, peer),
            LIMIT,
            detail=f"{ms(ours)} ÷ {ms(peer)}，{len(data) // 1000} kB",
        )
    short, long = counts[0], counts[-1]
    yield Line(
        "",
        f"每行用时：{long} 行 ÷ {short} 行",
        ratio(taken[f"ours {long}"], taken[f"ours {short}"]) * short / long,
        LINEAR,
    )
