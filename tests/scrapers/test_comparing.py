"""A list beside what is on record."""

import pytest

from scrapers.comparing import CHANGED, NEW, SAME, Recorded, compare
from scrapers.effective import effective

from .conftest import listing, page, row


def rows(*given):
    return effective(page(listing(*given)))["boards"][0]["rows"]


def on_record(rank, tied=False, unit="", **values) -> Recorded:
    return Recorded("甲", rank, tied, unit, row(1, "甲", **values)["values"])


@pytest.mark.parametrize(
    ("found", "recorded", "kind", "texts"),
    [
        (row(2, "甲"), None, NEW, ("新",)),
        (row(2, "甲", reads=5), on_record(2, reads=5), SAME, ("相同",)),
        (row(2, "甲"), on_record(3), CHANGED, ("名次 3→2",)),
        (row(2, "甲"), on_record(None), CHANGED, ("未上榜→第2名",)),
        (row(2, "甲", tied=True), on_record(2), CHANGED, ("不并列→并列",)),
        (row(2, "甲"), on_record(2, tied=True), CHANGED, ("并列→不并列",)),
        (row(2, "甲"), on_record(2, unit="中心"), CHANGED, ("单位 中心→无",)),
        (
            row(2, "甲", reads=6, likes=1),
            on_record(1, reads=5, index=9),
            CHANGED,
            ("名次 1→2", "指数 9→无", "总阅读数 5→6", "点赞数 无→1"),
        ),
    ],
)
def test_a_row(found, recorded, kind, texts) -> None:
    comparison = compare(rows(found), {"0": 7}, {7: recorded} if recorded else {})
    difference = comparison.rows["0"]
    assert (difference.kind, set(difference.texts)) == (kind, set(texts))
    assert comparison.count(kind) == 1
    assert not comparison.gone


def test_the_same_number_printed_otherwise_is_the_same() -> None:
    old = on_record(1, reads=88096)
    new = row(1, "甲", reads=88096)
    new["values"]["reads"]["raw"] = "88,096"
    assert compare(rows(new), {"0": 7}, {7: old}).rows["0"].kind == SAME


def test_what_is_gone_is_told_by_rank_and_absence_is_not() -> None:
    recorded = {
        1: Recorded("甲", 3),
        2: Recorded("乙", 1),
        3: Recorded("丙", None),
        4: Recorded("丁", 2),
    }
    comparison = compare(rows(row(2, "丁")), {"0": 4}, recorded)
    assert [each.name for each in comparison.gone] == ["乙", "甲"]


def test_a_name_nobody_knows_is_new() -> None:
    comparison = compare(rows(row(1, "谁"), row(2, "甲")), {"1": 7}, {7: Recorded("甲", 2)})
    assert comparison.count(NEW) == comparison.count(SAME) == 1
