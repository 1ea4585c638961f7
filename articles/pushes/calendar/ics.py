"""The calendar as an iCalendar file (RFC 5545, and RFC 7986 for its name and refresh)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from cms.ops.outbox import site_address

from .states import Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"
# A minute has no length; calendars of phones need one to show it.
LENGTH = timedelta(minutes=15)
REFRESH = timedelta(hours=1)


def write(
    name: str, house: str, entries: Iterable[Entry], changed: Mapping[str, datetime]
) -> bytes:
    """The file called ``name``, with one event an entry.

    ``house`` makes the ids of events ours; ``changed`` says when each entry, by its key, changed
    last. A plan is tentative and takes the whole day, a minute is confirmed. Nothing of a draft
    but its title is in it.
    """
    calendar = Calendar.new(
        organization=house, language="zh-CN", name=name, refresh_interval=REFRESH
    )
    for entry in entries:
        calendar.add_component(_event(entry, house, changed[entry.key]))
    return calendar.to_ical()


def _event(entry: Entry, house: str, changed: datetime) -> Event:
    timed = entry.at is not None
    url = site_address(entry.url)
    return Event.new(
        uid=f"{entry.key}@{house}",
        stamp=changed,
        last_modified=changed,
        start=entry.at if timed else entry.day,
        end=entry.at + LENGTH if timed else entry.day + timedelta(days=1),
        status=STATUS.CONFIRMED if timed else STATUS.TENTATIVE,
        transparency=TRANSP.OPAQUE if timed else TRANSP.TRANSPARENT,
        summary=f"{entry.state.label}：{entry.title}",
        description=f"{entry.state.label}\n{url}",
        url=url,
    )
