"""What is wrong with a board as printed (README §9)."""

from __future__ import annotations

from rankings.figures import EXACT, Figure

from .contract import ACCOUNT, ARTICLE, Board, Row
from .listing import Listing
from .names import match_key
from .ties import rank_runs

MAX_ARTICLE_READS = 100_000_000
MIN_INDEX, MAX_INDEX = 0, 2000

_COUNTS = ("articles", "posts", "reads", "headline_reads", "max_reads", "likes", "looks", "shares")


def board_flags(board: Board, listing: Listing | None) -> set[str]:
    """The flags of one board; ``listing`` is ``None`` for pictures and prose."""
    flags: set[str] = set()
    if not board.name:
        flags.add("unknown_board")
    if board.needs_transcription:
        flags.add("picture_only")
    if any(figure.odd_grouping for row in board.rows for figure in row.values.values()):
        flags.add("odd_grouping")
    if any(_is_implausible(row, board.subject) for row in board.rows):
        flags.add("implausible_value")
    by_rank = listing is not None and listing.by_rank
    if not by_rank and _repeats_rank(board.rows, board.subject):
        flags.add("duplicate_rank")
    if board.subject == ACCOUNT and _repeats_account(board.rows):
        flags.add("duplicate_account")
    if listing is not None:
        flags |= _listing_flags(board, listing)
    return flags


def _listing_flags(board: Board, listing: Listing) -> set[str]:
    if not board.rows:
        return {"empty_board"}
    flags = set(listing.flags)
    if _has_hole(board.rows, by_rank=listing.by_rank):
        flags.add("missing_rank")
    count = len({row.rank for row in board.rows}) if listing.by_rank else len(board.rows)
    if board.list_size is not None and count != board.list_size:
        flags.add("row_count_mismatch")
    return flags


def _has_hole(rows: list[Row], *, by_rank: bool) -> bool:
    """A rank nobody holds that no tie explains; the list need not be printed in order."""
    expected = 1
    for run in rank_runs(sorted(rows, key=lambda row: row.rank)):
        rank = run[0].rank
        if rank > expected:
            return True
        expected = rank + (len(run) if run[0].tied and not by_rank else 1)
    return False


def _repeats_rank(rows: list[Row], subject: str) -> bool:
    held: dict[int, set[str]] = {}
    for row in rows:
        if not row.tied:
            who = f"{match_key(row.account)}\n{row.title or ''}" if subject == ARTICLE else ""
            held.setdefault(row.rank, set()).add(who or match_key(row.account))
    return any(len(names) > 1 for names in held.values())


def _repeats_account(rows: list[Row]) -> bool:
    names = [match_key(row.account) for row in rows]
    return len(set(names)) < len(names)


def _is_implausible(row: Row, subject: str) -> bool:
    if any(_is_fraction(row.values.get(key)) for key in _COUNTS):
        return True
    reads, most = row.values.get("reads"), row.values.get("max_reads")
    average, headline = row.values.get("average_reads"), row.values.get("headline_reads")
    index = row.values.get("index")
    single = most if subject != ARTICLE else reads
    if single is not None and single.value > MAX_ARTICLE_READS:
        return True
    if index is not None and not MIN_INDEX <= index.value <= MAX_INDEX:
        return True
    if subject == ARTICLE:
        return False
    return _exceeds(average, most) or _exceeds(most, reads) or _exceeds(headline, reads)


def _is_fraction(figure: Figure | None) -> bool:
    """Whether a count is broken: its unit stands elsewhere, or its digits are grouped by dots."""
    return figure is not None and isinstance(figure.value, float)


def _exceeds(small: Figure | None, large: Figure | None) -> bool:
    if small is None or large is None or {small.bound, large.bound} != {EXACT}:
        return False
    return small.value > large.value
