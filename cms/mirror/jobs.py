"""What is to be rendered, written down in the transaction of the change.

The rows are the truth; waking the worker only saves waiting for its next round.
"""

import itertools
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model
from django_q.tasks import async_task
from wagtail.models import Page

from . import registry
from .addresses import is_proper
from .models import MirrorFile, MirrorJob

BATCH = 500
# A waking that was lost (a queue that was emptied, a worker that was killed) is made up for by
# the schedule each minute; until then others need not send the same again.
AWAKE, AWAKE_SECONDS = "mirror.awake", 30
TASK = "cms.mirror.tasks.render"

_held: ContextVar[dict[str, str] | None] = ContextVar("held", default=None)


def request(addresses: Iterable[str], reason: str) -> None:
    """Have ``addresses`` rendered after the caller's transaction; ``reason`` is told to people.

    Raises:
        ValueError: one of them cannot stand in the mirror.
    """
    wanted = dict.fromkeys(addresses, reason[:120])
    if bad := [address for address in wanted if not is_proper(address)]:
        raise ValueError(f"not addresses of the mirror: {bad}")
    if (held := _held.get()) is not None:
        held.update(wanted)
    else:
        write(wanted)


def write(wanted: dict[str, str]) -> None:
    """Write jobs: addresses with the reason each is wanted for."""
    if not wanted:
        return
    MirrorJob.objects.bulk_create(
        (MirrorJob(address=address, reason=reason) for address, reason in wanted.items()),
        batch_size=BATCH,
    )
    _wake_on_commit()


def _wake_on_commit() -> None:
    connection = transaction.get_connection()
    if not any(waiting is wake for _, waiting, *_ in connection.run_on_commit):
        transaction.on_commit(wake)


@contextmanager
def requested_together() -> Iterator[None]:
    """Write what is requested in this block once, at its end: for work on many objects.

    Only inside a transaction, which the requests belong to; nothing is written after an exception.
    """
    if _held.get() is not None:
        yield
        return
    held: dict[str, str] = {}
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
    write(held)


def changed(instance: Model, reason: str, before: Iterable[str] = ()) -> None:
    """Have all pages rendered that show ``instance`` from now on, and those that did ``before``.

    Which ones show it the worker finds out.
    """
    request(before, reason)
    MirrorJob.objects.create(subject=f"{instance._meta.label_lower}:{instance.pk}", reason=reason)
    _wake_on_commit()


def addresses_of(subject: str) -> set[str]:
    """Where the thing that `changed` wrote down is shown now; nowhere when it is gone."""
    label, _, pk = subject.rpartition(":")
    model = apps.get_model(label)
    instance = model._default_manager.filter(pk=pk).first()
    if instance is None or (isinstance(instance, Page) and not instance.live):
        return set()
    return registry.dependents_of(instance)


def everything(reason: str, more: Iterable[str] = ()) -> None:
    """Have every page rendered, for a change that all of them show.

    With them what the mirror wrote once, so that what no longer belongs is removed, and ``more``.
    """
    written = MirrorFile.objects.values_list("address", flat=True).iterator()
    request(itertools.chain(written, more, registry.all_addresses()), reason)


def wake() -> None:
    """Tell the worker that there is something to do, unless somebody has just done so."""
    if cache.add(AWAKE, time.time(), AWAKE_SECONDS):
        async_task(TASK, task_name="mirror")


def awake() -> None:
    """The worker looks now: whatever is committed from here on must wake it again."""
    cache.delete(AWAKE)
