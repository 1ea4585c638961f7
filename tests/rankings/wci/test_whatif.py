"""Our own month: sums, scenarios, one step more, and the place beside a list."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.figures import parse_figure
from rankings.periods import Month
from rankings.wci import VERSIONS, Interval, WciError, bounds, index
from rankings.wci.whatif import (
    Article,
    Rung,
    from_articles,
    from_totals,
    standing,
    trial,
)

NOVEMBER = Month(2026, 11)
V13, V14A = VERSIONS["13.0"], VERSIONS["14.2a"]


def figure(value):
    return parse_figure(str(value), single_article=True)


def article(day: int, reads, looks=None, headline=None, **more) -> Article:
    more = {name: figure(value) for name, value in more.items()}
    return Article(
        dt.date(2026, 11, day),
        figure(reads),
        None if looks is None else figure(looks),
        headline=headline,
        **more,
    )


ARTICLES = (
    article(1, 3000, 12, True),
    article(1, 800, 2, False),
    article(5, 5000, 30, True),
    article(9, 1000, 4, False),
    article(10, 1200, 3, False),
)
TENTH = dt.date(2026, 11, 10)


def test_the_month_is_added_up() -> None:
    so_far = from_articles(ARTICLES, NOVEMBER, TENTH)
    assert so_far.inputs == {
        "articles": (5, 5),
        "reads": (11000, 11000),
        "max_reads": (5000, 5000),
        "headline_reads": (8000, 8000),
        "looks": (51, 51),
        "max_looks": (30, 30),
        "headline_looks": (42, 42),
    }
    assert (so_far.days, so_far.days_left, so_far.growing) == (10, 20, 3)
    headline, other = so_far.usual
    assert (headline.words, headline.figures["reads"], headline.basis) == (
        "头条一篇",
        4000,
        "2 篇的中位数",
    )
    assert (other.words, other.figures["reads"], other.figures["looks"]) == ("非头条一篇", 1000, 3)


def test_nothing_more_and_as_so_far() -> None:
    so_far = from_articles(ARTICLES, NOVEMBER, TENTH)
    found = trial(V13, so_far)
    expected = index(V13, {name: low for name, (low, _) in so_far.inputs.items()})
    assert found.nothing_more == expected and found.nothing_more.exact
    thrice = {
        name: low if name.startswith("max_") else low * 3
        for name, (low, _) in so_far.inputs.items()
    }
    assert found.as_so_far.low == pytest.approx(index(V13, thrice).low)
    assert found.range == Interval(found.nothing_more.low, found.as_so_far.high)
    # A month of 28 days that is over has nothing left.
    over = from_articles((article(1, 100, 1, True),), NOVEMBER, dt.date(2026, 12, 3))
    assert (over.days, over.days_left) == (30, 0)
    assert trial(V13, over).as_so_far == trial(V13, over).nothing_more


def test_one_more_usual_article_is_computed_and_not_guessed() -> None:
    found = trial(V13, from_articles(ARTICLES, NOVEMBER, TENTH))
    headline, other = found.steps
    after = index(
        V13,
        {
            "articles": 6,
            "reads": 12000,
            "max_reads": 5000,
            "headline_reads": 8000,
            "looks": 54,
            "max_looks": 30,
            "headline_looks": 42,
        },
    )
    assert other.index.low == other.index.high == pytest.approx(after.low)
    assert other.change.low == pytest.approx(after.low - found.nothing_more.low)
    assert headline.change.low > 0 > other.change.low  # a weak article lowers the average


def test_unknown_columns_widen_the_result_and_are_named() -> None:
    bare = tuple(article(each.day.day, each.reads.value) for each in ARTICLES)
    found = trial(V13, from_articles(bare, NOVEMBER, TENTH))
    full = trial(V13, from_articles(ARTICLES, NOVEMBER, TENTH)).nothing_more
    assert found.nothing_more.low <= full.low and full.high <= found.nothing_more.high
    assert not found.nothing_more.exact
    said = "".join(found.assumptions)
    assert "头条阅读数未知" in said and "在看（点赞）数未知" in said
    [step] = found.steps
    assert step.usual.words == "一篇（不是头条）"
    assert step.change.low <= step.change.high
    # Only a version that knows headlines asks for them.
    old = trial(VERSIONS["12.0"], from_articles(bare, NOVEMBER, TENTH))
    assert "头条阅读数未知" in "".join(old.assumptions)


def test_articles_beyond_the_cap_count_as_the_board_counts_them() -> None:
    real = from_articles((article(1, 350000, 5, True),), NOVEMBER, TENTH)
    capped = from_articles((article(1, "10万+", 5, True),), NOVEMBER, TENTH)
    assert real.inputs == capped.inputs
    assert real.inputs["reads"] == (100001, 100001)
    assert "榜单只按 100001 计" in real.notes[0]


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        # One article of 350,000 is the only one that the sum has room for.
        ({"articles": 90, "reads": 350500, "max_reads": 350000}, (100501, 100501)),
        # Nothing beyond the cap.
        ({"articles": 90, "reads": 350500, "max_reads": 90000}, (350500, 350500)),
        # There may be three beyond it, or one.
        ({"articles": 90, "reads": 400000, "max_reads": 150000}, (300_002, 350_001)),
    ],
)
def test_sums_beyond_the_cap_are_a_range(typed, reads) -> None:
    so_far = from_totals(
        {name: parse_figure(str(value)) for name, value in typed.items()}, NOVEMBER, TENTH
    )
    low, high = so_far.inputs["reads"]
    assert high == reads[1]
    assert low <= reads[0]
    if reads[0] == reads[1] and typed["max_reads"] < 100001:
        assert low == high


@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=6))
def test_the_true_capped_sum_lies_in_the_range(reads) -> None:
    so_far = from_totals(
        {
            "articles": parse_figure(str(len(reads))),
            "reads": parse_figure(str(sum(reads))),
            "max_reads": parse_figure(str(max(reads))),
        },
        NOVEMBER,
        TENTH,
    )
    low, high = so_far.inputs["reads"]
    assert low <= sum(min(each, 100001) for each in reads) <= high


def test_totals_and_their_mean() -> None:
    typed = {"articles": "40", "reads": "12.3万", "max_reads": "9000", "looks": "400"}
    so_far = from_totals(
        {name: parse_figure(text) for name, text in typed.items()}, NOVEMBER, TENTH
    )
    assert so_far.inputs["reads"] == (122500, 124000)  # rounded or cut off: both are possible
    found = trial(V14A, so_far)
    assert not found.nothing_more.exact
    [step] = found.steps
    assert step.usual.basis == "篇均"
    assert "点赞数未知" in "".join(found.assumptions)


def test_no_article_no_index() -> None:
    assert trial(V13, from_articles((), NOVEMBER, TENTH)) is None
    assert trial(V13, from_totals({"articles": figure(0)}, NOVEMBER, TENTH)) is None
    with pytest.raises(WciError, match="还缺总阅读数"):
        trial(V13, from_totals({"articles": figure(3)}, NOVEMBER, TENTH))


RUNGS = (
    Rung(1, "甲", 799.995, 800.005),
    Rung(2, "乙", 750, 751),
    Rung(3, "丙", 700, 700),
)


@pytest.mark.parametrize(
    ("low", "high", "words", "above", "gap"),
    [
        (810, 810, "第1名", None, None),
        (760, 760, "第2名", "甲", (39.995, 40.005)),
        (740, 760, "第2至3名", "乙", (0, 11)),
        (650, 650, "第4名", "丙", (50, 50)),
        (650, 900, "第1至4名", "丙", (0, 50)),
        (650, float("inf"), "第1至4名", "丙", (0, 50)),
        (750.5, 750.5, "第2至3名", "甲", (49.495, 49.505)),
    ],
)
def test_beside_a_list(low, high, words, above, gap) -> None:
    found = standing(Interval(low, high), RUNGS)
    assert found.words == words
    assert (found.above and found.above.name) == above
    if gap:
        assert (found.gap.low, found.gap.high) == pytest.approx(gap)


def test_alone_on_an_empty_list() -> None:
    assert standing(Interval(5, 6), ()).words == "第1名"


@given(
    st.lists(
        st.tuples(st.integers(1, 10), st.integers(0, 99999), st.integers(0, 900), st.booleans()),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from(sorted(VERSIONS)),
)
def test_a_trial_without_marks_holds_the_trial_with_them(rows, key) -> None:
    """What people leave out only widens the result; a headline is read like the average or more."""
    rows = [(day, reads, min(looks, reads), head) for day, reads, looks, head in rows]
    best = max(range(len(rows)), key=lambda at: rows[at][1])
    full = [article(d, r, z, head or at == best) for at, (d, r, z, head) in enumerate(rows)]
    bare = [article(d, r, z) for d, r, z, _ in rows]
    one = trial(VERSIONS[key], from_articles(full, NOVEMBER, TENTH))
    other = trial(VERSIONS[key], from_articles(bare, NOVEMBER, TENTH))
    for exact, wide in (
        (one.nothing_more, other.nothing_more),
        (one.as_so_far, other.as_so_far),
    ):
        assert wide.low <= exact.low + 1e-6 and exact.high <= wide.high + 1e-6
    assert bounds(VERSIONS[key], one.so_far.inputs) is not None
