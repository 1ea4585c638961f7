"""What is news about the rankings. Pure functions over plain values; see docs/alerts.md.

Trouble is never news about a place: a month nobody could read stays unknown, and an unknown month
neither loses the first place nor changes a rank.
"""

from .drafts import ALARM, INFO, WARNING, AccountInfo, AlertDraft, BoardInfo, Listed
from .rules import (
    BULK_MONTHS,
    MILESTONE_STEP,
    Change,
    close_competitor,
    fresh_months,
    lost_first,
    milestones,
    month_out,
    streak_changed,
    tie,
)
from .waiting import DORMANT_MONTHS, late, overdue

__all__ = [
    "ALARM",
    "BULK_MONTHS",
    "DORMANT_MONTHS",
    "INFO",
    "MILESTONE_STEP",
    "WARNING",
    "AccountInfo",
    "AlertDraft",
    "BoardInfo",
    "Change",
    "Listed",
    "close_competitor",
    "fresh_months",
    "late",
    "lost_first",
    "milestones",
    "month_out",
    "overdue",
    "streak_changed",
    "tie",
]
