"""What stands on the days of the calendar, read in a fixed number of queries."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from wagtail.models import Page

from ... import claim_watch, queues
from ...models import (
    ArticlePage,
    ColumnPage,
    PublishType,
    Push,
    PushMember,
    WeChatPost,
    Withdrawal,
)
from ...status import is_unreviewed, is_urgent_asked, standing
from .. import membership
from .states import Entry, State, of_push

# So many without a day are offered to be put on one.
WAITING_SHOWN = 20


def between(first: date, last: date) -> list[Entry]:
    """Everything on the days from ``first`` to ``last`` (both included), by day and minute."""
    columns = _columns()
    found = [
        *(_push(push, columns) for push in _pushes(first, last)),
        *_articles(first, last, columns),
        *_posts(first, last),
    ]
    kept = [entry for entry in found if entry.day and first <= entry.day <= last]
    return sorted(
        kept, key=lambda each: (each.day, _minute(each), not each.takes_a_turn, each.title)
    )


def waiting() -> list[Entry]:
    """What waits for a day, oldest first: open pushes, and articles in 待发布 in no push."""
    columns = _columns()
    pushes = _with_members(
        Push.objects.open().filter(planned_for=None, go_live_at=None).order_by("pk")
    )
    ready = list(queues.steps(queues.View.READY, None).values_list("article_id", flat=True))
    articles = (
        _drafts()
        .filter(Q(planned_day=None) | Q(planned_day="null"), pk__in=ready, go_live_at=None)
        .order_by("pk")
    )
    return [
        *(_push(push, columns) for push in pushes[:WAITING_SHOWN]),
        *(_draft(article, columns) for article in articles[:WAITING_SHOWN]),
    ]


def _minute(entry: Entry) -> time:
    return timezone.localtime(entry.at).time() if entry.at else time.max


def _columns() -> dict[str, tuple[int, str]]:
    """Id and title of each column by its path in the tree."""
    rows = ColumnPage.objects.values_list("path", "pk", "title")
    return {path: (pk, title) for path, pk, title in rows}


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which the days begin and end."""
    return (
        timezone.make_aware(datetime.combine(first, time.min)),
        timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min)),
    )


def _within(name: str, span: tuple[datetime, datetime]) -> Q:
    return Q(**{f"{name}__gte": span[0], f"{name}__lt": span[1]})


# --- pushes ---------------------------------------------------------------------------------------


def _pushes(first: date, last: date) -> QuerySet[Push]:
    span = _span(first, last)
    moments = Q()
    for name in ("sent_at", "go_live_at", "published_at"):
        moments |= _within(name, span)
    return _with_members(
        Push.objects.standing().filter(moments | Q(planned_for__range=(first, last)))
    )


def _with_members(pushes: QuerySet[Push]) -> QuerySet[Push]:
    rows = PushMember.objects.select_related("article").defer("article__body")
    return pushes.select_related("delivery").prefetch_related(Prefetch("members", rows))


def _push(push: Push, columns: dict[str, tuple[int, str]]) -> Entry:
    """Its day is when it went out, else its minute, else its plan."""
    delivery = getattr(push, "delivery", None)
    has_failed = bool(push.publish_failed_at or (delivery and delivery.failed_at))
    moment = push.sent_at or push.go_live_at or push.published_at
    articles = [member.article for member in push.members.all()]
    notes = []
    if push.publish_failed_at:
        notes.append("镜像没有发布")
    if delivery and delivery.failed_at:
        notes.append("没有送到微信")
    if push.published_at and delivery and delivery.delivered_at and not push.sent_at:
        notes.append("草稿已送达，等群发")
    if not (push.approved_at or push.sent_at or push.published_at):
        notes.append("未审定")
    if moment is None and push.planned_slot:
        notes.append(f"{push.planned_slot:%H:%M}")
    return Entry(
        key=f"push-{push.pk}",
        state=of_push(
            is_sent=push.sent_at is not None,
            has_failed=has_failed,
            is_public=push.published_at is not None,
            is_delivered=bool(delivery and delivery.delivered_at),
            is_committed=push.go_live_at is not None,
        ),
        day=timezone.localtime(moment).date() if moment else push.planned_for,
        at=moment,
        title=push.title,
        url=reverse("pushes_show", args=[push.pk]),
        members=tuple(article.draft_title or article.title for article in articles),
        notes=tuple(notes),
        columns=_ids(articles, columns),
        may_move=not (push.sent_at or push.published_at or push.publish_failed_at),
        changed_at=push.created_at,
    )


# --- articles in no push --------------------------------------------------------------------------


def planned_day() -> Any:
    """The planned day of the latest draft, as ISO text: the row knows the public text's only."""
    path = KeyTextTransform("planned_for", "latest_revision__content")
    return Cast(path, CharField())


def _in_push() -> QuerySet[PushMember]:
    return PushMember.objects.filter(article=OuterRef("pk"), push__dissolved_at=None)


def _drafts() -> QuerySet[ArticlePage]:
    """Articles with a text that is not public yet, in no push, with what `standing` asks for."""
    gone = Withdrawal.objects.in_force().filter(
        article=OuterRef("pk"), withdrawn_at__gte=OuterRef("latest_revision_created_at")
    )
    return (
        ArticlePage.objects.filter(
            Q(live=False) | Q(has_unpublished_changes=True),
            ~Exists(_in_push().filter(push__published_at=None)),
            ~Exists(gone),
        )
        .annotate(
            planned_day=planned_day(),
            in_doubt=claim_watch.in_doubt(),
            is_urgent_asked=is_urgent_asked(),
            is_unreviewed=is_unreviewed(),
        )
        .annotate_approved_schedule()
        .defer_streamfields()
        # Without it Wagtail looks for the rounds of reviews under the plain page, in vain.
        .specific()
        .prefetch_workflow_states()
        .prefetch_related("publish_failures", membership.prefetch())
    )


def _articles(first: date, last: date, columns: dict[str, tuple[int, str]]) -> list[Entry]:
    span = _span(first, last)
    planned = Q(planned_day__gte=first.isoformat(), planned_day__lte=last.isoformat())
    drafts = _drafts().filter(planned | _within("go_live_at", span))
    public = (
        ArticlePage.objects.live()
        .filter(_within("first_published_at", span), ~Exists(_in_push()))
        .defer_streamfields()
    )
    return [
        *(_draft(article, columns) for article in drafts),
        *(_public(article, columns) for article in public),
    ]


def _draft(article: Any, columns: dict[str, tuple[int, str]]) -> Entry:
    at = article.go_live_at if article.approved_schedule else None
    state = State.COMMITTED if at else State.IDEA
    if article.publish_failures.all():
        state = State.FAILED
    return Entry(
        key=f"article-{article.pk}",
        state=state,
        day=timezone.localtime(at).date() if at else parse_date(article.planned_day or ""),
        at=at,
        title=f"《{article.draft_title or article.title}》",
        url=reverse("articles_desk", args=[article.pk]),
        notes=("单篇，只上镜像",) if at else (str(standing(article)),),
        columns=_ids([article], columns),
        may_move=at is None,
        changed_at=article.latest_revision_created_at,
    )


def _public(article: ArticlePage, columns: dict[str, tuple[int, str]]) -> Entry:
    return Entry(
        key=f"article-{article.pk}",
        state=State.LIVE,
        day=timezone.localtime(article.first_published_at).date(),
        at=article.first_published_at,
        title=f"《{article.title}》",
        url=reverse("articles_desk", args=[article.pk]),
        notes=("历史导入",) if article.is_imported else ("单篇，只上镜像",),
        columns=_ids([article], columns),
        changed_at=article.last_published_at,
    )


def _ids(articles: Iterable[ArticlePage], columns: dict[str, tuple[int, str]]) -> frozenset[int]:
    paths = (article.path[: -Page.steplen] for article in articles)
    return frozenset(columns[path][0] for path in paths if path in columns)


# --- what went out without us ---------------------------------------------------------------------


def _posts(first: date, last: date) -> list[Entry]:
    """What the back office sent without a push of ours; one entry a message."""
    rows = (
        WeChatPost.objects.filter(
            published_on__range=(first, last), publish_type=PublishType.SENT, member=None
        )
        .annotate(column_path=F("article__path"))
        .order_by("published_on", "msg_data_id", "index")
    )
    messages: dict[tuple[date, str], list[WeChatPost]] = {}
    for row in rows:
        # Without a number nobody knows what went out together.
        messages.setdefault((row.published_on, row.msg_data_id or f"#{row.pk}"), []).append(row)
    return [_message(group) for group in messages.values()]


def _message(group: list[WeChatPost]) -> Entry:
    head = group[0]
    more = f"等{len(group)}篇" if len(group) > 1 else ""
    return Entry(
        key=f"post-{head.pk}",
        state=State.SENT,
        day=head.published_on,
        title=f"《{head.title}》{more}",
        url=reverse("articles_desk", args=[head.article_id]) if head.article_id else "",
        members=tuple(row.title for row in group),
        notes=("在公众号后台发出",),
    )
