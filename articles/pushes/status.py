"""Where a push stands, in the words people use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone

from . import way

if TYPE_CHECKING:
    from ..models import Push


class PushStage(StrEnum):
    """The stations of a push; the value is what people read."""

    ASSEMBLING = "待审定"
    APPROVED = "已审定，待定时"
    COMMITTED = "已定时"
    FAILED = "发布失败"
    PUBLISHED = "镜像已发布，待群发"
    SENT = "已发出"
    DISSOLVED = "已解散"


@dataclass(frozen=True)
class PushStanding:
    """A stage, what makes it concrete, and what is to be done next."""

    stage: PushStage
    detail: str
    next: str

    def __str__(self) -> str:
        return self.detail or str(self.stage)


def standing(push: "Push") -> PushStanding:
    """Where ``push`` stands now. Lists join ``delivery``."""
    if push.dissolved_at:
        return PushStanding(PushStage.DISSOLVED, "", "")
    if push.publish_failed_at:
        return PushStanding(PushStage.FAILED, "", "看清原因，处理后重试")
    if push.sent_at:
        return PushStanding(PushStage.SENT, f"{_when(push.sent_at)}发出", "")
    if push.published_at:
        return PushStanding(PushStage.PUBLISHED, "", way.next_deed(push) or "在公众号后台群发")
    if push.go_live_at:
        words = f"定时 {_when(push.go_live_at)}"
        return PushStanding(PushStage.COMMITTED, words, way.next_deed(push) or "等到点")
    if push.approved_at:
        return PushStanding(PushStage.APPROVED, "", "定时")
    return PushStanding(PushStage.ASSEMBLING, "", "请没有参与组稿的同事审定")


def _when(at: datetime) -> str:
    return f"{timezone.localtime(at):%m月%d日 %H:%M}"
