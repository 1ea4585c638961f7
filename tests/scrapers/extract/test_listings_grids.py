"""Tables drawn without table elements: lines of cells, loose cells, columns."""

from __future__ import annotations

import pytest

from tests.scrapers.extract.pages import read, rows_of

LABELS = ("排名", "公众号", "WCI")
LINES = (("1", "甲号", "9"), ("2", "乙号", "8"))
BOTH = [(1, "甲号"), (2, "乙号")]


def line(cells: tuple[str, ...], more: str = "") -> str:
    return "<div>" + "".join(f"<span>{cell}</span>" for cell in cells) + more + "</div>"


def blocks(cells: tuple[str, ...]) -> str:
    return "".join(f"<div>{cell}</div>" for cell in cells)


@pytest.mark.parametrize(
    "body",
    [
        line(LABELS) + "".join(line(cells, "<a href='#'>详情</a>") for cells in LINES),
        line((*LABELS, "操作")) + "".join(line((*cells, "<a>查看</a>")) for cells in LINES),
        "<div>" + blocks(LABELS) + "".join(blocks(cells) for cells in LINES) + "</div>",
        "<div>"
        + "".join(f"<div>{blocks(column)}</div>" for column in zip(LABELS, *LINES, strict=True))
        + "</div>",
    ],
    ids=["button", "button-column", "loose-cells", "columns"],
)
def test_one_board_in_grids(body):
    answer = read(f"<h2>县级榜TOP2</h2>{body}")
    assert answer.verdict == "ok"
    assert rows_of(answer) == BOTH
    assert [row.values["index"].value for row in answer.boards[0].rows] == [9, 8]


def test_a_title_between_lines_parts_boards():
    lines = "".join(line(cells) for cells in LINES)
    answer = read(f"<p><b>县级榜</b></p>{line(LABELS)}{lines}<p><b>镇街榜</b></p>{lines}")
    assert [board.name for board in answer.boards] == ["县级榜", "镇街榜"]
    assert rows_of(answer, 0) == rows_of(answer, 1) == BOTH


def test_a_line_of_another_number_of_cells_calls_a_person():
    odd = line(("3", "丙号"))
    body = line(LABELS) + "".join(line(cells) for cells in LINES) + odd
    assert read(f"<h2>县级榜</h2>{body}").flags == ["missing_rank"]


def test_a_row_out_of_step_calls_a_person():
    table = (
        "<table><tr><td>排名<td>公众号<td>较上期<td>WCI<tr><td>1<td>甲号<td>↑1<td>9"
        "<tr><td>2<td>乙号<td>8</table>"
    )
    assert read(f"<h2>县级榜</h2>{table}").flags == ["implausible_value"]
