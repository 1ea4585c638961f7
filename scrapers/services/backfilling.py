"""Fetching the past of a source, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from rankings.periods import Month

from .. import fetching
from ..addresses import PatternError
from ..due import month_to_fetch
from ..models import SETTLED_STATES, Run, Source, Trigger
from .asking import run_source
from .errors import RunInProgress, ScrapeError
from .running import Fetch, Report


@dataclass(frozen=True)
class Filled:
    """What came of one month: its run, with ``skipped`` one of before, or why there is none."""

    month: Month
    run: Run | None
    skipped: bool = False
    problem: str = ""


def backfill(
    actor: Any,
    source: Source,
    first: Month,
    last: Month,
    *,
    force: bool = False,
    fetch: Fetch = fetching.fetch,
    report: Report | None = None,
) -> Iterator[Filled]:
    """Fetch every month from ``first`` to ``last`` here and now, oldest first.

    The order matters: each list is held against the one before it. Months recorded or waiting for
    a person are passed over unless ``force``, so that it can be run again after an interruption. A
    month that fails stops none after it. Raises ``ScrapeError`` before anything is fetched.
    """
    _check(source, first, last)
    return _months(actor, source, first, last, force, fetch, report)


def _check(source: Source, first: Month, last: Month) -> None:
    if first > last:
        raise ScrapeError(f"起始月 {first} 晚于截止月 {last}，请对调。")
    if last > (newest := month_to_fetch(timezone.now())):
        raise ScrapeError(f"{last.label}还没有结束，最多补抓到 {newest}。")
    try:
        has_months = source.has_months
    except PatternError as error:
        raise ScrapeError(str(error)) from error
    if not has_months:
        raise ScrapeError(
            f"来源“{source}”的地址里没有年月，总是最新一期，补抓不到往期。"
            "请改填带 {year}、{month} 的地址模板或目录页，或导入往期榜单。"
        )


def _months(
    actor: Any,
    source: Source,
    first: Month,
    last: Month,
    force: bool,
    fetch: Fetch,
    report: Report | None,
) -> Iterator[Filled]:
    for month in (first + n for n in range(last - first + 1)):
        settled = source.runs.for_month(month).filter(state__in=SETTLED_STATES).first()
        if settled is not None and not force:
            yield Filled(month, settled, skipped=True)
            continue
        try:
            run = run_source(actor, source, month, Trigger.BACKFILL, fetch=fetch, report=report)
        except RunInProgress as refusal:
            yield Filled(month, None, problem=str(refusal))
        else:
            yield Filled(month, run)
