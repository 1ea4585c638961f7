"""What all reports on the reviews share: who may see them, the days they look at, the workbook."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton

from rankings.views.report import download

from ..models import ReviewTaskState
from . import export, periods
from .counting import Matrix
from .reading import About

PERMISSION = "articles.view_review_report"


def _period_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return periods.choices(timezone.localdate())


class PeriodFilterSet(WagtailFilterSet):
    period = django_filters.ChoiceFilter(
        label="期间", choices=_period_choices, empty_label="近12个月"
    )
    between = django_filters.DateFromToRangeFilter(
        label="自选日期",
        widget=DateRangePickerWidget,
        help_text="填了自选日期，就不看上面选的期间。",
    )

    class Meta:
        # The days are all that is asked; the rows come from functions, not from this model.
        model = ReviewTaskState
        fields: ClassVar[list[str]] = []


class ArticleColumn(Column):
    """The article's title, linked to its desk while it exists."""

    cell_template_name = "articles/admin/reports/article_cell.html"

    def get_value(self, instance: Any) -> About:
        return instance.article


class ReviewReport(ReportView):
    """One report. A subclass says what is read, how it is shown and how it is put in sentences.

    ``rows`` are plain values from `reading` or `counting`; ``sheet_columns`` name, for each column
    of the workbook, its heading, the value of a row and the width.
    """

    key: ClassVar[str]
    template_name = "articles/admin/reports/report.html"
    results_template_name = "articles/admin/reports/results.html"
    filterset_class = PeriodFilterSet
    header_icon = "list-ul"
    table_classname = "listing listing--scrolls report-list"
    is_searchable = False
    FORMATS = (ReportView.FORMAT_XLSX,)
    nothing: ClassVar[str]
    sheet_columns: ClassVar[Sequence[tuple[str, Any, int]]]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied("您没有查看审稿报表的权限。")
        return super().dispatch(request, *args, **kwargs)

    # What a subclass answers.

    def rows(self) -> Sequence[Any]:
        raise NotImplementedError

    def sentences(self) -> list[str]:
        """What the rows say, in a few sentences; only asked when there are any."""
        raise NotImplementedError

    def matrix(self) -> tuple[str, Matrix] | None:
        """A small table above the list: its first heading and its counts."""
        return None

    # The days.

    @cached_property
    def span(self) -> periods.Span:
        today = timezone.localdate()
        if not self.filters.is_valid():
            return periods.latest_year(today)
        asked = self.filters.form.cleaned_data
        if chosen := asked.get("between"):
            days = [
                timezone.localtime(each).date() if each else None
                for each in (chosen.start, chosen.stop)
            ]
            return periods.between(*days, today)
        if asked.get("period"):
            return periods.span_of(asked["period"])
        return periods.latest_year(today)

    @cached_property
    def span_problem(self) -> str:
        """One sentence about days that make no sense; empty when they do."""
        if not self.filters.is_valid():
            return f"所选的期间填得不对，现在显示的是{self.span.label}。请在筛选里重新选择。"
        if self.span.first > self.span.last:
            return "自选日期的开始晚于结束，所以没有结果。请在筛选里把日期改过来。"
        return ""

    # What Wagtail asks.

    @cached_property
    def found(self) -> list[Any]:
        return list(self.rows())

    def get_filtered_queryset(self) -> list[Any]:
        return self.found

    @property
    def no_results_message(self) -> str:
        return f"{self.span.label}{self.nothing}"

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Only the workbook: a CSV file has neither types nor a guard against formulas."""
        asked = self.request.GET.copy()
        asked.pop(self.page_kwarg, None)
        asked.pop("_w_filter_fragment", None)
        asked["export"] = self.FORMAT_XLSX
        url = f"{self.index_url}?{asked.urlencode()}"
        return [HeaderButton("下载 Excel 表格", url=url, icon_name="download")]

    def get_index_url(self) -> str:
        return reverse(f"articles_report_{self.key}")

    def get_index_results_url(self) -> str:
        return reverse(f"articles_report_{self.key}_results")

    def said(self) -> list[str]:
        first = [self.span_problem] if self.span_problem else []
        return [*first, *(self.sentences() if self.found else [])]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        context["sentences"] = self.said()
        context["matrix"] = self.matrix() if self.found else None
        return context

    def as_spreadsheet(self, rows: Any, spreadsheet_format: str) -> HttpResponse:
        headings, values, widths = zip(*self.sheet_columns, strict=True)
        sheets = [
            export.Sheet(
                self.page_title,
                headings,
                [[value(row) for value in values] for row in self.found],
                widths,
            )
        ]
        if self.found and (extra := self.matrix()):
            name, counted = extra
            table = [[row, *counts] for row, counts in counted.rows]
            sheets.append(export.Sheet("汇总", [name, *counted.columns], table))
        notes = self.said() or [self.no_results_message]
        data = export.workbook(sheets, [f"期间：{self.span.label}", *notes])
        return download(data, export.CONTENT_TYPE, f"{self.page_title}-{self.span.label}.xlsx")
