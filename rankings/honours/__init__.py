"""荣誉: what the public page says, as plain values. Nothing here writes anything.

``facts`` gathers, ``document`` is the same as JSON (docs/honours.md).
"""

from .document import as_document
from .facts import (
    BoardHonours,
    ClaimFact,
    Honours,
    MonthFact,
    Note,
    Report,
    SourceFact,
    YearFact,
    honours_of,
    pages_for,
)

__all__ = [
    "BoardHonours",
    "ClaimFact",
    "Honours",
    "MonthFact",
    "Note",
    "Report",
    "SourceFact",
    "YearFact",
    "as_document",
    "honours_of",
    "pages_for",
]
