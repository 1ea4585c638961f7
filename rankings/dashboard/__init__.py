"""What the overview (总览) answers, as plain values.

A fixed number of queries, however many months or accounts there are. What counts as first is
decided in ``streaks``; what a month says is worded in ``reports``; here it is put side by side.
"""

from .choosing import MOST_RIVALS, Asked, Choice, choose
from .heat import HeatTable, heat_table
from .margins import Margin, Stand, margin
from .needs import Need, NeedGroup, group_needs, needs_of
from .next_issue import NextIssue, next_issue
from .overview import Overview, overview
from .pictures import Picture
from .table import BoardTable, board_table
from .versus import Duel, duels

__all__ = [
    "MOST_RIVALS",
    "Asked",
    "BoardTable",
    "Choice",
    "Duel",
    "HeatTable",
    "Margin",
    "Need",
    "NeedGroup",
    "NextIssue",
    "Overview",
    "Picture",
    "Stand",
    "board_table",
    "choose",
    "duels",
    "group_needs",
    "heat_table",
    "margin",
    "needs_of",
    "next_issue",
    "overview",
]
