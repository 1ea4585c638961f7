"""Ties: one rank on following rows, when the next rank skips or 并列 is printed (README §4)."""

from __future__ import annotations

from collections.abc import Iterator

from .contract import Row
from .listing import Listing


def rank_runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Following rows of one rank, run by run."""
    run: list[Row] = []
    for row in rows:
        if run and row.rank != run[-1].rank:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def mark_ties(listing: Listing) -> None:
    """Set ``tied`` on the rows of every tie; units with several accounts are none."""
    if listing.by_rank:
        return
    runs = list(rank_runs(listing.rows))
    for index, run in enumerate(runs):
        rank = run[0].rank
        skips = index + 1 < len(runs) and runs[index + 1][0].rank == rank + len(run)
        printed = rank in listing.printed_ties
        if (len(run) > 1 and skips) or printed:
            for row in run:
                row.tied = True
