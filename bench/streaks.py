"""Streaks of every account of a board, against a bare count of the board's rows."""

import random
from collections.abc import Iterator
from itertools import islice

from django.db import connection

from rankings.models import Account, Board, Observation, Origin, SourceKind, State, Status
from rankings.periods import Month, Period
from rankings.queries import board_standings

from .harness import DEFAULT, FULL, TINY, Line, Work, interleaved, ms, ratio
from .scratch import Scratch

TITLE = "一个榜单全部公众号的连续榜首"
# Accounts, months, rounds.
SIZES = {TINY: (20, 12, 1), DEFAULT: (600, 120, 5), FULL: (3000, 120, 5)}

LIMIT_FIRSTS, LIMIT_GAPS = 10.0, 60.0
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


def run(size: str, databases: Scratch) -> Iterator[Line]:
    accounts, months, rounds = SIZES[size]
    people = Account.objects.bulk_create(
        Account(key=f"a{n}", name=f"演示{n:04d}") for n in range(accounts)
    )
    for key, name, limit in (
        ("firsts", "每月都有核实的第一名", LIMIT_FIRSTS),
        ("gaps", "有缺口", LIMIT_GAPS),
    ):
        board = Board.objects.create(key=key, name=f"演示榜 {key}", publisher="演示发布机构")
        fill(board, people, months, gaps=key == "gaps")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # as its own housekeeping would soon do
                cursor.execute("VACUUM ANALYZE rankings_observation")
        standings = board_standings(board).accounts
        assert len(standings) == accounts and standings[0].longest.possible
        rows = count(board)
        assert rows == Observation.objects.in_force().filter(board=board).count()
        taken = interleaved(
            {
                "ours": Work(lambda board=board: board_standings(board)),
                "count": Work(lambda board=board: count(board)),
                "in force": Work(
                    lambda board=board: Observation.objects.in_force().filter(board=board).count()
                ),
            },
            rounds,
        )
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
