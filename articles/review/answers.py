"""What a reviewer hands in with a verdict: the checklist, the facts, the number of slips."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answers:
    """A reviewer's filled form, as it is stored with the review.

    ``checklist`` holds ``{"code", "text", "answer": "yes"|"no"|"na", "note"}`` a question, with
    the wording of the time; ``facts`` ``{"kind", "text", "where", "count", "source", "checked",
    "false_find"}`` a find; ``slips`` is the 校 count, the number of slips found (0 or more).
    """

    checklist: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    slips: int = 0
