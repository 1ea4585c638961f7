"""From extracted rows to the services of ``rankings``."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rankings.evidence.models import Sighting
from rankings.models import Board, Observation, Origin, SourceKind, State, Status
from rankings.periods import Period
from rankings.services import ListRow, SourceRef, record_list

from ..models import Run
from .errors import ScrapeError

# Whose lists count as confirmed without a second person.
CONFIRMING_KINDS = frozenset({SourceKind.PUBLISHER, SourceKind.OFFICIAL_REPOST})
_ALWAYS_TOLD = frozenset({"created", "corrected", "unchanged"})


@dataclass(frozen=True)
class BoardChoice:
    """What a person records of one listing: ``position`` and ``rows`` count from 0 on the page."""

    position: int
    board: Board
    rows: frozenset[int] | None = None


def record_choices(
    actor: Any,
    run: Run,
    choices: Sequence[BoardChoice],
    *,
    reason: str,
    complete: bool = False,
) -> dict[str, int]:
    """Record the chosen listings in the caller's transaction; answers the counts of rows.

    What a person let through is their word, like an entry by hand: lists that would confirm wait
    for the second person. ``complete`` retires accounts that the listings no longer name; a
    listing of which only some rows were chosen never does.
    """
    _check_choices(run, choices)
    source = run.source
    confirmed = source.source_kind in CONFIRMING_KINDS
    counts = {"created": 0, "corrected": 0, "unchanged": 0, "retired": 0, "waiting": 0}
    for choice in choices:
        listing = run.extraction["boards"][choice.position]
        result = record_list(
            actor,
            board=choice.board,
            period=Period.of_month(run.statistics_month),
            source=SourceRef(source.source_kind, source.source_name, _cited(run.sighting)),
            rows=[_list_row(row) for row in _chosen_rows(listing, choice.rows)],
            status=Status.CONFIRMED if confirmed else Status.REPORTED,
            published=_date(run.extraction["published"]),
            list_size=listing["list_size"],
            capture=run.sighting.capture,
            origin=Origin.SCRAPE if actor is None else Origin.HAND,
            reason=reason,
            create_accounts=True,
            complete=complete and _is_whole(listing, choice.rows),
        )
        for name in counts:
            counts[name] += getattr(result, name)
    return {name: count for name, count in counts.items() if count or name in _ALWAYS_TOLD}


def _is_whole(listing: Mapping[str, Any], chosen: Collection[int] | None) -> bool:
    """Whether all of a listing is recorded and, where it tells its length, all rows were read."""
    rows = len(listing["rows"])
    if chosen is not None and len(set(chosen)) != rows:
        return False
    return not listing["list_size"] or rows >= listing["list_size"]


def _cited(sighting: Sighting) -> str:
    """The address to cite: the last one, unless it is longer than a record takes."""
    limit = Observation._meta.get_field("source_url").max_length
    return sighting.final_url if len(sighting.final_url) <= limit else sighting.url


def _check_choices(run: Run, choices: Sequence[BoardChoice]) -> None:
    """What no look at the page can make right: nothing chosen, one board or account twice."""
    if not choices:
        raise ScrapeError("没有选择要入库的榜单，请至少选择一个榜单，或者驳回。")
    boards = [choice.board.pk for choice in choices]
    for choice in choices:
        if boards.count(choice.board.pk) > 1:
            raise ScrapeError(f"有两个榜单都选了“{choice.board}”，请只保留一个。")
        rows = _chosen_rows(run.extraction["boards"][choice.position], choice.rows)
        if not rows:
            raise ScrapeError(f"“{choice.board}”没有选中任何一行，请勾选要入库的行。")
        twice = [n for n, times in Counter(row["account"] for row in rows).items() if times > 1]
        if twice:
            raise ScrapeError(f"“{twice[0]}”选中了不止一行，请只勾选正确的一行。")


def _chosen_rows(
    listing: Mapping[str, Any], chosen: Collection[int] | None
) -> list[Mapping[str, Any]]:
    return [row for n, row in enumerate(listing["rows"]) if chosen is None or n in chosen]


def _list_row(row: Mapping[str, Any]) -> ListRow:
    return ListRow(
        account=row["account"],
        rank=row["rank"],
        tied=row["tied"],
        state=State.RANKED,
        unit=row["unit"] or "",
        wechat_id=row["wechat_id"] or "",
        figures=row["values"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
