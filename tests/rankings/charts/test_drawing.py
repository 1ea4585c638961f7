"""Charts as SVG: well-formed, escaped, marked, readable alone."""

import re

import pytest
from lxml import etree

from rankings import charts
from rankings.charts.heat import COLOURS
from rankings.charts.layout import PALETTE
from rankings.periods import Month

START = Month(2023, 1)
HOSTILE = "<script>alert(1)</script>\"'&\x00\x0b\ufffe"


def chart_of(name):
    if name == "rank":
        return charts.rank_chart(
            [
                charts.ChartMonth(START, 1, tied=True, title=HOSTILE, href="/a?b=1&c=2"),
                charts.ChartMonth(START + 1, 2, reported=True, title=HOSTILE),
                charts.ChartMonth(START + 2, None, mark="?", title=HOSTILE),
                charts.ChartMonth(START + 3, None, beyond=30, title=HOSTILE, href="/x"),
            ],
            [charts.MethodBreak(START + 1, HOSTILE, cut=True)],
        )
    if name == "index":
        return charts.index_chart(
            [
                charts.IndexMonth(START, 900.5, "at_least", HOSTILE, title=HOSTILE),
                charts.IndexMonth(START + 1, 910, "exact", HOSTILE, True, HOSTILE),
            ]
        )
    if name == "versus":
        ranks = [charts.ChartMonth(START + at, at + 1, title=HOSTILE) for at in range(3)]
        return charts.versus_chart([charts.Contender(HOSTILE, ranks)] * 2, "rank")
    cells = [charts.HeatCell("first", "1"), charts.HeatCell(charts.NOT_ISSUED, "停")]
    return charts.heat_map([START, START + 1], [charts.HeatRow(HOSTILE, cells, True)])


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("name", charts.NAMES)
def test_a_hostile_name_is_text_in_a_well_formed_picture(name, standalone) -> None:
    text = charts.svg(
        name,
        {
            "chart": chart_of(name),
            "title": HOSTILE,
            "subtitle": HOSTILE,
            "caption": HOSTILE,
            "example": True,
            "standalone": standalone,
        },
    )
    assert "<script" not in text
    root = etree.fromstring(text.encode())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("role") == "img" and "alert(1)" in root.get("aria-label")
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert "数据虚构，不得引用" in text


@pytest.mark.parametrize("name", charts.NAMES)
def test_a_picture_alone_says_what_it_shows_and_leads_nowhere(name) -> None:
    text = charts.svg(
        name,
        {
            "chart": chart_of(name),
            "title": "某图",
            "subtitle": "某报社",
            "caption": "数据截至某月",
            "standalone": True,
        },
    )
    assert ">某图</text>" in text and ">某报社</text>" in text and ">数据截至某月</text>" in text
    assert "href" not in text
    assert "示例榜单" not in text
    assert "url(" not in text and "var(" not in text and "<style" not in text


def test_a_picture_on_the_page_leads_to_the_months() -> None:
    text = charts.svg("rank", {"chart": chart_of("rank"), "title": "某图"})
    assert text.count('<a href="/a?b=1&amp;c=2">') == 1
    assert text.count('<a href="/x">') == 1


def test_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="pie"):
        charts.svg("pie", {"chart": None, "title": ""})


def test_two_method_changes_and_bounds_are_drawn_with_more_than_a_colour() -> None:
    rank = charts.svg("rank", {"chart": chart_of("rank"), "title": ""})
    assert 'class="ch-break"' in rank and "30名外" in rank and "<polygon" in rank
    index = charts.svg("index", {"chart": chart_of("index"), "title": ""})
    assert ">≥</text>" in index and 'stroke-dasharray="4 4"' in index


# --- colours ------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", PALETTE)
def test_series_can_be_told_from_paper(colour) -> None:
    assert contrast(colour, "#FBFAF6") >= 4.5


@pytest.mark.parametrize("bucket", COLOURS)
def test_what_stands_in_a_cell_can_be_read(bucket) -> None:
    assert contrast(*COLOURS[bucket]) >= 4.5


def schemes() -> list[dict[str, str]]:
    """The variables of each block of the style sheet that sets them all."""
    from pathlib import Path

    root = Path(__file__).resolve().parents[3]
    text = (root / "rankings/static/rankings/dashboard.css").read_text(encoding="utf-8")
    found = []
    for block in re.findall(r"\{([^{}]*--hm-a:[^{}]*)\}", text):
        pairs = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]+)", block))
        found.append(
            {
                name: "#" + "".join(c * 2 for c in v[1:]) if len(v) == 4 else v
                for name, v in pairs.items()
            }
        )
    return found


def test_the_style_sheet_keeps_contrast_in_every_scheme() -> None:
    assert len(schemes()) == 4  # light, dark twice, print
    for scheme in schemes():
        letters = {name[5] for name in scheme if name.startswith("--hm-")}
        assert letters == set("abcdefgunx")
        for letter in letters:
            assert contrast(scheme[f"--hm-{letter}"], scheme[f"--hm-{letter}-text"]) >= 4.5, letter
        dark = luminance(scheme["--hm-n"]) < 0.2
        for slot in range(7):
            assert contrast(scheme[f"--rk-slot-{slot}"], "#1c2523" if dark else "#fbfaf6") >= 4.5
