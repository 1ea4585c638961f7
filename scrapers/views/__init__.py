"""Screens of the scrapers: ask for a run, watch it, and judge what it found."""

from .candidates import DecideCandidateView
from .evidence import ArchivedPageView, RunPictureView
from .replays import ReplayView, StartReplayView
from .requesting import RequestRunView
from .runs import RunView

__all__ = [
    "ArchivedPageView",
    "DecideCandidateView",
    "ReplayView",
    "RequestRunView",
    "RunPictureView",
    "RunView",
    "StartReplayView",
]
