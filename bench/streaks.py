"""Streaks of every account of a board, against a bare count of its rows and against pandas."""

import importlib
import random
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection

from rankings import streaks
from rankings.models import Account, Board, Observation, Origin, SourceKind, State, Status
from rankings.periods import Month, Period
from rankings.queries import board_standings, month_record

from .harness import DEFAULT, FULL, TINY, Line, Work, interleaved, ms, ratio
from .scratch import Scratch

TITLE = "一个榜单全部公众号的连续榜首"
# Accounts, months, rounds.
SIZES = {TINY: (20, 12, 1), DEFAULT: (600, 120, 5), FULL: (3000, 120, 5)}

LIMIT_FIRSTS, LIMIT_GAPS = 10.0, 60.0
LIMIT_PANDAS = 5.0  # how many times as long pandas takes
BEGIN = Month(2014, 1)


def fill(board: Board, accounts: list[Account], months: int, *, gaps: bool) -> None:
    """Lists of ``months`` months on which each account has a place, confirmed by the publisher.

    Without ``gaps`` every month has a confirmed first. With them, one row in twenty is missing,
    and in every second month the first place is only reported: then nobody's absence breaks.
    """
    draw = random.Random(months)
    rows = _rows(board, accounts, months, gaps, draw)
    while batch := list(islice(rows, 5000)):
        Observation.objects.bulk_create(batch)


def _rows(
    board: Board, accounts: list[Account], months: int, gaps: bool, draw: random.Random
) -> Iterator[Observation]:
    order = list(accounts)
    for number in range(months):
        month = BEGIN + number
        period = Period.of_month(month)
        # A few exchange places each month, so that streaks at the top begin and end.
        for _ in range(3):
            place = draw.randrange(min(8, len(order) - 1))
            order[place], order[place + 1] = order[place + 1], order[place]
        for rank, account in enumerate(order, 1):
            if gaps and rank > 1 and draw.random() < 0.05:
                continue
            only_reported = gaps and rank == 1 and number % 2
            yield Observation(
                board=board,
                period_kind=period.kind,
                start=period.start,
                end=period.end,
                month=month.index,
                account=account,
                state=State.RANKED,
                rank=rank,
                status=Status.REPORTED if only_reported else Status.CONFIRMED,
                source_kind=SourceKind.MEDIA if only_reported else SourceKind.PUBLISHER,
                source_name="演示发布机构",
                figures={"index": {"value": 2000 - rank / 2, "bound": "exact", "capped": False}},
                origin=Origin.IMPORT,
            )


def count(board: Board) -> int:
    """The peer: how many rows the board has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rankings_observation WHERE board_id = %s", [board.pk])
        return cursor.fetchone()[0]


def lengths(board: Board) -> dict[int, tuple[int, ...]]:
    """What the peer is held to: longest and current lengths by account."""
    return {
        row.account.pk: (
            row.longest.proved,
            row.longest.possible,
            row.current.proved,
            row.current.possible,
        )
        for row in board_standings(board).accounts
    }


def check(board: Board, accounts: int, rows: int) -> None:
    """Both sides do the same work, and the query says what the pure rules say."""
    record = month_record(board)
    told = {row.account.pk: (row.current, row.longest) for row in board_standings(board).accounts}
    assert told == streaks.standings(record).streaks
    assert len(told) == accounts and any(longest.possible for _, longest in told.values())
    assert rows == Observation.objects.in_force().filter(board=board).count()


def peer() -> Callable[[Board], dict[int, tuple[int, ...]]] | None:
    """The same with pandas, None where that is not installed."""
    try:
        pandas_peer = importlib.import_module("bench.pandas_peer")
    except ModuleNotFoundError:
        print("  没有安装 pandas，和它的比较从略；要比请先运行：")
        print("  .venv/bin/python -m pip install -r bench/requirements.txt")
        return None
    return pandas_peer.streaks


def run(size: str, databases: Scratch) -> Iterator[Line]:
    accounts, months, rounds = SIZES[size]
    with_pandas = peer()
    people = Account.objects.bulk_create(
        Account(key=f"a{n}", name=f"演示{n:04d}") for n in range(accounts)
    )
    for key, name, limit, faster in (
        ("firsts", "每月都有核实的第一名", LIMIT_FIRSTS, LIMIT_PANDAS),
        ("gaps", "有缺口", LIMIT_GAPS, None),
    ):
        board = Board.objects.create(key=key, name=f"演示榜 {key}", publisher="演示发布机构")
        fill(board, people, months, gaps=key == "gaps")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # as its own housekeeping would soon do
                cursor.execute("VACUUM ANALYZE rankings_observation")
        rows = count(board)
        check(board, accounts, rows)
        works = {
            "ours": Work(lambda board=board: board_standings(board)),
            "count": Work(lambda board=board: count(board)),
            "in force": Work(
                lambda board=board: Observation.objects.in_force().filter(board=board).count()
            ),
        }
        if with_pandas is not None:
            assert with_pandas(board) == lengths(board), "the peer says something else"
            works["pandas"] = Work(lambda board=board: with_pandas(board))
        taken = interleaved(works, rounds)
        ours, bare, in_force = taken["ours"], taken["count"], taken["in force"]
        yield Line(
            databases.label,
            f"{name}：全榜连续榜首 ÷ count(*)",
            ratio(ours, bare),
            limit,
            detail=f"{ms(ours)} ÷ {ms(bare)}，{accounts} 个号 × {months} 个月，{rows} 行",
        )
        yield Line(
            databases.label,
            f"{name}：全榜连续榜首 ÷ 同样条件的 count(*)",
            ratio(ours, in_force),
            detail=f"{ms(ours)} ÷ {ms(in_force)}",
        )
        if with_pandas is not None:
            yield Line(
                databases.label,
                f"{name}：pandas（连同读入）÷ 全榜连续榜首",
                ratio(taken["pandas"], ours),
                faster,
                least=True,
                detail=f"{ms(taken['pandas'])} ÷ {ms(ours)}",
            )
