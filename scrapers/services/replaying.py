"""Reading the stored pages again with the extractor of today, before anything is written."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit
from rankings.evidence.service import EvidenceError
from rankings.periods import Month

from .. import checking, extract
from ..differences import changes
from ..extract import Extraction, PageRefused
from ..models import (
    OPEN_STATES,
    DifferenceState,
    Replay,
    ReplayDifference,
    ReplayState,
    Run,
    RunState,
    Step,
    Trigger,
)
from ..models.replays import SILENT_AFTER
from .errors import ScrapeError
from .extracting import extraction_of
from .sources import rules_of
from .validating import doubts_of

CONTINUE = "scrapers.tasks.replay"
# A task of the worker may last five minutes; it hands the rest on before that.
SLICE_SECONDS = 120

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Scope:
    """Which runs are read again: of a source (its key), from and to a month index."""

    source: str | None = None
    first: int | None = None
    last: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def words(self) -> str:
        """In Chinese: ``来源 institute，2017年9月至2019年8月``."""
        source = f"来源 {self.source}" if self.source else "所有来源"
        months = [None if n is None else Month.from_index(n).label for n in (self.first, self.last)]
        if months[0] == months[1]:
            return f"{source}，{months[0] or '所有月份'}"
        return f"{source}，{months[0] or '最早'}至{months[1] or '最近'}"


class ReplayLost(ScrapeError):
    """Another worker has taken the replay up."""

    def __init__(self) -> None:
        super().__init__("这次重放已由另一个进程接着做，请到“重放”查看。")


def start_replay(actor: Any, scope: Scope = Scope()) -> Replay:
    """Begin a replay, or take up the one of this scope and extractor that was interrupted.

    An interrupted one of another scope or extractor ends where it stands. Raises
    ``PermissionDenied``, or ``ScrapeError`` while another one is under way.
    """
    if actor is not None and not actor.has_perm("scrapers.run_replay"):
        raise PermissionDenied("您没有重放存证的权限。")
    now = timezone.now()
    try:
        with transaction.atomic():
            running = Replay.objects.select_for_update().filter(state=ReplayState.RUNNING).first()
            if running is not None:
                if not running.is_silent(now):
                    raise ScrapeError(
                        "另一次重放正在进行，请等它结束。"
                        "如果它已经被终止，两分钟以后再试，会从停下的地方接着做。"
                    )
                if (running.scope, running.version) == (scope.to_json(), extract.VERSION):
                    running.heartbeat_at = now
                    running.save(update_fields=["heartbeat_at"])
                    return running
                _end(running)
            replay = Replay.objects.create(
                version=extract.VERSION,
                actor=actor,
                scope=scope.to_json(),
                started_at=now,
                heartbeat_at=now,
            )
            audit.record(actor, "replay.start", replay, {"version": extract.VERSION})
            return replay
    except IntegrityError as error:
        raise ScrapeError("另一次重放刚刚开始，请到“重放”查看。") from error


def request_replay(actor: Any, scope: Scope = Scope()) -> Replay:
    """Like ``start_replay``, carried out by the worker."""
    with transaction.atomic():
        replay = start_replay(actor, scope)
        _enqueue(replay)
    return replay


def continue_replay(
    replay: Replay,
    *,
    limit: int | None = None,
    seconds: float | None = None,
    report: Report | None = None,
) -> Replay:
    """Read pages until all are read, or ``limit`` pages or ``seconds`` are over.

    Each page is kept with its differences before the next is begun. ``report`` is told how many
    pages are read and how many there are. Raises ``ReplayLost``.
    """
    begun = time.monotonic()
    left = _runs(replay).filter(pk__gt=replay.position)
    total = replay.read + left.count()
    for done, pk in enumerate(list(left.values_list("pk", flat=True))):
        over = limit is not None and done >= limit
        late = seconds is not None and time.monotonic() - begun >= seconds
        if over or late:
            _let_go(replay)
            return replay
        try:
            _read_one(replay, pk)
        except KeyboardInterrupt:
            _let_go(replay)
            raise
        if report is not None:
            report(replay.read, total)
    with transaction.atomic():
        held = Replay.objects.select_for_update().get(pk=replay.pk)
        if held.state == ReplayState.RUNNING:
            if held.position != replay.position:
                raise ReplayLost
            _end(held)
    return held


def work_on_replay(pk: int) -> Replay:
    """The worker's share: some of the pages, and the rest by another task."""
    replay = Replay.objects.get(pk=pk)
    if replay.state == ReplayState.RUNNING:
        try:
            replay = continue_replay(replay, seconds=SLICE_SECONDS)
        except ReplayLost:
            return Replay.objects.get(pk=pk)
        if replay.state == ReplayState.RUNNING:
            _enqueue(replay)
    return replay


def apply_difference(actor: Any, difference: ReplayDifference) -> Run:
    """Put the new reading on the review desk, as a new run of the same evidence.

    Nothing is recorded before a person accepts it there. Raises ``PermissionDenied`` or
    ``ScrapeError``.
    """
    with transaction.atomic():
        held = _hold(actor, difference)
        old = held.run
        if held.is_unreadable:
            raise ScrapeError("这一页的存证读不出来，没有新的结果可以核对。")
        judgement = checking.judge(held.extraction, old.statistics_month, rules_of(old.source))
        if judgement.outcome is checking.Outcome.FAILED:
            raise ScrapeError(f"新的结果没有可以核对的名次：{judgement.reason}")
        now = timezone.now()
        run = Run(
            source=old.source,
            month=old.month,
            trigger=Trigger.REPLAY,
            actor=actor,
            address=old.address,
            state=RunState.REVIEW,
            step=Step.CHECK,
            sighting=old.sighting,
            extraction=held.extraction,
            extractor_version=held.replay.version,
            requested_at=now,
            started_at=now,
            heartbeat_at=now,
            finished_at=now,
        )
        if judgement.outcome is checking.Outcome.TRANSCRIPTION:
            run.state = RunState.TRANSCRIPTION
        doubts = "".join(doubts_of(run, judgement.matches))
        run.reason = (
            f"{held.replay}读出的与第 {old.pk} 号抓取记录有 {len(held.changes)} 处不同，"
            f"请对照页面核对。{judgement.reason}{doubts}"
        )
        run.save()
        _decide(actor, held, DifferenceState.APPLIED, "replay.apply")
    return run


def dismiss_difference(actor: Any, difference: ReplayDifference) -> ReplayDifference:
    """Leave what was read before as it is. Raises ``PermissionDenied`` or ``ScrapeError``."""
    with transaction.atomic():
        held = _hold(actor, difference)
        _decide(actor, held, DifferenceState.DISMISSED, "replay.dismiss")
    return held


def _runs(replay: Replay) -> QuerySet[Run]:
    """The runs to read again, oldest first: of each page that was read the latest run."""
    scope = Scope(**replay.scope)
    within = Q(sighting__isnull=False) & ~Q(state__in=OPEN_STATES)
    # Read, or refused by the extractor of its day.
    within &= Q(extraction__isnull=False) | Q(state=RunState.FAILED, step=Step.EXTRACT)
    later = Run.objects.filter(
        within,
        source=OuterRef("source"),
        month=OuterRef("month"),
        sighting__capture=OuterRef("sighting__capture"),
        pk__gt=OuterRef("pk"),
    )
    runs = Run.objects.filter(within & ~Exists(later)).order_by("pk")
    if scope.source is not None:
        runs = runs.filter(source__key=scope.source)
    if scope.first is not None:
        runs = runs.filter(month__gte=scope.first)
    if scope.last is not None:
        runs = runs.filter(month__lte=scope.last)
    return runs


def _read_one(replay: Replay, pk: int) -> None:
    run = Run.objects.select_related("source", "sighting__capture").get(pk=pk)
    unreadable = False
    try:
        new = extraction_of(run.sighting, run.source.selector)
    except PageRefused as error:
        new = Extraction.refused(str(error)).to_json(explain=True)
    except EvidenceError as error:
        new, found, unreadable = {}, [str(error)], True
    if not unreadable:
        found = changes(run.extraction, new)
    with transaction.atomic():
        mine = Replay.objects.filter(
            pk=replay.pk, state=ReplayState.RUNNING, position=replay.position
        )
        now = timezone.now()
        if not mine.update(
            position=pk,
            read=replay.read + 1,
            unreadable=replay.unreadable + unreadable,
            heartbeat_at=now,
        ):
            raise ReplayLost
        if found:
            ReplayDifference.objects.create(replay=replay, run=run, changes=found, extraction=new)
    replay.position, replay.heartbeat_at = pk, now
    replay.read += 1
    replay.unreadable += unreadable


def _let_go(replay: Replay) -> None:
    """Say that nobody works on it, so that it may be taken up at once."""
    Replay.objects.filter(pk=replay.pk, position=replay.position).update(
        heartbeat_at=timezone.now() - 2 * SILENT_AFTER
    )


def _end(replay: Replay) -> None:
    replay.state, replay.finished_at = ReplayState.DONE, timezone.now()
    replay.save(update_fields=["state", "finished_at"])


def _enqueue(replay: Replay) -> None:
    transaction.on_commit(
        lambda: async_task(CONTINUE, replay.pk, task_name=f"重放 {replay.pk} {replay.position}")
    )


def _hold(actor: Any, difference: ReplayDifference) -> ReplayDifference:
    if actor is None or not actor.has_perm("scrapers.review_run"):
        raise PermissionDenied("您没有核对抓取结果的权限。")
    held = (
        ReplayDifference.objects.select_for_update(of=("self",))
        .select_related("replay", "run__source", "run__sighting")
        .get(pk=difference.pk)
    )
    if held.state != DifferenceState.OPEN:
        raise ScrapeError(f"这处不同已经是“{held.get_state_display()}”，请刷新页面查看。")
    return held


def _decide(actor: Any, held: ReplayDifference, state: str, action: str) -> None:
    held.state, held.decided_by, held.decided_at = state, actor, timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(
        actor,
        action,
        held.run,
        {"month": str(held.run.statistics_month), "version": held.replay.version},
    )
