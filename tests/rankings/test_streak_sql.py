"""The SQL query says what the pure rules say, whatever is on record."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rankings import queries, streaks
from rankings.models import Account, Board, BoardLink, LinkStatus, Observation
from rankings.periods import Month, Period
from tests.factories.rankings import AccountFactory, BoardFactory

from .test_streaks import RESOLUTIONS, absent, not_issued, statement, unknown

pytestmark = pytest.mark.django_db

FIRST = Month(2019, 1)
MONTHS = 8
LABELS = ["", "", "V12", "12.0", "WCI 13.0"]
KINDS = ["publisher", "publisher", "official_repost", "media", "mirror", "self"]
STATUSES = ["confirmed", "confirmed", "confirmed", "reported", "proposed", "rejected"]

months = st.integers(0, MONTHS - 1)
shared = {
    "later": st.booleans(),
    "month": months,
    "status": st.sampled_from(STATUSES),
    "source_kind": st.sampled_from(KINDS),
    "edition": st.sampled_from(["final", "final", "preliminary"]),
    "method": st.sampled_from(LABELS),
    "is_current": st.sampled_from([True, True, True, False]),
}
ranked = st.fixed_dictionaries(
    {
        **shared,
        "account": st.integers(0, 3),
        "state": st.just("ranked"),
        "rank": st.sampled_from([1, 1, 1, 2, 5]),
        "tied": st.booleans(),
    }
)
unranked = st.fixed_dictionaries(
    {**shared, "account": st.integers(0, 3), "state": st.sampled_from(["absent", "unknown"])}
)
halted = st.fixed_dictionaries({**shared, "account": st.none(), "state": st.just("not_issued")})
statements = st.lists(ranked | ranked | ranked | unranked | halted, max_size=40)
# (month, later or within the board, confirmed)
links = st.lists(
    st.tuples(months, st.booleans(), st.sampled_from(["confirmed", "confirmed", "proposed"])),
    max_size=2,
    unique_by=lambda link: link[0],
)
as_ofs = st.none() | st.integers(-1, MONTHS + 1)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def put(boards: list[Board], accounts: list[Account], rows: list[dict]) -> None:
    made = []
    for number, row in enumerate(rows):
        period = Period.of_month(FIRST + row["month"])
        who = row["account"]
        made.append(
            Observation(
                board=boards[row["later"]],
                period_kind="month",
                start=period.start,
                end=period.end,
                month=period.month.index,
                account=None if who is None else accounts[who],
                state=row["state"],
                rank=row.get("rank"),
                tied=row.get("tied", False),
                status=row["status"],
                source_kind=row["source_kind"],
                source_name=f"来源{number}",
                edition=row["edition"],
                method=row["method"],
                is_current=row["is_current"],
                origin="hand",
            )
        )
    Observation.objects.bulk_create(made)


def link(boards: list[Board], wanted: list[tuple]) -> None:
    for month, within, status in wanted:
        BoardLink.objects.create(
            earlier=boards[1 if within else 0],
            later=boards[1],
            month=(FIRST + month).index,
            reason="发布机构说明",
            status=LinkStatus(status),
        )


@pytest.fixture
def world():
    accounts = AccountFactory.create_batch(5)
    return BoardFactory.create_batch(2), accounts


def compare(boards: list[Board], accounts: list[Account], as_of: Month | None) -> None:
    for board in boards:
        line = queries.lineage_of(board)
        record = queries.month_record(board, line)
        told = queries.board_standings(board, as_of=as_of, line=line)
        expected = streaks.standings(record, None, as_of)
        assert told.as_of == expected.as_of
        found = {row.account.pk: streaks.Streaks(row.current, row.longest) for row in told.accounts}
        assert found == expected.streaks
        everyone = [account.pk for account in accounts]
        expected = streaks.standings(record, everyone, as_of)
        for account in accounts:
            alone = queries.board_standings(board, account=account, as_of=as_of, line=line)
            assert alone.as_of == expected.as_of
            [row] = alone.accounts
            assert (row.current, row.longest) == expected.streaks[account.pk]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(statements, links, as_ofs)
@example([], [], None)
def test_sql_equals_the_pure_rules(world, rows, wanted, as_of) -> None:
    boards, accounts = world
    with undone():
        put(boards, accounts, rows)
        link(boards, wanted)
        compare(boards, accounts, None if as_of is None else FIRST + as_of)


# Letters for four accounts a month; a shorter way to long rows than single statements.
LETTERS = st.lists(st.text("FFFTTNRR?DX", min_size=MONTHS, max_size=MONTHS), min_size=3, max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(LETTERS, st.sets(months), st.lists(st.sampled_from(LABELS), min_size=8, max_size=8), as_ofs)
def test_sql_equals_the_pure_rules_for_long_rows(world, lines, halted, labels, as_of) -> None:
    boards, accounts = world
    usual = {"later": True, "status": "confirmed", "source_kind": "publisher", "edition": "final"}
    rows = []
    for account, letters in enumerate(lines):
        for month, letter in enumerate(letters):
            row = {**usual, "account": account, "month": month, "state": "ranked", "rank": 1}
            row |= {"method": labels[month], "is_current": True, "tied": letter == "T"}
            if letter == "N":
                row["rank"] = 3
            elif letter == "R":
                row["status"] = "reported"
            elif letter == "X":
                row |= {"state": "absent", "rank": None}
            elif letter == "D":
                rows.append({**row, "rank": 2, "tied": False})
            # A month that was not issued has no list beside it, but where a source disputes that.
            if letter != "?" and (month not in halted or letter == "D"):
                rows.append(row)
    for month in halted:
        row = {**usual, "account": None, "month": month, "state": "not_issued", "method": ""}
        rows.append({**row, "is_current": True})
    with undone():
        put(boards, accounts, rows)
        compare(boards, accounts, None if as_of is None else FIRST + as_of)


RARE = [
    [statement("a", 3, source_kind="media"), absent("a")],
    [statement("a", 3), absent("a", source_kind="media"), statement("b", 2)],
    [statement("a", 3, edition="preliminary"), absent("a")],
    [statement("a"), statement("b", tied=True, source_kind="media")],
    [statement("a"), statement("b", source_kind="media"), statement("c", status="reported")],
    [statement("a", tied=True), statement("b", source_kind="media"), absent("c")],
    [statement("a", tied=True), statement("b", tied=True, source_kind="media"), unknown("c")],
    [not_issued(source_kind="media"), statement("a", source_kind="mirror"), absent("b")],
    [not_issued(), statement("a", status="reported"), statement("b"), statement("b", 2)],
    [not_issued(source_kind="self"), statement("a", 2)],
]


@pytest.mark.parametrize("before", ["", "F", "R", "T"])
def test_sql_equals_the_pure_rules_in_every_kind_of_month(world, before) -> None:
    """Each month of the table of the pure rules by itself, and after another one."""
    boards, accounts = world
    for rows in [*RARE, *(rows for _, rows, _ in RESOLUTIONS)]:
        rows = [each._replace(month=each.month + 1) for each in rows]
        if before:
            rows.append(
                statement(
                    "a", tied=before == "T", status="reported" if before == "R" else "confirmed"
                )
            )
        with undone():
            put(
                boards,
                accounts,
                [
                    {
                        **each._asdict(),
                        "later": True,
                        "month": each.month - FIRST.index,
                        "account": None if each.account is None else "abc".index(each.account),
                        "method": "",
                        "is_current": True,
                    }
                    for each in rows
                ],
            )
            compare(boards, accounts, None)


def test_one_query_whatever_there_is(world, django_assert_num_queries) -> None:
    boards, accounts = world
    with undone():
        line = queries.lineage_of(boards[1])
        with django_assert_num_queries(1):
            assert queries.board_standings(boards[1], line=line).accounts == []
        usual = {"later": True, "status": "confirmed", "source_kind": "publisher"}
        usual |= {"edition": "final", "state": "ranked", "method": "", "is_current": True}
        put(
            boards,
            accounts,
            [
                {**usual, "account": n, "month": m, "rank": n + 1}
                for n in range(4)
                for m in range(5)
            ],
        )
        line = queries.lineage_of(boards[1])
        with django_assert_num_queries(2):
            rows = queries.board_standings(boards[1], line=line).accounts
        assert [row.longest.proved for row in rows] == [5, 0, 0, 0]
        with django_assert_num_queries(1):
            queries.board_standings(boards[1], account=accounts[0], line=line)
