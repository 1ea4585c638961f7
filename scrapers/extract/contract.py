"""What extraction says: plain dataclasses and their JSON form.

The keys and their meaning are the contract of ``manage.py parse_ranking``. ``places`` is ours:
for every cell of a row the node it was read from, so that a person can be shown the spot.
``cells`` is there for rows read from a picture: for every cell ``confidence`` (0 to 1) and
``crop`` (x, y, width, height in pixels), which each value holds as well; ``unread`` the same for
cells that were not sure enough to be given. An account that was not read is absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rankings.figures import Figure

ACCOUNT = "account"
UNIT = "unit"
ARTICLE = "article"

OK = "ok"
REVIEW = "review"
NEEDS_TRANSCRIPTION = "needs_transcription"
FAILED = "failed"

#: Flags in the order in which they are printed.
FLAGS = (
    "page_failed",
    "charset_conflict",
    "period_year_inferred",
    "period_conflict",
    "picture_only",
    "odd_grouping",
    "implausible_value",
    "duplicate_rank",
    "duplicate_account",
    "missing_rank",
    "row_count_mismatch",
    "band_mismatch",
    "unknown_board",
    "empty_board",
)


class PageRefused(ValueError):
    """The page is beyond what may be read in process: too large, too deep, too many cells."""


@dataclass(frozen=True, slots=True)
class Movement:
    """How a rank changed: ``kind`` is up, down, same, new or back; ``places`` may be unknown."""

    kind: str
    places: int | None

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "places": self.places}


@dataclass(slots=True)
class Row:
    """One ranked account, unit or article as printed."""

    rank: int
    account: str
    wechat_id: str | None = None
    unit: str | None = None
    title: str | None = None
    tied: bool = False
    values: dict[str, Figure] = field(default_factory=dict)
    movement: Movement | None = None
    places: dict[str, str] = field(default_factory=dict)
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    unread: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to_json(self, *, explain: bool = False) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "rank": self.rank,
            "tied": self.tied,
            "account": self.account,
            "wechat_id": self.wechat_id,
            "unit": self.unit,
            "values": {
                key: _figure_json(figure) | self.cells.get(key, {})
                for key, figure in self.values.items()
            },
            "movement": self.movement.to_json() if self.movement else None,
        }
        if self.title:
            answer["title"] = self.title
        if self.cells:
            answer |= {"cells": self.cells, "unread": self.unread}
        if not self.account:
            del answer["account"]
        if explain:
            answer["places"] = self.places
        return answer


@dataclass(slots=True)
class Board:
    """One listing with its heading; ``in_text`` is false for pictures and prose.

    ``pictures`` are the addresses of the pictures that may show it (:mod:`.picture_sources`).
    """

    name: str
    subject: str = ACCOUNT
    list_size: int | None = None
    needs_transcription: bool = False
    rows: list[Row] = field(default_factory=list)
    in_text: bool = True
    pictures: list[str] = field(default_factory=list)

    def to_json(self, *, explain: bool = False) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "name": self.name,
            "subject": self.subject,
            "list_size": self.list_size,
            "needs_transcription": self.needs_transcription,
            "rows": [row.to_json(explain=explain) for row in self.rows],
        }
        if explain:
            answer["pictures"] = self.pictures
        return answer


@dataclass(frozen=True, slots=True)
class Period:
    """The days a ranking counts, both ends included."""

    start: date
    end: date

    @property
    def kind(self) -> str:
        """``month`` (a whole calendar month), ``week`` (seven days), ``day``, else ``custom``."""
        days = (self.end - self.start).days + 1
        if days == 1:
            return "day"
        if days == 7:
            return "week"
        next_day = date.fromordinal(self.end.toordinal() + 1)
        same_month = (self.start.year, self.start.month) == (self.end.year, self.end.month)
        return "month" if self.start.day == 1 and next_day.day == 1 and same_month else "custom"

    def to_json(self) -> dict[str, str]:
        return {
            "kind": self.kind,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }


@dataclass(slots=True)
class Extraction:
    """The whole answer about one page."""

    verdict: str
    period: Period | None = None
    published: date | None = None
    boards: list[Board] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    note: str = ""

    @classmethod
    def refused(cls, note: str) -> Extraction:
        """The answer about a page that is no ranking or may not be read; ``note`` says why."""
        return cls(FAILED, flags=["page_failed"], note=note)

    def to_json(self, *, explain: bool = False) -> dict[str, Any]:
        """The object ``parse_ranking`` prints; ``explain`` adds the places cells came from."""
        return {
            "verdict": self.verdict,
            "period": self.period.to_json() if self.period else None,
            "published": self.published.isoformat() if self.published else None,
            "boards": [board.to_json(explain=explain) for board in self.boards],
            "flags": self.flags,
            "note": self.note,
        }


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "bound": figure.bound,
        "capped": figure.capped,
        "raw": figure.raw,
    }
