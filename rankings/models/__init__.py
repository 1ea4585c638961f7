"""Data of the rankings and the questions it answers; actions are in ``services``."""

from .accounts import COLOUR, Account, AccountName, NameKind
from .alerts import Alert, AlertKind, AlertLevel, AlertMail, AlertPreference, AlertReading, Watch
from .boards import Board, BoardAlias, BoardLink, LinkStatus, PeriodKind
from .briefs import Brief, BriefFile, BriefFormat, BriefStatus, BriefTemplate
from .claims import Claim, ClaimProof, ClaimQuerySet, ClaimStatus, Poster, PosterLayout, Superlative
from .names import WEB_ADDRESS
from .observations import (
    STATEMENT_KEY,
    Edition,
    Observation,
    ObservationQuerySet,
    Origin,
    SourceKind,
    State,
    Status,
)
from .pages import HonouredBoard, HonoursPage

__all__ = [
    "COLOUR",
    "STATEMENT_KEY",
    "WEB_ADDRESS",
    "Account",
    "AccountName",
    "Alert",
    "AlertKind",
    "AlertLevel",
    "AlertMail",
    "AlertPreference",
    "AlertReading",
    "Board",
    "BoardAlias",
    "BoardLink",
    "Brief",
    "BriefFile",
    "BriefFormat",
    "BriefStatus",
    "BriefTemplate",
    "Claim",
    "ClaimProof",
    "ClaimQuerySet",
    "ClaimStatus",
    "Edition",
    "HonouredBoard",
    "HonoursPage",
    "LinkStatus",
    "NameKind",
    "Observation",
    "ObservationQuerySet",
    "Origin",
    "PeriodKind",
    "Poster",
    "PosterLayout",
    "SourceKind",
    "State",
    "Status",
    "Superlative",
    "Watch",
]
