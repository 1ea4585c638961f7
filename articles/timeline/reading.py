"""The timeline of one article, put together from what is recorded anyway."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone
from wagtail.models import Page, PageLogEntry, TaskState

from cms.ops.audit import SYSTEM
from cms.ops.models import AuditEntry
from cms.ops.registry import action_labels

from ..models import ArticlePage, Push, ReviewTaskState
from .sentences import LOGGED_BY_WAGTAIL, Event, Line, Part, line, written

# A deed and what Wagtail logs of it, or the verdict stored with it, are this close together.
SAME_DEED = timedelta(seconds=10)

# An article's coming to a push and leaving it, and what of a push concerns its other articles or
# only those who have it in hand.
JOINED, LEFT = "article.push_join", "article.push_leave"
PUTTING_TOGETHER = (
    "push.create",
    "push.add",
    "push.remove",
    "push.reorder",
    "push.form",
    "push.back_office_add",
    "push.back_office_done",
    "push.back_office_undone",
    "push.back_office_remove",
)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. ``revisions`` are the ids before and after a change of the text."""

    at: datetime
    line: Line
    revisions: tuple[int, int] | None = None


@dataclass(frozen=True)
class Day:
    """A local day with its entries, newest first."""

    day: date
    entries: list[Entry]


def entries(article: ArticlePage, part: Part | None = None) -> list[Entry]:
    """All that happened to ``article``, newest first; only one part of it when ``part`` is given.

    Four queries, however long the story is, and one more for what was in a push.
    """
    audited = list(
        AuditEntry.objects.filter(
            object_type=ArticlePage._meta.label_lower, object_id=str(article.pk)
        ).order_by("pk")
    )
    deeds = [
        *_logged(article, audited),
        *_audited(audited, _opinions(article)),
        *_audited(_of_pushes(audited), []),
    ]
    # Within one moment a text is saved first, and the newest stands on top in the end.
    told = [*_written(article, [entry.at for entry in deeds]), *deeds]
    told.sort(key=lambda entry: entry.at)
    return [entry for entry in reversed(told) if part is None or entry.line.part == part]


def of_push(push: Push) -> list[Entry]:
    """All that happened to ``push``, newest first."""
    found = AuditEntry.objects.filter(
        object_type=Push._meta.label_lower, object_id=str(push.pk)
    ).order_by("-pk")
    return list(_audited(found, []))


def by_day(told: Iterable[Entry]) -> list[Day]:
    """``told`` (newest first) under its local days."""
    days = groupby(told, key=lambda entry: timezone.localtime(entry.at).date())
    return [Day(day, list(group)) for day, group in days]


def _of_pushes(audited: list[AuditEntry]) -> list[AuditEntry]:
    """What happened to pushes while the article was in them; its own coming and going is told."""
    joined: dict[str, list[tuple[int, bool]]] = {}
    for entry in audited:
        if entry.action in (JOINED, LEFT):
            push = str(entry.detail.get("push_id"))
            joined.setdefault(push, []).append((entry.pk, entry.action == JOINED))
    if not joined:
        return []
    found = AuditEntry.objects.filter(
        object_type=Push._meta.label_lower, object_id__in=joined
    ).exclude(action__in=PUTTING_TOGETHER)

    def was_in(entry: AuditEntry) -> bool:
        before = [is_in for pk, is_in in joined[entry.object_id] if pk < entry.pk]
        return bool(before) and before[-1]

    return [entry for entry in found.order_by("pk") if was_in(entry)]


def _audited(
    audited: Iterable[AuditEntry], opinions: list[tuple[int, datetime, str]]
) -> Iterator[Entry]:
    labels = action_labels()
    for entry in audited:
        event = Event(
            entry.action,
            entry.actor_name,
            entry.detail,
            labels.get(entry.action, ""),
            _opinion_of(entry, opinions) if entry.action == "article.approve" else "",
        )
        yield Entry(entry.at, line(event))


def _opinions(article: ArticlePage) -> list[tuple[int, datetime, str]]:
    """Person, time and words of every approval: the log keeps no words of it."""
    return list(
        ReviewTaskState.objects.filter(
            pk__in=TaskState.objects.for_instance(Page(pk=article.pk)).values("pk"),
            finished_by__isnull=False,
        )
        .exclude(comment="")
        .exclude(content_digest="")
        .values_list("finished_by_id", "finished_at", "comment")
    )


def _opinion_of(entry: AuditEntry, opinions: list[tuple[int, datetime, str]]) -> str:
    near = [
        (abs(at - entry.at), words)
        for person, at, words in opinions
        if person == entry.actor_id and abs(at - entry.at) <= SAME_DEED
    ]
    return min(near)[1] if near else ""


def _logged(article: ArticlePage, audited: list[AuditEntry]) -> Iterator[Entry]:
    """What only Wagtail logs; what one of our services did is in the audit log already."""
    rows = PageLogEntry.objects.filter(
        page_id=article.pk, action__in=LOGGED_BY_WAGTAIL
    ).select_related("user")
    for row in rows:
        ours = any(
            entry.actor_id == row.user_id and abs(entry.at - row.timestamp) <= SAME_DEED
            for entry in audited
        )
        if not ours:
            event = Event(row.action, _name(row.user), {})
            yield Entry(row.timestamp, line(event))


def _written(article: ArticlePage, other: list[datetime]) -> Iterator[Entry]:
    """The saved drafts; what one person saved on one day with nothing between is one entry."""
    between = sorted(other)
    run: list[Any] = []
    before = 0
    for revision in article.saved_drafts():
        if run and not _goes_on(run[-1], revision, between):
            yield _run_entry(run, before)
            before, run = run[-1].pk, []
        run.append(revision)
    if run:
        yield _run_entry(run, before)


def _goes_on(last: Any, revision: Any, between: list[datetime]) -> bool:
    return (
        last.user_id == revision.user_id
        and timezone.localtime(last.created_at).date()
        == timezone.localtime(revision.created_at).date()
        and bisect_left(between, last.created_at) == bisect_left(between, revision.created_at)
    )


def _run_entry(run: list[Any], before: int) -> Entry:
    words = written(_name(run[-1].user), run[0].number, run[-1].number)
    return Entry(run[-1].created_at, words, (before, run[-1].pk) if before else None)


def _name(user: Any) -> str:
    return str(user) if user else SYSTEM
