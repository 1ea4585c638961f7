"""指数试算 and 指数核对: WCI on our own readings, and on what the boards print."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import Button, HeaderButton

from .. import own_month, reports, wci
from ..figures import ABOUT, AT_LEAST, AT_MOST, Figure, parse_figure
from ..importing.reading import UnreadableFile, open_table
from ..models import Board, PeriodKind
from ..periods import SHANGHAI, Month, PeriodError
from ..wci import whatif
from ..wci.typed import Typed, read_articles, split_lines
from .base import RankingScreen

MAX_BYTES = 2 * 1024 * 1024
MAX_TEXT = 200_000
#: The sums people may type instead of a list of articles.
TOTALS = (
    "articles",
    "reads",
    "headline_reads",
    "max_reads",
    "looks",
    "headline_looks",
    "max_looks",
    "likes",
    "headline_likes",
    "max_likes",
    "shares",
    "headline_shares",
    "max_shares",
)
# A printed index of two decimals leaves this much open; no need to show it as a range.
_ROUNDING = 0.0101
# Article counts that a version cannot do without; the rest is bounded when left out.
_FIRST_TOTALS = TOTALS[:7]


class FigureField(forms.CharField):
    """One typed number; anything that is none gets a sentence."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, max_length=40)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Figure | None:
        text = super().clean(value)
        if not text:
            return None
        figure = parse_figure(text, single_article=self.label == wci.LABELS["max_reads"])
        if figure is None or figure.value < 0:
            raise forms.ValidationError(f"看不懂“{text}”，请填数字，例如 63028 或 6.3万。")
        if figure.bound in (ABOUT, AT_MOST):
            raise forms.ValidationError(f"“{text}”只是约数，请填准确的数。")
        return figure


class WhatIfForm(forms.Form):
    """Everything the trial needs; nothing of it is stored."""

    board = forms.ModelChoiceField(
        label="参照榜单",
        queryset=Board.objects.none(),
        required=False,
        empty_label="不参照榜单",
        help_text="用来选计算方法，并看离前一名还差多少。",
    )
    month = forms.CharField(label="统计月", max_length=20, help_text="例如 2026-11。")
    as_of = forms.DateField(
        label="数据截至",
        widget=AdminDateInput(),
        help_text="抄录阅读数的那一天。",
        error_messages={"invalid": "请填写日期，例如 2026-11-22。"},
    )
    version = forms.ChoiceField(label="计算方法", required=False)
    table = forms.CharField(
        label="逐篇数据",
        required=False,
        max_length=MAX_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off"}),
        help_text=(
            "每行一篇，可从表格里整块复制粘贴。第一行写列名：日期、标题（可无）、阅读、在看、点赞、"
            "转发、头条（是或否）。没有的列可以不写，结果会是一个范围。"
        ),
        error_messages={"max_length": "内容太长，请分月粘贴。"},
    )
    file = forms.FileField(
        label="或上传表格",
        required=False,
        help_text="CSV 或 XLSX，最大 2 MB，列同上。",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": "文件是空的，请检查后重新选择。"},
    )

    # What is wrong with the lines of the table, a sentence each.
    bad_lines: tuple[str, ...] = ()

    def __init__(self, *args: Any, boards: list[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = Board.objects.filter(period_kind=PeriodKind.MONTH)
        # The list is at hand already, in the order that puts our own boards first.
        self.fields["board"].choices = [
            ("", self.fields["board"].empty_label),
            *((board.pk, str(board)) for board in boards),
        ]
        self.fields["version"].choices = [
            ("", "按榜单所注的方法"),
            *((version.key, version.label) for version in wci.VERSIONS.values()),
        ]
        for name in TOTALS:
            self.fields[f"total_{name}"] = FigureField(wci.LABELS[name])

    @property
    def first_totals(self) -> list[forms.BoundField]:
        return [self[f"total_{name}"] for name in _FIRST_TOTALS]

    @property
    def more_totals(self) -> list[forms.BoundField]:
        return [self[f"total_{name}"] for name in TOTALS if name not in _FIRST_TOTALS]

    @property
    def totals_used(self) -> bool:
        """Whether any sum was typed: its part of the form is then shown open."""
        return any(self[f"total_{name}"].value() for name in TOTALS)

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Read the month's figures into ``so_far`` and find the ``method``."""
        data = super().clean()
        lines = self._lines()
        month, as_of = data.get("month"), data.get("as_of")
        if month is None or as_of is None:
            return data
        if as_of < month.first_day:
            self.add_error("as_of", f"截至日期早于 {month.label}，请改日期或统计月。")
            return data
        if as_of > timezone.localdate(timezone=SHANGHAI):
            self.add_error("as_of", "截至日期还没有到，请填抄录数据的那一天。")
            return data
        totals = {name: data[f"total_{name}"] for name in TOTALS if data.get(f"total_{name}")}
        if self.errors:
            return data
        if lines and totals:
            self.add_error(None, "逐篇数据和合计数只能填一种，请清空其中一种。")
        elif lines:
            self._take_articles(read_articles(lines, month, as_of))
        elif totals:
            self._take_totals(totals)
        else:
            self.add_error("table", "请粘贴逐篇数据、上传表格，或在下面填合计数。")
        self._find_version()
        return data

    def _lines(self) -> list[tuple[int, list[str]]]:
        """The rows of the file, or of the text. A file is shown as text, to be mended there."""
        file = self.cleaned_data.get("file")
        if file is None:
            return split_lines(self.cleaned_data.get("table") or "")
        if file.size > MAX_BYTES:
            self.add_error("file", "文件超过 2 MB，请只留本月的文章。")
            return []
        try:
            lines = [(line.number, line.cells) for line in open_table(file.read()).lines()]
        except UnreadableFile as error:
            self.add_error("file", str(error))
            return []
        texts = ["\t".join(" ".join(cell.split()) for cell in cells) for _, cells in lines]
        self.data = self.data.copy()
        self.data["table"] = "\n".join(texts)[:MAX_TEXT]
        return lines

    def _take_articles(self, typed: Typed) -> None:
        if typed.errors:
            self.bad_lines = typed.errors
            self.add_error("table", "有看不懂的内容，请按上面的清单修改。")
            return
        data = self.cleaned_data
        data["articles"] = typed.articles
        data["so_far"] = whatif.from_articles(typed.articles, data["month"], data["as_of"])

    def _take_totals(self, totals: Mapping[str, Figure]) -> None:
        for name in ("articles", "reads"):
            if name not in totals:
                self.add_error(f"total_{name}", f"还缺{wci.LABELS[name]}，没有它算不出指数。")
        articles = totals.get("articles")
        if articles is not None and (
            articles.bound == AT_LEAST or not isinstance(articles.value, int)
        ):
            self.add_error("total_articles", "篇数请填准确的整数。")
        if not self.errors:
            data = self.cleaned_data
            data["so_far"] = whatif.from_totals(totals, data["month"], data["as_of"])

    def _find_version(self) -> None:
        data = self.cleaned_data
        if data.get("version"):
            data["method"] = wci.VERSIONS[data["version"]]
            return
        if "version" in self.errors:
            return
        board = data.get("board")
        label = reports.latest_method(board) if board is not None else ""
        found = wci.versions_of(label)
        if len(found) == 1:
            data["method"] = found[0]
        elif found:
            names = "或".join(map(str, found))
            self.add_error("version", f"榜单注明的“{label}”可能是 {names}，请选一个。")
        elif label:
            self.add_error("version", f"榜单注明的“{label}”不是已知的 WCI 版本，请选一个。")
        else:
            self.add_error("version", "没有榜单注明方法，请选一个计算方法。")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A line of the result."""

    words: str
    note: str
    index: wci.Interval
    standing: whatif.Standing | None
    change: wci.Interval | None = None

    @property
    def change_words(self) -> str:
        """+3.21, −0.40 or −0.40～+3.21."""
        if self.change is None:
            return ""
        low, high = (f"{value:+.2f}".replace("-", "−") for value in _ends(self.change))
        return low if low == high else f"{low}～{high}"

    @property
    def gap_words(self) -> str:
        gap = self.standing.gap if self.standing else None
        if gap is None:
            return ""
        if gap.high - gap.low <= _ROUNDING:
            return f"{(gap.low + gap.high) / 2:.2f}"
        return gap.text()


def _ends(interval: wci.Interval) -> tuple[float, float]:
    return interval.low, interval.high


class WhatIfView(RankingScreen):
    """指数试算: our month so far as an interval. Computed and shown, never stored."""

    title = "指数试算"
    header_icon = "decimal"
    template_name = "rankings/admin/what_if.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        boards = self._boards()
        today = timezone.localdate(timezone=SHANGHAI)
        chosen = next((b for b in boards if b.key == request.GET.get("board")), None)
        board = chosen or (boards[0] if boards else None)
        month = Month.of(today)
        initial = {"board": board and board.pk, "month": str(month), "as_of": today}
        if "fill" not in request.GET:
            return self._page(WhatIfForm(initial=initial, boards=boards))
        own = own_month.own_month(month)
        if own is None:
            said = f"工作台里还没有{month.label}的阅读数据，请先导入后台表格，或直接填写。"
            return self._page(WhatIfForm(initial=initial, boards=boards), filled=[said])
        initial["as_of"] = own.as_of
        initial |= {f"total_{name}": each.raw for name, each in own.figures.items()}
        said = f"已填入{month.label}的合计，请核对后试算。"
        return self._page(WhatIfForm(initial=initial, boards=boards), filled=[said, *own.notes])

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WhatIfForm(request.POST, request.FILES, boards=self._boards())
        if not form.is_valid():
            return self._page(form, status=422)
        data = form.cleaned_data
        try:
            found = whatif.trial(data["method"], data["so_far"])
        except wci.WciError as error:
            form.add_error("table" if data.get("articles") else "total_reads", str(error))
            return self._page(form, status=422)
        return self._page(form, **self._result(found, data))

    def _result(self, found: whatif.Trial | None, data: dict[str, Any]) -> dict[str, Any]:
        if found is None:
            return {"undefined": True, "method": data["method"]}
        board, month = data["board"], data["month"]
        listed = None
        if board is not None:
            listed = reports.reference(board, month, reports.our_account())
        comparable = listed is not None and listed.comparable(found.version)
        rungs = listed.rungs if comparable else None

        def line(
            words: str, note: str, index: wci.Interval, change: wci.Interval | None = None
        ) -> Scenario:
            standing = None if rungs is None else whatif.standing(index, rungs)
            return Scenario(words, note, index, standing, change)

        so_far = found.so_far
        scenarios = [line("只算已有的", "之后不再发文，阅读也不再增长", found.nothing_more)]
        if so_far.days_left:
            note = f"余下 {so_far.days_left} 天每天和已过的日子一样"
            scenarios.append(line("照目前的进度", note, found.as_so_far))
        for step in found.steps:
            note = f"阅读 {step.usual.figures['reads']:,.0f}（{step.usual.basis}）"
            scenarios.append(line(f"再发{step.usual.words}", note, step.index, step.change))
        return {
            "trial": found,
            "method": found.version,
            "so_far": so_far,
            "figures": [
                (wci.LABELS[name], _pair_words(pair)) for name, pair in so_far.inputs.items()
            ],
            "scenarios": scenarios,
            "listed": listed,
            "comparable": comparable,
            "board": board,
            "same_month": listed is not None and listed.month == month,
        }

    def _boards(self) -> list[Board]:
        return [board for board in reports.boards_of(reports.our_account()) if board.is_monthly]

    def _page(self, form: WhatIfForm, *, status: int = 200, **result: Any) -> HttpResponse:
        return self.show(status=status, form=form, bad_lines=form.bad_lines, **result)

    @property
    def media(self) -> forms.Media:
        return super().media + WhatIfForm(boards=[]).media

    @property
    def header_buttons(self) -> list[Button]:
        url = reverse("rankings:index_check")
        return [HeaderButton("指数核对", url=url, icon_name="check")]


def _pair_words(pair: tuple[float, float]) -> str:
    low, high = (f"{value:,.0f}" for value in pair)
    return low if low == high else f"{low}～{high}"


class IndexCheckView(RankingScreen):
    """指数核对: per month the versions that fit all rows, and the rows that fit none."""

    title = "指数核对"
    header_icon = "check"
    template_name = "rankings/admin/index_check.html"
    board: Board | None = None

    def get_page_subtitle(self) -> str:
        return str(self.board) if self.board else ""

    def get(self, request: HttpRequest) -> HttpResponse:
        boards = [b for b in reports.boards_of(reports.our_account()) if b.is_monthly]
        key = request.GET.get("board", "")
        self.board = next((board for board in boards if board.key == key), None)
        problem = ""
        if key and self.board is None:
            problem = f"没有编号为“{key}”的月榜，请在上面重新选择。"
        elif self.board is None and boards:
            self.board = boards[0]
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else None
        check = None if self.board is None else reports.board_check(self.board, year)
        return self.show(
            boards=boards,
            board=self.board,
            check=check,
            problem=problem,
            versions=wci.VERSIONS.values(),
        )

    @property
    def header_buttons(self) -> list[Button]:
        url = reverse("rankings:what_if")
        return [HeaderButton("指数试算", url=url, icon_name="decimal")]


wci_urls = [
    path("what-if/", WhatIfView.as_view(), name="what_if"),
    path("index-check/", IndexCheckView.as_view(), name="index_check"),
]
