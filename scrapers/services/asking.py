"""Asking for runs: by a person, by the command, by the schedule."""

import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit
from rankings.periods import Month

from .. import fetching
from ..addresses import PatternError
from ..due import PastRun, due_month, month_to_fetch
from ..models import ASIDE_TRIGGERS, SETTLED_STATES, Candidate, Run, RunState, Source, Trigger
from .closing import close
from .discovering import confirm_candidate
from .errors import RunInProgress, ScrapeError
from .running import Fetch, Report, execute_run

logger = logging.getLogger(__name__)

EXECUTE = "scrapers.tasks.execute"


def run_source(
    actor: Any,
    source: Source,
    month: Month,
    trigger: str,
    *,
    fetch: Fetch = fetching.fetch,
    report: Report | None = None,
) -> Run:
    """Fetch ``source`` for ``month`` here and now and answer the finished run.

    ``report`` is told the label of each step as it begins. Raises ``PermissionDenied``,
    ``ScrapeError`` (a month that is not over) or ``RunInProgress``.
    """
    _may_run(actor)
    return execute_run(_create_run(actor, source, month, trigger).pk, fetch=fetch, report=report)


def request_run(actor: Any, source: Source, month: Month, trigger: str) -> Run:
    """Like ``run_source``, but by the worker; answers the run that waits for it."""
    _may_run(actor)
    return _request(actor, source, month, trigger)


def fetch_candidate(actor: Any, candidate: Candidate) -> Run:
    """Confirm an article found on an index page and let the worker fetch it.

    Whoever may say what is a list may have it fetched. Raises ``PermissionDenied``,
    ``ScrapeError``, or ``RunInProgress``; in the last case the article is confirmed all the same
    and the next run takes it.
    """
    held = confirm_candidate(actor, candidate)
    return _request(actor, held.source, held.statistics_month, Trigger.BUTTON, address=held.address)


def run_due_sources(now: datetime | None = None) -> list[Run]:
    """Request a run of every source that is due, and take up those whose worker is gone."""
    now = now or timezone.now()
    for run in Run.objects.stale(now):
        _enqueue(run.pk)
    requested = []
    for source, month in due_sources(now):
        try:
            requested.append(request_run(None, source, month, Trigger.SCHEDULE))
        except RunInProgress:
            continue  # someone pressed the button in this very moment
    return requested


def due_sources(now: datetime) -> list[tuple[Source, Month]]:
    """The active sources that are due, each with the month to fetch."""
    due = []
    for source in Source.objects.filter(active=True):
        try:
            month = due_month(
                now,
                source.day_list,
                source.hour,
                [
                    _past(run)
                    for run in source.runs.exclude(trigger__in=ASIDE_TRIGGERS).defer(
                        "extraction", "edits", "decision"
                    )
                ],
                monthly_address=source.has_months,
            )
        except (PatternError, ValidationError) as error:
            # One source with a broken setting must not stop the others.
            logger.error("source %s: %s", source.key, error)
            continue
        if month is not None:
            due.append((source, month))
    return due


def _past(run: Run) -> PastRun:
    return PastRun(
        run.statistics_month,
        run.requested_at,
        settled=run.state in SETTLED_STATES,
        is_open=run.is_open,
        scheduled=run.trigger == Trigger.SCHEDULE,
    )


def _may_run(actor: Any) -> None:
    if actor is not None and not actor.has_perm("scrapers.run_source"):
        raise PermissionDenied("您没有抓取来源的权限。")


def _request(actor: Any, source: Source, month: Month, trigger: str, *, address: str = "") -> Run:
    with transaction.atomic():
        run = _create_run(actor, source, month, trigger, address=address)
        _enqueue(run.pk)
    return run


def _create_run(
    actor: Any, source: Source, month: Month, trigger: str, *, address: str = ""
) -> Run:
    now = timezone.now()
    if month > month_to_fetch(now):
        raise ScrapeError(f"{month.label}还没有结束，榜单不可能已经发布。请选择更早的月份。")
    with transaction.atomic():
        # The row lock makes "one run at a time" hold across machines.
        source = Source.objects.select_for_update().get(pk=source.pk)
        for run in Run.objects.open().filter(source=source):
            if not run.is_silent(now):
                raise RunInProgress(run)
            close(run, RunState.FAILED, "抓取中断（进程被终止），已由新的抓取代替。", {})
        run = Run.objects.create(
            source=source,
            month=month.index,
            address=address,
            trigger=trigger,
            actor=actor,
            requested_at=now,
            heartbeat_at=now,
        )
        audit.record(actor, "scrape.request", run, {"month": str(month), "trigger": trigger})
    return run


def _enqueue(pk: int) -> None:
    transaction.on_commit(lambda: async_task(EXECUTE, pk, task_name=f"抓取 {pk}"))
