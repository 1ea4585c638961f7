"""What stands on a poster."""

from types import SimpleNamespace

import pytest

from rankings.periods import Month
from rankings.posters import poster_text


def claim(states, *, open_start=False, scope="县级", **frozen):
    """A claim as frozen: a letter a month from 2017-11."""
    months = [Month(2017, 11) + step for step in range(len(states))]
    counted = [state for state in states if state != "S"]
    return SimpleNamespace(
        number="JL-2019-0001",
        frozen_sha256="ab" * 32,
        account=SimpleNamespace(colour="#123456"),
        frozen={
            "sentence": "据某榜逐月公布结果，“在荷塘”列第一。",
            "is_example": False,
            "board": {"name": "某榜", "publisher": "某社", "scope": scope},
            "account": {"name": "在荷塘"},
            "from": str(months[0]),
            "to": str(months[-1]),
            "length": len(counted),
            "open_start": open_start,
            "counts": {"tied": states.count("T"), "suspended": states.count("S")},
            "months": [
                {"month": str(month), "state": state}
                for month, state in zip(months, states, strict=True)
            ],
            **frozen,
        },
    )


def headline(text):
    return (text.kicker, text.number, text.unit, text.headline)


@pytest.mark.parametrize(
    ("states", "fields", "expected"),
    [
        ("FFF", {}, ("连续", "3", "个月", "列县级榜第一")),
        ("FFF", {"open_start": True}, ("至少连续", "3", "个月", "列县级榜第一")),
        ("FTF", {"scope": ""}, ("连续", "3", "个月", "列第一")),
        ("TT", {"scope": "县级榜"}, ("连续", "2", "个月", "列县级榜并列第一")),
        ("FSF", {}, ("连续", "2", "个月", "列县级榜第一")),
        ("F", {"open_start": True}, ("", "第一", "", "2017年11月县级榜")),
        ("T", {"scope": ""}, ("", "并列第一", "", "2017年11月")),
    ],
)
def test_what_is_said(states, fields, expected):
    assert headline(poster_text(claim(states, **fields))) == expected


@pytest.mark.parametrize(
    ("states", "asides"),
    [
        ("FFF", ()),
        ("FTF", ("其中并列1个月",)),
        ("TT", ()),
        ("FSTF", ("其中并列1个月", "其间榜单停发1期，不计入")),
    ],
)
def test_ties_and_suspensions_are_never_left_out(states, asides):
    assert poster_text(claim(states)).asides == asides


def test_board_publisher_dates_and_number_are_those_of_the_frozen_proof():
    text = poster_text(claim("FFF"))
    assert (text.board, text.publisher, text.account) == ("《某榜》", "某社", "在荷塘")
    assert text.dates == "2017年11月至2018年1月"
    assert text.reference == "结论 JL-2019-0001　截至2018年1月"
    assert text.sentence == "据某榜逐月公布结果，“在荷塘”列第一。"
    assert text.footnotes == ("证明材料 SHA-256：" + "ab" * 32,)
    assert (text.colour, text.is_example) == ("#123456", False)
    assert poster_text(claim("F")).dates == "2017年11月"
