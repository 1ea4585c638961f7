"""The sentences of a brief: plain, and never stronger than what is known."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.briefs import findings
from rankings.briefs.findings import Standing, difference, lead


def index(value, bound="exact"):
    return {"value": value, "bound": bound}


def standing(key, rank, value=None, **more):
    if value is not None:
        more["index"] = value if isinstance(value, dict) else index(value)
    return Standing(key, f"{key}号", rank, **more)


@pytest.mark.parametrize(
    ("more", "less", "expected"),
    [
        (index(862.5), index(844.0), index(18.5)),
        (index(1000), index(1000), index(0)),
        (index(0.3), index(0.1), index(0.2)),
        (index(900, "at_least"), index(844), index(56, "at_least")),
        (index(900), index(844, "at_least"), index(56, "at_most")),
        (index(900), index(844, "at_most"), index(56, "at_least")),
        (index(900, "at_most"), index(844), index(56, "at_most")),
        (index(900, "about"), index(844), index(56, "about")),
        (index(900, "at_least"), index(844, "at_least"), None),
        (index(900, "about"), index(844, "at_least"), None),
        (None, index(844), None),
        (index(900), {"value": None, "bound": "exact"}, None),
    ],
)
def test_the_difference_of_two_figures_keeps_what_is_known(more, less, expected) -> None:
    assert difference(more, less) == expected


BOUNDS = st.sampled_from(["exact", "at_least", "at_most"])
VALUES = st.decimals(0, 2000, places=2)
SLACK = st.decimals(0, 500, places=2)


@given(VALUES, BOUNDS, SLACK, VALUES, BOUNDS, SLACK)
def test_no_difference_claims_more_than_the_true_one(one, bound1, slack1, two, bound2, slack2):
    """Whatever the true numbers behind the bounds are, the answer holds for them."""
    true = {"exact": Decimal(0), "at_least": Decimal(1), "at_most": Decimal(-1)}
    first, second = one + true[bound1] * slack1, two + true[bound2] * slack2
    found = difference(index(float(one), bound1), index(float(two), bound2))
    if found is None:
        assert bound1 != "exact" or bound2 != "exact"
        return
    amount = Decimal(str(found["value"]))
    if found["bound"] == "exact":
        assert first - second == amount
    elif found["bound"] == "at_least":
        assert first - second >= amount
    else:
        assert first - second <= amount


def test_a_lead_is_told_only_where_it_is_one() -> None:
    assert lead(standing("a", 1, 900), standing("b", 2, 844)) == index(56)
    assert lead(standing("a", 1, 844), standing("b", 2, 900)) is None
    assert lead(standing("a", 1, index(800, "at_least")), standing("b", 2, 844)) is None
    assert lead(standing("a", 1, 900, origin=("x",)), standing("b", 2, 844)) is None


def test_the_margin_says_at_least_for_a_lower_bound() -> None:
    own = standing("a", 1, index(1200, "at_least"))
    line = findings.margin(own, [own, standing("b", 2, 1000)])
    assert line["text"] == "本月指数≥1,200，比第2名“b号”（1,000）高≥200。"
    assert line["proof"] == "proved"


def test_the_margin_of_who_is_not_first() -> None:
    own = standing("a", 3, 900)
    line = findings.margin(own, [standing("b", 1, 1000), standing("c", 1, 1000), own])
    assert line["text"] == "本月指数900，比第一名“b号”“c号”（1,000）低100。"


def test_a_reported_margin_says_so() -> None:
    own = standing("a", 1, 900)
    line = findings.margin(own, [own, standing("b", 2, 800, reported=True)])
    assert line["text"].endswith("高100（据报道，未核实）。") and line["proof"] == "reported"


@pytest.mark.parametrize(
    ("own", "other", "words"),
    [
        (standing("a", 1), standing("b", 2, 800), "没有公布本账号的指数"),
        (standing("a", 1, 900, origin=("x",)), standing("b", 2, 800), "不作比较"),
        (standing("a", 1, 900), standing("b", 2), "不足以算出差距"),
    ],
)
def test_where_nothing_can_be_compared_nothing_is(own, other, words) -> None:
    line = findings.margin(own, [own, other])
    assert words in line["text"] and line["proof"] == "note"


@pytest.mark.parametrize(
    ("was", "words"),
    [
        (None, "指数相差13.67"),
        ((1000, 990), "指数差距由上期的10扩大到13.67"),
        ((1000, 981.58), "指数差距由上期的18.42缩小到13.67"),
        ((1000, 986.33), "指数差距与上期相同（13.67）"),
        ((980, 1000), "上期位置相反，现在指数相差13.67"),
    ],
)
def test_whether_the_next_one_came_closer(was, words) -> None:
    own, other = standing("a", 1, 1000), standing("b", 2, 986.33)
    before = {}
    if was:
        before = {"a": standing("a", 1, was[0]), "b": standing("b", 2, was[1])}
    line = findings.neighbours(own, [own, other], before)
    assert line["text"] == f"后面一位是第2名“b号”，{words}。"


def test_two_methods_are_not_compared_over_the_months() -> None:
    own, other = (standing(k, r, v, origin=("x", "13.0")) for k, r, v in
                  (("a", 1, 1000), ("b", 2, 900)))  # fmt: skip
    before = {
        k: standing(k, r, v, origin=("x", "12.0")) for k, r, v in (("a", 1, 800), ("b", 2, 799))
    }
    assert "上期" not in findings.neighbours(own, [own, other], before)["text"]


def test_both_neighbours_are_named() -> None:
    own = standing("a", 2, 900)
    line = findings.neighbours(
        own,
        [
            standing("b", 1, 950),
            own,
            standing("c", 3),
        ],
        {},
    )
    assert line["text"] == "前面一位是第1名“b号”，指数相差50；后面一位是第3名“c号”。"
    assert findings.neighbours(own, [own], {}) is None


def test_ties_are_told_with_their_partners() -> None:
    own = standing("a", 1, tied=True)
    assert findings.ties(own, [own, standing("b", 1, tied=True)])["text"] == (
        "本账号本月与“b号”并列第1名。"
    )
    assert findings.ties(own, [own])["text"] == "本账号本月与其他账号并列第1名。"
    other = standing("c", 3)
    line = findings.ties(other, [standing("a", 1), standing("b", 1, reported=True), other])
    assert line["text"] == "本月“a号”“b号”并列第一（据报道，未核实）。"
    assert findings.ties(other, [standing("a", 1), other]) is None


def ten(*keys, **more):
    return [standing(key, at, **more) for at, key in enumerate(keys, start=1)]


def test_what_changed_among_the_first() -> None:
    now = [*ten("b", "a"), standing("d", 3, step=4, movement="升4位")]
    line = findings.first_places(now, ten("a", "b", "c"), 3)
    assert line["text"] == (
        "前3名中，第一名由“a号”变为“b号”，“d号”进入，“c号”退出，"
        "升幅最大的是“d号”（升4位，现列第3名），0个账号名次不变。"
    )
    same = findings.first_places(ten("a", "b", "c"), ten("a", "b", "c"), 3)
    assert same["text"] == "前3名中，名次与上期完全相同。"


@pytest.mark.parametrize(
    ("now", "was", "words"),
    [
        (ten("a", "b"), [], "没有可比的上期名次"),
        (ten("a"), ten("a", "b"), "没有收全"),
        (ten("a", "b"), ten("a", "b", reported=True), "核实程度不同"),
    ],
)
def test_first_places_are_not_compared_where_they_cannot_be(now, was, words) -> None:
    assert words in findings.first_places(now, was, 2)["text"]


def test_many_names_are_counted() -> None:
    assert findings.quoted(list("甲乙丙丁戊己")) == "“甲”“乙”“丙”“丁”“戊”等6个账号"


def test_what_is_missing_is_named_by_month() -> None:
    line = findings.missing(
        {"?": ["2018年3月"], "R": [f"2018年{m}月" for m in range(4, 12)], "F": ["2018年1月"]},
        24,
        no_evidence=True,
        waiting=2,
    )
    assert line["text"] == (
        "近24期中，没有资料的有2018年3月；只有报道、未核实的有2018年4月至2018年11月间的8个月；"
        "本月名次没有存证原件，建议补证；本账号另有2条记录待复核，复核前不计入。"
    )
    clean = findings.missing({"F": ["2018年1月"]}, 1, no_evidence=False, waiting=0)
    assert "名次齐全" in clean["text"]
