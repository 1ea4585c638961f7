"""Data of the scrapers and the questions it answers; actions are in ``services``."""

from .candidates import Candidate, CandidateState
from .hosts import Host
from .replays import DifferenceState, Replay, ReplayDifference, ReplayState
from .runs import (
    ASIDE_TRIGGERS,
    OPEN_STATES,
    SETTLED_STATES,
    STALE_AFTER,
    WAITING_STATES,
    Run,
    RunPicture,
    RunState,
    Step,
    Trigger,
)
from .sources import DEFAULT_DAYS, Source, SourceBoard, validate_days

__all__ = [
    "ASIDE_TRIGGERS",
    "DEFAULT_DAYS",
    "OPEN_STATES",
    "SETTLED_STATES",
    "STALE_AFTER",
    "WAITING_STATES",
    "Candidate",
    "CandidateState",
    "DifferenceState",
    "Host",
    "Replay",
    "ReplayDifference",
    "ReplayState",
    "Run",
    "RunPicture",
    "RunState",
    "Source",
    "SourceBoard",
    "Step",
    "Trigger",
    "validate_days",
]
