"""What reviewers do: one function per action, the article's row locked, the rules asserted."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, TaskState, WorkflowState

from cms.ops import audit

from . import approvals, claims, rules
from .answers import Answers
from .models import Deputation, ReturnKind, ReviewTask, ReviewTaskState, StageTask

if TYPE_CHECKING:
    from articles.models import ArticlePage


class ReviewRefused(PermissionDenied):
    """The action is against the rules or came too late; the message is a Chinese sentence."""


def why_not_review(person: Any, article: "ArticlePage", task: ReviewTask) -> str:
    """Why ``person`` may not judge ``article`` in ``task``; empty when they may."""
    if not task.admits(person):
        return f"您不在“{task.name}”的审核人员中。"
    return rules.why_not_review(
        person.pk,
        task.dimension,
        approvals.authors_since_live(article),
        approvals.given(article),
    )


@transaction.atomic
def submit(actor: Any, article: "ArticlePage") -> WorkflowState:
    """Send the latest revision into review, anew or again after it was sent back.

    Raises:
        ReviewRefused: it is already under review, scheduled, or the actor may not edit it.
    """
    article = _locked(article)
    if not article.permissions_for_user(actor).can_edit():
        raise ReviewRefused("您没有修改这篇文章的权限，不能提交审核。")
    if article.workflow_in_progress:
        raise ReviewRefused("这篇文章已经在审核中。")
    if article.approved_schedule:
        raise ReviewRefused("这篇文章已经定时。需要重新审核时，请发布人员先取消定时。")
    if reasons := claims.why_not_print(article.get_latest_revision_as_object()):
        raise ReviewRefused("不能提交审核：" + "".join(reasons))
    state = article.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(actor)
    else:
        workflow = article.get_workflow()
        if workflow is None:
            raise ReviewRefused("还没有设置三审流程，请管理员运行 sync_roles。")
        state = workflow.start(article, actor)
    audit.record(actor, "article.submit", article)
    return state


@transaction.atomic
def approve(actor: Any, task_state: TaskState, comment: str = "", *, answers: Answers) -> None:
    """Give this review's approval to the text in its exact digest.

    Raises:
        ReviewRefused: the actor may not, somebody was quicker, or the text changed meanwhile.
    """
    task_state, article = _locked_review(task_state)
    task = task_state.task.specific
    if refusal := why_not_review(actor, article, task):
        raise ReviewRefused(refusal)
    latest = article.get_latest_revision()
    if latest.pk != task_state.revision_id:
        raise ReviewRefused("送审之后内容又有改动，请退回后重新提交审核。")
    text = latest.as_object()
    if reasons := claims.why_not_print(text):
        raise ReviewRefused("不能通过：" + "".join(reasons))
    task_state.content_digest = text.content_digest
    task_state.answers = answers.checklist
    task_state.facts = answers.facts
    task_state.slips = answers.slips
    task_state.deputation = task.deputation_for(actor)
    task_state.approve(user=actor, comment=comment)
    audit.record(
        actor,
        "article.approve",
        article,
        {
            "dimension": task.get_dimension_display(),
            "content_digest": task_state.content_digest,
            "slips": answers.slips,
            **_in_place_of(task_state.deputation),
        },
    )


@transaction.atomic
def send_back(
    actor: Any, task_state: TaskState, comment: str, kind: str = ReturnKind.OTHER
) -> None:
    """Return the text to its writers with a reason; ``kind`` is one of `ReturnKind`'s values.

    Raises:
        ReviewRefused: no reason or no known kind given, the actor may not, or somebody was quicker.
    """
    task_state, article = _locked_review(task_state)
    task = task_state.task.specific
    if not comment.strip():
        raise ReviewRefused("请写明退回的原因，让作者知道要改什么。")
    if kind not in ReturnKind.values:
        raise ReviewRefused("请选择退回的类别。")
    if isinstance(task, ReviewTask):
        task_state.return_kind = kind
        refusal = why_not_review(actor, article, task)
    else:
        allowed = task.admits(actor)
        refusal = "" if allowed else f"您不在“{task.name}”的人员中。"
    if refusal:
        raise ReviewRefused(refusal)
    task_state.reject(user=actor, comment=comment)
    audit.record(
        actor,
        "article.send_back",
        article,
        {"stage": task.name, "reason": comment, "kind": ReturnKind(kind).label},
    )


def reopen_outdated(workflow_state: WorkflowState, user: Any = None) -> bool:
    """Take back this round's approvals of a text that has changed since; say whether any was.

    Any change reopens all three reviews: an approval is for one exact digest.
    """
    article = workflow_state.content_object.specific
    digest = article.get_latest_revision_as_object().content_digest
    given = ReviewTaskState.objects.filter(
        workflow_state=workflow_state, status=TaskState.STATUS_APPROVED
    )
    if not given.exclude(content_digest=digest).exists():
        return False
    given.update(status=TaskState.STATUS_CANCELLED)
    audit.record(user, "article.reopen_reviews", article)
    return True


def _in_place_of(deputation: Deputation | None) -> dict[str, str]:
    return {"deputy_for": str(deputation.person)} if deputation else {}


def _locked(article: "ArticlePage") -> "ArticlePage":
    """The article read again with its row locked until the transaction ends."""
    Page.objects.select_for_update().get(pk=article.pk)
    return type(article).objects.get(pk=article.pk)


def _locked_review(task_state: TaskState) -> tuple[TaskState, "ArticlePage"]:
    """The running step read again under the article's lock.

    Raises:
        ReviewRefused: the step is over.
    """
    article = _locked(task_state.workflow_state.content_object.specific)
    fresh = TaskState.objects.get(pk=task_state.pk).specific
    if fresh.status != TaskState.STATUS_IN_PROGRESS:
        raise ReviewRefused("这一步已经有人处理过了，请刷新页面查看最新状态。")
    if not isinstance(fresh.task.specific, StageTask):
        raise ReviewRefused("这一步不属于三审流程。")
    return fresh, article
