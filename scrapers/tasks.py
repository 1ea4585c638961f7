"""What the worker runs. Only calls services."""

from . import services
from .models import Run


def execute(pk: int) -> str:
    """Carry out one run; the answer is shown in the list of finished tasks."""
    run = services.execute_run(pk)
    services.follow_up(run)
    return f"{run} {run.get_state_display()}"


def run_due_sources() -> int:
    """Request what is due; answers how many runs."""
    return len(services.run_due_sources())


def replay(pk: int) -> str:
    """Read some more of the stored pages again."""
    return str(services.work_on_replay(pk))


def keep_pictures(pk: int) -> int:
    """Fetch the pictures of a run; answers how many were kept."""
    kept = services.keep_pictures(pk)
    # What there was no time for, the reading, and the page with its pictures drawn.
    services.follow_up(Run.objects.get(pk=pk))
    return kept


def read_pictures() -> int:
    """Read the pictures that were kept; answers how many."""
    return services.read_pictures()


def take_screenshot(pk: int) -> bool:
    """Draw the page of a run; whether it was."""
    return services.take_screenshot(pk)


def continue_pictures() -> None:
    """Take up what a killed worker left, and what had to wait."""
    services.follow_up()
