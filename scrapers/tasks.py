"""What the worker runs. Only calls services."""

from . import services


def execute(pk: int) -> str:
    """Carry out one run; the answer is shown in the list of finished tasks."""
    run = services.execute_run(pk)
    return f"{run} {run.get_state_display()}"


def run_due_sources() -> int:
    """Request what is due; answers how many runs."""
    return len(services.run_due_sources())
