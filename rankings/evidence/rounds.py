"""The weekly look at all evidence, a little at a time, so that no damage stays unseen."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from .models import Capture, Round
from .service import Condition, Finding, examine, verify

EVERY = timedelta(days=7)
# One task of the queue begins nothing new after so many seconds.
TASK_SECONDS = 120
# Longer than the queue lets a task live: whoever held the round that long was killed.
HELD = timedelta(minutes=10)
# So many in a row that cannot be read: the store is away, and nothing is learnt by going on.
UNREADABLE = 5
# When a whole disk is gone, so many are enough to tell.
MOST_FAULTS = 1000
LOOKED_AT_AGAIN = 200
KEEP_EVERY = 50


def continue_round(clock: Callable[[], float] = time.monotonic) -> int:
    """Look at some more evidence, and again at what was found faulty; answers how many.

    Run by the schedule. A round begins a week after the last one began; what a worker that was
    killed has not noted is looked at again.
    """
    now = timezone.now()
    current = _claimed(now)
    if current is None:
        return 0
    _look_again(current)
    begun, looked = clock(), 0
    if current.finished_at is None:
        looked = _go_on(current, lambda: clock() - begun < TASK_SECONDS)
    current.busy_until = None
    current.save()
    return looked


def _claimed(now: datetime) -> Round | None:
    with transaction.atomic():
        last = Round.objects.select_for_update().first()
        over = last is None or (last.finished_at is not None and last.started_at <= now - EVERY)
        if over:
            if not Capture.objects.exists():
                return None
            # Old faults are faults until they are seen to be mended.
            last = Round(started_at=now, faults=last.faults if last else {})
        elif last.busy_until is not None and last.busy_until > now:
            return None
        last.busy_until = now + HELD
        last.save()
    return last


def _look_again(current: Round) -> None:
    """What was put back from a backup is no fault any more."""
    for capture in Capture.objects.filter(pk__in=[*current.faults][:LOOKED_AT_AGAIN]):
        finding = examine(capture)
        if finding.condition is not Condition.UNREADABLE:
            _note(current, finding)


def _go_on(current: Round, has_time: Callable[[], bool]) -> int:
    looked, missed = 0, []
    current.problem = ""
    for finding in verify(current.position + 1):
        if finding.condition is Condition.UNREADABLE:
            missed.append(finding)
            if len(missed) >= UNREADABLE:
                current.problem = finding.message
                return looked
        else:
            for each in [*missed, finding]:
                _note(current, each)
                current.position = each.capture.pk
                current.checked += 1
                looked += 1
            missed = []
        if looked and looked % KEEP_EVERY == 0:
            current.save()
        if not has_time():
            # A store that is slow to refuse would use up every task.
            current.problem = missed[-1].message if missed else ""
            return looked
    for each in missed:
        _note(current, each)
    current.checked += len(missed)
    current.finished_at = timezone.now()
    return looked + len(missed)


def _note(current: Round, finding: Finding) -> None:
    key = str(finding.capture.pk)
    if finding.condition is Condition.SOUND:
        current.faults.pop(key, None)
    elif len(current.faults) < MOST_FAULTS:
        current.faults[key] = {"condition": finding.condition, "message": finding.message}


def is_late(now: datetime) -> bool:
    """Whether no round has been finished for two weeks though there was evidence all the time."""
    since = now - 2 * EVERY
    if not Capture.objects.filter(stored_at__lt=since).exists():
        return False
    return not Round.objects.filter(finished_at__gte=since).exists()
