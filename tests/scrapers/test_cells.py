"""Cells as people read and type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import cells
from scrapers.cells import CellError

from .conftest import row


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("rank", " 3 ", "3"),
        ("rank", "第三名", "第三名"),
        ("rank", "3（并列）", "3（并列）"),
        ("rank", "—", ""),
        ("account", " 在 荷\u200b塘\n", "在 荷塘"),
        ("account", "", ""),
        ("account", "-", "-"),
        ("unit", "a\x00b", "ab"),
        ("reads", "21万+", "21万+"),
        ("reads", "暂无", ""),
        ("index", "1,234.5", "1,234.5"),
    ],
)
def test_what_may_be_kept(key, text, kept) -> None:
    assert cells.clean(key, text) == kept


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("rank", "0", "不是 1 到"),
        ("rank", "-1", "不是 1 到"),
        ("rank", "三百万", "不是 1 到"),
        ("rank", "100000", "不是 1 到"),
        ("reads", "很多", "看不懂总阅读数“很多”"),
        ("reads", "-5", "看不懂总阅读数"),
        ("reads", "1" * 100, "看不懂总阅读数"),
        ("account", "长" * 101, "公众号超过 100 个字"),
        ("wechat_id", "a" * 65, "微信号超过 64 个字"),
        ("unit", "长" * 500, "单位超过"),
    ],
)
def test_what_may_not(key, text, sentence) -> None:
    with pytest.raises(CellError, match=sentence):
        cells.clean(key, text)


def test_a_typed_row_is_as_a_read_one() -> None:
    typed = {"rank": None, "tied": False, "account": "", "unit": None, "values": {}}
    for key, text in (
        ("rank", "3（并列）"),
        ("account", "在荷塘"),
        ("unit", "融媒体中心"),
        ("reads", "21万+"),
        ("max_reads", "10万+"),
    ):
        cells.put(typed, key, text)
        assert cells.text_of(typed, key) == text
    assert (typed["rank"], typed["tied"]) == (3, True)
    assert typed["values"]["reads"] == {
        "value": 210000,
        "bound": "at_least",
        "capped": False,
        "raw": "21万+",
    }
    assert typed["values"]["max_reads"]["capped"]
    for key in ("rank", "reads", "unit"):
        cells.put(typed, key, "")
        assert cells.text_of(typed, key) == ""
    assert "reads" not in typed["values"]


def test_the_unit_of_a_column_holds_for_what_is_typed_in_it() -> None:
    read = row(1, "甲", reads=0, likes=7)
    read["values"]["reads"] = {"value": 123000, "bound": "exact", "capped": False, "raw": "12.3"}
    factors = cells.factors_of([read])
    assert factors == {"reads": 10_000}
    assert cells.label_of("reads", factors["reads"]) == "总阅读数（万）"
    assert cells.label_of("likes") == "点赞数"
    cells.put(read, "reads", "12.5", factors["reads"])
    assert read["values"]["reads"]["value"] == 125000
    cells.put(read, "reads", "12.5亿", factors["reads"])
    assert read["values"]["reads"]["value"] == 1_250_000_000


def test_columns_are_those_of_the_rows_and_those_asked_for() -> None:
    assert cells.columns_of([]) == ["rank", "account"]
    with_unit = {**row(1, "甲", index=1), "unit": "中心"}
    assert cells.columns_of([row(2, "乙", reads=3), with_unit], ["likes"]) == [
        "rank",
        "account",
        "unit",
        "reads",
        "likes",
        "index",
    ]


@given(st.sampled_from(cells.KEYS), st.text(max_size=80))
def test_whatever_is_kept_can_be_put_and_kept_again(key, text) -> None:
    try:
        kept = cells.clean(key, text)
    except CellError as error:
        assert str(error).endswith(("。", "+。"))
        return
    assert cells.clean(key, kept) == kept
    empty = {"rank": None, "tied": False, "account": "", "values": {}}
    cells.put(empty, key, kept)
    # A rank is printed in one form; everything else stands as it was typed.
    if key == "rank":
        assert cells.clean(key, cells.text_of(empty, key)) == cells.text_of(empty, key)
    else:
        assert cells.text_of(empty, key) == kept
