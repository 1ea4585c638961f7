"""A person's secret address of the calendar: made, renewed, given up, looked up."""

import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from cms.ops import audit
from cms.ops.models import AuditEntry
from cms.ops.outbox import site_address
from cms.users.models import User

from ...models import CalendarFeed
from . import entries, ics
from .states import Entry

READ = "articles.view_push"
PAST, AHEAD = timedelta(days=60), timedelta(days=365)
# What the audit log calls the things whose keys begin so.
_TYPES = {"push": "articles.push", "article": "articles.articlepage"}


class FeedRefused(PermissionDenied):
    """No feed for this person; the message is a Chinese sentence."""


class UnknownFeed(Exception):
    """No such address, or whoever had it may no longer read the calendar."""


@transaction.atomic
def renew(actor: Any) -> CalendarFeed:
    """Give ``actor`` a new secret address; the one they had stops working at once.

    Raises:
        FeedRefused: they may not read the calendar.
    """
    if not actor.has_perm(READ):
        raise FeedRefused("您没有查看推送日历的权限，不能订阅。")
    feed, _ = CalendarFeed.objects.update_or_create(
        person=actor,
        defaults={"secret": secrets.token_urlsafe(32), "created_at": timezone.now()},
    )
    audit.record(actor, "calendar.feed_renew", feed)
    return feed


@transaction.atomic
def revoke(actor: Any) -> None:
    """Let the address of ``actor`` stop working.

    Raises:
        FeedRefused: they have none.
    """
    feed = CalendarFeed.objects.select_for_update().filter(person=actor).first()
    if feed is None:
        raise FeedRefused("您没有订阅地址，不用停用。")
    audit.record(actor, "calendar.feed_revoke", feed)
    feed.delete()


def of(person: Any) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person).first()


def address_of(feed: CalendarFeed) -> str:
    """The full address, to be told to nobody but its person."""
    return site_address(reverse("calendar_feed", args=[feed.secret]))


def holder(secret: str) -> User:
    """Who reads the calendar at the address with ``secret``.

    Raises:
        UnknownFeed: nobody, or not any more.
    """
    feed = CalendarFeed.objects.select_related("person").filter(secret=secret).first()
    # The index of the database finds the row; that it is the very secret is not left to it.
    if feed is None or not secrets.compare_digest(feed.secret.encode(), secret.encode()):
        raise UnknownFeed
    # Inactive people have no permission at all.
    if not feed.person.has_perm(READ):
        raise UnknownFeed
    return feed.person


def file() -> bytes:
    """The calendar from two months ago to a year ahead, as an iCalendar file."""
    today = timezone.localdate()
    found = [each for each in entries.between(today - PAST, today + AHEAD) if _is_ours(each)]
    house = urlsplit(settings.SITE_URL).hostname or "localhost"
    name = f"{settings.WAGTAIL_SITE_NAME}推送日历"
    return ics.write(name, house, found, _changed(found))


def _is_ours(entry: Entry) -> bool:
    return entry.key.partition("-")[0] in _TYPES


def _changed(found: list[Entry]) -> dict[str, datetime]:
    """When each changed last: saved, or something was done to it that is on record."""
    ids: dict[str, list[str]] = {kind: [] for kind in _TYPES}
    for entry in found:
        kind, _, pk = entry.key.partition("-")
        ids[kind].append(pk)
    asked = Q()
    for kind, pks in ids.items():
        asked |= Q(object_type=_TYPES[kind], object_id__in=pks)
    rows = (
        AuditEntry.objects.filter(asked)
        .order_by()
        .values_list("object_type", "object_id")
        .annotate(latest=Max("at"))
    )
    kinds = {name: kind for kind, name in _TYPES.items()}
    latest = {f"{kinds[name]}-{pk}": at for name, pk, at in rows}
    return {entry.key: _latest(entry, latest.get(entry.key)) for entry in found}


def _latest(entry: Entry, recorded: datetime | None) -> datetime:
    known = [at for at in (entry.changed_at, recorded) if at]
    # Never recorded and never saved: the day itself, which stays what it is.
    fallback = datetime.combine(entry.day, time.min, UTC)
    return max(known, default=fallback).astimezone(UTC).replace(microsecond=0)
