"""What people and programs may do to the rankings: one function an action."""

from .accounts import create_account, create_board, rename_account
from .aliases import add_alias, remove_alias
from .corrections import confirm_observations, correct_observation
from .errors import RankingError
from .links import confirm_link, propose_link, reject_link, withdraw_link
from .proposals import reject_proposals, withdraw_proposal, withdraw_proposals
from .proving import Proof, keep_upload, record_proof
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
    "Proof",
    "RankingError",
    "RecordResult",
    "ShrunkenList",
    "SourceRef",
    "add_alias",
    "confirm_link",
    "confirm_observations",
    "correct_observation",
    "create_account",
    "create_board",
    "keep_upload",
    "propose_link",
    "record_list",
    "record_not_issued",
    "record_proof",
    "reject_link",
    "reject_proposals",
    "remove_alias",
    "rename_account",
    "withdraw_link",
    "withdraw_proposal",
    "withdraw_proposals",
]
