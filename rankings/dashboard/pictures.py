"""The charts of the overview: geometry for the picture, plain data for the script on screen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from .. import charts, streaks
from ..figures import AT_LEAST, EXACT
from ..lineage import Lineage, method_key
from ..models import Account
from ..periods import Month
from ..reports import STATE_WORDS, AccountReport, breaks_of, figure_text, month_url, span
from .heat import HeatTable
from .months import AccountMonth, Months

RANK, INDEX, HEAT = "rank", "index", "heat"
VERSUS_RANK, VERSUS_INDEX = "versus-rank", "versus-index"
LABELS = {
    RANK: "名次走势",
    INDEX: "指数走势",
    VERSUS_RANK: "名次对比",
    VERSUS_INDEX: "指数对比",
    HEAT: "全榜名次图",
}
KEYS = tuple(LABELS)
# How each kind of chart shows what is only reported.
REPORT_MARKS = dict.fromkeys(("rank", "index", "versus"), "空心和虚线") | {"heat": "括号里的名次"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: ``key`` is its name in addresses, ``name`` the template, ``data`` for the script."""

    key: str
    name: str
    title: str
    chart: Any
    example: bool
    data: Mapping[str, Any] | None = None

    @property
    def inline(self) -> SafeString:
        """As part of the page."""
        return charts.svg(
            self.name, {"chart": self.chart, "title": self.title, "example": self.example}
        )

    def file(self, subtitle: str, caption: str) -> SafeString:
        """As a file that says by itself what it shows."""
        return charts.svg(
            self.name,
            {
                "chart": self.chart,
                "title": self.title,
                "subtitle": subtitle,
                "caption": caption,
                "example": self.example,
                "standalone": True,
            },
        )

    @property
    def data_id(self) -> str:
        return f"rk-data-{self.key}"

    @property
    def label(self) -> str:
        return LABELS[self.key]


def rank_picture(report: AccountReport, line: Lineage) -> Picture | None:
    """名次走势 of the account the page is about."""
    months = report.chart_months
    if report.chart is None:
        return None
    data = _data(RANK, [(report.account.name, "")], months, breaks_of(line))
    _add_ranks(data, 0, months, _cuts(line, months))
    data["notes"] = [_note(month) for month in months]
    return Picture(
        RANK,
        "rank",
        f"“{report.account}”在《{report.board.name}》的名次，第一名在最上方",
        report.chart,
        report.board.is_example,
        data,
    )


def index_picture(report: AccountReport, own: Months, line: Lineage) -> Picture | None:
    """指数走势, a series for each method."""
    months = index_months(report.account, own, line, [cell.month for cell in report.cells])
    chart = charts.index_chart(months, breaks_of(line))
    if chart is None:
        return None
    data = _data(INDEX, [(series.name, "") for series in chart.series], months, breaks_of(line))
    slots = {series.name: series.slot for series in chart.series}
    for name, slot in slots.items():
        _add_values(data, slot, months, name)
    data["notes"] = [[month.month.label, month.title or "没有印出指数"] for month in months]
    return Picture(
        INDEX,
        "index",
        f"“{report.account}”在《{report.board.name}》的指数",
        chart,
        report.board.is_example,
        data,
    )


def versus_pictures(
    report: AccountReport,
    own: Months,
    rivals: Sequence[tuple[Account, str, Months]],
    line: Lineage,
) -> list[Picture]:
    """名次 and 指数 of the account beside its rivals; without rivals nothing."""
    if not rivals:
        return []
    months = [cell.month for cell in report.cells]
    people = [(report.account, charts.LETTERS[0], own), *rivals]
    contenders = [
        charts.Contender(
            account.name,
            rank_months(account, theirs, line, months),
            index_months(account, theirs, line, months),
        )
        for account, _, theirs in people
    ]
    names = [(account.name, letter) for account, letter, _ in people]
    found = []
    for key, kind, title in (
        (VERSUS_RANK, "rank", "名次对比"),
        (VERSUS_INDEX, "index", "指数对比"),
    ):
        chart = charts.versus_chart(contenders, kind, breaks_of(line))
        if chart is None:
            continue
        data = _data(key, names, contenders[0].ranks, breaks_of(line))
        for slot, each in enumerate(contenders):
            if kind == "rank":
                _add_ranks(data, slot, each.ranks, _cuts(line, each.ranks))
            else:
                for method in dict.fromkeys(month.method for month in each.values):
                    _add_values(data, slot, each.values, method or charts.NO_METHOD)
        data["notes"] = [
            [
                month.label,
                *(
                    f"{letter} {name}：{_said(each, at, kind)}"
                    for (name, letter), each in zip(names, contenders, strict=True)
                ),
            ]
            for at, month in enumerate(months)
        ]
        others = "、".join(name for name, _ in names[1:])
        found.append(
            Picture(
                key,
                "versus",
                f"{title}：“{report.account}”与{others}，《{report.board.name}》",
                chart,
                report.board.is_example,
                data,
            )
        )
    return found


def heat_picture(report: AccountReport, heat: HeatTable | None) -> Picture | None:
    """全榜名次图."""
    chart = None if heat is None else heat.chart
    if chart is None:
        return None
    when = span(heat.months[0].month, heat.months[-1].month)
    title = f"《{report.board.name}》各公众号名次（{when}）"
    return Picture(HEAT, "heat", title, chart, report.board.is_example)


def rank_months(
    account: Account, own: Months, line: Lineage, months: Sequence[Month]
) -> list[charts.ChartMonth]:
    """The months of an account as the charts of places draw them."""
    return [_rank_month(account, own.get(month.index), month, line) for month in months]


def _rank_month(
    account: Account, said: AccountMonth | None, month: Month, line: Lineage
) -> charts.ChartMonth:
    if said is None:
        return charts.ChartMonth(month, None, title="没有资料")
    place = said.place
    if place.rank is not None:
        text = f"{place.words}（{'据报道' if place.reported else '已核实'}）"
    elif said.beyond is not None:
        text = f"前{said.beyond}名以外{'（据报道）' if said.by_report else ''}"
    else:
        text = "没有名次" if said.state == streaks.NOT_FIRST else STATE_WORDS[said.state].words
    return charts.ChartMonth(
        month,
        place.rank,
        place.tied,
        place.reported or said.by_report,
        "",
        text,
        said.beyond,
        month_url(line.board_of(month.index), account, month),
    )


def index_months(
    account: Account, own: Months, line: Lineage, months: Sequence[Month]
) -> list[charts.IndexMonth]:
    """The printed indexes; labels of one method in different spellings are one method."""
    spelling: dict[str, str] = {}
    found = []
    for month in months:
        said = own.get(month.index)
        source = None if said is None else said.place.source
        figure = None if source is None else source.figures.get("index")
        if not figure or figure.get("value") is None:
            found.append(charts.IndexMonth(month, None))
            continue
        method = source.method
        method = spelling.setdefault(method_key(method), _method_label(method, line))
        bound = figure.get("bound", EXACT)
        if figure.get("capped") and bound == EXACT:
            bound = AT_LEAST
        text = f"指数 {figure_text({**figure, 'bound': bound})}（{method or charts.NO_METHOD}"
        found.append(
            charts.IndexMonth(
                month,
                figure["value"],
                bound,
                method,
                said.place.reported,
                text + ("，据报道）" if said.place.reported else "）"),
                month_url(line.board_of(month.index), account, month),
            )
        )
    return found


def _method_label(method: str, line: Lineage) -> str:
    """WCI 13.0 where the list names the version alone."""
    metric = line.board.metric
    return f"{metric} {method}" if metric and method[:1].isdigit() else method


# --- plain data for the script ------------------------------------------------------------------


def _data(
    key: str,
    names: Sequence[tuple[str, str]],
    months: Sequence[Any],
    breaks: Iterable[charts.MethodBreak],
) -> dict[str, Any]:
    first = months[0].month
    return {
        "kind": "rank" if key in (RANK, VERSUS_RANK) else "index",
        "months": [str(each.month) for each in months],
        "names": [f"{letter} {name}".strip() for name, letter in names],
        "lines": [],
        "points": [],
        "beyond": [],
        "gaps": [],
        "breaks": [
            {"at": each.month - first, "label": each.label, "cut": each.cut}
            for each in breaks
            if 0 <= each.month - first < len(months)
        ],
        "notes": [],
    }


def _add_ranks(
    data: dict[str, Any], slot: int, months: Sequence[charts.ChartMonth], cuts: set[int]
) -> None:
    for at, month in enumerate(months):
        if month.rank is not None:
            shape = "diamond" if month.tied else "circle"
            data["points"].append([slot, at, month.rank, shape, month.reported, "", month.href])
        elif month.beyond is not None:
            data["beyond"].append([slot, at, month.beyond, month.href, charts.labelled(months, at)])
        elif month.mark:
            data["gaps"].append([at, month.mark])
    loose = {at: month.reported for at, month in enumerate(months) if month.rank is not None}
    for run, dashed in charts.runs(loose, cuts):
        data["lines"].append([slot, dashed, [[at, months[at].rank] for at in run]])


_SHAPES = {"": "circle", "≥": "up", "≤": "down", "约": "diamond"}


def _add_values(
    data: dict[str, Any], slot: int, months: Sequence[charts.IndexMonth], method: str
) -> None:
    loose = {}
    for at, month in enumerate(months):
        if month.value is None or (month.method or charts.NO_METHOD) != method:
            continue
        sign = charts.SIGNS[month.bound]
        loose[at] = bool(sign) or month.reported
        data["points"].append(
            [slot, at, month.value, _SHAPES[sign], month.reported, sign, month.href]
        )
    for run, dashed in charts.runs(loose):
        data["lines"].append([slot, dashed, [[at, months[at].value] for at in run]])


def _cuts(line: Lineage, months: Sequence[charts.ChartMonth]) -> set[int]:
    return {cut - months[0].month.index for cut in line.cuts}


def _note(month: charts.ChartMonth) -> list[str]:
    """The month and what it says, in two lines."""
    when, _, said = month.title.partition("：")
    return [when, said]


def _said(contender: charts.Contender, at: int, kind: str) -> str:
    if kind == "rank":
        return contender.ranks[at].title
    return contender.values[at].title or "没有印出指数"
