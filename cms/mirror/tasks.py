"""What the queue calls."""

from . import jobs, release, verifying, worker
from .addresses import DAY_STYLE

# Below the queue's own limit for one task; what is left then is taken up by the next.
SECONDS = 200


def render() -> str:
    """Render what is waiting. Called at every change, and each minute in case a call was lost."""
    release.request_if_new()
    report = worker.render_pending(seconds=SECONDS)
    return f"新 {report.written}，没有变化 {report.unchanged}，失败 {len(report.failed)}"


def new_day() -> None:
    """Render what a change of the date changes."""
    if worker.is_outdated(DAY_STYLE):
        jobs.request([DAY_STYLE], "日期变化")


def verify_quickly() -> str:
    """Compare the files with what was written, some more of them; each hour all."""
    return verifying.continue_round(is_full=False)


def verify_fully() -> str:
    """Compare the files with what they should say, some more of them; each night all."""
    return verifying.continue_round(is_full=True)
