"""首个, 唯一 and 全省第一 stand only on full boards."""

import pytest

from rankings.claims.superlatives import (
    FIRST_EVER,
    ONLY,
    WHOLE_PROVINCE,
    Case,
    MonthList,
    added,
    clause,
    covers_province,
    not_full,
    objections,
    reached,
)
from rankings.periods import Month

START = Month(2019, 1).index
FULL = MonthList(((1, False), (2, False), (3, False)))


def case(states="FFF", *, rivals=None, lists=None, **fields):
    """Our run from 2019-01, the whole record of the board unless told otherwise."""
    given = {
        "start": START,
        "end": START + len(states) - 1,
        "length": sum(letter in "FT" for letter in states),
        "states": states,
        "first": START,
        "last": START + len(states) - 1,
        "first_issue": START,
        "board": "影响力榜",
        "scope": "全省",
        "suspended": {START + at for at, letter in enumerate(states) if letter == "S"},
        "rivals": rivals or {"乙": "N" * len(states)},
        **fields,
    }
    given["lists"] = lists or dict.fromkeys(range(given["first"], given["last"] + 1), FULL)
    return Case(**given)


def told(kind, case):
    return [str(each) for each in objections(kind, case)]


@pytest.mark.parametrize(
    ("places", "sizes", "board_size", "reason"),
    [
        ((), (), None, "没有已核实的名次"),
        (((1, False),), (), None, ""),
        (((1, False), (2, False), (3, False)), (), None, ""),
        (((3, False), (1, False), (2, False)), (), None, ""),
        (((1, True), (1, True), (3, False)), (), None, ""),
        (((1, False), (2, True), (2, True), (4, False)), (), None, ""),
        (((1, False), (2, False)), (2,), None, ""),
        (((2, False), (3, False)), (), None, "缺第1名"),
        (((1, False), (3, False)), (), None, "缺第2名"),
        (((1, True), (1, True), (2, False)), (), None, "第2名多出1个"),
        (((1, False), (1, False), (3, False)), (), None, "第1名有2个，没有注明并列"),
        (((1, False), (2, False)), (30,), None, "榜单公布30名，只录有2名"),
        (((1, False), (2, False)), (), 2, "榜单只公布前2名，不是全榜"),
    ],
)
def test_when_a_list_is_the_full_board(places, sizes, board_size, reason):
    assert not_full(MonthList(places, frozenset(sizes), board_size)) == reason


@pytest.mark.parametrize(
    ("letters", "length", "position"),
    [
        ("FFF", 3, 2),
        ("FFF", 4, None),
        ("F?R", 3, 2),
        ("FNFF", 2, 3),
        ("FSF", 2, 2),
        ("DDD", 2, 1),
        ("", 1, None),
        ("NNN", 1, None),
        ("TTT", 2, 1),
    ],
)
def test_when_a_possible_run_reaches_a_length(letters, length, position):
    assert reached(letters, length) == position


@pytest.mark.parametrize(
    ("board", "scope", "covers"),
    [
        ("影响力榜", "全省", True),
        ("全省政务微信榜", "", True),
        ("影响力榜", "", False),
        ("影响力榜", "县级", False),
        ("影响力榜", "全省县级", False),
        ("全省政务微信榜", "县级", False),
        ("影响力榜", "全省高校", False),
        ("全省公安微信榜", "", False),
        ("湖南省排行榜", "", False),
    ],
)
def test_which_scope_is_the_whole_province(board, scope, covers):
    assert covers_province(board, scope) is covers


@pytest.mark.parametrize("kind", [FIRST_EVER, ONLY, WHOLE_PROVINCE])
def test_a_full_record_without_rivals_carries_all(kind):
    assert told(kind, case()) == []


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (
            FIRST_EVER,
            case(first_issue=None),
            ["不知道榜单从哪个月办起，请先在榜单里填写首期统计月。"],
        ),
        (
            FIRST_EVER,
            case(first_issue=START - 3),
            ["2018年10月至2018年12月：榜单已经创办，没有记录"],
        ),
        (
            FIRST_EVER,
            case(
                "FFF",
                rivals={"乙": "FFFNNN", "丙": "N"},
                start=START + 3,
                end=START + 5,
                last=START + 5,
                suspended=(),
            ),
            ["2019年3月：“乙”已经连续3个月列第一"],
        ),
        (
            FIRST_EVER,
            case(
                "FFF",
                rivals={"乙": "F?RNNN"},
                start=START + 3,
                end=START + 5,
                last=START + 5,
                suspended=(),
            ),
            ["2019年3月：“乙”可能已经连续3个月列第一"],
        ),
        (FIRST_EVER, case("TTT", rivals={"乙": "TTT"}), ["2019年3月：“乙”已经连续3个月列第一"]),
        # Reached only after our run: first is first.
        (FIRST_EVER, case("FFF", rivals={"乙": "NNNFFF"}, last=START + 5), []),
        (
            ONLY,
            case("FFF", rivals={"乙": "NNNFFF"}, last=START + 5),
            ["2019年6月：“乙”已经连续3个月列第一"],
        ),
        (ONLY, case("FFF", rivals={"乙": "NNNFF"}, last=START + 4), []),
        # The beginning of the board need not be known: the sentence names its months.
        (ONLY, case(first_issue=None), []),
        (
            WHOLE_PROVINCE,
            case(scope="县级"),
            ["榜单的范围是“县级”，不能说全省第一；可以写“列县级榜第一”。"],
        ),
        (
            WHOLE_PROVINCE,
            case(scope="", board="影响力榜"),
            ["榜单没有写明范围是全省，不能说全省第一；请照榜单写。"],
        ),
        (WHOLE_PROVINCE, case("FTF"), ["2019年2月：并列第一，不能说全省第一"]),
        (WHOLE_PROVINCE, case("FSF"), []),
        (
            WHOLE_PROVINCE,
            case("FRR"),
            ["2019年2月至2019年3月：没有核实列第一"],
        ),
    ],
)
def test_what_stands_against(kind, given, expected):
    assert told(kind, given) == expected


@pytest.mark.parametrize("kind", [FIRST_EVER, ONLY, WHOLE_PROVINCE])
def test_every_month_without_its_full_list_is_named(kind):
    lists = {START: FULL, START + 1: MonthList(((1, False), (3, False))), START + 2: FULL}
    assert told(kind, case(lists=lists)) == ["2019年2月：缺第2名"]


@pytest.mark.parametrize("kind", [FIRST_EVER, ONLY])
def test_months_around_the_run_count_too(kind):
    lists = {START + 2: FULL, START + 3: FULL}
    given = case("FF", start=START + 2, end=START + 3, last=START + 3, lists=lists)
    assert told(kind, given) == ["2019年1月至2019年2月：没有已核实的名次"]


def test_a_suspended_month_needs_no_list():
    lists = {START: FULL, START + 2: FULL}
    assert told(ONLY, case("FSF", lists=lists)) == []


def test_words_are_added_before_the_full_stop():
    assert added("连续3个月列第一。", "，每月均为全省第一") == "连续3个月列第一，每月均为全省第一。"
    assert added("连续3个月列第一。", "") == "连续3个月列第一。"
    assert clause(FIRST_EVER, case()) == "，是该榜2019年1月创办以来首个连续3个月列第一的公众号"
    assert clause(ONLY, case()) == "，是该榜2019年1月至2019年3月唯一连续3个月列第一的公众号"


def test_an_unknown_superlative_is_a_fault():
    with pytest.raises(ValueError, match="No such"):
        objections("best", case())
