"""Why a text cannot be changed now: who holds it, since when, and what to do next."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils import timezone
from wagtail.locks import BaseLock, ScheduledForPublishLock

NAMES_SHOWN = 5


class StepLock(BaseLock):
    """Nobody changes a text while a step of the reviews has it, superusers included."""

    def __init__(self, obj: Any, task: Any):
        super().__init__(obj)
        self.task = task

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return f"{self.who} {self.why} {self.next}"

    def get_locked_by(self, user: Any) -> str:
        return f"{self.task.name}，已锁定"

    def get_description(self, user: Any) -> str:
        return f"{self.who} {self.next}"

    @cached_property
    def step(self) -> Any:
        state = self.object.current_workflow_task_state
        return state.specific if state else None

    @property
    def since(self) -> str:
        return when(self.step.started_at) if self.step else ""

    who: str
    why: str
    next: str


class ReviewLock(StepLock):
    """A text that is judged."""

    why = "审核期间暂不能修改，这样审过的和发出的才是同一稿。"
    next = "要改稿，请作者在“审核与发布”页“撤回送审”，或请审核人“退回修改”。"

    @cached_property
    def who(self) -> str:
        from . import claiming, reviewers
        from .approvals import of_many

        start = f"本稿从{self.since}起在“{self.task.name}”，"
        if self.step and (holder := claiming.holder(self.step)):
            return f"{start}由{holder}认领，正在审。"
        behind = of_many([self.object])[self.object.pk]
        admitted = reviewers.of_tasks([self.task])[self.task.pk]
        if able := reviewers.who_may(admitted, self.task.dimension, behind):
            return f"{start}等{names(able)}审核。"
        return (
            f"{start}但现在没有人可以审：这一审的人员写过本稿或已审过前面一审。"
            "请管理员安排代审或增加人员。"
        )


class ReadyLock(StepLock):
    """The approved text waits for its time."""

    why = "三审已经通过，改动任何内容都要重新三审。"
    next = "要改稿，请作者在“审核与发布”页“撤回送审”，或请发布人员“退回修改”。"

    @cached_property
    def who(self) -> str:
        from cms.users.models import User

        groups = self.task.groups.all()
        people = User.objects.filter(groups__in=groups, is_active=True).distinct().order_by("pk")
        by = names(people) or "发布人员（现在一个也没有，请管理员增加）"
        return f"本稿从{self.since}起在“{self.task.name}”，等{by}定时、发布或编入推送。"


class ScheduleLock(ScheduledForPublishLock):
    """A text with a set time. Wagtail's own, in our words."""

    def get_message(self, user: Any) -> str:
        return f"{self.who} 要改稿或改时间，请发布人员在“审核与发布”页“取消定时”。"

    def get_locked_by(self, user: Any) -> str:
        return "已定时，已锁定"

    def get_description(self, user: Any) -> str:
        return self.get_message(user)

    @cached_property
    def who(self) -> str:
        revision = self.object.scheduled_revision
        at = when(revision.approved_go_live_at) if revision else ""
        state = self.object.workflow_states.order_by("-created_at", "-pk").first()
        step = state.current_task_state if state else None
        by = f"由{step.finished_by}" if step and step.finished_by else "已"
        if self.object.publish_failures.exists():
            return f"本稿{by}定于{at}发布，没有发出去。在重试或取消定时之前谁都不能改。"
        return f"本稿{by}定于{at}自动发布，在那之前谁都不能改。"


def in_our_words(lock: BaseLock | None) -> BaseLock | None:
    """``lock``, with Wagtail's of a schedule replaced by ours."""
    if isinstance(lock, ScheduledForPublishLock):
        return ScheduleLock(lock.object)
    return lock


def names(people: Iterable[Any]) -> str:
    """The first few names, and how many more."""
    said = [str(person) for person in people]
    more = f"等{len(said)}人" if len(said) > NAMES_SHOWN else ""
    return "、".join(said[:NAMES_SHOWN]) + more


def when(at: Any) -> str:
    return f"{timezone.localtime(at):%m月%d日 %H:%M}"
