"""Where a brief's facts come from, how the lists were made, and what has to be said of both."""

from collections.abc import Iterable, Sequence
from typing import Any

from .. import reports, streaks
from ..lineage import Lineage
from ..models import Board, Observation, SourceKind, Status
from ..periods import Month
from ..reports import MonthCell, MonthTable
from ..reports.account import breaks_of


class Sources:
    """Every source once, numbered as it is met, with the months that rest on it."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], tuple[int, Observation, set[Month]]] = {}

    def add(self, row: Observation, month: Month) -> int:
        key = (row.source_kind, row.source_name, row.source_url, row.published, row.capture_id)
        number, _, months = self._found.setdefault(key, (len(self._found) + 1, row, set()))
        months.add(month)
        return number

    def add_cell(self, cell: MonthCell) -> list[int]:
        """The statements about the month that count, as numbers of their sources."""
        return sorted(
            {
                self.add(row, cell.month)
                for row in cell.observations
                if row.status != Status.PROPOSED
            }
        )

    def add_month(self, table: MonthTable) -> None:
        for row in table.sources:
            if row.status != Status.PROPOSED:
                self.add(row, table.month)

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "number": number,
                "kind": SourceKind(row.source_kind).label,
                "name": row.source_name,
                "url": row.source_url,
                "published": "" if row.published is None else row.published.isoformat(),
                "sha256": "" if row.capture_id is None else row.capture.sha256,
                "months": month_spans(months),
            }
            for number, row, months in self._found.values()
        ]


def month_spans(months: Iterable[Month]) -> str:
    """2018年9月、2019年1月至2019年3月."""
    spans: list[list[Month]] = []
    for month in sorted(months):
        if spans and month - spans[-1][-1] == 1:
            spans[-1][1:] = [month]
        else:
            spans.append([month])
    return "、".join(reports.span(span[0], span[-1]) for span in spans)


def breaks(lineage: Lineage, history: Sequence[MonthCell]) -> list[dict[str, Any]]:
    """Where the charts draw a line; ``cut`` where no run goes across."""
    first, last = history[0].month, history[-1].month
    return [
        {"month": str(each.month), "label": each.label, "cut": each.cut}
        for each in breaks_of(lineage)
        if first < each.month <= last
    ]


def methods(board: Board, lineage: Lineage, history: Sequence[MonthCell]) -> list[str]:
    """Which method made which months, and what changed; a sentence each."""
    first, last = history[0].month.index, history[-1].month.index
    metric = f"（指标：{board.metric}）" if board.metric else ""
    by_method: dict[str, list[Month]] = {}
    for index, labels in lineage.methods.items():
        if first <= index <= last:
            by_method.setdefault("、".join(sorted(labels)), []).append(Month.from_index(index))
    if not by_method:
        texts = [f"各期榜单没有注明计算方法{metric}，不同期的指数只供参考。"]
    else:
        texts = [
            f"{month_spans(months)}的榜单注明计算方法为{method}{metric}。"
            for method, months in by_method.items()
        ]
        unnamed = [
            cell.month
            for cell in history
            if cell.state not in (streaks.SUSPENDED, streaks.UNKNOWN)
            and cell.month.index not in lineage.methods
        ]
        if unnamed:
            texts.append(f"{month_spans(unnamed)}的榜单没有注明计算方法。")
    for change in lineage.method_changes:
        if first < change.month <= last:
            goes_on = "没有书面衔接，连续月数到此断开"
            if change.link is not None:
                goes_on = f"依据书面衔接，连续月数接着算（{change.link.reason}）"
            texts.append(
                f"自{change.since.label}起计算方法{change.words}，前后指数不可比；{goes_on}。"
            )
    for link in lineage.links:
        if not link.within_board and first < link.month <= last:
            texts.append(
                f"自{link.since.label}起《{link.earlier}》由《{link.later}》接续（{link.reason}）。"
            )
    return texts


def notes(board: Board, table: MonthTable) -> list[str]:
    lines = []
    if board.is_example:
        lines.append("本简报所用榜单为示例数据，账号、名次和数值均为虚构，不得引用。")
    lines += [
        "“≥”表示不少于，“≤”表示不超过，“约”表示近似值。",
        "标明“据报道”或“未核实”的月份，只有报道或自述，没有核实到榜单原件，不计入已核实的连续月数。",
        "升降只在紧邻的两期之间、核实程度相同的名次之间比较；榜单停发的月份既不计入也不中断。",
        "榜单由第三方发布，仅用于了解传播情况，不作为考核、评比单位和个人的依据。",
    ]
    if table.contested:
        lines.insert(0, "本月有不止一个账号被同级来源记为第一，来源有分歧，查清之前都不算数。")
    return lines
