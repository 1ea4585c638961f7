"""Which months a record is made of, where its series breaks, and which links mend it."""

import pytest

from rankings.lineage import build, continued_by, method_key, segments_of
from rankings.models import Board, BoardLink
from rankings.periods import Month

FIRST = Month(2017, 1)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("WCI V13.0", "13"),
        ("V13", "13"),
        ("13.0", "13"),
        ("ｗｃｉ（Ｖ１３．０）", "13"),
        ("版13.0", "13"),
        ("13.0版", "13"),
        ("v 12.0", "12"),
        ("WCI 2.0", "2"),
        ("14.2a", "14.2a"),
        ("V14.2B", "14.2b"),
        ("11.5", "11.5"),
        ("10.0", "10"),
        ("新榜指数", "新榜指数"),
        ("WCI", "wci"),
        ("  ", ""),
    ],
)
def test_labels_are_compared_in_one_form(label, key) -> None:
    assert method_key(label) == key


def board(number: int) -> Board:
    return Board(pk=number, key=f"b{number}", name=f"榜{number}")


ONE, TWO, THREE = board(1), board(2), board(3)


def link(earlier: Board, later: Board, month: int, *methods: str, pk: int = 1) -> BoardLink:
    old, new = methods or ("", "")
    return BoardLink(
        pk=pk,
        earlier=earlier,
        later=later,
        month=(FIRST + month).index,
        earlier_method=old,
        later_method=new,
    )


def line_of(whose: Board, links: list[BoardLink], *named: tuple[Board, int, str]):
    segments = segments_of(whose, links)
    rows = [(each.pk, (FIRST + month).index, label) for each, month, label in named]
    held = {segment.board.pk: segment for segment in segments}
    rows = [row for row in rows if row[0] in held and held[row[0]].holds(row[1])]
    return build(whose, segments, links, rows)


def cuts(line) -> list[int]:
    return [month - FIRST.index for month in sorted(line.cuts)]


def test_a_board_is_its_own_series() -> None:
    line = line_of(TWO, [], (ONE, 0, ""), (TWO, 3, ""))
    assert line.boards == (TWO,)
    assert list(line.months) == [(FIRST + 3).index]
    assert not line.cuts and not line.changes


def test_a_chain_of_links_goes_on_backwards() -> None:
    links = [link(ONE, TWO, 3, pk=1), link(TWO, THREE, 6, pk=2)]
    named = [(each, month, "") for each in (ONE, TWO, THREE) for month in range(9)]
    line = line_of(THREE, links, *named)
    assert line.boards == (ONE, TWO, THREE)
    assert [line.board_of((FIRST + month).index).pk for month in range(9)] == [1] * 3 + [2] * 3 + (
        [3] * 3
    )
    assert [line.months[(FIRST + month).index] for month in (2, 3, 8)] == [1, 2, 3]
    assert [change.words for change in line.changes] == [
        "期间榜单由《榜1》改名为《榜2》",
        "期间榜单由《榜2》改名为《榜3》",
    ]
    assert line_of(TWO, links, *named).boards == (ONE, TWO)


@pytest.mark.parametrize("order", [1, -1])
def test_links_that_contradict_each_other_never_loop(order) -> None:
    links = [link(ONE, TWO, 3, pk=1), link(TWO, ONE, 5, pk=2)][::order]
    assert line_of(ONE, links).boards in [(TWO, ONE), (ONE, TWO, ONE)]
    assert len(line_of(TWO, links).boards) <= 2


def test_a_change_of_method_is_a_cut() -> None:
    line = line_of(ONE, [], (ONE, 0, "12.0"), (ONE, 1, "WCI V12"), (ONE, 2, ""), (ONE, 3, "13.0"))
    assert cuts(line) == [3]
    [change] = line.unlinked
    assert (change.words, change.before_month) == ("由 WCI V12 改为 13.0", (FIRST + 1).index)


@pytest.mark.parametrize(
    "labels",
    [
        ["V12", "12.0", "WCI 12.0"],
        ["V12", "", "V12"],
        ["", "", ""],
        ["", "V12", ""],
    ],
)
def test_the_same_method_under_other_labels_is_no_cut(labels) -> None:
    line = line_of(ONE, [], *[(ONE, month, label) for month, label in enumerate(labels)])
    assert not line.cuts


def test_a_month_that_names_both_is_no_cut() -> None:
    line = line_of(ONE, [], (ONE, 0, "12"), (ONE, 1, "12"), (ONE, 1, "13"), (ONE, 2, "13"))
    assert not line.cuts
    assert line.methods[(FIRST + 1).index] == {"12", "13"}


# Months of the records: 0 and 1 name V12, 2 is silent, 3 and 4 name V13.
CHANGED = [(ONE, 0, "V12"), (ONE, 1, "V12"), (ONE, 2, ""), (ONE, 3, "V13"), (ONE, 4, "V13")]


@pytest.mark.parametrize(
    ("month", "methods", "mended"),
    [
        (3, (), True),
        (2, (), True),
        (1, (), False),
        (4, (), False),
        (3, ("WCI 12.0", "13"), True),
        (3, ("V11", "V13"), False),
        (3, ("V12", "V14"), False),
    ],
)
def test_a_link_mends_the_change_it_speaks_of(month, methods, mended) -> None:
    line = line_of(ONE, [link(ONE, ONE, month, *methods)], *CHANGED)
    assert cuts(line) == ([] if mended else [3])


def test_the_sentence_names_the_methods_as_the_link_or_else_the_records_do() -> None:
    [change] = line_of(ONE, [link(ONE, ONE, 3)], *CHANGED).changes
    assert change.words == "期间榜单计算方法由 V12 改为 V13"
    [change] = line_of(ONE, [link(ONE, ONE, 3, "12.0", "13.0")], *CHANGED).changes
    assert change.words == "期间榜单计算方法由 12.0 改为 13.0"


def test_the_joint_of_two_boards_is_no_cut() -> None:
    named = [(ONE, 0, "V12"), (TWO, 1, ""), (TWO, 2, "V13"), (TWO, 3, "V14")]
    line = line_of(TWO, [link(ONE, TWO, 1)], *named)
    assert cuts(line) == [3]
    assert [change.words for change in line.changes] == [
        "期间榜单由《榜1》改名为《榜2》",
        "期间榜单计算方法由 V12 改为 V13",
    ]


def test_boards_of_one_name_are_told_apart() -> None:
    same = Board(pk=9, key="b9", name="榜1")
    [change] = line_of(same, [link(ONE, same, 1)], (ONE, 0, ""), (same, 1, "")).changes
    assert change.words == "期间榜单由另一份同名榜单《榜1》接续"


def test_what_continues_a_board() -> None:
    links = [link(ONE, TWO, 3), link(TWO, THREE, 6), link(TWO, TWO, 4)]
    reach = continued_by([1], links)
    assert set(reach) == {1, 2, 3}
    assert reach[2] == reach[3] == (FIRST + 2).index
    assert set(continued_by([3], links)) == {3}
