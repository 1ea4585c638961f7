"""What the queue calls."""

from . import worker
from .addresses import DAY_STYLE

# Below the queue's own limit for one task; what is left then is taken up by the next.
SECONDS = 200


def render() -> None:
    """Render what is waiting. Called at every change, and each minute in case a call was lost."""
    worker.render_pending(seconds=SECONDS)


def new_day() -> None:
    """Render what a change of the date changes."""
    worker.render_at_once([DAY_STYLE])
