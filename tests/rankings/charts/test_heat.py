"""The heat map: few elements, a colour for each place, a mark in every cell."""

import pytest

from rankings import charts
from rankings.charts import HeatCell, HeatRow, bucket_of, heat_map
from rankings.charts.heat import BUCKETS, COLOURS, KEYS, shorten
from rankings.periods import Month

MONTHS = [Month(2024, 11) + at for at in range(4)]


def row(name, *cells, ours=False):
    return HeatRow(name, [HeatCell(*cell) for cell in cells], ours)


@pytest.mark.parametrize(
    ("rank", "bucket"),
    [
        (1, "first"),
        (2, "top3"),
        (3, "top3"),
        (4, "top10"),
        (10, "top10"),
        (11, "top30"),
        (60, "top60"),
        (61, "rest"),
        (3000, "rest"),
    ],
)
def test_the_colour_of_a_place(rank, bucket) -> None:
    assert bucket_of(rank) == bucket


def test_nothing_to_draw_without_rows_or_months() -> None:
    assert heat_map([], [row("甲")]) is None
    assert heat_map(MONTHS, []) is None


def test_cells_of_one_colour_are_one_path_and_every_cell_has_a_text() -> None:
    cells = [("first", "1"), ("first", "1"), (charts.NOT_ISSUED, "停"), (charts.UNKNOWN, "·")]
    chart = heat_map(MONTHS, [row("甲", *cells, ours=True), row("乙", *cells)])
    assert {patch.bucket: patch.path.count("M") for patch in chart.patches} == {
        "first": 4,
        charts.NOT_ISSUED: 2,
        charts.UNKNOWN: 2,
    }
    assert sum(len(line.words) for line in chart.texts) == 8
    assert chart.hatch.count("M") >= 2
    assert len(chart.ours) == 1
    assert [label.text for label in chart.months] == ["11", "12", "1", "2"]
    assert [label.text for label in chart.years] == ["2024年", "2025年"]


def test_a_reported_place_has_no_colour_of_its_rank() -> None:
    chart = heat_map(MONTHS[:1], [row("甲", (charts.REPORTED, "(1)"))])
    [patch] = chart.patches
    assert patch.dashed and patch.fill not in {COLOURS[name][0] for _, name in BUCKETS}


def test_every_colour_is_in_the_legend_with_a_letter_of_its_own() -> None:
    assert {bucket for bucket, _, _ in KEYS} == set(COLOURS)
    assert len({HeatCell(bucket, "").code for bucket in COLOURS}) == len(COLOURS)


def test_a_long_name_is_cut_in_the_picture_and_whole_in_its_title() -> None:
    name = "很长的名称" * 10
    chart = heat_map(MONTHS[:1], [row(name, ("first", "1"))])
    assert chart.names[0].text.endswith("…") and chart.names[0].title == name
    assert shorten("短", 100) == "短"


def test_a_board_of_122_accounts_over_three_years_stays_small() -> None:
    months = [Month(2023, 1) + at for at in range(36)]
    rows = [
        row(f"示例号{n}", *[(bucket_of(n + at + 1), str(n + at + 1)) for at in range(36)])
        for n in range(122)
    ]
    text = charts.svg("heat", {"chart": heat_map(months, rows), "title": "全榜"})
    assert len(text.encode()) < 260_000
