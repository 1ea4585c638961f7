"""Rendering what is waiting: one process at a time, held by a lock that dies with it."""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from . import jobs, rendering
from .files import Store, sha256
from .models import Closing, MirrorFile, MirrorJob

logger = logging.getLogger(__name__)

LOCK = "render.lock"
BATCH = 100  # addresses between two looks at what was asked meanwhile
LONGEST_REST = timedelta(hours=1)
Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What a run did: files that are new, files that were right already, failures."""

    written: int = 0
    unchanged: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    is_busy: bool = False

    @property
    def done(self) -> int:
        return self.written + self.unchanged


@dataclass(frozen=True)
class Outcome:
    """What became of one address; ``status`` 0 when it failed."""

    address: str
    status: int
    is_new: bool = False
    sha256: str = ""
    size: int = 0
    error: str = ""


def store(*, durable: bool = True) -> Store:
    """The installation's mirror."""
    found = Store(Path(settings.MIRROR_ROOT), durable=durable)
    found.prepare()
    return found


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether this process may write the mirror now; nobody else may until the block ends."""
    store()
    with (Path(settings.MIRROR_ROOT) / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def render_pending(
    *, seconds: float | None = None, processes: int = 1, progress: Progress | None = None
) -> Report:
    """Render what is waiting, newest requests first, until none is left or ``seconds`` have passed.

    What people have just done does not wait behind a rebuilding of everything. ``progress`` gets
    the number of addresses done and of those that wait.
    """
    report = Report()
    until = None if seconds is None else time.monotonic() + seconds
    while True:
        with only_one() as mine:
            if not mine:
                report.is_busy = True
                return report
            jobs.awake()
            store().sweep()
            with _renderers(processes) as renderers:
                while waiting := _next(BATCH * processes):
                    _take(renderers(list(waiting)), waiting, report)
                    if progress:
                        progress(report.done, _due().values("address").distinct().count())
                    if until is not None and time.monotonic() > until:
                        jobs.wake()
                        return report
        # Somebody may have been turned away by the lock while the last look was taken.
        if not _due().exists():
            return report


def render_at_once(addresses: Iterable[str]) -> None:
    """Render now, in this process, beside whoever is at work: for what must not wait to vanish.

    Whatever fails is left to the worker.
    """
    try:
        keep(render_all(list(addresses)))
    except Exception:
        logger.exception("the mirror could not be changed at once: %s", addresses)


def render_all(addresses: Sequence[str], *, durable: bool = True) -> list[Outcome]:
    """Render ``addresses`` and write their files; failures are outcomes, not exceptions."""
    place = store(durable=durable)
    closed = set(Closing.objects.filter(restored_at=None).values_list("address", flat=True))
    with rendering.many():
        return [_one(place, address, address in closed) for address in addresses]


def _one(place: Store, address: str, is_closed: bool) -> Outcome:
    mark = place.mark(address)
    try:
        if is_closed:
            made = rendering.Rendered(rendering.IS_GONE, rendering.render_gone())
        else:
            made = rendering.render(address)
        if made.status == rendering.OK:
            new = place.put(address, made.body, mark)
        elif made.status == rendering.IS_GONE:
            new = place.take_down(address, made.body)
        else:
            new = place.remove(address)
    except Exception as error:
        logger.exception("%s could not be rendered", address)
        return Outcome(address, 0, error=f"{type(error).__name__}: {error}"[:300])
    return Outcome(address, made.status, new, sha256(made.body), len(made.body))


def keep(outcomes: Sequence[Outcome]) -> None:
    """Write down what now lies where."""
    now = timezone.now()
    standing = [each for each in outcomes if each.status in (200, 410)]
    MirrorFile.objects.bulk_create(
        (
            MirrorFile(
                address=each.address,
                status=each.status,
                sha256=each.sha256,
                size=each.size,
                written_at=now,
            )
            for each in sorted(standing, key=lambda each: each.address)
        ),
        update_conflicts=True,
        unique_fields=["address"],
        update_fields=["status", "sha256", "size", "written_at"],
    )
    gone = [each.address for each in outcomes if each.status == rendering.NOT_THERE]
    if gone:
        MirrorFile.objects.filter(address__in=gone).delete()


def _due() -> "QuerySet[MirrorJob]":  # noqa: F821
    return MirrorJob.objects.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()))


def _next(size: int) -> dict[str, list[int]]:
    """The next batch, after what has come to be shown was looked up."""
    while _look_up(size):
        pass
    return _batch(size)


def _look_up(size: int) -> bool:
    """Write down where things are shown that were written down themselves; whether there were any.

    One that cannot be looked up rests like a page that cannot be rendered.
    """
    rows = _due().exclude(subject="").order_by("-pk").values_list("pk", "subject", "reason")[:size]
    found: dict[str, str] = {}
    done: list[int] = []
    known: dict[str, set[str]] = {}
    for pk, subject, reason in rows:
        try:
            if subject not in known:
                known[subject] = jobs.addresses_of(subject)
        except Exception as error:
            logger.exception("where %s is shown could not be looked up", subject)
            _postpone([pk], f"{type(error).__name__}: {error}"[:300])
            continue
        found |= dict.fromkeys(known[subject], reason)
        done.append(pk)
    with transaction.atomic():
        jobs.write(found)
        MirrorJob.objects.filter(pk__in=done).delete()
    return bool(done)


def _batch(size: int) -> dict[str, list[int]]:
    """The next addresses with the jobs that ask for each, newest first."""
    addresses = _due().filter(subject="").order_by("-pk").values_list("address", flat=True)
    newest = list(addresses[:size])
    waiting: dict[str, list[int]] = {address: [] for address in newest}
    for address, pk in _due().filter(address__in=waiting).values_list("address", "pk"):
        waiting[address].append(pk)
    return waiting


def _take(outcomes: Sequence[Outcome], waiting: dict[str, list[int]], report: Report) -> None:
    keep([each for each in outcomes if each.status])
    done = [pk for each in outcomes if each.status for pk in waiting[each.address]]
    MirrorJob.objects.filter(pk__in=done).delete()
    for each in outcomes:
        if each.status:
            report.written += each.is_new
            report.unchanged += not each.is_new
        else:
            report.failed.append((each.address, each.error))
            _postpone(waiting[each.address], each.error)


def _postpone(pks: list[int], error: str) -> None:
    """Twice as long a rest after each failure, an hour at most."""
    first = MirrorJob.objects.filter(pk__in=pks).order_by("-attempts").first()
    attempts = first.attempts if first else 0
    rest = min(timedelta(seconds=15) * 2**attempts, LONGEST_REST)
    MirrorJob.objects.filter(pk__in=pks).update(
        attempts=F("attempts") + 1, error=error, retry_at=timezone.now() + rest
    )


@contextmanager
def _renderers(processes: int) -> Iterator[Callable[[list[str]], list[Outcome]]]:
    """Something that renders a list of addresses, on as many processors as are wanted."""
    if processes == 1:
        yield render_all
        return
    connections.close_all()  # no two processes may share one
    with ProcessPoolExecutor(
        processes, mp_context=get_context("fork"), initializer=connections.close_all
    ) as pool:

        def on_all(addresses: list[str]) -> list[Outcome]:
            shares = [addresses[start::processes] for start in range(processes)]
            found = [one for share in pool.map(_in_bulk, shares) for one in share]
            os.sync()  # before anybody forgets that they were asked for
            return found

        yield on_all


def _in_bulk(addresses: list[str]) -> list[Outcome]:
    return render_all(addresses, durable=False)
