"""Fetching the statistics every morning, and the comments twice a day.

The rows of `StatisticsDay` are the truth: a pass takes up what is due, one day after the other, and
a worker that is killed loses at most the day it was at.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import StatisticsDay, StatisticsSubject
from ..wechat.client import Client, is_configured
from ..wechat.errors import ErrorKind, WeChatError
from . import comments, fetch_rules, noticing, official, recording
from .fetch_rules import Errand, State
from .official import StatisticsUnreadable

VIEW = "articles.view_reading"
_FOR_ALL = (ErrorKind.BUSY, ErrorKind.RATE)


def fetch_due() -> int:
    """Ask WeChat for what is due; how many days were answered.

    An error of WeChat puts off everything the next call would run into it with: all that is due
    when WeChat is busy or away, all of the same subject when it refuses.
    """
    if not is_configured():
        return 0
    client, done = Client(), 0
    for errand in _due():
        if not _claim(errand):
            continue
        try:
            is_delay = _fetch(client, errand)
        except WeChatError as error:
            _put_off(errand, error.kind, error.sentence)
            _put_off_due(errand, error)
            continue
        except StatisticsUnreadable as error:
            _put_off(errand, ErrorKind.BUSY, str(error))
            continue
        _answered(errand, is_delay=is_delay)
        done += 1
    return done


@transaction.atomic
def fetch_again(actor: Any) -> int:
    """Let the next pass ask again for everything of the days still looked at; how many errands.

    Raises:
        PermissionDenied: the actor may not see readings, or WeChat is not connected.
    """
    if not actor.has_perm(VIEW):
        raise PermissionDenied("您没有查看阅读数据的权限，请联系管理员。")
    if not is_configured():
        raise PermissionDenied("还没有接通微信，不能取数。请管理员设置 WECHAT_APPID 等参数后重试。")
    wanted = current()
    for errand in wanted:
        StatisticsDay.objects.filter(subject=errand.subject, day=errand.day).update(
            fetched_at=None, next_at=None, attempts=0
        )
    audit.record(actor, "reading.fetch_again", None, {"days": len(wanted)})
    return len(wanted)


def current() -> list[Errand]:
    """What is looked at today, fetched or not."""
    return fetch_rules.errands(_now())


def _fetch(client: Client, errand: Errand) -> bool:
    """Ask and write down; whether WeChat says that more is to come.

    Raises:
        WeChatError: WeChat refused, or could not be reached.
        StatisticsUnreadable: the answer is not what the document says.
    """
    first, last = fetch_rules.span(errand)
    match errand.subject:
        case StatisticsSubject.POSTS:
            answer = client.article_totals(errand.day)
            recording.record_totals(official.parse_totals(answer.rows))
            noticing.notice(errand.day, noticing.draft_is_there(client))
            return answer.is_delay
        case StatisticsSubject.ACCOUNT:
            answer = client.account_summary(first, last)
            recording.record_account(official.parse_account(answer.rows))
            return answer.is_delay
        case StatisticsSubject.FOLLOWERS:
            summary, cumulate = client.user_summary(first, last), client.user_cumulate(first, last)
            recording.record_account(official.parse_followers(summary.rows, cumulate.rows))
            return summary.is_delay or cumulate.is_delay
        case StatisticsSubject.COMMENTS:
            recording.record_sent(errand.day)
            comments.fetch_day(client, errand.day)
            return False


def _due() -> list[Errand]:
    """What to ask for now, in its order; one query."""
    now, wanted = _now(), current()
    days = [errand.day for errand in wanted]
    rows = StatisticsDay.objects.filter(day__range=(min(days), max(days)))
    states = {(row.subject, row.day): _state(row) for row in rows}
    return [
        errand
        for errand in wanted
        if fetch_rules.is_due(errand, states.get((errand.subject, errand.day), State()), now)
    ]


@transaction.atomic
def _claim(errand: Errand) -> bool:
    """Take ``errand`` up when it is due, so that no other worker does at the same time."""
    StatisticsDay.objects.get_or_create(subject=errand.subject, day=errand.day)
    row = StatisticsDay.objects.select_for_update().get(subject=errand.subject, day=errand.day)
    if not fetch_rules.is_due(errand, _state(row), _now()):
        return False
    row.next_at = _now() + fetch_rules.CLAIM
    row.save(update_fields=["next_at"])
    return True


def _answered(errand: Errand, *, is_delay: bool) -> None:
    now = _now()
    StatisticsDay.objects.filter(subject=errand.subject, day=errand.day).update(
        fetched_at=now,
        next_at=fetch_rules.after_answer(now, is_delay=is_delay),
        is_delayed=is_delay,
        attempts=0,
        reason="",
    )


@transaction.atomic
def _put_off(errand: Errand, kind: ErrorKind, reason: str) -> None:
    row = StatisticsDay.objects.select_for_update().get(subject=errand.subject, day=errand.day)
    row.attempts += 1
    row.reason = reason[:300]
    row.next_at = fetch_rules.after_error(kind, row.attempts, _now())
    row.save(update_fields=["attempts", "reason", "next_at"])


def _put_off_due(failed: Errand, error: WeChatError) -> None:
    for errand in _due():
        meets = errand.subject == failed.subject or error.kind in _FOR_ALL
        if meets and _claim(errand):
            _put_off(errand, error.kind, error.sentence)


def _state(row: StatisticsDay) -> State:
    local = timezone.localtime
    return State(
        row.fetched_at and local(row.fetched_at), row.next_at and local(row.next_at), row.is_delayed
    )


def _now() -> dt.datetime:
    return timezone.localtime()
