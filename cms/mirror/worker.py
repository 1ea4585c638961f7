"""Rendering what is waiting: one process at a time, held by a lock that dies with it."""

import fcntl
import logging
import os
import signal
import threading
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
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from . import jobs, rendering
from .addresses import UNAVAILABLE
from .files import PAGES, Mark, Store, sha256
from .models import Closing, MirrorFile, MirrorJob

logger = logging.getLogger(__name__)

LOCK = "render.lock"
BATCH = 100  # addresses between two looks at what was asked meanwhile
LONGEST_REST = timedelta(hours=1)
MANY = 20  # files that are synced together, at the end
# Libraries keep a little of each page; processes are made anew before that adds up.
PAGES_PER_PROCESS = 5000
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
            keep_closed()
            with _renderers(processes) as renderers:
                while waiting := _next(BATCH * processes):
                    _take(renderers(list(waiting)), waiting, report)
                    if progress:
                        progress(report.done, _due().values("address").distinct().count())
                    if until is not None and time.monotonic() > until:
                        jobs.awake()  # who was woken meanwhile was turned away by the lock
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
    # Before anything is read: what is taken down from now on stays down.
    marks = [place.mark(address) for address in addresses]
    closed = closed_addresses()
    with rendering.many():
        return [
            _one(place, address, mark, address in closed)
            for address, mark in zip(addresses, marks, strict=True)
        ]


def closed_addresses() -> set[str]:
    """What is taken down by hand; with an empty address the whole mirror is."""
    return set(Closing.objects.filter(restored_at=None).values_list("address", flat=True))


def keep_closed() -> None:
    """Have servers read what the closings in force say, whatever became of the link."""
    place = store()
    for _ in range(3):  # somebody may close or restore it meanwhile
        # The link first: it is changed after the rows are.
        is_closed, wanted = place.is_closed, "" in closed_addresses()
        if is_closed == wanted:
            return
        if not wanted:
            place.switch(PAGES)
            continue
        if not place.path(UNAVAILABLE).exists():
            render_at_once([UNAVAILABLE])
        place.close()


def expected(address: str, is_closed: bool) -> rendering.Rendered:
    """What is to stand at ``address``; where it ``is_closed``, the general notice.

    Raises:
        Exception: whatever the view raises.
    """
    if is_closed:
        return rendering.Rendered(rendering.IS_GONE, rendering.render_gone())
    return rendering.render(address)


def is_outdated(address: str) -> bool:
    """Whether what was written at ``address`` is not what should be; for what changes with time.

    What was written, not what stands there: that others altered it is another matter.
    """
    made = expected(address, address in closed_addresses())
    written = MirrorFile.objects.filter(address=address).values_list("status", "sha256").first()
    return written != (made.status, sha256(made.body))


def _one(place: Store, address: str, mark: Mark, is_closed: bool) -> Outcome:
    try:
        made = expected(address, is_closed)
        if made.status == rendering.IS_GONE and place.gone_path(address) is None:
            made = rendering.Rendered(rendering.NOT_THERE)
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


def _due() -> QuerySet[MirrorJob]:
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
    # Those that rest after a failure as well: they ask for the same.
    rows = MirrorJob.objects.filter(address__in=waiting).order_by()
    for address, pk in rows.values_list("address", "pk"):
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
        yield _render_synced
        return
    pool = _Pool(processes)
    try:
        yield pool.render
    finally:
        pool.close()


def _render_synced(addresses: list[str]) -> list[Outcome]:
    is_bulk = len(addresses) >= MANY
    found = render_all(addresses, durable=not is_bulk)
    if is_bulk:
        os.sync()  # before anybody forgets that they were asked for
    return found


class _Pool:
    """Processes that render and write files; of the database they only read.

    They inherit the lock, so that nobody else begins while one of them is still at work.
    """

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self.executor: ProcessPoolExecutor | None = None
        self.rendered = 0

    def render(self, addresses: list[str]) -> list[Outcome]:
        if self.executor is None:
            self._open()
        shares = [addresses[start :: self.processes] for start in range(self.processes)]
        found = [one for share in self.executor.map(_in_bulk, shares) for one in share]
        os.sync()  # before anybody forgets that they were asked for
        self.rendered += len(addresses)
        if self.rendered >= PAGES_PER_PROCESS * self.processes:
            self.close()
        return found

    def close(self) -> None:
        if self.executor is not None:
            self.executor.shutdown()
            self.executor, self.rendered = None, 0

    def _open(self) -> None:
        connections.close_all()  # no two processes may share one
        self.executor = ProcessPoolExecutor(
            self.processes,
            mp_context=get_context("fork"),
            initializer=_begin,
            initargs=(os.getpid(),),
        )
        # The first task starts all processes, now, before this one opens a connection again.
        self.executor.submit(_nothing).result()


def _begin(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us when it is done
    threading.Thread(target=_end_with, args=[parent], daemon=True).start()


def _end_with(parent: int) -> None:
    """A parent that was killed tells nobody; without it what is rendered here is forgotten."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _nothing() -> None:
    """What a process is given to start with."""


def _in_bulk(addresses: list[str]) -> list[Outcome]:
    return render_all(addresses, durable=False)
