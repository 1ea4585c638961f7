"""What the commands of the scrapers have in common: naming a source, months, exit codes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.db import OperationalError

from rankings.periods import Month, PeriodError
from scrapers.models import WAITING_STATES, Run, RunState, Source

DONE, FAILED, USAGE, WAITING, INTERRUPTED = 0, 1, 2, 3, 130


@contextmanager
def database_answers() -> Iterator[None]:
    """Turn a database that is locked or gone into a sentence; what is done stays done."""
    try:
        yield
    except OperationalError as error:
        raise CommandError(
            f"数据库没有应答（{error}），已停止。已经做完的都已保存；"
            "正在做的那一个十分钟以后可以重做。请稍后重新运行同一条命令。",
            returncode=FAILED,
        ) from error


def source_named(given: str) -> Source:
    """The source of this key or name. Raises ``CommandError`` that lists what there is."""
    found = Source.objects.filter(key=given) or Source.objects.filter(name=given)
    if len(found) == 1:
        return found[0]
    if found:
        keys = "、".join(source.key for source in found)
        raise CommandError(f"有多个来源叫“{given}”，请改用编号：{keys}。", returncode=USAGE)
    keys = "、".join(Source.objects.values_list("key", flat=True)) or "（还没有来源）"
    raise CommandError(f"没有编号或名称为“{given}”的来源。现有来源：{keys}。", returncode=USAGE)


def month_named(given: str) -> Month:
    """Raises ``CommandError``."""
    try:
        return Month.parse(given)
    except PeriodError as error:
        raise CommandError(str(error), returncode=USAGE) from error


def exit_code(runs: Iterable[Run]) -> int:
    """The worst of the runs: failed, then waiting for a person, then done."""
    states = {run.state for run in runs}
    if states - {RunState.RECORDED, RunState.UNCHANGED, *WAITING_STATES}:
        return FAILED
    return WAITING if states & set(WAITING_STATES) else DONE


def result(run: Run) -> dict[str, Any]:
    """A run as the commands print it with ``--json``."""
    sighting = run.sighting
    return {
        "run": run.pk,
        "source": run.source.key,
        "month": str(run.statistics_month),
        "state": run.state,
        "reason": run.reason,
        "counts": run.counts,
        "sha256": sighting.capture.sha256 if sighting else None,
        "url": (sighting.final_url or sighting.url) if sighting else None,
    }
