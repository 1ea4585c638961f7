"""Telling the office that a page changed."""

from django.urls import reverse

from rankings.models import AlertKind, AlertLevel, Board
from rankings.services.alerts import raise_alert

from ..layout import is_expected, layout_change
from ..models import Run, RunState
from .sources import rules_of

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
    )
    if not what:
        return
    board = Board.objects.filter(source_boards__source=run.source).order_by("pk").first()
    mark = "〔示例〕" if run.source.is_example and not (board and board.is_example) else ""
    raise_alert(
        AlertKind.LAYOUT,
        f"layout:{run.source_id}:{run.month}",
        AlertLevel.WARNING,
        f"{mark}来源“{run.source}”{run.statistics_month.label}的页面与以前不一样：{what}"
        "没有自动入库，名次不受影响，请对照页面核对。",
        board=board,
        month=run.month,
        url=reverse("scrapers_run:show", args=[run.pk]),
    )
