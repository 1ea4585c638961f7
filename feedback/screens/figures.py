"""留言月报 among the reports, with its table to download."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from rankings.periods import Month

from ..access import FIGURES
from ..figures import Row, monthly
from ..models import Message

OFFERED = 13
BYTE_ORDER_MARK = "\ufeff"


def _months() -> list[tuple[str, str]]:
    now = Month.of(timezone.localdate())
    return [(str(now + -back), (now + -back).label) for back in range(OFFERED)]


class MonthFilterSet(WagtailFilterSet):
    month = django_filters.ChoiceFilter(label="月份", choices=_months, empty_label="本月")

    class Meta:
        # Only the month is asked; the rows come from a function, not from this model.
        model = Message
        fields: ClassVar[list[str]] = []


class FiguresView(ReportView):
    """One month. The same columns on the screen and in the file."""

    page_title = "留言月报"
    header_icon = "comment"
    index_url_name = "feedback_figures"
    index_results_url_name = "feedback_figures_results"
    results_template_name = "feedback/admin/figures_results.html"
    filterset_class = MonthFilterSet
    table_classname = "listing listing--scrolls"
    is_searchable = False
    paginate_by = None
    export_headings: ClassVar[dict[str, str]] = {
        "group": "按",
        "name": "名称",
        "received": "收到",
        "answered": "答复",
        "in_time_words": "按期答复",
        "median_words": "答复用时中位数（工作日）",
        "refused": "不予受理",
        "open_at_end": "月末在办",
        "satisfied": "满意",
        "fair": "基本满意",
        "unsatisfied": "不满意",
        "satisfied_words": "满意率",
    }
    list_export = list(export_headings)
    columns: ClassVar[list[Column]] = [
        Column(name, label=label) for name, label in export_headings.items()
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(FIGURES):
            raise PermissionDenied("您没有查看留言月报的权限。")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def month(self) -> Month:
        chosen = self.filters.form.cleaned_data.get("month") if self.filters.is_valid() else ""
        return Month.parse(chosen) if chosen else Month.of(timezone.localdate())

    def get_filtered_queryset(self) -> list[Row]:
        return monthly(self.month)

    @property
    def no_results_message(self) -> str:
        return f"{self.month.label}没有留言。可以在筛选里换一个月份。"

    def get_filename(self) -> str:
        return f"留言月报-{self.month}"

    def stream_csv(self, queryset: Any) -> Iterator[Any]:
        """With the mark by which Excel knows that the file is UTF-8."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)

    def write_csv_response(self, queryset: Any) -> HttpResponseBase:
        """Under a Chinese name, in the form that browsers read."""
        response = super().write_csv_response(queryset)
        name = f"{self.get_filename()}.csv"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


class FiguresMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm(FIGURES)


def menu_item() -> MenuItem:
    return FiguresMenuItem(
        "留言月报", reverse("feedback_figures"), name="feedback-figures", icon_name="comment"
    )


URLS = [
    path("reports/feedback/", FiguresView.as_view(), name="feedback_figures"),
    path(
        "reports/feedback/results/",
        FiguresView.as_view(results_only=True),
        name="feedback_figures_results",
    ),
]
