"""A list that was read well is held against the last accepted ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.periods import Month
from scrapers.validation import Accepted, Line, doubts, exact_figures, lines_of, name_key

from .conftest import row

AUGUST = Month(2019, 8)
JULY, JUNE, SEPTEMBER = AUGUST + -1, AUGUST + -2, AUGUST + 1
OURS = Line(frozenset({name_key("在荷塘"), name_key("荷塘发布")}))


def lines(*names: str, first: float = 1000, step: float = 10, key: str = "index") -> list[Line]:
    return [
        Line(frozenset({name_key(name)}), n + 1, {key: first - step * n} if first else {})
        for n, name in enumerate(names)
    ]


TEN = tuple(f"县{n}发布" for n in range(10))
JULYS = Accepted(JULY, lines(*TEN))


def said(listing, *accepted: Accepted, **details) -> str:
    return "".join(doubts("县级榜", AUGUST, listing, accepted, **details))


def test_a_list_like_the_last_one_is_beyond_doubt() -> None:
    assert said(lines(*TEN, first=1003), JULYS, ours=OURS) == ""
    assert said(lines(*TEN)) == ""
    assert said([], JULYS) == ""


@pytest.mark.parametrize(
    ("listing", "words"),
    [
        (lines(*(f"市{n}发布" for n in range(10)), first=1003), "只有 0 个在2019年7月的榜上"),
        (lines(*TEN[:4], *"甲乙丙丁戊己", first=1003), "只有 4 个"),
        (lines(*TEN[:5], *"甲乙丙丁戊", first=1003), ""),
        (lines(*TEN), "10 个公众号的数值与2019年7月完全相同"),
        (lines(*TEN, first=2100), "指数总体是2019年7月的 2."),
        (lines(*TEN, first=500, step=1), "倍，可能换了计算方法"),
        (lines(*TEN, first=1400), ""),
        (lines(*TEN[:7], first=1003), "有 7 行，2019年7月有 10 行"),
        (lines(*TEN[:8], first=1003), ""),
        (lines(*TEN, *(f"市{n}" for n in range(6)), first=1003), "有 16 行"),
    ],
    ids=[
        "another-board", "few-stay", "half-stay", "repeated", "doubled", "halved", "grew",
        "shorter", "little-shorter", "longer",
    ],
)  # fmt: skip
def test_what_is_unlike_the_last_list_is_told(listing, words) -> None:
    told = said(listing, JULYS)
    assert words in told
    assert bool(told) == bool(words)


def test_our_own_account_must_not_go_missing_unseen() -> None:
    julys = Accepted(JULY, lines("在荷塘", *TEN))
    assert "2019年7月有本账号（第1名），这次没有读到" in said(
        lines(*TEN, first=1003), julys, ours=OURS
    )
    # Under its other name it is there.
    assert said(lines(*TEN, "荷塘发布", first=1003), julys, ours=OURS) == ""
    # It was not there last month either.
    assert said(lines(*TEN, first=1003), JULYS, ours=OURS) == ""
    # Absent is no place on the list.
    absent = Accepted(JULY, [*lines(*TEN), Line(OURS.names, None)])
    assert said(lines(*TEN, first=1003), absent, ours=OURS) == ""
    # A revised list of the same month.
    augusts = Accepted(AUGUST, lines("在荷塘", *TEN))
    assert "原来入库的这个月" in said(lines(*TEN), augusts, ours=OURS)


def test_the_stated_length_decides_where_both_state_one() -> None:
    stated = Accepted(JULY, lines(*TEN), list_size=10)
    assert said(lines(*TEN, "甲", first=1003), stated, list_size=10) == ""
    assert "公布 20 个名次" in said(lines(*TEN, first=1003), stated, list_size=20)


def test_a_revised_list_may_repeat_its_own_month_and_not_another() -> None:
    assert said(lines(*TEN), Accepted(AUGUST, lines(*TEN))) == ""
    revised = Accepted(AUGUST, lines(*TEN, first=1003))
    assert "2019年7月完全相同" in said(lines(*TEN), revised, JULYS)
    # A person let it through before.
    assert said(lines(*TEN), Accepted(AUGUST, lines(*TEN)), JULYS) == ""
    # A page fetched late for an earlier month may be the later one's.
    assert "2019年9月完全相同" in said(lines(*TEN), Accepted(SEPTEMBER, lines(*TEN)))


def test_the_nearest_list_is_compared() -> None:
    other = lines(*(f"市{n}发布" for n in range(10)))
    assert said(lines(*TEN, first=1003), JULYS, Accepted(JUNE, other)) == ""
    assert said(lines(*TEN, first=1003), Accepted(AUGUST + -7, other)) == ""


def test_short_lists_and_lists_without_figures_are_not_compared_by_shares() -> None:
    assert said(lines("甲", "乙"), Accepted(JULY, lines("丙", "丁"))) == ""
    assert said(lines(*TEN, first=0), Accepted(JULY, lines(*TEN, first=0))) == ""
    counts = Accepted(JULY, lines(*TEN, key="articles"))
    assert said(lines(*TEN, key="articles"), counts) == ""


def test_only_exact_figures_are_compared() -> None:
    assert exact_figures(
        {
            "reads": {"value": 100001, "bound": "at_least", "capped": True},
            "likes": {"value": 5, "bound": "exact", "capped": True},
            "looks": {"value": 0, "bound": "exact", "capped": False},
            "index": {"value": 900.5, "bound": "exact", "capped": False},
        }
    ) == {"index": 900.5}
    (line,) = lines_of([row(3, "“在荷塘” ", index=900.5)])
    assert (line.names, line.rank, line.figures) == (frozenset({"在荷塘"}), 3, {"index": 900.5})


names = st.lists(st.sampled_from([f"县{n}" for n in range(30)]), unique=True, max_size=25)


@given(names, names, st.floats(1, 2000), st.floats(1, 2000))
def test_any_two_lists_can_be_compared(new, old, one, two) -> None:
    found = doubts(
        "榜", AUGUST, lines(*new, first=one, step=0.01), [Accepted(JULY, lines(*old, first=two))]
    )
    assert all(sentence.startswith("“榜”") and sentence.endswith("。") for sentence in found)


@given(names.filter(len), st.floats(100, 1000), st.floats(0.7, 1.4))
def test_the_same_accounts_with_other_figures_raise_no_doubt(new, first, factor) -> None:
    before = lines(*new, first=first, step=0.001)
    after = [Line(x.names, x.rank, {"index": x.figures["index"] * factor + 0.1}) for x in before]
    assert doubts("榜", AUGUST, after, [Accepted(JULY, before)], ours=OURS) == []
