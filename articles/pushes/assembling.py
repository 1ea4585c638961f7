"""Putting a push together: what joins, what leaves, in which order and form."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..locking import locked
from ..models import ArticlePage, MemberForm, Push, PushMember, WeChatComments
from ..review import approvals, comments, ready
from ..wechat.rendering.rules import why_author_too_long, why_title_too_long
from . import going_live, membership, rules
from .base import (
    ASSEMBLE,
    changed,
    check_open,
    demand,
    forget_failure,
    lock_days,
    member_of,
    open_push,
    reason_given,
)
from .committing import set_plan
from .refusals import PushRefused


@transaction.atomic
def create(
    actor: Any,
    articles: Sequence[ArticlePage],
    *,
    planned_for: date | None = None,
    planned_slot: time | None = None,
) -> Push:
    """Put approved articles together in this order, the first as the headline.

    Raises:
        PushRefused: no permission, no article or too many, one that may not join, or the day of
            the plan is not free.
    """
    demand(actor, ASSEMBLE)
    if not articles:
        raise PushRefused("请至少选择一篇待发布的文章。")
    if planned_for is not None:
        lock_days()
    rows = {pk: locked(ArticlePage(pk=pk)) for pk in sorted({each.pk for each in articles})}
    if len(rows) < len(articles):
        raise PushRefused("同一篇文章选了两次，请去掉一次。")
    push = Push.objects.create(created_by=actor)
    push.assemblers.add(actor)
    for position, each in enumerate(articles):
        _join(actor, push, rows[each.pk], position)
    titles = [rows[each.pk].draft_title for each in articles]
    audit.record(actor, "push.create", push, {"articles": titles})
    if planned_for is not None:
        set_plan(actor, push, planned_for, planned_slot)
    return push


@transaction.atomic
def add(actor: Any, push: Push, article: ArticlePage) -> PushMember:
    """Let ``article`` join as the last one.

    Raises:
        PushRefused: no permission, the push is over or full, or the article may not join.
    """
    demand(actor, ASSEMBLE)
    article = locked(article)
    push = open_push(push)
    member = _join(actor, push, article, push.members.count())
    audit.record(actor, "push.add", push, {"article": article.draft_title})
    changed(actor, push, f"加入了《{article.draft_title}》")
    return member


@transaction.atomic
def remove(actor: Any, push: Push, article: ArticlePage, reason: str) -> None:
    """Take ``article`` out; it waits in 待发布 again.

    Raises:
        PushRefused: no permission, no reason, the push is over, or the article is not in it.
    """
    demand(actor, ASSEMBLE)
    reason = reason_given(reason, "移出的原因")
    article = locked(article)
    push = open_push(push)
    member = member_of(push, article)
    member.delete()
    _number(list(push.members.order_by("position")))
    audit.record(actor, "push.remove", push, {"article": article.draft_title, "reason": reason})
    _let_go(actor, push, article, reason)
    changed(actor, push, f"移出了《{article.draft_title}》")


@transaction.atomic
def reorder(actor: Any, push: Push, article_ids: Sequence[int]) -> None:
    """Put the articles into the order of ``article_ids``; the first one is the headline.

    Raises:
        PushRefused: no permission, the push is over, or the ids are not those of its articles.
    """
    demand(actor, ASSEMBLE)
    push = open_push(push)
    rows = {row.article_id: row for row in push.members.select_related("article")}
    if refusal := rules.why_not_order(article_ids, rows):
        raise PushRefused(refusal)
    wanted = [rows[pk] for pk in article_ids]
    if [row.position for row in wanted] == list(range(len(wanted))):
        return
    _number(wanted)
    titles = [row.article.draft_title for row in wanted]
    audit.record(actor, "push.reorder", push, {"articles": titles})
    changed(actor, push, "调整了次序")


@transaction.atomic
def set_form(
    actor: Any, push: Push, article: ArticlePage, *, form: str, comments: str
) -> PushMember:
    """Choose how WeChat shows ``article`` (`MemberForm`) and who may comment (`WeChatComments`).

    Raises:
        PushRefused: no permission, the push is over, the article is not in it, or no such choice.
    """
    demand(actor, ASSEMBLE)
    push = open_push(push)
    member = member_of(push, article)
    if form not in MemberForm.values or comments not in WeChatComments.values:
        raise PushRefused("没有这个选项，请刷新页面后重新选择。")
    if (member.form, member.comments) == (form, comments):
        return member
    member.form, member.comments = form, comments
    member.save(update_fields=["form", "comments"])
    detail = {
        "article": article.draft_title,
        "form": member.get_form_display(),
        "comments": member.get_comments_display(),
    }
    audit.record(actor, "push.form", push, detail)
    changed(actor, push, f"改了《{article.draft_title}》的形式或留言设置")
    return member


@transaction.atomic
def dissolve(actor: Any, push: Push, reason: str) -> None:
    """Give the push up; all its articles wait in 待发布 again. The row stays for the record.

    Raises:
        PushRefused: no permission, no reason, or the push is over.
    """
    demand(actor, ASSEMBLE)
    reason = reason_given(reason, "解散的原因")
    push = going_live.lock_with_articles(push)
    check_open(push)
    push.dissolved_at, push.dissolved_by, push.dissolve_reason = timezone.now(), actor, reason
    push.go_live_at = None
    forget_failure(push)
    push.save()
    audit.record(actor, "push.dissolve", push, {"reason": reason})
    for article in ArticlePage.objects.filter(push_members__push=push).order_by("pk"):
        _let_go(actor, push, article, f"推送解散：{reason}")


def why_not_join(article: ArticlePage, count: int = 0) -> str:
    """Why ``article`` may not join a push of ``count`` articles now; empty when it may."""
    held = membership.of(article)
    text = article.get_latest_revision_as_object()
    lacks = [] if held else approvals.why_not_publish(article.get_latest_revision())
    if not held and not lacks:
        # Told now, not at delivery: the text has to be changed and reviewed anew in any case.
        said = (
            comments.why_not_ready(article),
            why_title_too_long(text.title),
            why_author_too_long(text.author),
        )
        lacks = [refusal for refusal in said if refusal]
    return rules.why_not_join(
        count,
        in_push=held.push.title if held else "",
        is_ready=ready.is_ready(article),
        has_time=bool(article.approved_schedule or article.go_live_at or text.go_live_at),
        lacks=lacks,
    )


def _join(actor: Any, push: Push, article: ArticlePage, position: int) -> PushMember:
    if refusal := why_not_join(article, position):
        raise PushRefused(f"《{article.draft_title}》{refusal}")
    revision = article.get_latest_revision()
    member = PushMember.objects.create(
        push=push,
        article=article,
        revision=revision,
        content_digest=revision.as_object().content_digest,
        position=position,
    )
    ready.leave(actor, article)
    detail = {"push": push.title, "push_id": push.pk}
    audit.record(actor, "article.push_join", article, detail)
    return member


def _let_go(actor: Any, push: Push, article: ArticlePage, reason: str) -> None:
    ready.back_to_ready(actor, article)
    detail = {"push": push.title, "push_id": push.pk, "reason": reason}
    audit.record(actor, "article.push_leave", article, detail)


def _number(rows: Sequence[PushMember]) -> None:
    """Give ``rows`` the positions 0, 1, 2 …; moved out of the way first, for each is unique."""
    for offset in (rules.MOST, 0):
        for position, row in enumerate(rows):
            row.position = position + offset
            row.save(update_fields=["position"])
