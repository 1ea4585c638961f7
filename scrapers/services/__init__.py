"""Actions on sources and runs. Nothing is recorded but by the services of ``rankings``."""

from .asking import due_sources, fetch_candidate, request_run, run_due_sources, run_source
from .backfilling import Filled, backfill
from .deciding import accept_run, pass_run, reject_run, return_run, second_person_problem
from .discovering import reject_candidate
from .editing import CellEdit, edit_cells
from .errors import RunInProgress, ScrapeError
from .following import follow_up
from .pictures import keep_pictures, read_pictures, retry_pictures
from .reading import effective_of
from .recording import BoardChoice
from .replaying import (
    ReplayLost,
    Scope,
    apply_difference,
    continue_replay,
    dismiss_difference,
    request_replay,
    start_replay,
    work_on_replay,
)
from .running import execute_run
from .screenshots import take_screenshot
from .sources import rules_of, save_source

__all__ = [
    "BoardChoice",
    "CellEdit",
    "Filled",
    "ReplayLost",
    "RunInProgress",
    "Scope",
    "ScrapeError",
    "accept_run",
    "apply_difference",
    "backfill",
    "continue_replay",
    "dismiss_difference",
    "due_sources",
    "edit_cells",
    "effective_of",
    "execute_run",
    "fetch_candidate",
    "follow_up",
    "keep_pictures",
    "pass_run",
    "read_pictures",
    "reject_candidate",
    "reject_run",
    "request_replay",
    "request_run",
    "retry_pictures",
    "return_run",
    "rules_of",
    "run_due_sources",
    "run_source",
    "save_source",
    "second_person_problem",
    "start_replay",
    "take_screenshot",
    "work_on_replay",
]
