"""The public date, which only moves forward."""

from typing import Any

from django.forms import Media
from django.utils import timezone

from ...release import dates
from ...release.forms import PublicDateForm
from ..base import Desk, DeskPanel


class PublicDatePanel(DeskPanel):
    name = "public_date"
    template_name = "articles/admin/desk/public_date.html"
    actions = {"change_public_date": "change"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = PublicDateForm()

    @property
    def media(self) -> Media:
        return self.form.media

    def context(self) -> dict[str, Any] | None:
        if not self.desk.article.live or not self.desk.user.has_perm(dates.PERMISSION):
            return None
        return {"form": self.form}

    def change(self) -> str:
        self.form = PublicDateForm(self.desk.request.POST)
        data = self.valid(self.form).cleaned_data
        dates.change_public_date(self.desk.user, self.desk.article, data["at"], data["reason"])
        return f"公开日期已改为{timezone.localtime(data['at']):%Y年%m月%d日 %H:%M}，已记入留痕。"
