"""The parts of a push's page in their order."""

from .approval import ApprovalPanel
from .back_office import BackOfficePanel
from .base import PushPanel
from .delivery import DeliveryPanel
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
    DeliveryPanel,
    BackOfficePanel,
    DissolvePanel,
    ViewCountsPanel,
    TimelinePanel,
)
