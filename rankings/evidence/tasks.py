"""What the worker runs. Only calls services."""

from . import rounds


def continue_round() -> int:
    """Look at some more evidence; answers how many captures."""
    return rounds.continue_round()
