"""Screens of the scrapers: ask for a run, watch it, and judge what it found."""

from .evidence import ArchivedPageView, RunPictureView
from .requesting import RequestRunView
from .runs import RunView

__all__ = ["ArchivedPageView", "RequestRunView", "RunPictureView", "RunView"]
