"""The parts of the desk in their order."""

from ..base import DeskPanel
from .changes import ChangesPanel
from .comments import CommentsPanel
from .correction import CorrectionPanel
from .failure import FailurePanel
from .links import LinksPanel
from .lock import LockPanel
from .plan import PlanPanel
from .public_date import PublicDatePanel
from .push import PushPanel
from .reading import ReadingPanel
from .release import ReleasePanel
from .returned import ReturnedPanel
from .review import ReviewPanel
from .sources import SourcesPanel
from .timeline import TimelinePanel
from .urgent import UrgentPanel, UrgentRequestPanel
from .view_counts import ViewCountsPanel
from .wechat import WeChatLintPanel
from .withdrawal import WithdrawalPanel, WithdrawnPanel

PANELS: tuple[type[DeskPanel], ...] = (
    FailurePanel,
    WithdrawnPanel,
    UrgentPanel,
    ReturnedPanel,
    PlanPanel,
    ChangesPanel,
    LockPanel,
    ReviewPanel,
    WeChatLintPanel,
    CommentsPanel,
    PushPanel,
    ReleasePanel,
    CorrectionPanel,
    ViewCountsPanel,
    ReadingPanel,
    LinksPanel,
    SourcesPanel,
    PublicDatePanel,
    UrgentRequestPanel,
    WithdrawalPanel,
    TimelinePanel,
)
