"""A rank with its movement, and a name with its id and unit, in one cell in any order."""

from __future__ import annotations

import pytest

from tests.scrapers.extract.pages import read

LABELS = "<tr><td>排名</td><td>公众号</td><td>阅读数</td></tr>"
LINES = "<p>第1名 甲号 发文 9篇 阅读 90</p><p>第2名 乙号 发文 8篇 阅读 80</p>"


def table(*lines: tuple[str, str]):
    rows = (
        f"<tr><td>{rank}</td><td>{name}</td><td>{900 - at}</td></tr>"
        for at, (rank, name) in enumerate(lines)
    )
    return read(f"<h2>县级榜</h2><table>{LABELS}{''.join(rows)}</table>")


@pytest.mark.parametrize(
    ("cell", "kind", "places"),
    [
        ("1<br>↑2", "up", 2),
        ("<small>-3</small> <b>1</b>", "down", 3),
        ("<div>1</div><div>（新）</div>", "new", None),
        ('<img alt="第1名"> 持平', "same", 0),
        ('<img alt="1"> (+1)', "up", 1),
        ("<p>第1名</p><p>较上期上升2位</p>", "up", 2),
        ('1<i class="arrow up"></i>4', "up", 4),
    ],
    ids=["br", "before", "blocks", "medal", "medal-brackets", "words", "empty-mark"],
)
def test_a_rank_and_its_movement_share_a_cell(cell, kind, places):
    found = table((cell, "甲号"), ("2", "乙号"))
    first = found.boards[0].rows[0]
    assert found.verdict == "ok"
    assert (first.rank, first.movement.kind, first.movement.places) == (1, kind, places)


@pytest.mark.parametrize(
    "cell",
    [
        "<div>在荷塘</div><div>zaihetang</div><div>荷塘区融媒体中心</div>",
        "<small>（荷塘区融媒体中心）</small><br><b>在荷塘</b><br>zaihetang",
        "在荷<br>塘<br><small>zaihetang</small><br>（荷塘区融媒体中心）",
        "在荷塘<p>微信号：zaihetang</p><p>主办单位：荷塘区融媒体中心</p>",
        "在荷塘 | zaihetang | 荷塘区融媒体中心",
        '在荷塘<span class="tag">政务</span><br>zaihetang<br>荷塘区融媒体中心<a>+关注</a>',
    ],
    ids=["blocks", "unit-first", "broken-name", "labels", "bars", "tag-and-button"],
)
def test_a_name_its_id_and_unit_share_a_cell(cell):
    found = table(("1", cell), ("2", "乙号"))
    first = found.boards[0].rows[0]
    assert found.verdict == "ok"
    assert (first.account, first.wechat_id, first.unit) == (
        "在荷塘",
        "zaihetang",
        "荷塘区融媒体中心",
    )


@pytest.mark.parametrize(
    "beside", ["<span>政务</span>", "<br>株洲", "<p>粉丝12万</p>", "<br>关注荷塘，服务群众"]
)
def test_names_with_something_unknown_beside_them_call_a_person(beside):
    found = table(("1", f"甲号{beside}"), ("2", f"乙号{beside}"), ("3", f"丙号{beside}"))
    assert found.verdict == "review"


@pytest.mark.parametrize(
    "note",
    [
        "<p>注：1.采集于4月2日；2.单篇按平台显示计；3.不含服务号。</p>",
        "<p>备注：</p><p>1.采集于4月2日</p><p>2.不含服务号</p>",
        "<p>统计说明：①采集于4月2日；②不含服务号。</p>",
    ],
)
def test_notes_below_a_list_are_no_entries(note):
    found = read(f"<h2>县级榜</h2>{LINES}{note}")
    assert [row.account for board in found.boards for row in board.rows] == ["甲号", "乙号"]
    assert found.verdict == "ok"


def test_a_table_cut_by_a_picture_goes_on_without_labels():
    found = read(
        f"<h2>县级榜</h2><table>{LABELS}<tr><td>1</td><td>甲号</td><td>90</td></tr>"
        "<tr><td>2</td><td>乙号</td><td>80</td></tr></table>"
        '<p><img src="a.jpg" width="600" height="300"></p>'
        "<table><tr><td>3</td><td>丙号</td><td>70</td></tr>"
        "<tr><td>4</td><td>丁号</td><td>60</td></tr></table>"
    )
    assert [row.rank for row in found.boards[0].rows] == [1, 2, 3, 4]


def test_numbers_before_their_labels_in_one_line():
    cards = "".join(
        f"<div><i>{rank}</i><b>{name}号</b><span><b>{900 - rank}</b>阅读数</span>"
        f"<span><b>{90 - rank}</b>发文数</span></div>"
        for rank, name in enumerate("甲乙丙", 1)
    )
    first = read(f"<h2>县级榜</h2>{cards}").boards[0].rows[0]
    assert first.account == "甲号"
    assert {key: figure.value for key, figure in first.values.items()} == {
        "reads": 899,
        "articles": 89,
    }
