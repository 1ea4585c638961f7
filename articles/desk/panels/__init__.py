"""The parts of the desk in their order."""

from ..base import DeskPanel
from .failure import FailurePanel
from .history import HistoryPanel
from .links import LinksPanel
from .release import ReleasePanel
from .review import ReviewPanel
from .sources import SourcesPanel

PANELS: tuple[type[DeskPanel], ...] = (
    FailurePanel,
    ReviewPanel,
    ReleasePanel,
    LinksPanel,
    SourcesPanel,
    HistoryPanel,
)
