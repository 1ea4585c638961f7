"""What people and programs may do to the rankings: one function an action."""

from .accounts import create_account, create_board, rename_account
from .aliases import add_alias, remove_alias
from .corrections import confirm_observations, correct_observation
from .errors import RankingError
from .proposals import reject_proposals, withdraw_proposal, withdraw_proposals
from .recording import (
    ListRow,
    RecordResult,
    ShrunkenList,
    SourceRef,
    record_list,
    record_not_issued,
)

__all__ = [
    "ListRow",
    "RankingError",
    "RecordResult",
    "ShrunkenList",
    "SourceRef",
    "add_alias",
    "confirm_observations",
    "correct_observation",
    "create_account",
    "create_board",
    "record_list",
    "record_not_issued",
    "reject_proposals",
    "remove_alias",
    "rename_account",
    "withdraw_proposal",
    "withdraw_proposals",
]
