"""What the health report says about publishing."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, WorkflowState

from cms.mirror import days as mirror_days
from cms.ops.registry import HealthResult, Level

from . import claim_watch
from .models import ArticlePage, PublishFailure, Push, ReviewTask, UrgentRelease
from .pushes import going_live
from .review import deadlines, rules
from .review.reviewers import of_tasks
from .setup import is_workflow_whole

# One tick comes every minute and the queue looks for schedules every half minute.
OVERDUE_AFTER = timedelta(minutes=2)


def publishing() -> list[HealthResult]:
    """Failed publications, and due ones that nobody has taken up."""
    results = [
        HealthResult(
            Level.ALARM,
            f"《{failure.page}》没有按时发布：{failure.reason}",
            reverse("articles_desk", args=[failure.page_id]),
        )
        for failure in PublishFailure.objects.select_related("page")
    ]
    overdue = Revision.page_revisions.filter(
        approved_go_live_at__lt=timezone.now() - OVERDUE_AFTER, publish_failure__isnull=True
    )
    if mirror_days.freeze_on(timezone.localdate(timezone.now() - OVERDUE_AFTER)):
        overdue = overdue.none()
    results += [
        HealthResult(
            Level.ALARM,
            f"《{revision.object_str}》已过定时时间还没有发布，请检查后台任务是否在运行。",
            reverse("articles_desk", args=[revision.object_id]),
        )
        for revision in overdue.only("object_str", "object_id")[:20]
    ]
    return [*_pushes(), *results, *_frozen()]


def _frozen() -> list[HealthResult]:
    """What waits because publishing has stopped: no fault, but people shall know."""
    if (freeze := mirror_days.freeze_now()) is None:
        return []
    now = timezone.now()
    articles = Revision.page_revisions.filter(
        approved_go_live_at__lte=now, publish_failure__isnull=True
    ).count()
    pushes = going_live.due(now).filter(publish_failed_at=None).count()
    waiting = f"现在有 {articles} 篇文章、{pushes} 个推送在等。" if articles or pushes else ""
    return [
        HealthResult(
            Level.WARNING,
            f"{mirror_days.words(freeze)}。{waiting}撤稿、更正和特急照常。",
            reverse("articles_queue", args=["ready"]),
        )
    ]


def _pushes() -> list[HealthResult]:
    failed = Push.objects.standing().filter(publish_failed_at__isnull=False)
    results = [
        HealthResult(
            Level.ALARM,
            f"推送{push.title}没有按时发布，一篇也没有公开：{push.publish_failure}",
            reverse("pushes_show", args=[push.pk]),
        )
        for push in failed
    ]
    results += [
        HealthResult(
            Level.ALARM,
            f"推送{push.title}已过定时时间还没有发布，请检查后台任务是否在运行。",
            reverse("pushes_show", args=[push.pk]),
        )
        for push in going_live.overdue(timezone.now() - OVERDUE_AFTER)[:20]
    ]
    return results


def after_reviews() -> list[HealthResult]:
    """Articles that went public by 特急 and whose reviews are late, or do not even run."""
    owed = list(
        UrgentRelease.objects.unreviewed().values_list(
            "article_id", "article__title", "review_due_at"
        )
    )
    running = set(
        WorkflowState.objects.active()
        .filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id__in=[str(pk) for pk, *_ in owed],
        )
        .values_list("object_id", flat=True)
    )
    results = []
    for pk, title, due in owed:
        rests = "" if str(pk) in running else "现在没有在审，请编辑提交审核。"
        if due < timezone.now():
            message = (
                f"《{title}》特急发布后的补审已经超时，"
                f"应在{timezone.localtime(due):%m月%d日 %H:%M}之前完成，请尽快补完三审。{rests}"
            )
        elif rests:
            message = f"《{title}》特急发布后还没有补完三审，{rests}"
        else:
            continue
        level = Level.ALARM if due < timezone.now() else Level.WARNING
        results.append(HealthResult(level, message, reverse("articles_desk", args=[pk])))
    return results


def late_reviews() -> list[HealthResult]:
    """Reviews beyond their deadline; those owed after a 特急 are told by `after_reviews`."""
    owed = UrgentRelease.objects.unreviewed().values_list("article_id", flat=True)
    late = deadlines.overdue(timezone.now()).exclude(
        workflow_state__object_id__in=[str(pk) for pk in owed]
    )
    return [
        HealthResult(
            Level.WARNING,
            f"《{step.revision.object_str if step.revision else ''}》的{step.task.name}"
            f"{deadlines.words(step.due_at, timezone.now())}，请审核人员尽快处理，或改订截稿时间。",
            reverse("articles_desk", args=[step.workflow_state.object_id]),
        )
        for step in late.select_related("task", "workflow_state", "revision").defer(
            "revision__content"
        )[:20]
    ]


def claims() -> list[HealthResult]:
    """Articles that print a claim which no longer holds: live ones, and those on their way."""
    live = ArticlePage.objects.live().filter(claim_watch.in_doubt()).defer_streamfields()
    results = [
        HealthResult(
            Level.WARNING,
            f"《{article.title}》引用的名次结论需复核，公开页面已加注说明。请换一条有效的结论，"
            "重新送审。",
            reverse("articles_desk", args=[article.pk]),
        )
        for article in live.order_by("pk")[:20]
    ]
    results += [
        HealthResult(
            Level.WARNING,
            f"《{article.title}》在审或待发布，但引用的名次结论已失效，不能发布。请退回修改。",
            reverse("articles_desk", args=[article.pk]),
        )
        for article in claim_watch.on_their_way()[:20]
    ]
    return results


def reviewers() -> list[HealthResult]:
    """Whether texts can pass the reviews at all: the workflow as it was made, and the people."""
    if not is_workflow_whole():
        return [
            HealthResult(
                Level.ALARM,
                "三审流程被停用或改动过，稿件不能送审。请维护人员运行 sync_roles 恢复。",
                reverse("wagtailadmin_workflows:index"),
            )
        ]
    tasks = {task.pk: task.dimension for task in ReviewTask.objects.all()}
    members = {
        tasks[pk]: [reviewer.person.pk for reviewer in found]
        for pk, found in of_tasks(ReviewTask.objects.all()).items()
    }
    return [
        HealthResult(Level.WARNING, reason, reverse("wagtailusers_users:index"))
        for reason in rules.why_short_of_reviewers(members)
    ]
