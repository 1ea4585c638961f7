"""What people write themselves must not say more than is proved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.briefs.remarks import chinese_number, claimed_months, objection


@pytest.mark.parametrize(
    ("text", "number"),
    [("24", 24), ("二十四", 24), ("二四", 24), ("十", 10), ("十二", 12), ("一百零三", 103),
     ("两百", 200), ("三", 3), ("〇", 0)],
)  # fmt: skip
def test_numbers_in_both_scripts(text, number) -> None:
    assert chinese_number(text) == number


@given(st.integers(1, 999))
def test_every_number_is_read_back(number) -> None:
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    text += digits[ones] if ones else ""
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("已连续24个月蝉联榜首。", [24]),
        ("蝉联榜首二十四个月", [24]),
        ("稳居第一已达三十个月；自2018年12月起连续列第一，2019年8月亦然。", [30]),
        ("据某报2019年9月17日报道，连续24个月列第一（未核实）。", []),
        ("本月推送24篇，连续两天阅读破万。", []),
        ("连续\n24个月", []),
    ],
)
def test_which_numbers_are_claimed(text, months) -> None:
    assert claimed_months(text) == months


def test_more_months_than_are_proved_are_refused() -> None:
    document = {"runs": {"current": {"proved": 3}, "longest": {"proved": 13}}}
    assert objection("连续13个月第一，再接再厉。", document) == ""
    words = objection("已连续二十四个月第一。", document)
    assert "连续24个月" in words and "只有13个月" in words and "据……报道" in words
