"""选题单: from an idea to a draft."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import ArticlePage, ColumnPage, Topic, TopicStatus
from .contributions import IntakeRefused

PROPOSE, CHANGE = "articles.add_topic", "articles.change_topic"
OPEN = (TopicStatus.PROPOSED, TopicStatus.ACCEPTED, TopicStatus.WRITING)


@transaction.atomic
def propose(
    actor: Any,
    title: str,
    angle: str = "",
    column: ColumnPage | None = None,
    planned_for: dt.date | None = None,
) -> Topic:
    """Put an idea on the list.

    Raises:
        IntakeRefused: no permission, or the day has passed.
    """
    if not actor.has_perm(PROPOSE):
        raise IntakeRefused("您没有报选题的权限。")
    _check_day(planned_for)
    topic = Topic.objects.create(
        title=title.strip(),
        angle=angle.strip(),
        column=column,
        planned_for=planned_for,
        proposed_by=actor,
    )
    audit.record(actor, "topic.propose", topic)
    return topic


@transaction.atomic
def accept(
    actor: Any, topic: Topic, assigned_to: Any = None, planned_for: dt.date | None = None
) -> None:
    """Decide that it is to be written, by whom and for which day; may be said again.

    Raises:
        IntakeRefused: no permission, dropped or already being written, or the writer may not write.
    """
    topic = _locked(actor, topic, TopicStatus.PROPOSED, TopicStatus.ACCEPTED)
    if assigned_to is not None and not assigned_to.has_perm(CHANGE):
        raise IntakeRefused(f"{assigned_to}没有写稿的权限，请换一位编辑。")
    if planned_for != topic.planned_for:
        _check_day(planned_for)
    topic.status, topic.assigned_to, topic.planned_for = (
        TopicStatus.ACCEPTED,
        assigned_to,
        planned_for,
    )
    topic.save()
    audit.record(actor, "topic.accept", topic, {"writer": str(assigned_to or "")})


@transaction.atomic
def drop(actor: Any, topic: Topic, reason: str) -> None:
    """Decide that it is not written.

    Raises:
        IntakeRefused: no permission, no reason, or it is being written.
    """
    topic = _locked(actor, topic, TopicStatus.PROPOSED, TopicStatus.ACCEPTED)
    if not reason.strip():
        raise IntakeRefused("请写明不做的原因，方便以后回头看。")
    topic.status, topic.dropped_because = TopicStatus.DROPPED, reason.strip()[:200]
    topic.save()
    audit.record(actor, "topic.drop", topic, {"reason": reason})


@transaction.atomic
def start_writing(actor: Any, topic: Topic, column: ColumnPage) -> ArticlePage:
    """Make the draft, with what the topic says already.

    Raises:
        IntakeRefused: no permission, or the topic is not open for writing.
    """
    topic = _locked(actor, topic, TopicStatus.PROPOSED, TopicStatus.ACCEPTED)
    if not column.permissions_for_user(actor).can_add_subpage():
        raise IntakeRefused("您没有在这个栏目里写稿的权限。")
    article = ArticlePage(
        title=topic.title,
        author=str(actor)[:60],
        editor_in_charge=str(actor)[:60],
        planned_for=topic.planned_for,
        owner=actor,
        live=False,
        has_unpublished_changes=True,
    )
    column.add_child(instance=article)
    article.save_revision(user=actor, clean=False)
    topic.article, topic.column, topic.status = article, column, TopicStatus.WRITING
    topic.assigned_to = topic.assigned_to or actor
    topic.save()
    audit.record(actor, "topic.write", topic)
    return article


def on_recorded(entry: Any, obj: Any, **kwargs: Any) -> None:
    """A topic is 已成稿 as soon as its article is sent into review."""
    if entry.action == "article.submit":
        Topic.objects.filter(article_id=obj.pk, status=TopicStatus.WRITING).update(
            status=TopicStatus.DONE
        )


def _check_day(planned_for: dt.date | None) -> None:
    if planned_for is not None and planned_for < timezone.localdate():
        raise IntakeRefused("计划日期已经过去，请选今天或以后的日期。")


def _locked(actor: Any, topic: Topic, *statuses: str) -> Topic:
    if not actor.has_perm(CHANGE):
        raise IntakeRefused("选题由编辑处理，您没有这个权限。")
    topic = Topic.objects.select_for_update(of=("self",)).get(pk=topic.pk)
    if topic.status not in statuses:
        raise IntakeRefused(f"这个选题{topic.get_status_display()}，不能再改。请刷新页面查看。")
    return topic
