"""What a new version of a statement says otherwise than the one before, in words."""

from ..importing.plan import Difference, describe
from ..models import Observation, Status
from ..services.writing import CONTENT_LABELS


def statement_differences(before: Observation, after: Observation) -> list[Difference]:
    """Old → new for each field; ``after`` may be unsaved. A proposal is read as what it wants."""
    found = [
        difference
        for name in CONTENT_LABELS
        if getattr(before, name) != getattr(after, name)
        for difference in describe(name, getattr(before, name), getattr(after, name))
    ]
    if _wanted(before) != _wanted(after):
        found += describe("status", _wanted(before), _wanted(after))
    if before.capture_id != after.capture_id:
        found.append(Difference("存证", _capture(before), _capture(after)))
    return found


def _wanted(row: Observation) -> str:
    return Status.CONFIRMED.value if row.status == Status.PROPOSED else row.status


def _capture(row: Observation) -> str:
    return "" if row.capture is None else row.capture.sha256[:12]
