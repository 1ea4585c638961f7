"""Comparing the files with what they should be; telling what others did to them.

A difference that a waiting job explains is none. Whatever looks wrong is looked at again while
nobody renders, so that a page that was just being written is never taken for an altered one.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cms.ops import audit, notices
from cms.users.holders import holders

from . import jobs, registry, release, rendering, worker
from .addresses import DAY_STYLE
from .files import COMPRESSED, Store, sha256
from .models import Alteration, DifferenceKind, MirrorFile, MirrorJob, VerificationRound

logger = logging.getLogger(__name__)

BATCH = 100
SUBJECTS = 200  # more of them are looked up within moments
TOLD = 200  # of what was altered; whoever alters more has altered all
# One task of the queue begins nothing new after so many seconds, and holds the round no longer.
TASK_SECONDS = 120
HELD = timedelta(minutes=10)
QUICK_EVERY = timedelta(hours=1)
FULL_FROM = 2  # o'clock: at night, and not at midnight, when much else begins
ALTERED = "mirror.altered"
WATCHER = "mirror.rebuild_mirror"


@dataclass(frozen=True)
class Difference:
    """``is_altered``: the file is not as the mirror wrote it; else a change passed it by."""

    address: str
    kind: DifferenceKind
    is_altered: bool = True
    error: str = ""
    path: Path | None = None  # of what has no address

    def __str__(self) -> str:
        return f"{self.kind.label} {self.address}" + (f"（{self.error}）" if self.error else "")


@dataclass
class Result:
    """``waiting`` are addresses a job will render; ``undecided`` what was being written."""

    checked: int = 0
    waiting: int = 0
    undecided: int = 0
    differences: list[Difference] = field(default_factory=list)


# --- looking ------------------------------------------------------------------------------------


def all_known(*, is_full: bool) -> list[str]:
    """Every address there is, was written, or lies on the disk, in order."""
    found = {address for address, _ in worker.store().addresses()}
    found.update(MirrorFile.objects.values_list("address", flat=True).iterator())
    if is_full:
        found.update(registry.all_addresses())
    return sorted(found)


def verify(*, is_full: bool, after: str = "", patience: float = 0) -> Iterator[tuple[str, Result]]:
    """Compare everything beyond the address ``after``, a batch at a time.

    Yields the last address of each batch with what was found in it; at the very end, with an
    empty address, the files that belong to no address.
    """
    refresh_day()
    known = [address for address in all_known(is_full=is_full) if address > after]
    place, told = worker.store(), set()
    for start in range(0, len(known), BATCH):
        batch = known[start : start + BATCH]
        found = compare(batch, is_full=is_full, patience=patience)
        told.update(place.path(each.address) for each in found.differences)
        yield batch[-1], found
    strangers = [
        Difference(f"/{_words(path, place.pages)}", DifferenceKind.STRANGER, path=path)
        for path in place.strangers()
        if path.with_suffix("") not in told  # the copy of a page that was told of
    ]
    yield "", Result(differences=strangers)


def compare(addresses: list[str], *, is_full: bool, patience: float = 0) -> Result:
    """What differs at ``addresses``.

    Where somebody is rendering, what looks wrong is left ``undecided`` after ``patience`` seconds.
    """
    result = Result(len(addresses))
    suspects = [each.address for each in _look(addresses, is_full)]
    suspects, result.waiting = _without_jobs(suspects)
    if not suspects:
        return result
    until = time.monotonic() + patience
    while True:
        with worker.only_one() as mine:
            if mine:
                found = {each.address: each for each in _look(suspects, is_full)}
                # Asked after the files were read: who writes one has asked for it before.
                certain, waiting = _without_jobs(list(found))
                result.waiting += waiting
                result.differences = [found[address] for address in certain]
                return result
        if time.monotonic() >= until:
            result.undecided = len(suspects)
            return result
        time.sleep(0.2)


def _without_jobs(addresses: list[str]) -> tuple[list[str], int]:
    jobs_of_them = MirrorJob.objects.filter(address__in=addresses)
    waiting = set(jobs_of_them.values_list("address", flat=True))
    if len(waiting) < len(addresses):
        # Things whose pages are still to be looked up.
        subjects = (
            MirrorJob.objects.exclude(subject="").order_by().values_list("subject", flat=True)
        )
        for subject in subjects.distinct()[:SUBJECTS]:
            waiting |= jobs.addresses_of(subject).intersection(addresses)
    return [address for address in addresses if address not in waiting], len(waiting)


def _look(addresses: list[str], is_full: bool) -> list[Difference]:
    place = worker.store()
    rows = {row.address: row for row in MirrorFile.objects.filter(address__in=addresses)}
    if not is_full:
        return [found for each in addresses if (found := _against_row(place, each, rows.get(each)))]
    closed = worker.closed_addresses()
    with rendering.many():
        return [
            found
            for each in addresses
            if (found := _against_rendering(place, each, each in closed, rows.get(each)))
        ]


def _against_row(place: Store, address: str, row: MirrorFile | None) -> Difference | None:
    found = _read(place, address)
    same = row is not None and found is not None and row.sha256 == sha256(found[1])
    kind = _kind(place, address, row.status if row else rendering.NOT_THERE, found, same)
    return Difference(address, kind) if kind else None


def _against_rendering(
    place: Store, address: str, is_closed: bool, row: MirrorFile | None
) -> Difference | None:
    found = _read(place, address)
    try:
        made = worker.expected(address, is_closed)
    except Exception as error:
        logger.exception("%s could not be rendered", address)
        reason = f"{type(error).__name__}: {error}"[:300]
        return Difference(address, DifferenceKind.FAILED, is_altered=False, error=reason)
    status = made.status
    if status == rendering.IS_GONE and place.gone_path(address) is None:
        status = rendering.NOT_THERE
    kind = _kind(place, address, status, found, found is not None and found[1] == made.body)
    if kind is None:
        return None
    as_written = (row.status, row.sha256) if row else None
    as_it_is = (found[0], sha256(found[1])) if found else None
    return Difference(address, kind, kind == DifferenceKind.COPY or as_written != as_it_is)


def _read(place: Store, address: str) -> tuple[int, bytes] | None:
    """What stands there; something that cannot be read as a file counts as other bytes."""
    try:
        return place.read(address)
    except OSError:
        return rendering.OK, b""


def _kind(
    place: Store, address: str, status: int, found: tuple[int, bytes] | None, same: bool
) -> DifferenceKind | None:
    if status == rendering.NOT_THERE:
        return DifferenceKind.EXTRA if found else None
    if found is None:
        return DifferenceKind.MISSING
    if found[0] != status:
        gone = status == rendering.IS_GONE
        return DifferenceKind.NOTICE if gone else DifferenceKind.DIFFERENT
    if not same:
        return DifferenceKind.DIFFERENT
    if not place.compressed_copy_agrees(address, *found):
        return DifferenceKind.COPY
    return None


# --- mending --------------------------------------------------------------------------------------


def refresh_day() -> None:
    """What depends on the date is no difference: have it rendered when the date has changed."""
    if worker.is_outdated(DAY_STYLE):
        jobs.request([DAY_STYLE], "日期变化")


def repair(differences: Iterable[Difference]) -> int:
    """Keep what was altered aside and have the right pages rendered; how many those are."""
    differences = list(differences)
    moment = f"{timezone.localtime():%Y%m%d-%H%M%S}"
    altered = [each for each in differences if each.is_altered]
    # Where a job has come since, the right page may stand there by now: that is not moved away.
    still, _ = _without_jobs([each.address for each in altered])
    kept = {
        each.address: _set_aside(each, moment) if each.path or each.address in still else ""
        for each in altered
    }
    _note_altered(altered, kept)
    wanted = [each.address for each in differences if each.kind != DifferenceKind.STRANGER]
    jobs.request(wanted, "核对发现不一致")
    # Where something was moved away nothing stands now.
    worker.render_at_once([each for each in wanted if each in kept][:TOLD])
    return len(wanted)


def _set_aside(difference: Difference, moment: str) -> str:
    """Move page, notice and copies away; where the page lies now, below the mirror's folder."""
    place = worker.store()
    if difference.path:
        paths: list[Path | None] = [difference.path]
    else:
        paths = [place.path(difference.address), place.gone_path(difference.address)]
        paths += [path.with_name(path.name + COMPRESSED) for path in paths if path]
    kept = ""
    for path in paths:
        if path is None or not (path.exists() or path.is_symlink()):
            continue
        try:
            moved = place.set_aside(path, moment)
        except OSError:
            logger.exception("%s could not be kept", path)
        else:
            kept = kept or _words(moved, place.root)
    return kept


def _words(path: Path, base: Path) -> str:
    """Names that others chose may hold bytes that are no letters."""
    return path.relative_to(base).as_posix().encode("utf-8", "backslashreplace").decode()


@transaction.atomic
def _note_altered(altered: list[Difference], kept: dict[str, str]) -> None:
    if not altered:
        return
    told = altered[:TOLD]
    Alteration.objects.bulk_create(
        Alteration(address=each.address[:1000], kind=each.kind, kept_as=kept[each.address][:1200])
        for each in told
    )
    named = "、".join(str(each) for each in told[:3])
    message = (
        f"镜像文件被改动，共 {len(altered)} 处：{named}{'等' if len(altered) > 3 else ''}。"
        "原样已存到 mirror/altered，正确的页面正在重新生成。请马上查服务器被谁登录过。"
    )
    logger.error("files of the mirror were altered: %s", [str(each) for each in told])
    audit.record(
        None, ALTERED, None, {"number": len(altered), "where": [each.address for each in told[:20]]}
    )
    notices.send_to(holders(WATCHER), ALTERED, message, reverse("mirror_status"), by_mail=True)


# --- rounds ---------------------------------------------------------------------------------------


def continue_round(*, is_full: bool, clock: Callable[[], float] = time.monotonic) -> str:
    """Compare some more; run by the schedule. What a killed worker has not noted is done again."""
    if not release.is_built():
        return "镜像还没有建好，先不核对"
    current = _claimed(is_full)
    if current is None:
        return "还没有到下一次核对的时间"
    begun = clock()
    for last, found in verify(is_full=is_full, after=current.position):
        _keep(current, found)
        if not last:
            current.finished_at = timezone.now()
        else:
            current.position = last
        if clock() - begun >= TASK_SECONDS:
            break
        current.save()
    current.busy_until = None
    current.save()
    return f"核对 {current.checked}，待更新 {current.waiting}，被改动 {current.altered}"


def _keep(current: VerificationRound, found: Result) -> None:
    if found.differences:
        altered = sum(each.is_altered for each in found.differences)
        current.altered += altered
        current.outdated += len(found.differences) - altered
        for each in found.differences:
            if not each.is_altered:
                logger.error("the mirror missed a change: %s", each)
        repair(found.differences)
    current.checked += found.checked
    current.waiting += found.waiting + found.undecided


def _claimed(is_full: bool) -> VerificationRound | None:
    now = timezone.now()
    with transaction.atomic():
        rows = VerificationRound.objects.select_for_update().filter(is_full=is_full)
        last = rows.first()
        if last is None or (last.finished_at is not None and _is_time(last, now)):
            last = VerificationRound(is_full=is_full)
        elif last.finished_at is not None or (last.busy_until and last.busy_until > now):
            return None
        last.busy_until = now + HELD
        last.save()
    return last


def _is_time(last: VerificationRound, now: datetime) -> bool:
    if not last.is_full:
        return now - last.started_at >= QUICK_EVERY
    local = timezone.localtime(now)
    return local.hour >= FULL_FROM and timezone.localtime(last.started_at).date() < local.date()


@transaction.atomic
def request_round(*, is_full: bool) -> VerificationRound:
    """Have a round begin now, or go on with the one that runs."""
    rows = VerificationRound.objects.select_for_update().filter(is_full=is_full)
    running = rows.filter(finished_at=None).first()
    return running or VerificationRound.objects.create(is_full=is_full)
