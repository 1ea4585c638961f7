"""What stands beside a rank, a name or a number within its cell, and what calls a person."""

from __future__ import annotations

import pytest

from scrapers.extract.names import parse_name
from scrapers.extract.ranks import parse_rank
from tests.scrapers.extract.pages import read

LABELS = ("排名", "公众号", "阅读数", "WCI")


def answer(*lines: tuple[object, ...], labels: tuple[str, ...] = LABELS):
    cells = ("".join(f"<td>{cell}</td>" for cell in line) for line in (labels, *lines))
    return read("<h2>县级榜</h2><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("6↑2", 6, "up"),
        ("5 ▼1", 5, "down"),
        ("9 NEW", 9, "new"),
        ("8=", 8, "same"),
        ("1st", 1, None),
        ("十一", 11, None),
        ("2名", 2, None),
    ],
)
def test_ranks_with_what_stands_behind_them(text, value, kind):
    rank = parse_rank(text)
    assert rank is not None
    assert (rank.value, rank.movement.kind if rank.movement else None) == (value, kind)


@pytest.mark.parametrize(
    ("text", "second", "account", "wechat_id", "unit"),
    [
        ("甲号 / jiahao", "", "甲号", "jiahao", None),
        ("甲号", "主体：荷塘区委宣传部", "甲号", None, "荷塘区委宣传部"),
        ("甲号（主办单位：区妇联）", "", "甲号", None, "区妇联"),
        ("“甲号”官方微信", "", "甲号官方微信", None, None),
    ],
)
def test_names_with_what_stands_beside_them(text, second, account, wechat_id, unit):
    name = parse_name(text, second)
    assert (name.account, name.wechat_id, name.unit) == (account, wechat_id, unit)


@pytest.mark.parametrize(
    ("cell", "kind"), [("<sup>新</sup>", "new"), ("<em>↑3</em>", "up"), ("<i class=up>3</i>", "up")]
)
def test_a_mark_in_a_tag_behind_the_name(cell, kind):
    (row,) = answer((1, f"甲号{cell}", 5, 9)).boards[0].rows
    assert (row.account, row.movement.kind) == ("甲号", kind)


@pytest.mark.parametrize(
    ("mark", "kind", "places"),
    [
        ("<i class=icon-up></i>2", "up", 2),
        ("<i class=down></i> 1", "down", 1),
        ("<em class=new></em>", "new", None),
    ],
)
def test_an_empty_mark_with_its_number_behind_it(mark, kind, places):
    (row,) = answer((1, "甲号", mark), labels=("排名", "公众号", "升降")).boards[0].rows
    assert (row.movement.kind, row.movement.places) == (kind, places)


@pytest.mark.parametrize(
    ("cell", "value", "raw"),
    [
        ("900.1（新榜）", 900.1, "900.1"),
        ("777.70 ↓3.2", 777.7, "777.70"),
        ("800.12分", 800.12, "800.12分"),
    ],
)
def test_a_number_with_a_remark(cell, value, raw):
    found = answer((1, "甲号", 5, cell))
    figure = found.boards[0].rows[0].values["index"]
    assert (found.verdict, figure.value, figure.raw) == ("ok", value, raw)


@pytest.mark.parametrize("cell", ["12,345次/篇", "12.345", "第2", "3%"])
def test_digits_that_are_no_count_call_a_person(cell):
    assert answer((1, "甲号", cell, 9)).flags == ["implausible_value"]


@pytest.mark.parametrize("cell", ["—", "/", "暂无", "", "N/A", "未统计"])
def test_words_and_dashes_are_absent(cell):
    found = answer((1, "甲号", cell, 9))
    assert (found.verdict, found.boards[0].rows[0].values.keys()) == ("ok", {"index"})


def test_a_board_that_says_it_has_no_data():
    labels = "<div><b>排名</b><b>公众号</b><b>WCI</b></div>"
    for empty in (f"{labels}<div>暂无数据</div>", "<p>本期数据暂缺</p>"):
        table = "<table><tr><td>名次<td>账号<td>WCI<tr><td>1<td>甲号<td>9</table>"
        found = read(f"<h2>县级榜</h2>{table}<h2>镇街榜</h2>{empty}")
        assert found.flags == ["empty_board"]
        assert [(board.name, len(board.rows)) for board in found.boards] == [
            ("县级榜", 1),
            ("镇街榜", 0),
        ]


@pytest.mark.parametrize(
    ("before", "kind", "places"),
    [("5", "up", 2), ("第2名", "down", 1), ("30名以外", "new", None), ("—", "new", None)],
)
def test_ranks_before(before, kind, places):
    lines = (1, 1, "甲号"), (2, 2, "乙号"), (3, before, "丙号")
    row = answer(*lines, labels=("名次", "上期名次", "公众号")).boards[0].rows[2]
    assert (row.movement.kind, row.movement.places) == (kind, places)


@pytest.mark.parametrize(
    ("mark", "kind", "places"),
    [
        ("<img src=u.png alt=上升>2", "up", 2),
        ("↓-2", "down", 2),
        ("NEW!", "new", None),
        ("+0", "same", 0),
    ],
)
def test_marks_in_a_column(mark, kind, places):
    (row,) = answer((1, "甲号", mark), labels=("排名", "公众号", "升降")).boards[0].rows
    assert (row.movement.kind, row.movement.places) == (kind, places)


@pytest.mark.parametrize(
    ("sentence", "heading", "size"),
    [
        ("本次公布前2名榜单。", "县级榜", 2),
        ("共监测176个账号,下面公布排名前2位的账号。", "县级榜", 2),
        ("以下为本榜前2名：", "县级榜", 2),
        ("", "三大类账号榜", None),
        ("共监测176个账号。", "县级榜", None),
    ],
)
def test_how_many_the_board_prints(sentence, heading, size):
    table = (
        "<table><tr><td>排名<td>公众号<td>WCI<tr><td>1<td>甲号<td>9<tr><td>2<td>乙号<td>8</table>"
    )
    (board,) = read(f"<h2>{heading}</h2><p>{sentence}</p>{table}").boards
    assert (board.name, board.list_size) == (heading, size)


@pytest.mark.parametrize(
    "cell",
    [
        "&nbsp;在荷塘&nbsp;<br><small>&nbsp;微信号：zaihetang&nbsp;</small>",
        "<a>&nbsp;在荷塘&nbsp;</a><em>&nbsp;zaihetang&nbsp;</em>",
        "<p>&nbsp;在荷塘&nbsp;</p><p>&nbsp;zaihetang</p>",
    ],
)
def test_gaps_around_a_name_and_its_id(cell):
    answer = read(
        "<h2>县级榜</h2><table><tr><td>排名<td>公众号<td>WCI</tr>"
        f"<tr><td>1<td>{cell}<td>844</tr></table>"
    )
    (row,) = answer.boards[0].rows
    assert (row.account, row.wechat_id) == ("在荷塘", "zaihetang")
