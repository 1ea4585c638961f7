"""From extracted rows to the services of ``rankings``."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rankings.evidence.models import Capture, Sighting
from rankings.models import Board, Observation, Origin, SourceKind, State, Status
from rankings.periods import Period
from rankings.resolve import matching_form
from rankings.services import ListRow, SourceRef, record_list

from ..models import Run
from .errors import ScrapeError
from .reading import effective_of

# Whose lists count as confirmed without a second person.
CONFIRMING_KINDS = frozenset({SourceKind.PUBLISHER, SourceKind.OFFICIAL_REPOST})
_ALWAYS_TOLD = frozenset({"created", "corrected", "unchanged"})


@dataclass(frozen=True)
class BoardChoice:
    """What is recorded of one listing: ``position`` counts from 0 on the page.

    ``rows`` are ids of rows, see ``effective``; None for all of them.
    """

    position: int
    board: Board
    rows: frozenset[str] | None = None


def record_choices(
    actor: Any,
    run: Run,
    choices: Sequence[BoardChoice],
    *,
    reason: str,
    complete: bool = False,
    confirmed_by: Any = None,
) -> dict[str, int]:
    """Record the chosen listings in the caller's transaction; answers the counts of rows.

    What a person let through is their word, like an entry by hand: lists that would confirm wait
    for the second person, unless ``confirmed_by`` has looked already. ``complete`` retires
    accounts that the listings no longer name; a listing of which only some rows were chosen never
    does. Raises ``ScrapeError``, ``RankingError`` or ``PermissionDenied``.
    """
    boards = effective_of(run)["boards"]
    _check_choices(boards, choices)
    source = run.source
    confirmed = source.source_kind in CONFIRMING_KINDS
    counts = {"created": 0, "corrected": 0, "unchanged": 0, "retired": 0, "waiting": 0}
    for choice in choices:
        listing = boards[choice.position]
        result = record_list(
            actor,
            board=choice.board,
            period=Period.of_month(run.statistics_month),
            source=SourceRef(source.source_kind, source.source_name, _cited(run.sighting)),
            rows=[_list_row(row) for row in chosen_rows(boards, choice)],
            status=Status.CONFIRMED if confirmed else Status.REPORTED,
            published=_date(run.extraction["published"]),
            list_size=listing["list_size"],
            capture=_proof(run, choice.position),
            origin=Origin.SCRAPE if actor is None else Origin.HAND,
            reason=reason,
            confirmed_by=confirmed_by,
            create_accounts=True,
            complete=complete and _is_whole(listing, choice.rows),
        )
        for name in counts:
            counts[name] += getattr(result, name)
    return {name: count for name, count in counts.items() if count or name in _ALWAYS_TOLD}


def _is_whole(listing: Mapping[str, Any], chosen: Collection[int] | None) -> bool:
    """Whether all of a listing is recorded and, where it tells its length, all rows are there."""
    rows = len(listing["rows"])
    if chosen is not None and len(chosen) != rows:
        return False
    return not listing["list_size"] or rows >= listing["list_size"]


def _cited(sighting: Sighting) -> str:
    """The address to cite: the last one, unless it is longer than a record takes."""
    limit = Observation._meta.get_field("source_url").max_length
    return sighting.final_url if len(sighting.final_url) <= limit else sighting.url


def _proof(run: Run, position: int) -> Capture:
    """What shows the listing: the picture where there is one, else the page."""
    kept = [
        picture.sighting.capture
        for picture in run.pictures.select_related("sighting__capture")
        if picture.board == position and picture.sighting is not None
    ]
    return kept[0] if len(kept) == 1 else run.sighting.capture


def chosen_rows(
    boards: Sequence[Mapping[str, Any]], choice: BoardChoice
) -> list[Mapping[str, Any]]:
    """The rows of ``effective`` boards that ``choice`` names. Raises ``ScrapeError``."""
    if not 0 <= choice.position < len(boards):
        raise ScrapeError("页面上没有这个榜单，请刷新页面后重试。")
    rows = boards[choice.position]["rows"]
    if choice.rows is None:
        return list(rows)
    if choice.rows - {row["id"] for row in rows}:
        raise ScrapeError(f"“{choice.board}”选中的行有的已经不在榜单里了，请刷新页面后重试。")
    return [row for row in rows if row["id"] in choice.rows]


def _check_choices(boards: Sequence[Mapping[str, Any]], choices: Sequence[BoardChoice]) -> None:
    """What no look at the page can make right: nothing chosen, one board or account twice."""
    if not choices:
        raise ScrapeError("没有选择要入库的榜单，请至少选择一个榜单，或者驳回。")
    chosen = [choice.board.pk for choice in choices]
    for choice in choices:
        if chosen.count(choice.board.pk) > 1:
            raise ScrapeError(f"有两个榜单都选了“{choice.board}”，请只保留一个。")
        rows = chosen_rows(boards, choice)
        if not rows:
            raise ScrapeError(f"“{choice.board}”没有选中任何一行，请勾选要入库的行。")
        for problem in row_problems(rows):
            raise ScrapeError(problem)


def row_problems(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Why these rows cannot be recorded together, as Chinese sentences."""
    for row in rows:
        if not row["account"]:
            yield f"第{row['rank']}名没有写公众号，请填写或取消勾选。"
        elif row["rank"] is None:
            yield f"“{row['account']}”没有写名次，请填写或取消勾选。"
    for name, times in Counter(matching_form(row["account"]) for row in rows).items():
        if name and times > 1:
            found = next(row for row in rows if matching_form(row["account"]) == name)
            yield f"“{found['account']}”选中了不止一行，请只勾选正确的一行。"
    by_rank = defaultdict(list)
    for row in rows:
        by_rank[row["rank"]].append(row)
    for rank, same in by_rank.items():
        # A slip that a publisher printed may stand; one that was typed may not.
        typed = any("rank" in row["typed"] for row in same)
        if len(same) > 1 and typed and not all(row["tied"] for row in same):
            names = "、".join(row["account"] for row in same)
            yield (
                f"第{rank}名有 {len(same)} 行（{names}）。原图注明并列的，请在名次里写"
                f"“{rank}（并列）”；不是并列的，请改正名次。"
            )


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
