"""Why the text of a push's article cannot be changed: who holds it, since when, what to do."""

from functools import cached_property
from typing import Any

from wagtail.locks import BaseLock

from ..review.locks import when
from . import membership


class PushLock(BaseLock):
    """A text in a push. Nobody changes it, superusers included."""

    def __init__(self, obj: Any, member: Any):
        super().__init__(obj)
        self.member = member

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return f"{self.who} {self.why} {self.next}"

    def get_locked_by(self, user: Any) -> str:
        return "已编入推送，已锁定"

    def get_description(self, user: Any) -> str:
        return f"{self.who} {self.next}"

    @cached_property
    def who(self) -> str:
        push = self.member.push
        said = f"本稿已编入推送{push.title}，由{push.created_by}组稿"
        if push.sent_at:
            return f"{said}，{when(push.sent_at)}已在微信发出，网页镜像还没有发布。"
        if push.go_live_at:
            return f"{said}，定于{when(push.go_live_at)}发布。"
        if push.planned_for:
            return f"{said}，计划{push.planned_for:%m月%d日}推送。"
        return f"{said}，还没有定时间。"

    why = "审定的和发出的须是同一稿，改动任何内容都要重新三审。"
    next = "要改稿，请发布人员在推送页把它移出，再“退回修改”。"


def of(article: Any) -> PushLock | None:
    """The lock on ``article`` while a push holds it."""
    member = membership.of(article)
    return PushLock(article, member) if member else None
