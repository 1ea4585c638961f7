"""Telling the office that a page changed, or that a source keeps failing."""

from django.urls import reverse

from rankings.models import Alert, AlertKind, AlertLevel, Board
from rankings.services.alerts import raise_alert, settle

from ..layout import is_expected, layout_change
from ..models import ASIDE_TRIGGERS, OPEN_STATES, Run, RunState, Trigger
from .sources import rules_of

# One failure is a bad day of the publisher's; three moments of a month are all it has before the
# revised list.
FAILURES = 3
_ENDS = (RunState.FAILED, RunState.REVIEW, RunState.TRANSCRIPTION)


def tell_layout(run: Run, *, unreadable: bool = False) -> None:
    """页面版式变化, once for a source and month, when a page read before looks otherwise now.

    Called in the transaction that ends the run. A run that brought no page tells nothing: nor does
    one of a source that was never read, whose settings are still being found.
    """
    if run.state not in _ENDS or (run.extraction is None and not unreadable):
        return
    read_before = run.source.runs.filter(state=RunState.RECORDED).exclude(pk=run.pk)
    if not read_before.exists():
        return
    rules = rules_of(run.source)
    what = layout_change(
        None if unreadable else run.extraction,
        run.statistics_month,
        rules,
        expected=is_expected(run.statistics_month, run.requested_at),
        similarity=run.similarity,
    )
    if not what:
        return
    _tell(
        run,
        AlertKind.LAYOUT,
        f"layout:{run.source_id}:{run.month}",
        f"来源“{run.source}”{run.statistics_month.label}的页面与以前不一样：{what}"
        "没有自动入库，名次不受影响，请对照页面核对。",
    )


def tell_failures(run: Run) -> None:
    """抓取连续失败, once for each series of failures, and a remark on it when the source works.

    Called in the transaction that ends the run. A list that is merely not out yet is no failure of
    the source, and a past month is fetched under the eyes of whoever asked for it.
    """
    if run.trigger in (Trigger.BACKFILL, *ASIDE_TRIGGERS):
        return
    key = f"failing:{run.source_id}:"
    series = _failures(run)
    if run.state != RunState.FAILED:
        settle(Alert.objects.filter(kind=AlertKind.FAILING, key__startswith=key), "已恢复")
    elif len(series) >= FAILURES and series[0].pk == run.pk:
        _tell(
            run,
            AlertKind.FAILING,
            f"{key}{series[-1].pk}",
            f"来源“{run.source}”连续 {len(series)} 次抓取失败，最近一次：{run.reason}"
            "名次不受影响；请按说明处理，榜单已公布的可先人工录入。",
        )


def _failures(run: Run) -> list[Run]:
    """The failures of the source since it worked last, newest first."""
    ended = (
        run.source.runs.exclude(state__in=OPEN_STATES)
        .exclude(trigger__in=[Trigger.BACKFILL, *ASIDE_TRIGGERS])
        .defer("extraction")
        .order_by("-pk")
    )
    series = []
    for other in ended.iterator(chunk_size=20):
        if other.state != RunState.FAILED:
            break
        # With a page in hand, before its day, the list is just not out.
        early = not is_expected(other.statistics_month, other.requested_at)
        if other.sighting_id is None or not early:
            series.append(other)
    return series


def _tell(run: Run, kind: str, key: str, message: str) -> None:
    board = Board.objects.filter(source_boards__source=run.source).order_by("pk").first()
    mark = "〔示例〕" if run.source.is_example and not (board and board.is_example) else ""
    raise_alert(
        kind,
        key,
        AlertLevel.WARNING,
        f"{mark}{message}",
        board=board,
        month=run.month,
        url=reverse("scrapers_run:show", args=[run.pk]),
    )
