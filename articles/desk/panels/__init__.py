"""The parts of the desk in their order."""

from ..base import DeskPanel
from .failure import FailurePanel
from .links import LinksPanel
from .release import ReleasePanel
from .review import ReviewPanel
from .sources import SourcesPanel
from .timeline import TimelinePanel

PANELS: tuple[type[DeskPanel], ...] = (
    FailurePanel,
    ReviewPanel,
    ReleasePanel,
    LinksPanel,
    SourcesPanel,
    TimelinePanel,
)
