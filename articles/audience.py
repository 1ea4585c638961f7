"""Who is meant when the table of notices says 作者, 下一审 or 发布人员.

Every question answers ids; whom it finds beyond the rules of a screen is left out by `people`.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Model
from wagtail.models import Comment, Page, PageLogEntry, TaskState, WorkflowState

from cms.ops.models import AuditEntry
from cms.users.holders import holders, holders_among
from cms.users.models import User

from .models import (
    ArticlePage,
    Contribution,
    Deputation,
    Push,
    PushMember,
    ReadingOpinion,
    ReadyTask,
    ReviewTask,
    ReviewTaskState,
    Topic,
)
from .publishing import PERMISSION as PUBLISH
from .review import approvals, claiming, reviewers

READ = "articles.view_articlepage"
READ_PUSHES = "articles.view_push"


class To(StrEnum):
    """Roles people have in what happened; the value is what the table prints."""

    AUTHORS = "写稿人和送审人"
    NEXT_REVIEWERS = "下一审的审核人"
    CLAIMER = "认领人（没有认领时下一审的审核人）"
    EARLIER_REVIEWERS = "本轮已通过的审核人"
    READY_PUBLISHERS = "发布人员（三审都通过时）"
    PUBLISHERS = "发布人员"
    ADMINISTRATORS = "管理员"
    SECOND_PERSONS = "可作特急第二人的"
    REQUESTER = "特急发起人"
    CONFIRMERS = "可确认更正的"
    PROPOSER = "更正提出人"
    COMMENTERS = "写批注的人"
    SHARER = "送阅的人"
    DEPUTY = "代审人"
    DEPUTISED = "被代的审核人"
    CONTRIBUTOR = "通讯员"
    INTAKE = "处理来稿的编辑"
    PUSH_APPROVERS = "没有参与组稿、可审定推送的"
    PUSH_APPROVER = "推送的审定人"
    ASSEMBLERS = "参与组稿的人"
    MEMBER_AUTHORS = "推送里文章的写稿人"
    TOPIC_PROPOSER = "选题提出人"
    TOPIC_WRITER = "选题写稿人"


def _holders(permission: str, *, superusers: bool = False) -> set[int]:
    return set(holders(permission, superusers=superusers).values_list("pk", flat=True))


class Audience:
    """The people around ``obj``, an article or what else was recorded with ``detail``."""

    def __init__(self, obj: Model, detail: dict[str, Any]):
        self.obj = obj
        self.detail = detail

    def ids(self, roles: Iterable[To]) -> set[int]:
        """Ids of everybody in one of ``roles``."""
        return set().union(*(_WHO[role](self) for role in roles)) - {None}

    def people(self, ids: set[int]) -> list[Any]:
        """The active among ``ids``; around an article or a push only who may read them."""
        if isinstance(self.obj, (Page, Push)):
            return holders_among(ids, READ_PUSHES if isinstance(self.obj, Push) else READ)
        return list(User.objects.filter(pk__in=ids, is_active=True).order_by("pk"))

    @cached_property
    def article(self) -> ArticlePage:
        if isinstance(self.obj, ArticlePage):
            return self.obj
        return ArticlePage.objects.defer_streamfields().get(pk=self.obj.pk)

    @cached_property
    def round(self) -> WorkflowState | None:
        """The latest round of reviews, running or not."""
        rounds = WorkflowState.objects.for_instance(self.article)
        return rounds.order_by("-created_at", "-pk").first()

    @cached_property
    def step(self) -> TaskState | None:
        """The step the article waits in, as its own class."""
        state = self.round and self.round.current_task_state
        waits = state and state.status == TaskState.STATUS_IN_PROGRESS
        return state.specific if waits else None

    @cached_property
    def behind(self) -> approvals.Behind:
        return approvals.of(self.article)

    def authors(self) -> set[int]:
        """Who wrote what readers do not see yet; when they see all of it, who wrote the latest."""
        return {self.round and self.round.requested_by_id, *(self.behind.authors or self._latest())}

    def _latest(self) -> set[int]:
        published = (
            PageLogEntry.objects.filter(
                page=self.article.pk,
                action__in=["wagtail.publish", "wagtail.publish.scheduled"],
                revision__isnull=False,
            )
            .order_by("-pk")
            .values_list("revision_id", flat=True)[:2]
        )
        before = published[1] if len(published) > 1 else 0
        return set(
            self.article.revisions.filter(pk__gt=before).order_by().values_list("user", flat=True)
        )

    def next_reviewers(self) -> set[int]:
        task = self.step and self.step.task.specific
        if not isinstance(task, ReviewTask):
            return set()
        admitted = reviewers.of_tasks([task])[task.pk]
        may = reviewers.who_may(admitted, task.dimension, self.behind)
        return {reviewer.person.pk for reviewer in may}

    def claimer(self) -> set[int]:
        holder = isinstance(self.step, ReviewTaskState) and claiming.holder(self.step)
        return {holder.pk} if holder else self.next_reviewers()

    def earlier_reviewers(self) -> set[int]:
        """Who approved in this round, also where a change has made it void since."""
        given = ReviewTaskState.objects.filter(workflow_state=self.round).exclude(content_digest="")
        return set(given.values_list("finished_by", flat=True))

    def ready_publishers(self) -> set[int]:
        ready = self.step and isinstance(self.step.task.specific, ReadyTask)
        return _holders(PUBLISH) if ready else set()

    def second_persons(self) -> set[int]:
        return _holders("articles.confirm_urgent") - self.behind.authors

    def requester(self) -> set[int]:
        return {self.article.urgent_releases.values_list("requested_by", flat=True).first()}

    def proposer(self) -> set[int]:
        decided = self.article.correction_notes.exclude(decided_at=None).order_by("-decided_at")
        return {decided.values_list("proposed_by", flat=True).first()}

    def commenters(self) -> set[int]:
        comments = Comment.objects.filter(page=self.article.pk, text=self.detail.get("text", ""))
        return set(comments.values_list("user", flat=True))

    def sharer(self) -> set[int]:
        opinions = ReadingOpinion.objects.filter(link__article=self.article.pk)
        return {opinions.values_list("link__created_by", flat=True).first()}

    def push_approvers(self) -> set[int]:
        return _holders("articles.approve_push") - self.assemblers()

    def push_approver(self) -> set[int]:
        """Who approved the push last, also where a change has made it void since."""
        approved = AuditEntry.objects.filter(
            action="push.approve",
            object_type=Push._meta.label_lower,
            object_id=str(self.obj.pk),
        )
        return {approved.order_by("-pk").values_list("actor", flat=True).first()}

    def assemblers(self) -> set[int]:
        return set(self.obj.assemblers.values_list("pk", flat=True))

    def member_authors(self) -> set[int]:
        """The authors of each of its articles."""
        members = PushMember.objects.filter(push=self.obj.pk).select_related("article")
        return set().union(*(Audience(member.article, {}).authors() for member in members))

    def field(self, model: type[Model], name: str) -> set[int]:
        """Whom a field of the recorded object names."""
        return {getattr(self.obj, f"{name}_id")} if isinstance(self.obj, model) else set()


_WHO: dict[To, Callable[[Audience], set[int]]] = {
    To.AUTHORS: Audience.authors,
    To.NEXT_REVIEWERS: Audience.next_reviewers,
    To.CLAIMER: Audience.claimer,
    To.EARLIER_REVIEWERS: Audience.earlier_reviewers,
    To.READY_PUBLISHERS: Audience.ready_publishers,
    To.PUBLISHERS: lambda audience: _holders(PUBLISH),
    To.ADMINISTRATORS: lambda audience: _holders("users.change_user", superusers=True),
    To.SECOND_PERSONS: Audience.second_persons,
    To.REQUESTER: Audience.requester,
    To.CONFIRMERS: lambda audience: _holders("articles.confirm_correction"),
    To.PROPOSER: Audience.proposer,
    To.COMMENTERS: Audience.commenters,
    To.SHARER: Audience.sharer,
    To.DEPUTY: lambda audience: audience.field(Deputation, "deputy"),
    To.DEPUTISED: lambda audience: audience.field(Deputation, "person"),
    To.CONTRIBUTOR: lambda audience: audience.field(Contribution, "sent_by"),
    To.INTAKE: lambda audience: _holders("articles.handle_contribution"),
    To.PUSH_APPROVERS: Audience.push_approvers,
    To.PUSH_APPROVER: Audience.push_approver,
    To.ASSEMBLERS: Audience.assemblers,
    To.MEMBER_AUTHORS: Audience.member_authors,
    To.TOPIC_PROPOSER: lambda audience: audience.field(Topic, "proposed_by"),
    To.TOPIC_WRITER: lambda audience: audience.field(Topic, "assigned_to"),
}
