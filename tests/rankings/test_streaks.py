"""The streak rules: month states, runs, and the laws that hold for all of them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.periods import Month
from rankings.streaks import Run, Statement, measure, resolve, standings

FIRST = Month(2019, 1)


def statement(account, rank=1, *, month=0, **rest) -> Statement:
    return Statement(FIRST.index + month, account, "ranked", rank, **rest)


def absent(account, *, month=0, **rest) -> Statement:
    return Statement(FIRST.index + month, account, "absent", **rest)


def not_issued(*, month=0, **rest) -> Statement:
    return Statement(FIRST.index + month, None, "not_issued", **rest)


def unknown(account, *, month=0, **rest) -> Statement:
    return Statement(FIRST.index + month, account, "unknown", **rest)


def rows_of(letters: str, account="a") -> list[Statement]:
    """Statements that come to ``letters`` for ``account``, one month a letter."""
    rows = []
    for month, letter in enumerate(letters):
        match letter:
            case "F":
                rows.append(statement(account, month=month))
            case "T":
                rows.append(statement(account, month=month, tied=True))
            case "N":
                rows.append(statement(account, 2, month=month))
            case "S":
                rows.append(not_issued(month=month))
            case "R":
                rows.append(statement(account, month=month, status="reported"))
            case "?":
                rows.append(unknown(account, month=month))
            case "D":
                rows += [statement(account, month=month), statement(account, 2, month=month)]
    return rows


def run_text(run: Run) -> str:
    """proved/possible with positions counted from the first month: ``3[4-6]/7[0-6]``."""

    def bounds(start, end):
        return f"[{start - FIRST}-{end - FIRST}]" if start else ""

    return (
        f"{run.proved}{bounds(run.proved_from, run.proved_to)}"
        f"/{run.possible}{bounds(run.start, run.end)}"
    )


# Statements of one month, and the state of each account they are about (and of "silent").
RESOLUTIONS = [
    ("sole first", [statement("a"), statement("b", 2)], {"a": "F", "b": "N", "silent": "N"}),
    ("tied first", [statement("a", tied=True)], {"a": "T", "silent": "?"}),
    (
        "tied pair",
        [statement("a", tied=True), statement("b", tied=True)],
        {"a": "T", "b": "T", "silent": "?"},
    ),
    ("one says tied", [statement("a"), statement("a", tied=True)], {"a": "T"}),
    (
        "agreeing sources are one statement",
        [statement("a"), statement("a", source_kind="media")],
        {"a": "F"},
    ),
    ("same kind disagrees", [statement("a"), statement("a", 2)], {"a": "D", "silent": "?"}),
    (
        "same kind, first against absent",
        [statement("a"), absent("a"), statement("b", 2)],
        {"a": "D", "b": "N"},
    ),
    (
        "higher kind wins over lower",
        [statement("a", 2), statement("a", source_kind="media")],
        {"a": "N"},
    ),
    (
        "higher kind wins over a lower denial",
        [statement("a"), statement("a", 3, source_kind="mirror")],
        {"a": "F"},
    ),
    (
        "final edition wins",
        [statement("a", edition="preliminary"), statement("a", 2)],
        {"a": "N"},
    ),
    (
        "preliminary stands alone",
        [statement("a", edition="preliminary")],
        {"a": "F"},
    ),
    ("ranks differ but both not first", [statement("a", 2), statement("a", 5)], {"a": "N"}),
    ("only a lower place read", [statement("b", 2)], {"b": "N", "a": "?"}),
    ("absent, first known", [absent("a"), statement("b")], {"a": "N", "b": "F"}),
    ("absent, tied first known", [absent("a"), statement("b", tied=True)], {"a": "N"}),
    ("absent, first not known", [absent("a"), statement("b", 2)], {"a": "?"}),
    (
        "absent, first only reported",
        [absent("a"), statement("b", status="reported")],
        {"a": "?", "b": "R"},
    ),
    (
        "two soles of one kind",
        [statement("a"), statement("b")],
        {"a": "D", "b": "D", "silent": "N"},
    ),
    (
        "two soles, higher kind wins",
        [statement("a"), statement("b", source_kind="media")],
        {"a": "F", "b": "N", "silent": "N"},
    ),
    (
        "sole against tied of one kind",
        [statement("a"), statement("b", tied=True)],
        {"a": "D", "b": "D", "silent": "?"},
    ),
    (
        "tied of a higher kind wins over a sole",
        [statement("a", source_kind="media"), statement("b", tied=True)],
        {"a": "N", "b": "T", "silent": "?"},
    ),
    (
        "tied partner of a lower kind agrees",
        [statement("a", tied=True, source_kind="media"), statement("b", tied=True)],
        {"a": "T", "b": "T"},
    ),
    ("reported first", [statement("a", status="reported")], {"a": "R", "silent": "?"}),
    ("reported other place", [statement("a", 2, status="reported")], {"a": "?"}),
    ("reported absent", [absent("a", status="reported")], {"a": "?"}),
    (
        "reported first against another confirmed alone",
        [statement("a", status="reported"), statement("b")],
        {"a": "N", "b": "F"},
    ),
    (
        "reported first beside another confirmed tied",
        [statement("a", status="reported"), statement("b", tied=True)],
        {"a": "R"},
    ),
    ("own word is only a report", [statement("a", source_kind="self")], {"a": "R"}),
    ("own word against a list", [statement("a", source_kind="self"), statement("b")], {"a": "N"}),
    ("own word of a lower place", [statement("a", 2, source_kind="self")], {"a": "?"}),
    (
        "confirmed unknown says nothing",
        [unknown("a"), statement("a", source_kind="mirror")],
        {"a": "F"},
    ),
    ("not issued", [not_issued()], {"a": "S"}),
    ("not issued, only reported", [not_issued(status="reported")], {"a": "?"}),
    (
        "not issued beats a lower kind",
        [not_issued(), statement("a", source_kind="media")],
        {"a": "S", "silent": "S"},
    ),
    (
        "a higher kind beats not issued",
        [not_issued(source_kind="media"), statement("a")],
        {"a": "F", "silent": "N"},
    ),
    ("issued or not, one kind", [not_issued(), statement("a")], {"a": "D", "silent": "?"}),
    ("not issued beats a report", [not_issued(), statement("a", status="reported")], {"a": "S"}),
    (
        "proposals count for nothing",
        [statement("a", status="proposed"), statement("a", 2)],
        {"a": "N"},
    ),
]


@pytest.mark.parametrize(
    ("rows", "expected"), [r[1:] for r in RESOLUTIONS], ids=[r[0] for r in RESOLUTIONS]
)
def test_month_states(rows, expected):
    for order in (rows, rows[::-1]):
        record = resolve(order)
        assert {name: record.state(name, FIRST.index) for name in expected} == expected


# letters -> current and longest, as proved[from-to]/possible[from-to]
RUNS = [
    ("F", "1[0-0]/1[0-0]", "1[0-0]/1[0-0]"),
    ("FFF", "3[0-2]/3[0-2]", "3[0-2]/3[0-2]"),
    ("FTF", "3[0-2]/3[0-2]", "3[0-2]/3[0-2]"),
    ("FFF?FFF", "3[4-6]/7[0-6]", "3[4-6]/7[0-6]"),
    ("FFFF?FFF", "3[5-7]/8[0-7]", "4[0-3]/8[0-7]"),
    ("FFDFF", "2[3-4]/5[0-4]", "2[3-4]/5[0-4]"),
    ("FFRFF", "2[3-4]/5[0-4]", "2[3-4]/5[0-4]"),
    ("FFNFF", "2[3-4]/2[3-4]", "2[3-4]/2[3-4]"),
    ("FFFNF", "1[4-4]/1[4-4]", "3[0-2]/3[0-2]"),
    ("FFFN", "0/0", "3[0-2]/3[0-2]"),
    ("FFSFF", "4[0-4]/4[0-4]", "4[0-4]/4[0-4]"),
    ("FFSS", "2[0-1]/2[0-1]", "2[0-1]/2[0-1]"),
    ("SSFF", "2[2-3]/2[2-3]", "2[2-3]/2[2-3]"),
    ("FS?SF", "1[4-4]/3[0-4]", "1[4-4]/3[0-4]"),
    ("NSF", "1[2-2]/1[2-2]", "1[2-2]/1[2-2]"),
    ("FF?", "0/3[0-2]", "2[0-1]/3[0-2]"),
    ("RRR", "0/3[0-2]", "0/3[0-2]"),
    ("FFN??", "0/2[3-4]", "2[0-1]/2[3-4]"),
    ("SS", "0/0", "0/0"),
    ("FFNSS", "0/0", "2[0-1]/2[0-1]"),
]


@pytest.mark.parametrize(("letters", "current", "longest"), RUNS)
def test_runs(letters, current, longest):
    record = resolve(rows_of(letters))
    if "S" not in letters:
        assert record.states("a") == letters
    streaks = standings(record, ["a"]).streaks["a"]
    assert (run_text(streaks.current), run_text(streaks.longest)) == (current, longest)


def current_of(rows, account="a", as_of=None) -> Run:
    return standings(resolve(rows), [account], as_of).streaks[account].current


def test_case_01_a_missing_month_is_never_bridged():
    run = current_of(rows_of("FFF?FFF"))
    assert (run.proved, run.possible) == (3, 7)
    assert run.unknown == (FIRST + 3,)


def test_case_01_a_month_without_any_row_is_unknown():
    rows = [row for row in rows_of("FFF?FFF") if row.state == "ranked"]
    run = current_of(rows)
    assert (run.proved, run.possible, run.unknown) == (3, 7, (FIRST + 3,))


def test_case_02_ties_continue_and_are_counted_apart():
    run = current_of(rows_of("FTTF"))
    assert (run.proved, run.ties, run.proved_ties) == (4, 2, 2)


def test_case_03_a_correction_recomputes_the_streak():
    rows = rows_of("FFFFF")
    rows[2] = statement("a", 4, month=2)
    assert current_of(rows).proved == 2


def test_case_06_a_month_not_yet_out_is_not_missing():
    run = current_of(rows_of("FF"), as_of=FIRST + 9)
    assert (run.proved, run.end) == (2, FIRST + 1)


def test_case_07_absence_from_a_list_that_names_another_first_breaks():
    rows = [*rows_of("FF"), statement("b", month=2), absent("a", month=2), *rows_of("FFFF")[3:]]
    assert current_of(rows).possible == 1


def test_case_07_a_list_of_which_only_lower_places_are_read_leaves_the_month_open():
    rows = [*rows_of("FF"), statement("b", 2, month=2), *rows_of("FFFF")[3:]]
    run = current_of(rows)
    assert (run.proved, run.possible) == (1, 4)


def test_case_08_a_conflict_inside_one_kind_splits_but_does_not_break():
    run = current_of(rows_of("FFDFF"))
    assert (run.proved, run.possible, run.unknown) == (2, 5, (FIRST + 2,))


def test_case_08_ones_own_word_is_never_proof():
    rows = [statement("a", month=month, source_kind="self") for month in range(3)]
    run = current_of(rows)
    assert (run.proved, run.possible, run.reported) == (0, 3, 3)


def test_case_09_the_final_list_is_preferred():
    rows = [
        statement("a", edition="preliminary"),
        statement("a", 3),
        statement("b"),
    ]
    assert current_of(rows).possible == 0
    assert current_of(rows, "b").proved == 1


def test_case_12_one_month_twice_with_different_ranks_is_disputed():
    record = resolve([statement("a"), statement("a", 3)])
    assert record.states("a") == "D"


def test_case_13_suspension_needs_evidence():
    assert current_of(rows_of("FSF")).proved == 2
    assert current_of(rows_of("FSF")).suspended == (FIRST + 1,)
    rows = [*rows_of("F"), not_issued(month=1, status="reported"), *rows_of("FFF")[2:]]
    run = current_of(rows)
    assert (run.proved, run.possible, run.unknown) == (1, 3, (FIRST + 1,))


def test_case_17_both_ends_count():
    start = Month(2017, 9)
    rows = [Statement((start + n).index, "a", "ranked", 1) for n in range(24)]
    run = current_of(rows)
    assert (run.proved, str(run.proved_from), str(run.proved_to)) == (24, "2017-09", "2019-08")
    assert current_of(rows[:1]).proved == 1


def test_case_18_a_run_from_the_first_recorded_month_is_open():
    assert current_of(rows_of("FF")).open_start
    assert current_of(rows_of("SFF")).open_start
    assert not current_of(rows_of("NFF")).open_start
    rows = [statement("b", month=0), *rows_of("FFF")[1:]]
    assert not current_of(rows).open_start


def test_reported_months_are_possible_and_never_proved():
    run = current_of(rows_of("R" * 24))
    assert (run.proved, run.possible, run.reported) == (0, 24, 24)
    assert (run.proved_from, run.proved_to) == (None, None)


def test_as_of_inside_the_record_ends_the_current_run_only():
    record = resolve(rows_of("FFFNFF"))
    at = standings(record, ["a"], FIRST + 1)
    assert at.as_of == FIRST + 1
    assert at.streaks["a"].current.proved == 2
    assert at.streaks["a"].longest.proved == 3


def test_as_of_on_a_suspended_month_steps_back():
    at = standings(resolve(rows_of("FFSF")), ["a"], FIRST + 2)
    assert (at.as_of, at.streaks["a"].current.proved) == (FIRST + 1, 2)


def test_as_of_before_the_record_has_no_run():
    at = standings(resolve(rows_of("FF")), ["a"], FIRST + -1)
    assert at.streaks["a"].current == Run()
    assert at.streaks["a"].longest.proved == 2


def test_a_board_without_months():
    at = standings(resolve([]), ["a"])
    assert (at.as_of, at.streaks["a"].current) == (None, Run())


def test_proposals_do_not_record_a_month():
    rows = [*rows_of("FF"), statement("a", month=5, status="proposed")]
    assert standings(resolve(rows)).as_of == FIRST + 1


def test_silent_accounts_share_the_broken_and_unknown_months():
    rows = [*rows_of("F?F", "a"), statement("b", 2, month=1)]
    streaks = standings(resolve(rows), ["a", "b", "c"]).streaks
    assert run_text(streaks["c"].longest) == "0/1[1-1]"
    assert run_text(streaks["b"].longest) == "0/0"
    assert run_text(streaks["a"].longest) == "1[2-2]/3[0-2]"


# --- laws ----------------------------------------------------------------------------------------

letters = st.text("FTNSR?D", min_size=1, max_size=40)
statements = (
    st.builds(
        Statement,
        month=st.integers(FIRST.index, FIRST.index + 5),
        account=st.sampled_from("abc"),
        state=st.just("ranked"),
        rank=st.integers(1, 3),
        tied=st.booleans(),
        status=st.sampled_from(["confirmed", "reported", "proposed"]),
        source_kind=st.sampled_from(["publisher", "media", "self"]),
        edition=st.sampled_from(["final", "preliminary"]),
    )
    | st.builds(
        Statement,
        month=st.integers(FIRST.index, FIRST.index + 5),
        account=st.sampled_from("abc"),
        state=st.sampled_from(["absent", "unknown"]),
        status=st.sampled_from(["confirmed", "reported"]),
        source_kind=st.sampled_from(["publisher", "media"]),
    )
    | st.builds(
        Statement,
        month=st.integers(FIRST.index, FIRST.index + 5),
        account=st.none(),
        state=st.just("not_issued"),
        source_kind=st.sampled_from(["publisher", "media"]),
    )
)


@given(letters, st.data())
def test_an_unknown_month_never_lengthens_a_proved_streak(states, data):
    at = data.draw(st.integers(0, len(states)))
    longer = states[:at] + "?" + states[at:]
    end = FIRST.index + len(states) - 1
    before = measure(states, FIRST.index, end)
    after = measure(longer, FIRST.index, end + 1)
    assert after.longest.proved <= before.longest.proved
    assert after.current.proved <= before.current.proved


@given(letters)
def test_proved_never_exceeds_possible(states):
    for run in measure(states, FIRST.index, FIRST.index + len(states) - 1):
        assert 0 <= run.proved <= run.possible
        assert run.confirmed + run.reported + len(run.unknown) == run.possible


@given(st.lists(statements, max_size=40), st.randoms(use_true_random=False))
def test_order_is_irrelevant(rows, rng):
    shuffled = rows.copy()
    rng.shuffle(shuffled)
    one, two = resolve(rows), resolve(shuffled)
    for account in ["a", "b", "c", "silent"]:
        assert one.states(account) == two.states(account)
    assert standings(one) == standings(two)


@given(st.lists(statements, max_size=40))
def test_shared_states_equal_states_computed_one_by_one(rows):
    record = resolve(rows)
    together = standings(record, ["a", "b", "c", "silent"]).streaks
    for account, streaks in together.items():
        assert streaks == measure(record.states(account), record.first or 0, record.ending())


@given(st.lists(statements, max_size=30), st.integers(0, 5))
def test_adding_unknown_words_changes_no_proof(rows, month):
    before = standings(resolve(rows), ["a"]).streaks["a"]
    after = standings(resolve([*rows, unknown("a", month=month)]), ["a"]).streaks["a"]
    assert after.longest.proved <= before.longest.proved


def test_a_full_board_names_only_its_leaders():
    """Where each month has a confirmed first, all other accounts share one line of states."""
    rng = random.Random(7)
    rows, winners = [], []
    for month in range(24):
        order = rng.sample(range(100), 100)
        winners.append(order[0])
        rows += [statement(account, rank, month=month) for rank, account in enumerate(order, 1)]
    record = resolve(rows)
    assert [list(record.months[FIRST.index + month].of) for month in range(24)] == [
        [winner] for winner in winners
    ]
    longest = standings(record).streaks[winners[-1]].longest
    assert longest.proved == longest.possible >= 1
