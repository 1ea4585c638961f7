"""Actions on sources and runs.

A run goes 抓取 → 存证 → 解析 → 核对 → 入库. Each step is kept before the next begins, so that a run
whose worker was killed is taken up where it stood. Evidence is stored before anything is read out
of it. Nothing is recorded but by the services of ``rankings``.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit
from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting
from rankings.evidence.service import EvidenceError
from rankings.models import Board, Observation, Origin, SourceKind, State, Status
from rankings.periods import Month, Period
from rankings.services import ListRow, RankingError, SourceRef, record_list

from . import checking, extract, fetching
from .addresses import PatternError, has_month
from .due import PastRun, due_month, month_to_fetch
from .extract import PageRefused
from .models import STALE_AFTER, WAITING_STATES, Run, RunState, Source, Step, Trigger

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# Whose lists count as confirmed without a second person.
CONFIRMING_KINDS = frozenset({SourceKind.PUBLISHER, SourceKind.OFFICIAL_REPOST})
SETTLED_STATES = (RunState.RECORDED, *WAITING_STATES)
EXECUTE = "scrapers.tasks.execute"

Fetch = Callable[..., fetching.FetchedPage]
Report = Callable[[str], None]


class ScrapeError(ValueError):
    """The action is refused; the message is a Chinese sentence that says what to do."""


class RunInProgress(ScrapeError):
    """Another run of the same source is under way; ``run`` is that one."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"来源“{run.source}”正在抓取，请等它结束后再试。")
        self.run = run


class _RunLost(Exception):
    """Another worker has taken the run up; this one must leave it alone."""


class _Failed(Exception):
    """The run ends as failed, with this sentence."""


@dataclass(frozen=True)
class BoardChoice:
    """What a person records of one listing: ``position`` and ``rows`` count from 0 on the page."""

    position: int
    board: Board
    rows: frozenset[int] | None = None


# --- sources -------------------------------------------------------------------------------------


def save_source(actor: Any, save: Callable[[], Source], *, created: bool) -> Source:
    """Save what a checked form holds, with an audit entry; ``save`` answers the saved source.

    Raises ``PermissionDenied``.
    """
    needed = "scrapers.add_source" if created else "scrapers.change_source"
    if not actor.has_perm(needed):
        raise PermissionDenied("您没有修改来源的权限。")
    with transaction.atomic():
        source = save()
        detail = {
            field: getattr(source, field)
            for field in ("source_kind", "address", "allowed_hosts", "days", "hour", "active")
        }
        detail["boards"] = [str(row) for row in source.boards.all()]
        audit.record(actor, "source.create" if created else "source.change", source, detail)
    return source


# --- asking for a run ---------------------------------------------------------------------------


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
    return execute_run(_create_run(actor, source, month, trigger).pk, fetch=fetch, report=report)


def request_run(actor: Any, source: Source, month: Month, trigger: str) -> Run:
    """Like ``run_source``, but by the worker; answers the run that waits for it."""
    with transaction.atomic():
        run = _create_run(actor, source, month, trigger)
        _enqueue(run.pk)
    return run


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
                [_past(run) for run in source.runs.all()],
                monthly_address=has_month(source.address),
            )
        except (PatternError, ValidationError) as error:
            # One source with a broken setting must not stop the others.
            logger.error("source %s: %s", source.key, error)
            continue
        if month is not None:
            due.append((source, month))
    return due


def _past(run: Run) -> PastRun:
    return PastRun(run.statistics_month, run.requested_at, run.state in SETTLED_STATES, run.is_open)


def _create_run(actor: Any, source: Source, month: Month, trigger: str) -> Run:
    if actor is not None and not actor.has_perm("scrapers.run_source"):
        raise PermissionDenied("您没有抓取来源的权限。")
    now = timezone.now()
    if month > month_to_fetch(now):
        raise ScrapeError(f"{month.label}还没有结束，榜单不可能已经发布。请选择更早的月份。")
    with transaction.atomic():
        # The row lock makes "one run at a time" hold across machines.
        source = Source.objects.select_for_update().get(pk=source.pk)
        for run in Run.objects.open().filter(source=source):
            if run.heartbeat_at >= now - STALE_AFTER:
                raise RunInProgress(run)
            _close(run, RunState.FAILED, "抓取中断（进程被终止），已由新的抓取代替。", {})
        run = Run.objects.create(
            source=source,
            month=month.index,
            trigger=trigger,
            actor=actor,
            requested_at=now,
            heartbeat_at=now,
        )
        audit.record(actor, "scrape.request", run, {"month": str(month), "trigger": trigger})
    return run


def _enqueue(pk: int) -> None:
    transaction.on_commit(lambda: async_task(EXECUTE, pk, task_name=f"抓取 {pk}"))


# --- carrying a run out -------------------------------------------------------------------------


def execute_run(pk: int, *, fetch: Fetch = fetching.fetch, report: Report | None = None) -> Run:
    """Carry the run out, unless another worker has it; answers its row as it then stands.

    May be called for the same run any number of times: by the queue again, or after a kill.
    """
    run = _claim(pk)
    if run is not None:
        try:
            _carry_out(run, fetch, report or (lambda step: None))
        except _Failed as failure:
            _finish(run, RunState.FAILED, str(failure))
        except _RunLost:
            logger.warning("run %s was taken up by another worker", pk)
    return Run.objects.select_related("source").get(pk=pk)


def _claim(pk: int) -> Run | None:
    """Make the run this worker's own, or answer None when there is nothing to do."""
    now = timezone.now()
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=pk)
        abandoned = run.state == RunState.RUNNING and run.heartbeat_at < now - STALE_AFTER
        if run.state != RunState.DUE and not abandoned:
            return None
        if run.attempts >= MAX_ATTEMPTS:
            _close(
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
        page = _fetch(run, fetch, begin)
        begin(Step.STORE)
        _advance(run, sighting=_store(page))
    begin(Step.EXTRACT)
    _advance(run, extraction=_extract(run), extractor_version=extract.VERSION)
    begin(Step.CHECK)
    judgement = checking.judge(run.extraction, run.statistics_month, rules_of(run.source))
    if judgement.outcome is checking.Outcome.RECORD:
        begin(Step.RECORD)
        try:
            _record(run, judgement)
        except (ScrapeError, RankingError) as error:
            # A name that fits two accounts, a board of another kind: a person can tell.
            _finish(run, RunState.REVIEW, str(error))
    else:
        _set_aside(run, judgement)


def _fetch(run: Run, fetch: Fetch, begin: Callable[[Step], None]) -> fetching.FetchedPage:
    try:
        address = run.source.address_of(run.statistics_month)
        return fetch(address, allowed_hosts=run.source.hosts)
    except fetching.BadStatus as error:
        # What an error page said may matter later: that a list was not there is a fact too.
        if error.page is not None:
            begin(Step.STORE)
            _advance(run, sighting=_store(error.page))
        raise _Failed(str(error)) from error
    except (fetching.FetchError, PatternError) as error:
        raise _Failed(str(error)) from error


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
    sighting = run.sighting
    try:
        found = extract.extract(
            evidence.read(sighting.capture),
            url=sighting.final_url or sighting.url,
            content_type=sighting.content_type,
            fetched_at=sighting.fetched_at,
        )
    except EvidenceError as error:
        raise _Failed(str(error)) from error
    except PageRefused as error:
        raise _Failed(f"页面无法解析：{error}") from error
    return _storable(found.to_json(explain=True))


def _storable(value: Any) -> Any:
    """The same without NUL and lone surrogates, which no database takes as text."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value


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
        counts = _record_choices(None, run, choices, reason="")
        changed = counts["created"] or counts["corrected"]
        state = RunState.RECORDED if changed or not _recorded_before(run) else RunState.UNCHANGED
        reason = (
            _counts_sentence(counts)
            if state == RunState.RECORDED
            else "页面上的名次与已入库的相同，没有变化。"
        )
        _close(run, state, reason, counts)


def _set_aside(run: Run, judgement: checking.Judgement) -> None:
    """End without recording. People are not asked twice about the same bytes."""
    if judgement.outcome is checking.Outcome.FAILED:
        raise _Failed(judgement.reason)
    seen = (
        Run.objects.for_month(run.statistics_month)
        .filter(source=run.source, sighting__capture=run.sighting.capture)
        .filter(state__in=[*SETTLED_STATES, RunState.REJECTED])
        .exclude(pk=run.pk)
        .first()
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


def _finish(run: Run, state: str, reason: str) -> None:
    with transaction.atomic():
        _hold(run)
        _close(run, state, reason, {})


def _close(run: Run, state: str, reason: str, counts: Mapping[str, int], by: Any = None) -> None:
    """Write the end of a run; the caller holds its row. ``by`` is the person who decided."""
    run.state, run.reason, run.counts = state, reason, dict(counts)
    run.finished_at = run.heartbeat_at = timezone.now()
    run.save(update_fields=["state", "reason", "counts", "finished_at", "heartbeat_at"])
    audit.record(
        by or run.actor,
        f"scrape.{state}",
        run,
        {"month": str(run.statistics_month), "reason": reason, **counts},
    )


# --- what a person decides ----------------------------------------------------------------------


def accept_run(
    actor: Any, run: Run, reason: str, choices: Sequence[BoardChoice] | None = None
) -> Run:
    """Record a waiting run's rows after a person has looked at the page.

    Without ``choices`` every listing that falls under a board of the source is recorded whole.
    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    _may_review(actor)
    reason = _reason(reason, "请写明确认入库的理由，例如核对了哪几处。")
    with transaction.atomic():
        run = _waiting(run)
        if choices is None:
            choices = _matched(run)
        try:
            counts = _record_choices(actor, run, choices, reason=reason)
        except RankingError as error:
            raise ScrapeError(str(error)) from error
        _decide(actor, run, reason)
        _close(run, RunState.RECORDED, f"经人工核对，{_counts_sentence(counts)}", counts, actor)
    return run


def reject_run(actor: Any, run: Run, reason: str) -> Run:
    """Close a waiting run without recording anything; its evidence stays.

    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    _may_review(actor)
    reason = _reason(reason, "请写明驳回的理由，便于以后查对。")
    with transaction.atomic():
        run = _waiting(run)
        _decide(actor, run, reason)
        _close(run, RunState.REJECTED, f"已驳回：{reason}", {}, actor)
    return run


def rules_of(source: Source) -> list[checking.Rule]:
    """The source's headings as plain rules."""
    return [
        checking.Rule(
            heading=row.heading,
            board=row.board_id,
            label=str(row.board or "不入库"),
            list_size=row.board.list_size if row.board else None,
        )
        for row in source.boards.select_related("board")
    ]


def _may_review(actor: Any) -> None:
    if actor is None or not actor.has_perm("scrapers.review_run"):
        raise PermissionDenied("您没有核对抓取结果的权限。")


def _reason(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ScrapeError(missing)
    limit = Run._meta.get_field("decision_reason").max_length
    if len(text) > limit:
        raise ScrapeError(f"理由超过 {limit} 个字，请写短一些。")
    return text


def _waiting(run: Run) -> Run:
    held = Run.objects.select_for_update().get(pk=run.pk)
    if not held.is_waiting:
        raise ScrapeError(f"这条抓取记录已经是“{held.get_state_display()}”，请刷新页面查看。")
    return held


def _decide(actor: Any, run: Run, reason: str) -> None:
    run.decided_by, run.decided_at, run.decision_reason = actor, timezone.now(), reason
    run.save(update_fields=["decided_by", "decided_at", "decision_reason"])


def _matched(run: Run) -> list[BoardChoice]:
    matches, _ = checking.match_boards(run.extraction["boards"], rules_of(run.source))
    boards = Board.objects.in_bulk([rule.board for rule in matches.values() if rule.board])
    return [
        BoardChoice(position, boards[rule.board])
        for position, rule in matches.items()
        if rule.board is not None
    ]


# --- rows ---------------------------------------------------------------------------------------


def _record_choices(
    actor: Any, run: Run, choices: Sequence[BoardChoice], *, reason: str
) -> dict[str, int]:
    """Record the chosen listings in the caller's transaction; answers the counts of rows."""
    _check_choices(run, choices)
    source = run.source
    confirmed = source.source_kind in CONFIRMING_KINDS
    counts = {"created": 0, "corrected": 0, "unchanged": 0}
    for choice in choices:
        listing = run.extraction["boards"][choice.position]
        result = record_list(
            actor,
            board=choice.board,
            period=Period.of_month(run.statistics_month),
            source=SourceRef(source.source_kind, source.source_name, _cited(run.sighting)),
            rows=[_list_row(row) for row in _chosen_rows(listing, choice.rows)],
            status=Status.CONFIRMED if confirmed else Status.REPORTED,
            published=_date(run.extraction["published"]),
            list_size=listing["list_size"],
            capture=run.sighting.capture,
            origin=Origin.SCRAPE,
            reason=reason,
            create_accounts=True,
        )
        counts["created"] += result.created
        counts["corrected"] += result.corrected
        counts["unchanged"] += result.unchanged
    return counts


def _cited(sighting: Sighting) -> str:
    """The address to cite: the last one, unless it is longer than a record takes."""
    limit = Observation._meta.get_field("source_url").max_length
    return sighting.final_url if len(sighting.final_url) <= limit else sighting.url


def _check_choices(run: Run, choices: Sequence[BoardChoice]) -> None:
    """What no look at the page can make right: nothing chosen, one board or account twice."""
    if not choices:
        raise ScrapeError("没有选择要入库的榜单，请至少选择一个榜单，或者驳回。")
    boards = [choice.board.pk for choice in choices]
    for choice in choices:
        if boards.count(choice.board.pk) > 1:
            raise ScrapeError(f"有两个榜单都选了“{choice.board}”，请只保留一个。")
        rows = _chosen_rows(run.extraction["boards"][choice.position], choice.rows)
        if not rows:
            raise ScrapeError(f"“{choice.board}”没有选中任何一行，请勾选要入库的行。")
        names = [row["account"] for row in rows]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ScrapeError(f"“{twice}”选中了不止一行，请只勾选正确的一行。")


def _chosen_rows(
    listing: Mapping[str, Any], chosen: Collection[int] | None
) -> list[Mapping[str, Any]]:
    return [row for n, row in enumerate(listing["rows"]) if chosen is None or n in chosen]


def _list_row(row: Mapping[str, Any]) -> ListRow:
    return ListRow(
        account=row["account"],
        rank=row["rank"],
        tied=row["tied"],
        state=State.RANKED,
        unit=row["unit"] or "",
        wechat_id=row["wechat_id"] or "",
        figures=row["values"],
    )


def _date(text: str | None) -> Any:
    return datetime.fromisoformat(text).date() if text else None


def _counts_sentence(counts: Mapping[str, int]) -> str:
    return (
        f"新增 {counts['created']} 条，更正 {counts['corrected']} 条，"
        f"无变化 {counts['unchanged']} 条。"
    )
