"""Observations as a table in the columns the importer reads; nothing is lost on the way back.

All versions are written, oldest first, so that corrections and their reasons travel along.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from .figures import ARTICLE_CAP, AT_LEAST
from .importing.columns import FIGURES
from .importing.reading import escape
from .importing.rows import CAPPED
from .models import Board, Observation, State

COLUMNS = (
    "board",
    "period",
    "account",
    "rank",
    "tied",
    "state",
    *FIGURES,
    "status",
    "source_name",
    "source_url",
    "note",
    "source_kind",
    "edition",
    "published",
    "list_size",
    "method",
    "wechat_id",
    "unit",
    "version",
    "supersedes",
    "reason",
    "evidence_sha256",
    *(f"{name}_bound" for name in FIGURES),
    *(f"{name}_raw" for name in FIGURES),
    "board_key",
    "account_key",
    "rejection",
)
# What XLSX cannot hold at all.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Cell = str | int | float | None


def observations_of(board: Board | None = None) -> QuerySet[Observation]:
    """Every version of every statement on a board, or on all; versions of one statement in order.

    The order rests on what is written alone, so that the same records give the same bytes.
    """
    rows = Observation.objects.all() if board is None else Observation.objects.filter(board=board)
    return rows.select_related("board", "account", "capture", "supersedes").order_by(
        "board__key",
        "start",
        "end",
        "version",
        F("rank").asc(nulls_last=True),
        F("account__key").asc(nulls_last=True),
        "source_kind",
        "source_name",
        "edition",
    )


def rows(observations: Iterable[Observation]) -> Iterator[list[Cell]]:
    """The heading, then one list of cells an observation; text cells are not yet escaped."""
    yield list(COLUMNS)
    for row in observations:
        cells = _cells(row)
        yield [cells.get(name) for name in COLUMNS]


def _cells(row: Observation) -> dict[str, Cell]:
    account = row.account
    cells: dict[str, Cell] = {
        "board": row.board.name,
        "period": str(row.period),
        "account": "" if account is None else account.name,
        "rank": row.rank,
        "tied": "1" if row.tied else "",
        "state": "" if row.state == State.RANKED else row.state,
        "status": row.status,
        "source_name": row.source_name,
        "source_url": row.source_url,
        "note": row.note,
        "source_kind": row.source_kind,
        "edition": row.edition,
        "published": "" if row.published is None else f"{row.published}",
        "list_size": row.list_size,
        "method": row.method,
        "wechat_id": "" if account is None else account.wechat_id,
        "unit": row.unit,
        "version": row.version,
        "supersedes": None if row.supersedes is None else row.supersedes.version,
        "reason": row.reason,
        "evidence_sha256": "" if row.capture is None else row.capture.sha256,
        # Names change and repeat; by the keys an empty installation gets the same things back.
        "board_key": row.board.key,
        "account_key": "" if account is None else account.key,
        "rejection": row.rejection,
    }
    for name, figure in row.figures.items():
        plain_cap = (
            name == "max_reads" and figure["value"] == ARTICLE_CAP and figure["bound"] == AT_LEAST
        )
        cells[name] = figure["value"]
        cells[f"{name}_bound"] = CAPPED if figure["capped"] and not plain_cap else figure["bound"]
        cells[f"{name}_raw"] = figure["raw"]
    return cells


def as_csv(observations: Iterable[Observation]) -> Iterator[str]:
    """Lines of CSV; the first begins with a byte order mark, without which Excel garbles it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for cells in rows(observations):
        writer.writerow([escape(cell) if isinstance(cell, str) else cell for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def as_xlsx(observations: Iterable[Observation]) -> bytes:
    """The same table as a workbook; texts are stored as texts, never as formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名次")
    for cells in rows(observations):
        sheet.append([_sheet_cell(sheet, cell) for cell in cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet_cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=escape(_CONTROL.sub("", value)))
    cell.data_type = "s"
    return cell
