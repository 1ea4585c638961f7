"""Tables of any shape to rows of texts of one width: merged cells are unrolled."""

from dataclasses import dataclass

from .reader import Cell, Line, Piece, Table

MAX_COLUMNS = 8
MAX_CELL = 120
MAX_CAPTION = 80


@dataclass(frozen=True, slots=True)
class Grid:
    """``rows`` all have one width; the first is the heading. ``caption`` was a row of its own."""

    rows: list[list[str]]
    caption: str = ""


def cell_text(cell: Cell) -> str:
    """All text of a cell, inner tables too, on one line."""
    return " ".join(line.text.replace("\n", " ") for line in lines_in(cell.pieces))


def lines_in(pieces: list[Piece]) -> list[Line]:
    """Every line in ``pieces``, those in tables too, in their order."""
    found, waiting = [], list(reversed(pieces))
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, Line):
            found.append(piece)
        elif isinstance(piece, Table):
            inner = [p for row in piece.rows for cell in row for p in cell.pieces]
            waiting.extend(reversed([*piece.captions, *inner]))
    return found


def grid(table: Table) -> Grid | None:
    """``table`` as a grid; None when it is no table of texts that our block can hold.

    None for: one column or one row, more than eight columns, a cell longer than 120 characters,
    pictures or tables within.
    """
    cells = [cell for row in table.rows for cell in row]
    if any(not isinstance(piece, Line) for cell in cells for piece in cell.pieces):
        return None
    rows = _unrolled([row for row in table.rows if row])
    if not rows or not rows[0] or len(rows[0]) > MAX_COLUMNS:
        return None
    caption = " ".join(line.text for line in table.captions)
    first = next(row for row in table.rows if row)
    if len(rows) > 2 and len(first) == 1 and len(rows[0]) > 1 and not caption:
        # One cell over the whole width is what the table is called.
        caption, rows = rows[0][0], rows[1:]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2 or len(rows[0]) < 2 or len(caption) > MAX_CAPTION:
        return None
    if any(len(text) > MAX_CELL for row in rows for text in row):
        return None
    return Grid(rows, caption)


def _unrolled(rows: list[list[Cell]]) -> list[list[str]]:
    """A text for every place. What spans rows is said in each of them; what spans columns is said
    in each of them only in the first row, the heading. Wider than the limit: cut to one more."""
    limit = MAX_COLUMNS + 1
    from_above: dict[int, tuple[str, int]] = {}
    found: list[list[str]] = []
    for row in rows:
        texts: list[str] = []
        waiting = list(reversed(row))
        while len(texts) < limit and (waiting or any(at >= len(texts) for at in from_above)):
            at = len(texts)
            if at in from_above:
                text, left = from_above.pop(at)
                texts.append(text)
                if left > 1:
                    from_above[at] = (text, left - 1)
                continue
            cell = waiting.pop() if waiting else Cell()
            text = cell_text(cell)
            for offset in range(min(max(cell.colspan, 1), limit - at)):
                texts.append(text if not offset or not found else "")
                if cell.rowspan > 1:
                    from_above[at + offset] = (texts[-1], cell.rowspan - 1)
        found.append(texts)
    width = max((len(texts) for texts in found), default=0)
    return [texts + [""] * (width - len(texts)) for texts in found]
