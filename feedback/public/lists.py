"""Public answers on the mirror: by the month of their publication, pages counted from the oldest.

Where what stands is told here as well, for the mirror: `showing` and `addresses`.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404
from django.utils.timezone import localtime

from articles.public import listings
from articles.public.listings import SIZE, Month, full_pages, month_url, page_at
from rankings import periods

from .. import figures
from ..models import Message

BASE = "/feedback/"
LATEST = 20
MONTHS_SHOWN = 3


@dataclass(frozen=True)
class Listing:
    """One page of a month; ``pages`` are label, address and whether current, newest first.

    A numbered page names only older ones, and the next newer: it must not move with newer ones.
    """

    title: str
    messages: list[Message]
    path: str
    newer_url: str
    pages: list[tuple[str, str, bool]]


def address_of(message: Message) -> str:
    """Where question and answer stand."""
    return f"{BASE}{message.pk}/"


def latest() -> list[Message]:
    """The newest public answers."""
    return list(Message.objects.public()[:LATEST])


def months() -> list[Month]:
    """The months in which answers were published, newest first; one query."""
    rows = (
        _public()
        .annotate(month=TruncMonth("published_at"))
        .values_list("month")
        .annotate(count=Count("pk"))
        .order_by("-month")
    )
    return [Month(day := at.date(), month_url(BASE, day), count) for at, count in rows]


def build_month(day: dt.date, number: int | None) -> Listing:
    """Page ``number`` of the month of ``day``; None is the month's own page with the newest.

    Raises:
        Http404: nothing was published in that month, or there is no such page.
    """
    found = _in_month(day)
    count = found.count()
    full = full_pages(count)
    if not count or (number is not None and number > full):
        raise Http404
    start = (full if number is None else number - 1) * SIZE
    messages = list(found.order_by("published_at", "pk")[start : start + SIZE])[::-1]
    base = month_url(BASE, day)
    newer = "" if number is None else page_at(base, number + 1 if number < full else None)
    numbers = [None, *range(full, 0, -1)] if number is None else range(number, 0, -1)
    pages = [
        (str(full + 1 if each is None else each), page_at(base, each), each == number)
        for each in numbers
    ]
    title = f"{day.year}年{day.month}月"
    return Listing(title, messages, page_at(base, number), newer, pages)


def showing(message: Message) -> Iterator[str]:
    """The addresses that show ``message`` now; every message counts in the figures."""
    yield BASE
    if message.is_public and message.published_at:
        yield address_of(message)
        day = localtime(message.published_at).date().replace(day=1)
        others = _in_month(day).exclude(pk=message.pk)
        at = message.published_at
        older = others.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=message.pk))
        yield from listings.pages_from(month_url(BASE, day), older.count(), others.count() + 1)
    elif message.withdrawn_at:
        yield address_of(message)


def addresses() -> Iterator[str]:
    """Every address of public answers that exists now, and those that say they were withdrawn."""
    yield BASE
    for month in months():
        yield from listings.list_addresses(month.url, month.count)
    standing = Message.objects.filter(Q(pk__in=_public()) | Q(withdrawn_at__isnull=False))
    for pk in standing.order_by("pk").values_list("pk", flat=True).iterator():
        yield f"{BASE}{pk}/"


def last_figures() -> list[tuple[str, figures.Row]]:
    """Month and totals of the last complete months, newest first.

    A month is complete when something happened in a later one: the page does not ask the clock.
    """
    ends = Message.objects.aggregate(
        first=Min("received_at"),
        received=Max("received_at"),
        answered=Max("answered_at"),
        closed=Max("closed_at"),
    )
    first = ends.pop("first")
    if first is None:
        return []
    newest = periods.Month.of(max(moment for moment in ends.values() if moment))
    oldest = periods.Month.of(first)
    found = []
    for back in range(1, min(MONTHS_SHOWN, newest - oldest) + 1):
        month = newest + -back
        if rows := figures.monthly(month):
            found.append((month.label, rows[0]))
    return found


def _public() -> QuerySet[Message]:
    return Message.objects.public().select_related(None).order_by()


def _in_month(day: dt.date) -> QuerySet[Message]:
    return _public().filter(published_at__year=day.year, published_at__month=day.month)
