"""微信排版检查: what WeChat would not take of the latest text, or show otherwise."""

from typing import Any

from django.forms import Media

from ...wechat.lint.judging import judge
from ..base import DeskPanel


class WeChatLintPanel(DeskPanel):
    name = "wechat"
    template_name = "articles/admin/desk/wechat.html"

    @property
    def media(self) -> Media:
        return Media(css={"all": ["articles/wechat-lint.css"]})

    def context(self) -> dict[str, Any] | None:
        if self.desk.article.is_imported:  # was sent before there were rules
            return None
        return {"judged": judge(self.desk.draft)}
