"""Actions on sources and runs. Nothing is recorded but by the services of ``rankings``."""

from .asking import due_sources, fetch_candidate, request_run, run_due_sources, run_source
from .deciding import accept_run, pass_run, reject_run, return_run, second_person_problem
from .discovering import reject_candidate
from .editing import CellEdit, edit_cells
from .errors import RunInProgress, ScrapeError
from .reading import effective_of
from .pictures import ask_for_pictures, keep_pictures, read_pictures, retry_pictures
from .recording import BoardChoice
from .running import execute_run
from .sources import rules_of, save_source

__all__ = [
    "BoardChoice",
    "CellEdit",
    "RunInProgress",
    "ScrapeError",
    "accept_run",
    "ask_for_pictures",
    "due_sources",
    "edit_cells",
    "effective_of",
    "execute_run",
    "fetch_candidate",
    "keep_pictures",
    "pass_run",
    "read_pictures",
    "reject_candidate",
    "reject_run",
    "request_run",
    "retry_pictures",
    "return_run",
    "rules_of",
    "run_due_sources",
    "run_source",
    "save_source",
    "second_person_problem",
]
