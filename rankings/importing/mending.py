"""The rows that could not be imported, as a table to be mended and imported again."""

import csv
import io
from collections.abc import Iterator

from .columns import PLAIN
from .options import ImportOptions
from .plan import Plan
from .reading import escape

REASON = "原因"


def bad_rows(plan: Plan, options: ImportOptions) -> Iterator[list[str]]:
    """The heading, then each bad row with its reasons.

    What a form said for all rows is written out, so that the mended table needs no form. Raises
    ``UnreadableFile``.
    """
    said = {**options.defaults, **({"board": options.board} if options.board else {})}
    columns = plan.columns
    added = {name: text for name, text in said.items() if name not in columns.positions}
    reasons = {row.line: row.reasons for row in plan.bad}
    width = 0
    for line in plan.table.lines():
        if line.number == columns.heading_line:
            width = len(line.cells)
            headings = (PLAIN[name][0] if name in PLAIN else name for name in added)
            yield [*line.cells, *headings, REASON]
        elif line.number in reasons:
            cells = [*line.cells, *[""] * (width - len(line.cells))][:width]
            yield [*cells, *added.values(), reasons[line.number]]


def bad_rows_csv(plan: Plan, options: ImportOptions) -> bytes:
    """``bad_rows`` as CSV that spreadsheets open as text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(
        [escape(cell) for cell in cells] for cells in bad_rows(plan, options)
    )
    return buffer.getvalue().encode("utf-8-sig")
