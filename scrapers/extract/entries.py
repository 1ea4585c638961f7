"""Runs of list lines to listings: ``NO.1 …`` lines, ``<ol>`` items, ``①…②…`` in one paragraph."""

from __future__ import annotations

import re

from rankings.figures import Figure, parse_figure

from .blocks import Block, Found, Line
from .card_text import labelled
from .cell_lines import text_cells
from .contract import ACCOUNT, ARTICLE, UNIT
from .folding import fold
from .headers import Header, header_from_labels
from .labels import ACCOUNT as ACCOUNT_KEY
from .labels import RANK, WECHAT_ID
from .labels import UNIT as UNIT_LABEL
from .lines import (
    LineRow,
    is_rank_mark,
    is_title_alone,
    left_over,
    movement_in,
    printed_rank,
    read_line,
    split_marks,
)
from .listing import Listing
from .measures import printed_raw, read_measures
from .name_lines import is_kind
from .names import is_authority, parse_name
from .rows import is_single
from .tables import labels_of, read_grid

#: An entry list shows at least this many lines.
_MIN_ENTRIES = 2
_MAX_ENTRY = 300
#: A line that adds to an entry says little more than its values.
_MAX_LEFT = 6
#: Remarks below a list are numbered like its entries.
_NOTE_WORD = r"(?:备?注|附注|注释|注意(?:事项)?|(?:统计|数据|榜单|备注|几点|有关)?说明|统计口径)"
_NOTE = re.compile(rf"\s*[(\[【*※]*{_NOTE_WORD}\s*[)\]】]?\s*\d?\s*[:、.]")
_NOTE_HEAD = re.compile(rf"\s*[(\[【*※]*{_NOTE_WORD}\s*[)\]】]?\s*:?\s*")


def group_entries(blocks: list[Block]) -> list[Block]:
    """The sequence with every run of list lines replaced by the listing it prints."""
    grouped: list[Block] = []
    index = 0
    noted = False
    while index < len(blocks):
        block = blocks[index]
        noted = isinstance(block, Line) and _is_note(block, noted)
        if isinstance(block, Line) and not block.aside and not noted:
            taken = _text_table(blocks, index) or _run(blocks, index)
            if taken is not None:
                listings, index = taken
                grouped += [Found(listing) for listing in listings]
                continue
        grouped.append(block)
        index += 1
    return grouped


def _is_note(line: Line, behind_note: bool) -> bool:
    """Whether the line heads remarks (``备注：``), or is a numbered one behind such a line."""
    if _NOTE_HEAD.fullmatch(fold(line.text)):
        return True
    return behind_note and (line.position is not None or printed_rank(line.text) is not None)


def _text_table(blocks: list[Block], start: int) -> tuple[list[Listing], int] | None:
    """Lines under a line of column labels, all cut by gaps or bars."""
    header = _label_text(blocks[start])
    if header is None:
        return None
    width = len(text_cells(blocks[start].text))
    rows, index = [], start + 1
    while index < len(blocks) and isinstance(line := blocks[index], Line):
        cells = text_cells(line.text)
        if len(cells) != width or line.aside:
            break
        rows.append(cells)
        index += 1
    listings = read_grid(rows, header) if rows else []
    return (listings, index) if any(listing.rows for listing in listings) else None


def _label_text(block: Block) -> Header | None:
    if not isinstance(block, Line) or len(block.text) > 80:
        return None
    cells = text_cells(block.text)
    return header_from_labels(labels_of(cells)) if 3 <= len(cells) <= 16 else None


def _run(blocks: list[Block], start: int) -> tuple[list[Listing], int] | None:
    rows: list[LineRow] = []
    index = start
    while index < len(blocks) and isinstance(line := blocks[index], Line) and not line.aside:
        found, used = _entries(blocks, index)
        if not found and rows and _extends(rows, line):
            index += 1
            continue
        if not found or (rows and found[0].subject != rows[-1].subject):
            break
        if rows and _restarts(rows[-1], found[0]):
            break
        rows += found
        index += used
    first = blocks[start]
    headed = isinstance(first, Line) and first.level > 0
    if len(rows) < _MIN_ENTRIES or (headed and all(row.bare for row in rows)):
        return None
    listing = _listing(rows)
    glued = sum(row.kind_glued for row in rows)
    if any(row.doubtful for row in rows) or (glued > 1 and glued * 2 >= len(rows)):
        listing.flags.add("implausible_value")
    if index < len(blocks) and _is_lost(rows[-1], blocks[index]):
        listing.flags.add("missing_rank")
    return [listing], index


def _is_lost(last: LineRow, following: Block) -> bool:
    """Whether the list goes on with an entry that cannot be read."""
    if not isinstance(following, Line) or following.aside or following.link or following.level:
        return False
    return last.printed_rank and printed_rank(following.entry_text) == last.row.rank + 1


def _extends(rows: list[LineRow], line: Line) -> bool:
    """Whether the line but adds to the last entry: values, its id, its unit, how it moved.

    Values that no entry before has are those of the page (``点赞 22`` under the list).
    """
    entry, earlier = rows[-1], [key for row in rows[:-1] for key in row.keys]
    if line.level or len(line.text) > 160 or "《" in line.text or entry.subject == ARTICLE:
        return False
    row = entry.row
    if (pair := labelled(line.text)) is not None and pair[0].key in (WECHAT_ID, UNIT_LABEL):
        name = parse_name(pair[1])
        if pair[0].key == WECHAT_ID:
            row.wechat_id = row.wechat_id or pair[1].strip()
        elif name is not None:
            row.unit = row.unit or name.account
        return name is not None
    measures = read_measures(line.text, entry.subject)
    moved = movement_in(line.text, measures.rest)
    if not measures.values and moved is None:
        return False
    if len(left_over(measures.rest)) > _MAX_LEFT or measures.values.keys() & row.values.keys():
        return False
    if len(rows) > 1 and not measures.values.keys() <= set(earlier):
        return False
    row.values |= measures.values
    row.movement = row.movement or moved
    row.places |= dict.fromkeys(measures.values, line.place)
    entry.bare = entry.bare and not measures.values
    entry.keys |= measures.values.keys()
    return True


def _restarts(last: LineRow, first: LineRow) -> bool:
    """A new list of the same kind begins: rank 1 after a higher one."""
    return first.row.rank == 1 and last.row.rank > 1


def _entries(blocks: list[Block], index: int) -> tuple[list[LineRow], int]:
    """The entries one line prints, and how many lines they take."""
    line = blocks[index]
    if not isinstance(line, Line) or len(line.text) > 4000 or _NOTE.match(fold(line.text)):
        return [], 0
    text = line.entry_text
    pieces = split_marks(text)
    if len(pieces) > 1:
        found = [row for piece in pieces if (row := _entry(piece, line, None))]
        return (found, 1) if len(found) == len(pieces) else ([], 0)
    if len(text) > _MAX_ENTRY:
        return [], 0
    if (is_rank_mark(text) or is_title_alone(text)) and index + 1 < len(blocks):
        following = blocks[index + 1]
        if isinstance(following, Line) and not following.link and len(following.text) < 120:
            joined = _entry(f"{text} {following.text}", line, None)
            return ([joined], 2) if joined else ([], 0)
    row = _entry(text, line, line.position)
    return ([row], 1) if row else ([], 0)


def _entry(text: str, line: Line, position: int | None) -> LineRow | None:
    row = read_line(text, position)
    if row is not None:
        name = row.row.account
        row.row.places = dict.fromkeys((RANK, ACCOUNT_KEY, *row.row.values), line.place)
        row.linked = line.linked
        row.kind_glued = any(
            is_kind(run) and run.strip() != name and name.endswith(run.strip()) for run in line.runs
        )
    return row


def _listing(rows: list[LineRow]) -> Listing:
    subject = ARTICLE if rows[0].subject == ARTICLE else ACCOUNT
    handles = any(row.handle for row in rows)
    if subject == ACCOUNT and not handles and all(is_authority(row.row.account) for row in rows):
        subject = UNIT
        for row in rows:
            row.row.unit = row.row.account
    return Listing(
        rows=[row.row for row in rows],
        subject=subject,
        keys=frozenset().union(*(row.keys for row in rows)),
        implied_ranks=not any(row.printed_rank for row in rows),
        bare=all(row.bare for row in rows),
        printed_ties={row.row.rank for row in rows if row.tied},
        kind="lines",
        brackets=[row.bracket for row in rows],
        handles=handles,
        linked=all(row.linked for row in rows),
    )


def fill_brackets(listing: Listing, key: str | None) -> None:
    """Give the unlabelled numbers behind the names the key that the board's text names."""
    if not listing.brackets or len(listing.brackets) != len(listing.rows):
        return
    for row, printed in zip(listing.rows, listing.brackets, strict=True):
        if printed is None:
            continue
        figure, found = read_bracket(printed, key, listing.subject)
        if figure is not None and found is not None and found not in row.values:
            row.values[found] = figure


def read_bracket(printed: str, key: str | None, subject: str) -> tuple[Figure | None, str | None]:
    """A bare number and its key: what the text names, else reads for 万, never a guess."""
    raw = printed_raw(fold(printed))
    if key in (None, "index") and any(sign in raw for sign in "万wW"):
        key = "reads"
    if key is None:
        return None, None
    figure = parse_figure(printed_raw(printed.strip()), single_article=is_single(key, subject))
    if figure is not None and key == "index" and figure.value > 3000:
        return None, None
    return figure, key
