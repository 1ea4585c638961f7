"""What reviewers do: one function per action, the article's row locked, the rules asserted."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import TaskState, Workflow, WorkflowState

from cms.ops import audit
from cms.users.models import User

from ..locking import locked
from ..pushes import membership
from ..wechat.lint import judging
from . import approvals, checklists, claims, comments, differences, reposts, rules
from .answers import Answers, why_not_approve
from .models import Deputation, ReturnKind, ReviewTask, ReviewTaskState, StageTask
from .passages import facts_in
from .refusals import FormIncomplete, ReviewRefused
from .stages import Dimension

if TYPE_CHECKING:
    from articles.models import ArticlePage


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


def why_no_reviews(workflow: Workflow | None) -> str:
    """Why texts cannot pass ``workflow`` as it is set up now; empty when they can.

    An administrator may deactivate or unlink steps in Wagtail's own screens; going on with two
    reviews would only be found out when the text is to be published.
    """
    if workflow is None:
        return "还没有给栏目设置三审流程，稿件不能送审。请管理员联系维护人员恢复。"
    if not workflow.active:
        return f"流程“{workflow.name}”已停用，稿件不能送审。请管理员联系维护人员恢复。"
    steps = ReviewTask.objects.filter(workflow_tasks__workflow=workflow, active=True)
    there = set(steps.values_list("dimension", flat=True))
    if missing := [dimension.label for dimension in Dimension if dimension.value not in there]:
        return (
            f"流程“{workflow.name}”里没有启用{'、'.join(missing)}审核，三审不全，稿件不能往下走。"
            "请管理员联系维护人员恢复。"
        )
    return ""


@transaction.atomic
def submit(actor: Any, article: "ArticlePage") -> WorkflowState:
    """Send the latest revision into review, anew or again after it was sent back.

    Raises:
        ReviewRefused: it is already under review, scheduled, the actor may not edit it, it is a
            repost of nothing, WeChat would not take it, or the workflow is not whole.
    """
    article = locked(article)
    if not article.permissions_for_user(actor).can_edit():
        raise ReviewRefused("您没有修改这篇文章的权限，不能提交审核。")
    if article.workflow_in_progress:
        raise ReviewRefused("这篇文章已经在审核中。")
    if refusal := membership.why_not_alone(article):
        raise ReviewRefused(refusal)
    if article.approved_schedule:
        raise ReviewRefused("这篇文章已经定时。需要重新审核时，请发布人员先取消定时。")
    text = article.get_latest_revision_as_object()
    if reasons := claims.why_not_print(text):
        raise ReviewRefused("不能提交审核：" + "".join(reasons))
    if refusal := reposts.why_no_origin(text) or judging.why_unfit(text):
        raise ReviewRefused(f"不能提交审核：{refusal}")
    state = article.current_workflow_state
    returned = state and state.status == WorkflowState.STATUS_NEEDS_CHANGES
    workflow = state.workflow if returned else article.get_workflow()
    if refusal := why_no_reviews(workflow):
        raise ReviewRefused(refusal)
    if returned:
        state.resume(actor)
    else:
        state = workflow.start(article, actor)
    record_submission(actor, article)
    return state


def record_submission(actor: Any, article: "ArticlePage") -> None:
    """Put on record that ``actor`` has sent ``article`` into review."""
    audit.record(actor, "article.submit", article)


@transaction.atomic
def take_back(actor: Any, article: "ArticlePage", reason: str) -> None:
    """撤回送审: end the review round, so that the text can be changed.

    Allowed up to 待发布, for it only ever closes the way to publication; not once a time is set,
    which the publisher takes back first. The round's approvals count for nothing afterwards.

    Raises:
        ReviewRefused: nothing is under review, no reason, or `may_take_back` says no.
    """
    article = locked(article)
    state = article.current_workflow_state
    if refusal := membership.why_not_alone(article):
        raise ReviewRefused(refusal)
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        raise ReviewRefused("这篇文章现在不在审核中，不需要撤回。请刷新页面查看最新状态。")
    if not may_take_back(actor, article):
        raise ReviewRefused(
            "只有作者、送审人、发布人员和管理员可以撤回送审，请与他们联系。审核人要退稿，请用“退回修改”。"
        )
    if not reason.strip():
        raise ReviewRefused("请写明撤回的原因，审核人会看到。")
    state.cancel(user=actor)
    audit.record(actor, "article.take_back", article, {"reason": reason.strip()})


def may_take_back(person: Any, article: "ArticlePage") -> bool:
    """Whether ``person`` wrote since the live text, submitted, or publishes or administers here.

    Who may merely change articles is no party to a colleague's text.
    """
    state = article.current_workflow_state
    return bool(
        (state and state.requested_by_id == person.pk)
        or person.pk in approvals.authors_since_live(article)
        or person.is_superuser
        or "publish" in article.permissions_for_user(person).permissions
    )


@transaction.atomic
def approve(actor: Any, task_state: TaskState, comment: str = "", *, answers: Answers) -> None:
    """Give this review's approval to the text in its exact digest.

    Raises:
        ReviewRefused: the actor may not, somebody was quicker, the text or the workflow changed
            meanwhile, or comments are open before the last approval.
        FormIncomplete: the form lacks an answer, a check or the number of slips.
    """
    actor = _fresh(actor)
    task_state, article = _locked_review(task_state, actor)
    task = task_state.task.specific
    if refusal := why_not_review(actor, article, task):
        raise ReviewRefused(refusal)
    if refusal := why_no_reviews(task_state.workflow_state.workflow):
        raise ReviewRefused(refusal)
    latest = article.get_latest_revision()
    if latest.pk != task_state.revision_id:
        raise ReviewRefused("送审之后内容又有改动，请退回后重新提交审核。")
    text = latest.as_object()
    if reasons := claims.why_not_print(text):
        raise ReviewRefused("不能通过：" + "".join(reasons))
    finds = facts_in(text) if task.dimension == Dimension.CREDIBLE else []
    if reasons := why_not_approve(checklists.asked(task.dimension), finds, answers):
        raise FormIncomplete(reasons)
    if _is_last(article, task) and (refusal := comments.why_not_ready(article)):
        raise ReviewRefused(refusal)
    task_state.content_digest = text.content_digest
    _fill_in(task_state, answers)
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
    actor: Any,
    task_state: TaskState,
    comment: str,
    kind: str = ReturnKind.OTHER,
    *,
    answers: Answers | None = None,
) -> None:
    """Return the text to its writers with a reason; ``kind`` is one of `ReturnKind`'s values.

    ``answers`` are kept with the verdict as far as they were filled in.

    Raises:
        ReviewRefused: no reason or no known kind given, the actor may not, or somebody was quicker.
    """
    actor = _fresh(actor)
    task_state, article = _locked_review(task_state, actor)
    task = task_state.task.specific
    if isinstance(task, ReviewTask):
        refusal = why_not_review(actor, article, task)
    else:
        refusal = "" if task.admits(actor) else f"您不在“{task.name}”的人员中。"
    if refusal:
        raise ReviewRefused(refusal)
    if not comment.strip():
        raise ReviewRefused("请写明退回的原因，让作者知道要改什么。")
    if kind not in ReturnKind.values:
        raise ReviewRefused("请选择退回的类别。")
    if isinstance(task, ReviewTask):
        task_state.return_kind = kind
        task_state.deputation = task.deputation_for(actor)
        if answers is not None:
            _fill_in(task_state, answers)
    task_state.reject(user=actor, comment=comment)
    audit.record(
        actor,
        "article.send_back",
        article,
        {"stage": task.name, "reason": comment, "kind": ReturnKind(kind).label},
    )


@transaction.atomic
def keep_answers(actor: Any, task_state: TaskState, answers: Answers, comment: str = "") -> None:
    """暂存: keep a half-filled form on the running review; it is no verdict.

    Who keeps a form works on the review, and so claims it; over a colleague's form nobody writes.

    Raises:
        ReviewRefused: the actor may not review, a colleague has claimed it, or it is over.
    """
    from . import claiming

    actor = _fresh(actor)
    task_state, article = _locked_review(task_state, actor)
    if refusal := why_not_review(actor, article, task_state.task.specific):
        raise ReviewRefused(refusal)
    claiming.claim(actor, task_state)
    _fill_in(task_state, answers)
    task_state.answers = [{**entry, "by": actor.pk} for entry in answers.checklist]
    task_state.comment = comment
    task_state.save(update_fields=["answers", "facts", "slips", "comment"])


def has_kept(person: Any, task_state: ReviewTaskState) -> bool:
    """Whether ``person`` kept the form of the running review; a colleague's is not theirs."""
    return bool(task_state.answers) and all(e.get("by") == person.pk for e in task_state.answers)


def reopen_outdated(workflow_state: WorkflowState, user: Any = None) -> bool:
    """Take back this round's approvals that no longer hold; say whether any was taken back.

    Any change reopens all three reviews: an approval is for one exact digest. Who saved the text
    after their approval has become an author, were it without a change: that one review is
    another's then.
    """
    article = workflow_state.content_object.specific
    text = article.get_latest_revision_as_object()
    given = ReviewTaskState.objects.filter(
        workflow_state=workflow_state, status=TaskState.STATUS_APPROVED
    )
    outgrown = (
        given.exclude(content_digest=text.content_digest)
        .select_related("revision")
        .order_by("-revision_id")
        .first()
    )
    if outgrown is None:
        return _take_back_from_authors(given, article, user)
    told = differences.since_approval(outgrown.revision.as_object(), text)
    given.update(status=TaskState.STATUS_CANCELLED)
    audit.record(user, "article.reopen_reviews", article, {"changes": told})
    return True


def _take_back_from_authors(
    given: QuerySet[ReviewTaskState], article: "ArticlePage", user: Any
) -> bool:
    theirs = list(
        given.filter(finished_by__in=approvals.authors_since_live(article))
        .select_related("task", "finished_by")
        .order_by("pk")
    )
    for step in theirs:
        step.status = TaskState.STATUS_CANCELLED
        step.save(update_fields=["status"])
        detail = {"stage": step.task.name, "person": str(step.finished_by)}
        audit.record(user, "article.reopen_review", article, detail)
    return bool(theirs)


def _in_place_of(deputation: Deputation | None) -> dict[str, str]:
    return {"deputy_for": str(deputation.person)} if deputation else {}


def _fill_in(task_state: ReviewTaskState, answers: Answers) -> None:
    task_state.answers = answers.checklist
    task_state.facts = answers.facts
    task_state.slips = answers.slips


def _is_last(article: "ArticlePage", task: ReviewTask) -> bool:
    """Whether nothing but this review's approval stands between the text and 待发布."""
    return {task.dimension, *(a.dimension for a in approvals.given(article))} == set(
        Dimension.values
    )


def _fresh(actor: Any) -> Any:
    """The actor read again: groups are remembered on the object, and may have changed since."""
    return User.objects.get(pk=actor.pk)


def _locked_review(task_state: TaskState, actor: Any) -> tuple[TaskState, "ArticlePage"]:
    """The running step read again under the article's lock.

    Raises:
        ReviewRefused: the step is over, withdrawn or gone.
    """
    article = task_state.workflow_state.content_object
    if article is None:
        raise ReviewRefused("这篇文章已经删除。")
    article = locked(article.specific)
    fresh = TaskState.objects.filter(pk=task_state.pk).first()
    if fresh is None:
        raise ReviewRefused("这一步已从三审流程里删除，您填的意见没有提交。请告诉管理员。")
    if refusal := membership.why_not_alone(article):
        raise ReviewRefused(refusal)
    if fresh.status == TaskState.STATUS_CANCELLED:
        raise ReviewRefused("这一步已经撤回或停用，不用再审。请刷新页面查看最新状态。")
    if fresh.status != TaskState.STATUS_IN_PROGRESS:
        if fresh.finished_by_id == actor.pk:
            raise ReviewRefused("您已经处理过这一步了，不用再提交。请刷新页面查看最新状态。")
        raise ReviewRefused("这一步已经有人处理过了，请刷新页面查看最新状态。")
    fresh = fresh.specific
    if not isinstance(fresh.task.specific, StageTask):
        raise ReviewRefused("这一步不属于三审流程。")
    return fresh, article
