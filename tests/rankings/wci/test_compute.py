"""Worked examples to the last printed digit, bounds, and the laws of the index."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.figures import Figure, parse_figure
from rankings.periods import Period
from rankings.wci import (
    VERSIONS,
    Contradiction,
    MissingInput,
    WciError,
    bounds,
    days_of,
    index,
    truth_of,
)

E1 = {"articles": 100, "reads": 10000, "max_reads": 300, "looks": 4000, "max_looks": 60}
E2 = {"articles": 3, "reads": 29396, "max_reads": 22858, "looks": 72, "max_looks": 49}
E2_ROUNDED = E2 | {"average_reads": 9798.7}
READS = {"articles": 90, "reads": 600000, "headline_reads": 420000, "max_reads": 100001}
T1 = READS | {"looks": 6000, "headline_looks": 4800, "max_looks": 900}
T2 = READS | {
    "looks": 2500,
    "headline_looks": 1800,
    "max_looks": 400,
    "likes": 6000,
    "headline_likes": 4800,
    "max_likes": 900,
}
T3 = T2 | {"shares": 9000, "headline_shares": 7000, "max_shares": 1500}
# One article of T1 with its true 350,000 reads in place of 100,001.
UNCAPPED = T1 | {"reads": 849999, "headline_reads": 669999, "max_reads": 350000}


@pytest.mark.parametrize(
    ("version", "inputs", "days", "printed"),
    [
        ("2.0", E1, 30, "411.4875079"),
        ("11.x", E2_ROUNDED, 1, "812.0233948"),
        ("12.0", E2_ROUNDED, 1, "812.0233948"),
        ("11.x", E2, 1, "812.0231741"),
        ("12.0", E2, 1, "812.0231741"),
        ("11.x", T1, 30, "1112.5029043"),
        ("12.0", T1, 30, "844.0281547"),
        ("13.0", T1, 30, "862.4979088"),
        ("14.2a", T2, 30, "1056.9752916"),
        ("14.2b", T3, 30, "994.2075069"),
        ("13.0", T1, 28, "870.20"),
        ("13.0", T1, 29, "866.28"),
        ("13.0", T1, 30, "862.50"),
        ("13.0", T1, 31, "858.85"),
        ("13.0", UNCAPPED, 30, "939.0"),
    ],
)
def test_the_worked_examples(version: str, inputs: dict, days: int, printed: str) -> None:
    found = index(VERSIONS[version], inputs, days=days)
    assert found.exact
    assert f"{found.low:.{len(printed.partition('.')[2])}f}" == printed


def test_the_same_month_under_four_formulas() -> None:
    shown = [index(VERSIONS[key], T1 | T2).text(1) for key in ("11.x", "12.0", "14.2a")]
    assert index(VERSIONS["13.0"], T1).text(1) == "862.5"
    assert shown[2] == "1057.0"


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2019-02", 30),
        ("2019-08", 30),
        ("2019-08-04/2019-08-10", 7),
        ("2019-01-01/2019-12-31", 365),
        ("2020-01-01/2020-12-31", 365),
        ("2018-04-01/2018-04-07", 7),
        ("2019-08-01", 1),
        ("2019-08-01/2019-08-15", 15),
        ("2019-08-01/2019-09-30", 61),
    ],
)
def test_days(period: str, days: int) -> None:
    assert days_of(Period.parse(period)) == days


def test_a_real_year_of_another_shape_counts_its_days() -> None:
    assert days_of(Period(dt.date(2019, 2, 1), dt.date(2020, 1, 31))) == 365
    assert days_of(Period(dt.date(2020, 2, 1), dt.date(2021, 1, 31))) == 366


@pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
def test_without_an_article_there_is_no_index(version) -> None:
    assert index(version, {"articles": 0}) is None
    assert bounds(version, {"articles": (0, 0)}) is None


def test_nothing_read_is_zero_and_not_undefined() -> None:
    found = index(VERSIONS["13.0"], dict.fromkeys(T1, 0) | {"articles": 1})
    assert found.exact and found.low == 0


def test_a_capped_article_makes_a_lower_bound() -> None:
    capped = parse_figure("10万+", single_article=True)
    found = index(VERSIONS["13.0"], T1 | {"max_reads": capped})
    assert not found.exact and found.open
    assert found.text() == "≥862.49"  # 862.4979 rounded down: a bound is never rounded up
    assert "下限" in found.assumptions[0] and "单篇最高阅读数" in found.assumptions[0]
    assert found.contains(939, 939)
    sums = index(VERSIONS["13.0"], T1 | {"reads": parse_figure("60万+")})
    assert sums.open and sums.low == pytest.approx(862.4979088)


def test_other_bounds_and_texts() -> None:
    v13 = VERSIONS["13.0"]
    assert truth_of(5) == (5, 5)
    assert truth_of(Figure(400, "at_most", False, "不足400")) == (0, 400)
    assert truth_of(parse_figure("近30万")) is None
    found = index(v13, T1 | {"max_looks": parse_figure("不足400")})
    assert found.low < found.high < math.inf
    assert "～" in found.text()
    with pytest.raises(MissingInput, match="约数"):
        index(v13, T1 | {"reads": parse_figure("近60万")})


@pytest.mark.parametrize(
    ("inputs", "days", "error", "words"),
    [
        (E1, 30, MissingInput, "缺少头条阅读数、头条在看数，算不出 WCI 13.0 指数，请补上。"),
        (T1, 0, WciError, "统计天数至少是 1 天"),
        (T1 | {"reads": -1}, 30, WciError, "总阅读数不能是负数"),
        (T1 | {"max_reads": 700000}, 30, Contradiction, "单篇最高阅读数大于总阅读数，请核对。"),
        (T1 | {"headline_looks": 6001}, 30, Contradiction, "头条在看数大于总在看数，请核对。"),
        (T1 | {"max_reads": 6000}, 30, Contradiction, "单篇最高阅读数小于平均阅读数，请核对。"),
    ],
)
def test_what_cannot_be_computed_says_why(inputs, days, error, words) -> None:
    with pytest.raises(error, match=words):
        index(VERSIONS["13.0"], inputs, days=days)


# --- laws -------------------------------------------------------------------------------------

COUNTS = ("reads", "looks", "likes", "shares")


@st.composite
def months(draw) -> dict[str, float]:
    """Complete figures that one real list of articles could have."""
    articles = draw(st.lists(st.tuples(*[st.integers(0, 5000)] * 4), min_size=1, max_size=8))
    headline = draw(st.lists(st.booleans(), min_size=len(articles), max_size=len(articles)))
    out: dict[str, float] = {"articles": len(articles)}
    for at, name in enumerate(COUNTS):
        values = [article[at] for article in articles]
        out[name] = sum(values)
        out[f"max_{name}"] = max(values)
        out[f"headline_{name}"] = sum(v for v, h in zip(values, headline, strict=True) if h)
    return out


@given(months(), st.sampled_from(sorted(VERSIONS)), st.integers(1, 31))
def test_every_true_index_lies_within_the_bounds_of_what_is_known(month, key, days) -> None:
    """Leaving figures out widens the range and never loses the truth.

    Only laws of arithmetic are asked of the figures here: the two assumptions about habits
    (a headline is read at least as much as the average; likes are at most ten times looks) and
    reads above looks are met first.
    """
    month["headline_reads"] = max(month["headline_reads"], month["max_reads"])
    for name in ("looks", "shares"):
        month[name] = min(month[name], month["reads"])
    month["likes"] = min(month["likes"], month["reads"], 10 * month["looks"])
    for name in COUNTS[1:]:
        month[f"max_{name}"] = min(month[f"max_{name}"], month[name])
        month[f"max_{name}"] = max(month[f"max_{name}"], -(-month[name] // month["articles"]))
        month[f"headline_{name}"] = min(month[f"headline_{name}"], month[name])
    version = VERSIONS[key]
    true = index(version, month, days=days)
    assert true.exact
    known = {name: (float(value),) * 2 for name, value in month.items()}
    left = dict(known)
    wider = bounds(version, left, days=days, ceiling=100001, rounded_averages=True)
    for name in ("headline_looks", "max_shares", "max_reads", "headline_reads", "likes", "shares"):
        left.pop(name)
        narrower, wider = wider, bounds(version, left, days=days, ceiling=100001)
        assert wider.contains(true.low - 1e-6, true.high + 1e-6)
        if name != "headline_looks":  # the first step drops the allowance for rounding
            assert wider.low <= narrower.low + 1e-6 and wider.high >= narrower.high - 1e-6


@given(months(), st.sampled_from(sorted(VERSIONS)), st.sampled_from(COUNTS))
def test_more_of_anything_is_never_less(month, key, count) -> None:
    version = VERSIONS[key]
    more = {name: v + 10 if count in name else v for name, v in month.items()}
    assert index(version, more).low >= index(version, month).low


@given(months(), st.sampled_from(sorted(VERSIONS)))
def test_a_longer_period_or_more_articles_dilute(month, key) -> None:
    version = VERSIONS[key]
    assert index(version, month, days=31).low <= index(version, month, days=30).low
    known = {name: (float(value),) * 2 for name, value in month.items()}
    one_more = known | {"articles": (month["articles"] + 1.0,) * 2}
    assert bounds(version, one_more).low <= bounds(version, known).low
