"""批注: noting something at a place of the text, answering, settling."""

from typing import Any

from django.forms import Media

from ...review import comments
from ...review.refusals import ReviewRefused
from ..base import Desk, DeskPanel, FormRefused


class CommentsPanel(DeskPanel):
    name = "comments"
    template_name = "articles/admin/desk/comments.html"
    actions = {
        "comment": "comment",
        "comment_reply": "reply",
        "comment_resolve": "resolve",
    }

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.refusal = ""

    @property
    def media(self) -> Media:
        return Media(css={"all": ["articles/review.css"]})

    def context(self) -> dict[str, Any] | None:
        desk = self.desk
        if desk.latest is None:
            return None
        posted = desk.request.POST
        return {
            "noted": comments.noted(desk.article, desk.draft, desk.user),
            "places": comments.places(desk.draft),
            "refusal": self.refusal,
            "chosen": posted.get("place", ""),
            "typed": posted.get("comment_text", ""),
            "answered": posted.get("comment", "") if self.refusal else "",
            "typed_reply": posted.get("reply_text", ""),
            "longest": comments.LONGEST,
        }

    def comment(self) -> str:
        posted = self.desk.request.POST
        self._try(
            comments.add, self.desk.article, posted.get("place", ""), posted.get("comment_text", "")
        )
        return "批注已记下，作者在编辑页和这里都看得到。"

    def reply(self) -> str:
        posted = self.desk.request.POST
        self._try(
            comments.reply,
            self.desk.article,
            posted.get("comment", ""),
            posted.get("reply_text", ""),
        )
        return "已回复。"

    def resolve(self) -> str:
        comments.resolve(
            self.desk.user, self.desk.article, self.desk.request.POST.get("comment", "")
        )
        return "这条批注已解决。"

    def _try(self, service: Any, *args: Any) -> None:
        """Call ``service``; a refusal is shown beside what was typed."""
        try:
            service(self.desk.user, *args)
        except ReviewRefused as refusal:
            self.refusal = str(refusal)
            raise FormRefused from refusal
