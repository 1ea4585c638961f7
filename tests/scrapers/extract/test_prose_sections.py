"""Which sections of a page of sentences are boards (README §3, §7)."""

from __future__ import annotations

import pytest

from tests.scrapers.extract.pages import read

ONE = "<p>“甲号”蝉联榜首，“乙号”位居第二。</p>"
TWO = "<p>“子号”夺冠，“丑号”获亚军。</p>"
TITLE = "荷塘区政务微信2019年3月榜"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (f"{ONE}<h3>网友评论</h3><p>“庚号”应该第一名</p>", [TITLE]),
        (f"{ONE}<h3>扫码关注</h3><p>“荷塘发布”</p>", [TITLE]),
        (f"<h3>省级账号</h3>{ONE}<h3>市级账号</h3>{TWO}", ["省级账号", "市级账号"]),
        (f"<h3>省级榜</h3>{ONE}<h3>活动预告</h3>{TWO}", ["省级榜"]),
        (f"<p>“甲号”夺冠。</p><h3>省级榜</h3>{ONE}", ["省级榜"]),
    ],
)
def test_boards_told_in_sentences(body, names):
    answer = read(body, title=TITLE)
    assert [board.name for board in answer.boards] == names
    assert all(len(board.rows) == 2 for board in answer.boards)
    assert answer.verdict == "ok"
