"""The parts of a push's page in their order."""

from .approval import ApprovalPanel
from .base import PushPanel
from .dissolve import DissolvePanel
from .join import JoinPanel
from .members import MembersPanel
from .state import StatePanel
from .time import TimePanel
from .timeline import TimelinePanel
from .view_counts import ViewCountsPanel

PANELS: tuple[type[PushPanel], ...] = (
    StatePanel,
    MembersPanel,
    JoinPanel,
    ApprovalPanel,
    TimePanel,
    DissolvePanel,
    ViewCountsPanel,
    TimelinePanel,
)
