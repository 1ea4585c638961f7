"""The honours page as one JSON value; the schema is docs/honours.md."""

import datetime as dt
from typing import Any

from ..models import Board
from ..reports import RunWords
from .facts import BoardHonours, Honours, MonthFact, SourceFact

FORMAT = 1


def as_document(honours: Honours, page_url: str) -> dict[str, Any]:
    """The same facts as on the page at ``page_url``. Months are ``YYYY-MM``, days ``YYYY-MM-DD``
    in Beijing time."""
    return {
        "format": FORMAT,
        "page": page_url,
        "account": {"key": honours.account.key, "name": honours.account.name},
        "changed": _day(honours.changed),
        "boards": [_board(each) for each in honours.boards],
    }


def _board(part: BoardHonours) -> dict[str, Any]:
    return {
        **_named(part.board),
        "earlier_boards": [_named(board) for board in part.earlier_boards],
        "as_of": None if part.as_of is None else str(part.as_of),
        "changed": _day(part.changed),
        "current": _run(part.current),
        "longest": _run(part.longest),
        "reported_by": [
            {
                "name": report.name,
                "kind": report.kind,
                "published": _day(report.published),
                "url": report.url,
                "months": [str(month) for month in report.months],
            }
            for report in part.reports
        ],
        "claims": [
            {
                "number": claim.number,
                "text": claim.text,
                "proof": claim.proof,
                "from": str(claim.start),
                "to": str(claim.end),
                "length": claim.length,
                "approved": _day(claim.approved),
                "sha256": claim.sha256,
            }
            for claim in part.claims
        ],
        "notes": [
            {"number": note.number, "text": note.text, "status": note.status, "note": note.note}
            for note in part.notes
        ],
        "months": [_month(month) for month in part.months],
    }


def _named(board: Board) -> dict[str, Any]:
    return {
        "key": board.key,
        "name": board.name,
        "publisher": board.publisher,
        "scope": board.scope,
        "is_example": board.is_example,
    }


def _run(run: RunWords | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {"proof": run.sentence.proof, "sentence": run.sentence.text, **run.run.as_json()}


def _month(fact: MonthFact) -> dict[str, Any]:
    return {
        "month": str(fact.month),
        "state": fact.words.letter,
        "words": fact.words.words,
        "proved": fact.proved,
        "rank": fact.rank,
        "tied": fact.tied,
        "rank_by_report": fact.by_report,
        "board": fact.board,
        "methods": list(fact.methods),
        "changed": _day(fact.changed),
        "anchor": fact.anchor,
        "sources": [_source(source) for source in fact.sources],
    }


def _source(source: SourceFact) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "published": _day(source.published),
        "url": source.url,
        "sha256": source.sha256,
        "says": source.says,
        "proves": source.proves,
    }


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
