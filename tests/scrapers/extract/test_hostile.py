"""Whatever the bytes, extraction answers or refuses; it never breaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.extract import PageRefused
from scrapers.extract.contract import FLAGS
from scrapers.extract.limits import MAX_PROSE
from tests.scrapers.extract.pages import SAVED, read

PIECE_LIST = [
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<td",
    "rowspan=3>",
    "<td",
    "colspan=9>",
    "</td>",
    "<th>",
    "<ol>",
    "<li>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<br>",
    "<h2>",
    "</h2>",
    "<b>",
    "<img",
    "src=a.png>",
    "<span",
    "class=up>",
    "</span>",
    "<caption>",
    "排名",
    "公众号",
    "WCI",
    "阅读总数(万)",
    "1",
    "2",
    "3",
    "03",
    "第三名",
    "NO.1",
    "TOP2",
    "①②",
    "在荷塘",
    "“掌上攸县”",
    "《标题》",
    "(zaihetang)",
    "10万+",
    "60,1299",
    "—",
    "↑2",
    "蝉联榜首",
    "位列第二、三名",
    "分列第三至五名",
    "县级榜TOP20",
    "2019年3月1日-31日",
    "9月31日",
    "本周榜单第一",
    "破千的有11个",
    "由上月第八升至第四",
    "、",
    "：",
    "，",
    "。",
    "<!--",
    "-->",
    "<style>.x{display:none}</style>",
    "&nbsp;",
]
PIECES = st.sampled_from(PIECE_LIST)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_soup_of_ranking_pieces(pieces):
    answer = read("".join(pieces))
    assert set(answer.flags) <= set(FLAGS)
    assert answer.to_json()["verdict"] in ("ok", "review", "needs_transcription", "failed")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes(data):
    read(data)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SAVED), st.data())
def test_pages_cut_and_damaged(page, data):
    raw = bytearray(page.data)
    del raw[data.draw(st.integers(0, len(raw))) :]
    for _ in range(data.draw(st.integers(0, 4))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(raw))


@pytest.mark.parametrize(
    "data", [b"", b" ", b"\x00" * 99, b"\x89PNG\r\n\x1a\n" * 9, b"<html>", b'{"a":1}']
)
def test_what_is_no_page_has_failed(data):
    assert read(data).verdict == "failed"


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10000 + "x",
        "<table>" + "<tr><td>1</td></tr>" * 100_001 + "</table>",
        "<table>" + "<tr><td colspan=999>x</td></tr>" * 3000 + "</table>",
        "<ol>" + "<li>在荷塘</li>" * 10_001 + "</ol>",
        "<h2>县级榜</h2><p>“甲”蝉联榜首</p>" * 501,
        "<p>“甲”蝉联榜首，“乙”位列第二。</p>" * 9000,
    ],
    ids=["depth", "cells", "spans", "lines", "headings", "prose"],
)
def test_beyond_the_limits_is_refused_with_a_sentence(body):
    with pytest.raises(PageRefused, match="拒绝解析"):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        "“甲”" * 100_000,
        "1、" * 100_000,
        "(" * 100_000,
        "1," * 100_000,
        "<p>" + "<span>1" * 500,
        " " * 500_000,
    ],
    ids=["quotes", "ranks", "brackets", "commas", "spans", "spaces"],
)
def test_repetition_does_not_blow_up(body):
    page = f"<h2>县级榜</h2><p>{body}</p>"
    if len(body) >= MAX_PROSE and body.strip():
        with pytest.raises(PageRefused, match="文字超过"):
            read(page)
    else:
        assert read(page).verdict == "failed"
