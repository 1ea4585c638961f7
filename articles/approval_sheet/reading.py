"""Fills a 发布审批单 in from what is recorded about one saved draft."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from cms.ops.audit import SYSTEM
from cms.ops.templatetags.site_tags import on_site

from ..models import (
    ArticlePage,
    ChecklistQuestion,
    CorrectionNote,
    CorrectionStatus,
    PushMember,
    ReviewTaskState,
    UrgentRelease,
    UrgentStatus,
    Withdrawal,
)
from .content import Answer, Fact, Note, Opinion, Push, Sheet, Source, Urgent

PUBLISHED = ("wagtail.publish", "wagtail.publish.scheduled")
SCHEDULED = ("wagtail.publish.schedule", "wagtail.schedule.cancel")
# Releases that never put the text before the public say nothing about it.
NEVER_OUT = (UrgentStatus.REQUESTED, UrgentStatus.DECLINED, UrgentStatus.CANCELLED)


def revision_of(article: ArticlePage) -> Revision | None:
    """The draft a sheet is asked for by default: the live one, or the latest where it is newer."""
    if article.live and not article.has_unpublished_changes and article.live_revision:
        return article.live_revision
    return article.get_latest_revision()


def sheet(article: ArticlePage, revision: Revision) -> Sheet:
    """The 发布审批单 of ``revision``, whose approvals are those of its exact digest.

    An approval of a later or earlier text never stands on it: it is looked up by the digest of
    this text alone.
    """
    text = revision.as_object()
    digest = text.content_digest
    saved = article.saved_drafts()
    latest = saved[-1]
    number = next(each.number for each in saved if each.pk == revision.pk)
    log = list(
        PageLogEntry.objects.filter(page_id=article.pk, action__in=PUBLISHED + SCHEDULED)
        .select_related("user")
        .order_by("timestamp", "pk")
    )
    ours = [row for row in log if row.revision_id == revision.pk]
    out = [row for row in ours if row.action in PUBLISHED]
    gone_at = _withdrawn_before(article, revision)
    published = next((row for row in reversed(out) if not gone_at or row.timestamp > gone_at), None)
    was_live = _was_live(log, out[0] if out else None)
    is_import = article.is_imported and number == 1
    return Sheet(
        title=text.title,
        kind=text.get_kind_display(),
        column=article.get_parent().title,
        author=text.author,
        writers=_writers(saved, revision),
        editor_in_charge=text.editor_in_charge,
        number=number,
        newer=None if revision.pk == latest.pk else latest.number,
        saved_at=revision.created_at,
        digest=digest,
        is_machine_made=text.is_machine_made,
        sources=[
            Source(each.name, each.url, each.date)
            for each in sorted(text.sources.all(), key=lambda each: each.sort_order or 0)
        ],
        opinions=_opinions(article, digest, gone_at),
        address=on_site(article.url),
        original_address=article.original_url,
        is_imported=is_import,
        scheduled_for=_scheduled_for(ours),
        published_at=_published_at(article, published, is_import),
        published_by=_publisher(published),
        urgent=_urgent(article, revision),
        push=_push(article, revision),
        corrections=_corrections(article, was_live),
        withdrawals=_withdrawals(article, was_live),
    )


def _writers(saved: list[Any], revision: Revision) -> list[str]:
    """Everybody who saved this draft or one before it, in the order of their first."""
    people = {each.user_id: each.user for each in saved if each.user and each.pk <= revision.pk}
    return [str(person) for person in people.values()]


def _steps(article: ArticlePage) -> QuerySet[ReviewTaskState]:
    """The reviews of ``article`` in rounds that were not taken back."""
    return ReviewTaskState.objects.filter(
        pk__in=TaskState.objects.for_instance(Page(pk=article.pk)).values("pk")
    ).exclude(workflow_state__status=WorkflowState.STATUS_CANCELLED)


def _withdrawn_before(article: ArticlePage, revision: Revision) -> datetime | None:
    """The last 撤稿 before this draft was saved, or sent in anew; None when there is none.

    What was approved and published before it counts no more, even where the words are the same.
    """
    rounds = _steps(article).filter(revision=revision)
    sent_in = rounds.aggregate(at=Max("workflow_state__created_at"))["at"]
    last = max(revision.created_at, sent_in or revision.created_at)
    gone = Withdrawal.objects.filter(article=article, withdrawn_at__lte=last)
    return gone.aggregate(at=Max("withdrawn_at"))["at"]


def _opinions(article: ArticlePage, digest: str, after: datetime | None) -> list[Opinion]:
    """The approvals of ``digest`` in the newest round begun ``after`` that gave any."""
    rounds = _steps(article)
    if after:
        rounds = rounds.filter(workflow_state__created_at__gt=after)
    states = list(
        rounds.filter(
            content_digest=digest,
            status=TaskState.STATUS_APPROVED,
            finished_by__isnull=False,
        )
        .select_related("task__reviewtask", "finished_by", "deputation__person", "workflow_state")
        .order_by("workflow_state__created_at", "workflow_state_id", "finished_at")
    )
    secrecy = set(ChecklistQuestion.objects.filter(is_secrecy=True).values_list("code", flat=True))
    return [
        _opinion(state, secrecy)
        for state in states
        if state.workflow_state_id == states[-1].workflow_state_id
    ]


def _opinion(state: ReviewTaskState, secrecy: set[str]) -> Opinion:
    return Opinion(
        dimension=state.task.reviewtask.dimension,
        person=str(state.finished_by),
        at=state.finished_at,
        text=state.comment,
        deputy_for=str(state.deputation.person) if state.deputation else "",
        slips=state.slips,
        answers=[
            Answer(
                str(each.get("text", "")),
                str(each.get("answer", "")),
                str(each.get("note") or ""),
                each.get("code") in secrecy,
            )
            for each in state.answers
        ],
        facts=[
            Fact(
                str(each.get("text", "")),
                str(each.get("source") or ""),
                bool(each.get("checked")),
                bool(each.get("false_find")),
            )
            for each in state.facts
        ],
    )


def _scheduled_for(log: list[PageLogEntry]) -> Any:
    """The time that was set last, unless it was taken back."""
    last = next((row for row in reversed(log) if row.action in SCHEDULED), None)
    if last is None or last.action == "wagtail.schedule.cancel":
        return None
    return parse_datetime(str(last.data.get("revision", {}).get("go_live_at") or ""))


def _was_live(
    log: list[PageLogEntry], published: PageLogEntry | None
) -> Callable[[datetime | None], bool]:
    """Whether this text was the public one at a moment: since its publication, to the next."""
    if published is None:
        return lambda at: False
    ended = next(
        (
            row.timestamp
            for row in log
            if row.action in PUBLISHED
            and row.timestamp > published.timestamp
            and row.revision_id != published.revision_id
        ),
        None,
    )
    return lambda at: at is not None and published.timestamp <= at and (not ended or at < ended)


def _published_at(
    article: ArticlePage, published: PageLogEntry | None, is_import: bool
) -> datetime | None:
    if published is None:
        return None
    # An import is logged on its own day; the article keeps the date it was published on.
    return article.first_published_at if is_import else published.timestamp


def _publisher(published: PageLogEntry | None) -> str:
    if published is None:
        return ""
    return str(published.user) if published.user else f"{SYSTEM}按定时发布"


def _urgent(article: ArticlePage, revision: Revision) -> Urgent | None:
    release = (
        UrgentRelease.objects.filter(article=article, revision=revision)
        .exclude(status__in=NEVER_OUT)
        .select_related("requested_by", "decided_by")
        .first()
    )
    if release is None:
        return None
    return Urgent(
        reason=release.reason,
        requested_by=str(release.requested_by),
        requested_at=release.requested_at,
        decided_by=str(release.decided_by),
        decided_at=release.decided_at,
        review_due_at=release.review_due_at,
        status=release.get_status_display(),
    )


def _push(article: ArticlePage, revision: Revision) -> Push | None:
    """The last push with this very draft that was not given up."""
    member = (
        PushMember.objects.filter(article=article, revision=revision, push__dissolved_at=None)
        .select_related("push__approved_by")
        .order_by("-push_id")
        .first()
    )
    if member is None:
        return None
    push = member.push
    return Push(
        title=push.title,
        place=member.position + 1,
        approved_by=str(push.approved_by or ""),
        approved_at=push.approved_at,
        go_live_at=push.go_live_at,
        sent_at=push.sent_at,
        address=member.wechat_url,
    )


def _corrections(article: ArticlePage, was_live: Callable[[Any], bool]) -> list[Note]:
    notes = CorrectionNote.objects.filter(article=article, status=CorrectionStatus.PUBLISHED)
    return [
        Note(
            f"{note.text}{note.get_wechat_action_display()}。",
            f"{note.proposed_by}提出，{note.decided_by}确认",
            note.decided_at,
        )
        for note in notes.select_related("proposed_by", "decided_by")
        if was_live(note.decided_at)
    ]


def _withdrawals(article: ArticlePage, was_live: Callable[[Any], bool]) -> list[Note]:
    rows = Withdrawal.objects.filter(article=article).select_related("withdrawn_by")
    return [
        Note(
            f"{row.get_kind_display()}：{row.reason}",
            str(row.withdrawn_by or SYSTEM),
            row.withdrawn_at,
        )
        for row in rows
        if was_live(row.withdrawn_at)
    ]
