"""What the worker does once a run has ended: its pictures, their reading, its screenshot."""

from ..models import Run
from .pictures import ask_for_pictures
from .screenshots import ask_for_screenshots


def follow_up(run: Run | None = None) -> None:
    """Ask for what is still to be done for ``run``, or for all. The rows say what that is."""
    ask_for_pictures(run)
    ask_for_screenshots(run)
