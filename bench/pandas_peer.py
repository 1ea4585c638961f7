"""The streaks of a board as one would compute them with pandas, loading included."""

from typing import Any

import numpy as np
import pandas as pd
from django.db import connection

from rankings.models import Board

_COLUMNS = ["month", "account", "rank", "tied", "status", "kind"]
_SQL = (
    "SELECT month, account_id, rank, tied, status, source_kind FROM rankings_observation "
    "WHERE board_id = %s AND month IS NOT NULL AND is_current "
    "AND status IN ('confirmed', 'reported')"
)


def streaks(board: Board) -> dict[int, tuple[int, ...]]:
    """Longest proved and possible, then current proved and possible, by account.

    The rules as far as these boards need them: one source a month, no suspended months, no cuts.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [board.pk])
        rows = pd.DataFrame(cursor.fetchall(), columns=_COLUMNS)
    proves = (rows["status"] == "confirmed") & (rows["kind"] != "self")
    first = rows["rank"] == 1
    sole = rows.loc[proves & first & ~rows["tied"].astype(bool), "month"].unique()
    span = range(rows["month"].min(), rows["month"].max() + 1)
    accounts = np.sort(rows["account"].unique())
    states = pd.DataFrame("?", index=accounts, columns=span)
    states[list(sole)] = "N"
    letters = np.select([proves & first, proves, first], ["F", "N", "R"], "?")
    told = rows.assign(letter=letters)
    told = told[(told["letter"] != "?") & ~((told["letter"] == "R") & told["month"].isin(sole))]
    matrix = states.to_numpy(dtype="U1", copy=True)
    matrix[np.searchsorted(accounts, told["account"]), told["month"] - span.start] = told["letter"]
    found: dict[int, list[int]] = {account: [] for account in accounts.tolist()}
    proved, possible = (_runs(matrix, accounts, counted) for counted in ("F", "FR?"))
    for account, *lengths in zip(found, *proved[0], *possible[0], strict=True):
        found[account] = [lengths[0], lengths[2], lengths[1], lengths[3]]
    return {account: tuple(lengths) for account, lengths in found.items()}


def _runs(matrix: Any, accounts: Any, counted: str) -> tuple[list[Any], pd.DataFrame]:
    """Longest and current length an account, and the islands with their bounds."""
    inside = np.isin(matrix, list(counted))
    cells = pd.DataFrame(
        {
            "account": np.repeat(accounts, inside.shape[1]),
            "month": np.tile(np.arange(inside.shape[1]), len(accounts)),
            "inside": inside.ravel(),
        }
    )
    cells["island"] = (~cells["inside"]).cumsum()
    islands = (
        cells[cells["inside"]]
        .groupby(["account", "island"])["month"]
        .agg(["size", "min", "max"])
        .reset_index()
    )
    longest = islands.groupby("account")["size"].max().reindex(accounts, fill_value=0)
    ending = islands[islands["max"] == inside.shape[1] - 1].set_index("account")["size"]
    current = ending.reindex(accounts, fill_value=0)
    return [longest.tolist(), current.tolist()], islands
