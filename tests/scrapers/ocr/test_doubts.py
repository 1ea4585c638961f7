"""Figures that their neighbours contradict."""

from __future__ import annotations

import pytest

from rankings.figures import parse_figure
from scrapers.extract.contract import ACCOUNT, ARTICLE, Row
from scrapers.ocr.doubts import doubted


def rows(key: str, *printed: str) -> list[Row]:
    return [
        Row(rank, f"甲{rank}", values={key: parse_figure(text)} if text else {})
        for rank, text in enumerate(printed, 1)
    ]


@pytest.mark.parametrize(
    ("printed", "wrong"),
    [
        pytest.param(("99.5", "98.1", "97.0", "96.2", "95.9"), set(), id="falls"),
        pytest.param(("99.5", "98.1", "47.0", "96.2", "95.9"), {2}, id="one too small"),
        pytest.param(("99.5", "98.1", "997.0", "96.2", "95.9"), {2}, id="one too large"),
        pytest.param(("99.5", "98.1", "98.1", "", "95.9"), set(), id="tie and blank"),
        pytest.param(("10.1", "20.2", "15.3", "40.4", "35.5"), set(), id="not the order"),
        pytest.param(("99.5", "12.1", "97.0"), set(), id="too few to tell"),
        pytest.param(("99.51", "98.12", "97.03", "96.4", "95.95"), {3}, id="a decimal less"),
        pytest.param(("99.5", "98", "97.1", "96.44", "95"), set(), id="no usual decimals"),
    ],
)
def test_an_index_falls_and_has_its_decimals(printed, wrong) -> None:
    assert doubted(rows("index", *printed), ACCOUNT) == {(row, "index") for row in wrong}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"average_reads": "900", "max_reads": "8000", "reads": "9000"}, set()),
        ({"average_reads": "9000", "max_reads": "800"}, {"average_reads", "max_reads"}),
        ({"headline_reads": "9000", "reads": "714"}, {"headline_reads", "reads"}),
        ({"max_reads": "10万+", "reads": "8.1万"}, set()),
    ],
    ids=["possible", "average above maximum", "headlines above all", "a bound says nothing"],
)
def test_the_smaller_is_not_above_the_larger(values, wrong) -> None:
    row = Row(1, "甲", values={key: parse_figure(text) for key, text in values.items()})
    assert doubted([row], ACCOUNT) == {(0, key) for key in wrong}
    assert doubted([row], ARTICLE) == set()
