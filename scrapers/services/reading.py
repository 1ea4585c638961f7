"""What counts of a run, with its pictures and people's edits."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..effective import Reading, effective
from ..models import Run, RunState

# In these states the decision stands: what is read afterwards counts no more.
_DECIDED = (RunState.CHECK, RunState.RECORDED, RunState.REJECTED)


def effective_of(run: Run, more: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """``effective.effective`` of a run that has an extraction, as it counts now.

    ``more`` are edits to be taken as if they had been kept.
    """
    readings = [
        Reading(picture.board, picture.number, picture.reading, picture.read_at)
        for picture in run.pictures.all()
        if picture.reading and picture.read_at
    ]
    until = run.decided_at if run.state in _DECIDED else None
    return effective(run.extraction, readings, [*run.edits, *more], until)
