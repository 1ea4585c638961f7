"""The plain values of the rules."""

from dataclasses import dataclass
from decimal import Decimal

# The levels and kinds of ``models.AlertLevel`` and ``models.AlertKind``.
INFO, WARNING, ALARM = "info", "warning", "alarm"
MONTH_OUT, LOST_FIRST, TIE, LATE = "month_out", "lost_first", "tie", "late"
STREAK_CHANGED, MILESTONE, COMPETITOR = "streak_changed", "milestone", "competitor"


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """An alert to be raised. The same ``key`` twice is the same news; ``month`` is an index."""

    kind: str
    key: str
    level: str
    message: str
    month: int | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True)
class BoardInfo:
    """A board as the rules need it."""

    pk: int
    name: str

    @property
    def title(self) -> str:
        return f"《{self.name}》"


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account whose news is told. ``ours`` is false for those that are only watched."""

    pk: int
    name: str
    ours: bool = True

    @property
    def quoted(self) -> str:
        return f"“{self.name}”" if self.ours else f"关注的“{self.name}”"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a month's list says of an account.

    ``rank`` None: not known or contested. ``reported``: only a report says so. ``index`` only
    where the printed figure is exact: a bound has no distance to anything.
    """

    rank: int | None = None
    tied: bool = False
    reported: bool = False
    index: Decimal | None = None
