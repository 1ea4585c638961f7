"""Carrying a run out: 抓取 → 存证 → 解析 → 核对 → 入库.

Each step is kept before the next begins, so that a run whose worker was killed is taken up where
it stood. Evidence is stored before anything is read out of it.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting
from rankings.evidence.service import EvidenceError
from rankings.models import Board
from rankings.services import RankingError

from .. import checking, extract, fetching
from ..addresses import PatternError
from ..discovery import IndexUnreadable
from ..extract import PageRefused
from ..fetch_errors import AddressRefused, FetchError
from ..models import SETTLED_STATES, Run, RunState, Step, Trigger
from . import discovering
from .closing import close, counts_sentence
from .errors import ScrapeError
from .extracting import extraction_of
from .hosts import HostRows
from .noticing import tell_failures, tell_layout
from .pictures import note_pictures
from .recording import BoardChoice, record_choices
from .sources import rules_of
from .validating import doubts_of, likeness

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# A page looked at longer ago is asked for in full, whatever its server says of changes: revised
# lists come about a week after the first.
TRUST_UNCHANGED = timedelta(days=3)

Fetch = Callable[..., fetching.FetchedPage]
Report = Callable[[str], None]


class _RunLost(Exception):
    """Another worker has taken the run up; this one must leave it alone."""


class _Ended(Exception):
    """The run ends in ``state``, with this sentence."""

    state = RunState.UNCHANGED


class _Failed(_Ended):
    state = RunState.FAILED


class _Unreadable(_Failed):
    """The page came, and nothing could be made of it."""


def execute_run(pk: int, *, fetch: Fetch = fetching.fetch, report: Report | None = None) -> Run:
    """Carry the run out, unless another worker has it; answers its row as it then stands.

    May be called for the same run any number of times: by the queue again, or after a kill.
    """
    run = _claim(pk)
    if run is not None:
        try:
            _carry_out(run, fetch, report or (lambda step: None))
        except _Ended as end:
            _finish(run, end.state, str(end), unreadable=isinstance(end, _Unreadable))
        except _RunLost:
            logger.warning("run %s was taken up by another worker", pk)
        except KeyboardInterrupt:
            # Nobody need wait until a run that was stopped by hand counts as dead.
            with suppress(_RunLost):
                _finish(run, RunState.FAILED, "抓取被人工中断，没有入库，重新抓取即可。")
            raise
    return Run.objects.select_related("source").get(pk=pk)


def _claim(pk: int) -> Run | None:
    """Make the run this worker's own, or answer None when there is nothing to do."""
    now = timezone.now()
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=pk)
        abandoned = run.state == RunState.RUNNING and run.is_silent(now)
        if run.state != RunState.DUE and not abandoned:
            return None
        if run.attempts >= MAX_ATTEMPTS:
            close(
                run,
                RunState.FAILED,
                f"抓取中断了 {run.attempts} 次（进程被终止），不再自动重试。请查看日志后手动抓取。",
                {},
            )
            return None
        run.state = RunState.RUNNING
        run.attempts += 1
        run.started_at = run.started_at or now
        run.heartbeat_at = now
        run.save(update_fields=["state", "attempts", "started_at", "heartbeat_at"])
    return run


def _carry_out(run: Run, fetch: Fetch, report: Report) -> None:
    def begin(step: Step) -> None:
        _advance(run, step=step)
        report(step.label)

    if run.sighting is None:
        begin(Step.FETCH)
        address = _address(run, fetch, begin)
        # Who tries the settings wants to see the page.
        before = None if run.trigger == Trigger.TRIAL else _held(run, address)
        page = _fetch(run, address, fetch, begin, before)
        if before is not None and page.not_modified:
            _advance(run, sighting=before.sighting)
            raise _Ended(
                "对方网站说页面没有变化（304），"
                f"仍以第 {before.pk} 号抓取记录存证的页面为准，没有需要入库的内容。"
            )
        begin(Step.STORE)
        _advance(run, sighting=_store(page))
    begin(Step.EXTRACT)
    _advance(run, extraction=_extract(run), extractor_version=extract.VERSION)
    note_pictures(run)
    begin(Step.CHECK)
    judgement = _judge(run)
    if judgement.outcome is checking.Outcome.RECORD and run.trigger == Trigger.TRIAL:
        _finish(
            run,
            RunState.REVIEW,
            "试抓读得出，没有入库。请看下面读出的名次：设置无误的可以确认入库，否则驳回后修改来源。",
        )
    elif judgement.outcome is checking.Outcome.RECORD:
        begin(Step.RECORD)
        try:
            _record(run, judgement)
        except (ScrapeError, RankingError) as error:
            # A name that fits two accounts, a board of another kind: a person can tell.
            _finish(run, RunState.REVIEW, str(error))
    else:
        _set_aside(run, judgement)


def _judge(run: Run) -> checking.Judgement:
    """What the page is worth by itself, and then beside what was accepted before."""
    judgement = checking.judge(run.extraction, run.statistics_month, rules_of(run.source))
    if judgement.outcome not in (checking.Outcome.RECORD, checking.Outcome.REVIEW):
        return judgement
    alike, strange = likeness(run)
    _advance(run, similarity=alike)
    doubts = "".join([*doubts_of(run, judgement.matches), strange])
    if not doubts:
        return judgement
    return replace(judgement, outcome=checking.Outcome.REVIEW, reason=f"{judgement.reason}{doubts}")


def _address(run: Run, fetch: Fetch, begin: Callable[[Step], None]) -> str:
    """Where the month's list is: told with the run, by a pattern, or found on the index page."""
    if run.address:
        return run.address
    try:
        if not run.source.is_discovered:
            return run.source.address_of(run.statistics_month)
    except PatternError as error:
        raise _Failed(str(error)) from error
    known = discovering.confirmed_address(run)
    if known and run.trigger == Trigger.BACKFILL:
        return known
    try:
        found = _look(run, fetch, begin, keep_errors=not known)
    except _Failed:
        # The index is only asked for a revised list then.
        if not known:
            raise
        return known
    _advance(run, address=found)
    return found


def _look(run: Run, fetch: Fetch, begin: Callable[[Step], None], *, keep_errors: bool) -> str:
    """Search the index page, kept as evidence like any other; ends the run without an article."""
    address = run.source.index_address
    index = _store(_fetch(run, address, fetch, begin, None, keep_errors=keep_errors))
    try:
        looked = discovering.look(run, index)
    except (EvidenceError, AddressRefused) as error:
        raise _Failed(str(error)) from error
    except (IndexUnreadable, PageRefused) as error:
        raise _Unreadable(str(error)) from error
    if not looked.address:
        _advance(run, sighting=index)
        raise _Ended(looked.sentence)
    begin(Step.FETCH)
    return looked.address


def _fetch(
    run: Run,
    address: str,
    fetch: Fetch,
    begin: Callable[[Step], None],
    before: Run | None,
    *,
    keep_errors: bool = True,
) -> fetching.FetchedPage:
    seen = None
    if before is not None:
        sighting = before.sighting
        etag, modified = fetching.validators(sighting.response_headers, sighting.fetched_at)
        if etag or modified:
            seen = fetching.Seen(sighting.final_url or sighting.url, etag, modified)
    try:
        return fetch(address, allowed_hosts=run.source.hosts, seen=seen, hosts=HostRows())
    except FetchError as error:
        # What an error page said may matter later: that a list was not there is a fact too.
        if error.page is not None and keep_errors:
            begin(Step.STORE)
            _advance(run, sighting=_store(error.page))
        raise _Failed(str(error)) from error


def _held(run: Run, address: str) -> Run | None:
    """The latest run whose page need not come again as long as its server says "unchanged".

    It was read by today's extractor, under today's settings of the source, ended well and lately,
    and its evidence is sound.
    """
    before = (
        Run.objects.for_month(run.statistics_month)
        .select_related("sighting__capture")
        .filter(
            source=run.source,
            state__in=[RunState.RECORDED, RunState.UNCHANGED],
            extractor_version=extract.VERSION,
            requested_at__gt=run.source.changed_at,
            sighting__http_status=200,
            sighting__fetched_at__gt=timezone.now() - TRUST_UNCHANGED,
        )
        .exclude(pk=run.pk)
        .first()
    )
    if before is None or before.sighting.url != address:
        return None
    try:
        evidence.read(before.sighting.capture)
    except EvidenceError:
        return None
    return before


def _store(page: fetching.FetchedPage) -> Sighting:
    try:
        return evidence.store(
            page.data,
            kind=Sighting.Kind.PAGE,
            url=page.url,
            final_url=page.final_url,
            http_status=page.status,
            content_type=page.content_type,
            request_headers=page.request_headers,
            response_headers=page.headers,
            fetched_at=page.fetched_at,
        )
    except EvidenceError as error:
        raise _Failed(str(error)) from error


def _extract(run: Run) -> dict[str, Any]:
    try:
        return extraction_of(run.sighting, run.source.selector)
    except EvidenceError as error:
        raise _Failed(str(error)) from error
    except PageRefused as error:
        raise _Unreadable(f"页面无法解析：{error}") from error


def _record(run: Run, judgement: checking.Judgement) -> None:
    boards = Board.objects.in_bulk(
        [rule.board for rule in judgement.matches.values() if rule.board is not None]
    )
    choices = [
        BoardChoice(position, boards[rule.board])
        for position, rule in judgement.matches.items()
        if rule.board is not None
    ]
    with transaction.atomic():
        _hold(run)
        counts = record_choices(None, run, choices, reason="", complete=True)
        changed = counts["created"] or counts["corrected"]
        state = RunState.RECORDED if changed or not _recorded_before(run) else RunState.UNCHANGED
        reason = (
            counts_sentence(counts)
            if state == RunState.RECORDED
            else "页面上的名次与已入库的相同，没有变化。"
        )
        close(run, state, reason + _clock_warning(run), counts)
        tell_failures(run)


def _set_aside(run: Run, judgement: checking.Judgement) -> None:
    """End without recording. People are not asked twice about the same bytes."""
    if judgement.outcome is checking.Outcome.FAILED:
        raise _Failed(judgement.reason)
    seen = (
        None
        if run.trigger == Trigger.TRIAL
        else (
            Run.objects.for_month(run.statistics_month)
            .filter(source=run.source, sighting__capture=run.sighting.capture)
            .filter(state__in=[*SETTLED_STATES, RunState.REJECTED])
            .exclude(trigger=Trigger.TRIAL)
            .exclude(pk=run.pk)
            .first()
        )
    )
    if seen is not None:
        _finish(
            run,
            RunState.UNCHANGED,
            f"页面与第 {seen.pk} 号抓取记录（{seen.get_state_display()}）时相同，不再重复处理。",
        )
    elif judgement.outcome is checking.Outcome.TRANSCRIPTION:
        _finish(run, RunState.TRANSCRIPTION, judgement.reason)
    else:
        _finish(run, RunState.REVIEW, judgement.reason)


def _recorded_before(run: Run) -> bool:
    return (
        Run.objects.for_month(run.statistics_month)
        .filter(source=run.source, state=RunState.RECORDED)
        .exists()
    )


def _advance(run: Run, **fields: Any) -> None:
    """Keep ``fields`` and the heartbeat, as long as the run is still this worker's."""
    fields["heartbeat_at"] = timezone.now()
    mine = Run.objects.filter(pk=run.pk, state=RunState.RUNNING, attempts=run.attempts)
    if not mine.update(**fields):
        raise _RunLost
    for name, value in fields.items():
        setattr(run, name, value)


def _hold(run: Run) -> None:
    """Lock the row inside a transaction and make sure that it is still this worker's."""
    held = Run.objects.select_for_update().get(pk=run.pk)
    if held.state != RunState.RUNNING or held.attempts != run.attempts:
        raise _RunLost


def _finish(run: Run, state: str, reason: str, *, unreadable: bool = False) -> None:
    with transaction.atomic():
        _hold(run)
        close(run, state, reason + _clock_warning(run), {})
        tell_layout(run, unreadable=unreadable)
        tell_failures(run)


def _clock_warning(run: Run) -> str:
    """A sentence when the server's clock and ours differ: one of them dates evidence wrongly."""
    sighting = run.sighting
    if sighting is None:
        return ""
    gap = fetching.clock_gap(sighting.response_headers, sighting.fetched_at)
    if gap is None:
        return ""
    return (
        f"注意：对方网站的时钟与本机相差 {gap.days} 天，"
        "取得时间按本机记录，请核对本机的日期和时间。"
    )
