"""Questions that screens ask about sources and runs."""

from dataclasses import dataclass
from datetime import datetime

from rankings.periods import Month

from . import services
from .due import month_to_fetch, next_moment
from .models import Run, RunState, Source, Step


@dataclass(frozen=True)
class SourceStatus:
    """How a source stands with the list of ``month``; ``next_at`` is None when it is off."""

    month: Month
    state: RunState
    run: Run | None
    next_at: datetime | None


def source_status(source: Source, now: datetime) -> SourceStatus:
    """The state of the newest list: an open run, else a waiting one, else the last, else due.

    A look that changed nothing leaves the state as it was; where nothing is there yet, the next
    moment is waited for.
    """
    month = month_to_fetch(now)
    looked = source.runs.for_month(month)
    run = source.runs.open().first() or looked.waiting().first() or looked.first()
    if run is not None and run.state == RunState.UNCHANGED:
        before = looked.exclude(state=RunState.UNCHANGED).first()
        state = RunState(before.state) if before else RunState.NOT_DUE
    elif run is not None:
        state = RunState(run.state)
    elif any(due == source for due, _ in services.due_sources(now)):
        state = RunState.DUE
    else:
        state = RunState.NOT_DUE
    next_at = next_moment(source.day_list, source.hour, now) if source.active else None
    return SourceStatus(month, state, run, next_at)


def steps_of(run: Run) -> list[tuple[str, str]]:
    """Every step's label with ``done``, ``current``, ``waiting``, ``stopped`` or ``ahead``."""
    order = list(Step)
    reached = order.index(Step(run.step)) if run.step else -1
    finished = run.state in (RunState.RECORDED, RunState.UNCHANGED)
    shown = []
    for n, step in enumerate(order):
        if n < reached or finished:
            status = "done"
        elif n == reached:
            status = "current" if run.is_open else "waiting" if run.is_waiting else "stopped"
        else:
            status = "ahead"
        shown.append((step.label, status))
    return shown
