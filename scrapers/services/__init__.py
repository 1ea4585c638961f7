"""Actions on sources and runs. Nothing is recorded but by the services of ``rankings``."""

from .asking import due_sources, request_run, run_due_sources, run_source
from .deciding import accept_run, pass_run, reject_run, return_run, second_person_problem
from .editing import CellEdit, edit_cells
from .errors import RunInProgress, ScrapeError
from .reading import effective_of
from .recording import BoardChoice
from .running import execute_run
from .sources import rules_of, save_source

__all__ = [
    "BoardChoice",
    "CellEdit",
    "RunInProgress",
    "ScrapeError",
    "accept_run",
    "due_sources",
    "edit_cells",
    "effective_of",
    "execute_run",
    "pass_run",
    "reject_run",
    "request_run",
    "return_run",
    "rules_of",
    "run_due_sources",
    "run_source",
    "save_source",
    "second_person_problem",
]
