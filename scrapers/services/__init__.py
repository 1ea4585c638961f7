"""Actions on sources and runs. Nothing is recorded but by the services of ``rankings``."""

from .asking import due_sources, request_run, run_due_sources, run_source
from .deciding import accept_run, reject_run
from .errors import RunInProgress, ScrapeError
from .recording import BoardChoice
from .running import execute_run
from .sources import rules_of, save_source

__all__ = [
    "BoardChoice",
    "RunInProgress",
    "ScrapeError",
    "accept_run",
    "due_sources",
    "execute_run",
    "reject_run",
    "request_run",
    "rules_of",
    "run_due_sources",
    "run_source",
    "save_source",
]
