"""What happened to the article, the newest first, and the way to its 发布审批单."""

from typing import Any

from django.forms import Media

from ... import timeline
from ..base import DeskPanel

SHOWN = 8


class TimelinePanel(DeskPanel):
    name = "timeline"
    template_name = "articles/admin/desk/timeline.html"

    @property
    def media(self) -> Media:
        return Media(css={"all": ["articles/timeline.css"]})

    def context(self) -> dict[str, Any]:
        told = timeline.entries(self.desk.article)
        return {
            "days": timeline.by_day(told[:SHOWN]),
            "left": max(len(told) - SHOWN, 0),
        }
