"""What is news, as tables over plain states: before and after one transaction."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings import alerts, streaks
from rankings.alerts import AccountInfo, BoardInfo, Change, Listed, drafts
from rankings.models import AlertKind, AlertLevel
from rankings.periods import Month

OURS = AccountInfo(1, "在荷塘")
OTHER = AccountInfo(2, "掌上攸县", ours=False)
BOARD = BoardInfo(7, "县级榜")
JANUARY = Month(2019, 1).index
NONE = "·"  # nothing on record of the month


def record(states: str, cuts: tuple[int, ...] = (), first: int = JANUARY) -> streaks.Record:
    """One letter a month from January 2019 for our account; ``·`` leaves the month out."""
    made = streaks.Record(cuts=frozenset(JANUARY + cut for cut in cuts), accounts={OURS.pk})
    for number, letter in enumerate(states):
        if letter != NONE:
            made.months[first + number] = streaks.MonthStates(
                of={OURS.pk: letter}, suspended=letter == "S"
            )
    return made


def change(before: str, after: str, *months: int, cuts: tuple[int, ...] = ()) -> Change:
    """``months`` count from 0; without them those in which the two differ."""
    length = max(len(before), len(after))
    differing = months or [
        n
        for n, (one, two) in enumerate(
            zip(before.ljust(length, NONE), after.ljust(length, NONE), strict=True)
        )
        if one != two
    ]
    return Change(
        BOARD,
        record(before, cuts),
        record(after, cuts),
        frozenset(JANUARY + n for n in differing),
        "99",
    )


def test_kinds_and_levels_are_those_of_the_tables() -> None:
    kinds = {value for name, value in vars(drafts).items() if name.isupper()}
    assert kinds <= {*AlertKind.values, *AlertLevel.values}


# --- fresh or past --------------------------------------------------------------------------------

TODAY = dt.date(2019, 9, 10)


@pytest.mark.parametrize(
    ("changed", "today", "published", "fresh"),
    [
        ([7], TODAY, {}, [7]),  # August's list in September
        ([6, 7], TODAY, {}, [6, 7]),
        ([5], TODAY, {}, []),  # two lists have come since
        ([4, 5, 6, 7], TODAY, {}, []),  # more than three months at once: the past
        ([7], dt.date(2020, 9, 10), {}, []),  # entered a year later
        ([7], dt.date(2020, 1, 10), {7: dt.date(2020, 1, 9)}, [7]),  # so late, but just out
        ([7], dt.date(2020, 9, 10), {7: dt.date(2019, 9, 9)}, []),
        ([7], TODAY, {7: dt.date(2030, 1, 1)}, [7]),  # a wrong date hides no news
        ([11], TODAY, {}, []),  # a month that is not over
        ([], TODAY, {}, []),
    ],
)
def test_only_the_newest_lists_are_news(changed, today, published, fresh) -> None:
    days = {JANUARY + month: day for month, day in published.items()}
    found = alerts.fresh_months(record("FFFFFFFF"), [JANUARY + n for n in changed], today, days)
    assert [month - JANUARY for month in found] == fresh


# --- a list comes out -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "listed", "words"),
    [
        ("FFF", Listed(1), "2019年3月出榜：“在荷塘”列第一，连续第一已核实 3 个月。"),
        ("FFT", Listed(1, tied=True), "“在荷塘”并列第一，连续第一已核实 3 个月。"),
        ("F?F", Listed(1), "连续第一已核实 1 个月（最多可能 3 个月）。"),
        ("FFN", Listed(3), "“在荷塘”列第 3 名。"),
        ("FFN", Listed(3, tied=True), "“在荷塘”并列第 3 名。"),
        ("FFN", Listed(), "不在第一，名次还没有录入。"),
        ("FFR", Listed(1, reported=True), "据报道列第一（未核实）"),
        ("FF?", Listed(4, reported=True), "据报道列第 4 名（未核实）"),
        ("FF?", Listed(), "“在荷塘”的名次还没有录入"),
        ("FFD", Listed(), "各来源说法不一，尚无定论"),
        ("FFS", Listed(), "2019年3月没有发布，不计入连续月数，也不打断。"),
    ],
)
def test_a_new_list_in_words(after, listed, words) -> None:
    draft = alerts.month_out(change("FF", after), JANUARY + 2, OURS, listed)
    assert words in draft.message
    assert (draft.kind, draft.level, draft.key) == (
        "month_out",
        "info",
        f"month_out:7:{JANUARY + 2}",
    )


def test_only_what_is_proved_is_called_so() -> None:
    draft = alerts.month_out(change("RR", "RRR"), JANUARY + 2, OURS, Listed(1, reported=True))
    assert "已核实 0 个月（最多可能 3 个月）" in draft.message


def test_a_list_without_our_account_and_a_late_one() -> None:
    draft = alerts.month_out(change("", "F"), JANUARY, None, days_late=4)
    assert draft.message == "《县级榜》2019年1月出榜（比通常晚 4 天）。"
    assert alerts.month_out(change("F", "F", 1), JANUARY + 1, OURS) is None


def test_a_change_of_method_that_nobody_linked_is_said() -> None:
    draft = alerts.month_out(change("FF", "FFF", cuts=(2,)), JANUARY + 2, OURS, Listed(1))
    assert "已核实 1 个月；计算方法变了，还没有衔接说明，从这个月重新算起" in draft.message


# --- the first place is lost, or shared -----------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("FF", "FFN", True),
        ("FT", "FTN", True),
        ("FR", "FRN", True),
        ("F", "FSN", True),  # the suspended month in between is no break
        ("F", "F·N", True),  # with the gap said
        ("FF?", "FFN", True),  # somebody's place was known, ours is now
        ("FFR", "FFN", True),  # the newspaper was wrong
        ("FFD", "FFN", True),
        # Trouble is never a loss: nothing read, nothing known, a report, a quarrel, no list.
        ("FF", "FF?", False),
        ("FF", "FF", False),
        ("FF", "FFD", False),
        ("FF", "FFS", False),
        ("FF", "FFR", False),
        ("FN", "FNN", False),  # not held
        ("F?N", "F?NN", False),
        ("", "N", False),
        ("??", "??N", False),  # never known to be first
        ("FFF", "FFN", False),  # a correction, told as one
        ("FFN", "FFN", False),
    ],
)
def test_when_the_first_place_is_lost(before, after, lost) -> None:
    month = JANUARY + len(after) - 1
    draft = alerts.lost_first(change(before, after, len(after) - 1), month, OURS, Listed(3))
    assert (draft is not None) == lost
    if lost:
        assert draft.level == "alarm" and "列第 3 名，失去第一" in draft.message


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("FFF", "FFFN", "此前已核实连续 3 个月第一，至 2019年3月。"),
        ("NF", "NFN", "上一次已核实列第一，至 2019年2月。"),
        ("FR", "FRN", "2019年2月据报道列第一（未核实）。"),
        ("FF", "FF··N", "至 2019年2月，其间 2 个月没有定论。"),
        ("FF", "FFSN", "至 2019年2月。"),
    ],
)
def test_what_was_lost(before, after, words) -> None:
    month = JANUARY + len(after) - 1
    assert words in alerts.lost_first(change(before, after), month, OURS).message


def test_what_began_anew_has_no_first_place_to_lose() -> None:
    assert alerts.lost_first(change("FF", "FFN", cuts=(2,)), JANUARY + 2, OURS) is None


@pytest.mark.parametrize(
    ("before", "after", "told"), [("F", "FT", 1), ("FF", "FT", 1), ("FT", "FT", 0), ("F", "FF", 0)]
)
def test_a_tie(before, after, told) -> None:
    made = change(before, after, 1)
    made.after.months[JANUARY + 1].of[2] = "T"
    draft = alerts.tie(made, JANUARY + 1, OURS, {2: "掌上攸县"})
    assert (draft is not None) == bool(told)
    if draft:
        assert "“在荷塘”与“掌上攸县”并列第一" in draft.message


# --- milestones -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "reached"),
    [
        ("F" * 11, "F" * 12, 12),
        ("F" * 23, "F" * 24, 24),
        ("F" * 12, "F" * 13, None),
        ("F" * 10, "F" * 11, None),
        ("R" * 11, "R" * 12, None),  # reported months prove nothing
        ("F" * 5 + "?" + "F" * 6, "F" * 12, 12),  # proof for the month that was open
        ("F" * 5 + "R" * 25, "F" * 30, 24),  # the highest one alone
        ("N" + "F" * 11, "N" + "F" * 12, 12),
        ("F" * 11, "F" * 11 + "N", None),
        ("F" * 11, "F" * 11 + "S", None),
        ("F" * 11 + "S", "F" * 11 + "SF", 12),
        ("F" * 12 + "NN?", "F" * 12 + "NNN", None),
    ],
)
def test_milestones(before, after, reached) -> None:
    made = change(before, after)
    found = alerts.milestones(made, OURS, [JANUARY + len(after) - 1])
    assert [draft.key.rpartition(":")[2] for draft in found] == ([str(reached)] if reached else [])


def test_a_milestone_says_ties_and_where_the_record_begins() -> None:
    [draft] = alerts.milestones(change("T" + "F" * 10, "T" + "F" * 11), OURS, [JANUARY + 11])
    assert draft.message == (
        "《县级榜》：“在荷塘”2019年1月至2019年12月已核实至少连续 12 个月列第一"
        "（其中并列 1 个月），达到 12 个月。"
    )


def test_the_past_brought_in_reaches_no_milestone_now() -> None:
    assert not alerts.milestones(change("", "F" * 12), OURS, [])
    assert not alerts.milestones(change("F" * 6, "F" * 12), OURS, [])
    assert alerts.milestones(change("R" * 12, "F" * 12), OURS, [])  # proof for what was there


# --- corrections ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        ("FFFF", "FNFF", "alarm"),
        ("FFFF", "F?FF", "alarm"),  # possible stays, proved shrinks
        ("FRFF", "FNFF", "alarm"),  # a report refuted
        ("F?FF", "FNFF", "alarm"),  # possible shrinks
        ("FFFF", "FFFN", "alarm"),
        ("FNFF", "FFFF", "info"),  # a loss taken back
        ("FNFF", "F?FF", "info"),
        ("FSFF", "FFFF", "info"),
        ("FFFF", "FTFF", None),  # tied counts as well
        ("FRFF", "FFFF", None),  # proof that only adds
        ("F?FF", "FFFF", None),
        ("FF", "FFF", None),  # a new list is no correction
        ("FF", "FFN", None),
        ("FF", "FFNN", None),
        ("", "FFFF", None),
        ("FFNF", "FFNF", None),
        ("NNFF", "N?FF", "info"),  # more is possible than was
    ],
)
def test_when_a_correction_changes_a_streak(before, after, level) -> None:
    draft = alerts.streak_changed(change(before, after), OURS)
    assert (draft and draft.level) == level


def test_the_numbers_before_and_after() -> None:
    draft = alerts.streak_changed(change("FFFF", "FNFF"), OURS)
    assert draft.message == (
        "《县级榜》2019年2月的名次更正后，“在荷塘”当前连续第一由已核实 4 个月变为已核实 2 个月；"
        "最长连续第一由已核实 4 个月变为已核实 2 个月。"
    )
    assert draft.key == "streak:7:1:99"


def test_a_correction_beside_a_new_list_is_told_by_itself() -> None:
    draft = alerts.streak_changed(change("FFF", "FNFF"), OURS)
    assert "由已核实 3 个月变为已核实 1 个月" in draft.message  # not by the month that was new


def test_a_method_named_later_breaks_a_series_though_no_place_changed() -> None:
    made = Change(BOARD, record("FFFF"), record("FFFF", cuts=(2,)), frozenset({JANUARY + 2}), "9")
    draft = alerts.streak_changed(made, OURS)
    assert "榜单记录变动后，“在荷塘”当前连续第一由已核实 4 个月变为已核实 2 个月" in draft.message


def test_watched_accounts_are_no_alarm() -> None:
    made = change("FFFF", "FNFF")
    other = AccountInfo(OURS.pk, "掌上攸县", ours=False)
    draft = alerts.streak_changed(made, other)
    assert draft.level == "warning" and "关注的“掌上攸县”" in draft.message


@given(st.text("FTNSR?D", max_size=14), st.text("FTNSR?D", max_size=4))
def test_new_months_alone_are_never_a_correction(before: str, more: str) -> None:
    assert alerts.streak_changed(change(before, before + more), OURS) is None


@given(st.text("FTNSR?D", min_size=1, max_size=14))
def test_nothing_changed_is_no_news(states: str) -> None:
    made = change(states, states, len(states) - 1)
    month = JANUARY + len(states) - 1
    assert alerts.streak_changed(made, OURS) is None
    assert alerts.milestones(made, OURS, [month]) == []
    assert alerts.tie(made, month, OURS) is None
    if states[-1] in "FTNS":
        assert alerts.lost_first(made, month, OURS) is None


@given(st.text("FTNSR?D", max_size=14), st.sampled_from("FTSR?D"))
def test_nothing_but_a_confirmed_other_place_loses_the_first(before: str, letter: str) -> None:
    made = change(before, before + letter, len(before))
    assert alerts.lost_first(made, JANUARY + len(before), OURS) is None


# --- competitors ----------------------------------------------------------------------------------


def listed(rank, index=None, reported=False):
    return Listed(rank, reported=reported, index=None if index is None else Decimal(index))


@pytest.mark.parametrize(
    ("margin", "mine", "theirs", "before", "words"),
    [
        ("20", listed(1, "900.5"), listed(2, "885"), None, "指数 885，比“在荷塘”的 900.5 低 15.5"),
        ("20", listed(2, "900"), listed(1, "910"), None, "比“在荷塘”的 900 高 10"),
        ("20", listed(1, "900"), listed(2, "900"), None, "比“在荷塘”的 900 相同"),
        ("15.5", listed(1, "900.5"), listed(2, "885"), None, "低 15.5"),  # the margin counts
        ("15.4", listed(1, "900.5"), listed(2, "885"), None, None),
        (None, listed(1, "900"), listed(2, "899"), None, None),  # no margin, no distance
        ("20", listed(1), listed(2, "885"), None, None),  # ours is a bound
        ("20", listed(1, "900", reported=True), listed(2, "890"), None, None),
        (
            None,
            listed(3),
            listed(2),
            (listed(2), listed(4)),
            "由第 4 名升到第 2 名，排到“在荷塘”之前",
        ),
        (None, listed(3), listed(2), (listed(3), listed(2)), None),  # ahead already
        (None, listed(3), listed(2), None, None),  # nothing to compare with
        (None, listed(3), listed(2), (Listed(), listed(4)), None),
        (None, listed(3), listed(2), (listed(2), listed(4, reported=True)), None),
        (None, listed(2), listed(2), (listed(2), listed(4)), None),  # tied is not past
        (None, Listed(), listed(2), (listed(2), listed(4)), None),
    ],
)
def test_a_competitor_close_or_past(margin, mine, theirs, before, words) -> None:
    draft = alerts.close_competitor(
        change("F", "FF"),
        JANUARY + 1,
        OURS,
        OTHER,
        None if margin is None else Decimal(margin),
        (mine, theirs),
        before,
    )
    assert (draft is not None) == (words is not None)
    if words:
        assert words in draft.message and "关注的“掌上攸县”" in draft.message
