"""The desk at which people judge a run: its boards as rows of cells, beside page or pictures."""

from .making import Desk, Posted, desk, late_edit
from .pictures import DeskPicture, pictures
from .shown import DeskBoard, DeskCell, DeskMark, DeskRow

__all__ = [
    "Desk",
    "DeskBoard",
    "DeskCell",
    "DeskMark",
    "DeskPicture",
    "DeskRow",
    "Posted",
    "desk",
    "late_edit",
    "pictures",
]
