"""What happened to the push, the newest first."""

from typing import Any

from django.forms import Media

from ... import timeline
from .base import PushPanel


class TimelinePanel(PushPanel):
    name = "timeline"
    template_name = "articles/admin/pushes/panels/timeline.html"
    area = "below"
    media = Media(css={"all": ["articles/timeline.css"]})

    def context(self) -> dict[str, Any]:
        return {"days": timeline.by_day(timeline.of_push(self.push))}
