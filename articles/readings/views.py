"""阅读数据: the month's articles by one metric, every 10万+, and what was fetched."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton

from rankings.periods import Month
from rankings.views.report import download

from ..models import ColumnPage, Metric, StatisticsDay
from ..reports import export
from ..wechat.client import is_configured
from . import fetching, queries
from .import_plan import IMPORT
from .queries import Ranked
from .screens import DEMO, MonthScreen, ReadingScreen
from .words import Total

SHOWN = 50
_NOT_SUMMED = {
    Metric.READERS: "这是各篇阅读人数相加，一个人读几篇就算几次，不是不重复的人数。",
    Metric.READS: "阅读次数来自后台导出表和人工录入；官方统计接口只给人数，不给次数。",
}


class ReadingIndexView(MonthScreen):
    """The list. It is about articles only: nobody's name stands in it."""

    page_title = "阅读数据"
    template_name = "articles/admin/readings/index.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def months(self) -> list[Month]:
        return queries.months()

    @cached_property
    def metric(self) -> Metric:
        asked = self.request.GET.get("metric", "")
        return Metric(asked) if asked in queries.RANKED else Metric.READERS

    @cached_property
    def column(self) -> str:
        return self.request.GET.get("column", "")

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.ranked(list(queries.of_month(self.month)), self.metric)
        shown = queries.in_column(rows, self.column) if self.column else rows
        large = queries.large(self.metric)
        if request.GET.get("export") == "xlsx":
            return self._workbook(shown, large)
        whole = request.GET.get("all") == "1"
        return self.show(
            month=self.month,
            months=self.months,
            metric=self.metric,
            metrics=queries.RANKED,
            column=self.column,
            columns=list(ColumnPage.objects.live().values_list("title", flat=True)),
            rows=shown if whole else shown[:SHOWN],
            left=0 if whole else max(len(shown) - SHOWN, 0),
            sentences=self._sentences(shown),
            large=large,
            query=self._query(),
            fetched=_fetched(),
            may_import=request.user.has_perm(IMPORT),
        )

    def _sentences(self, rows: list[Ranked]) -> list[str]:
        if not rows:
            return []
        counted: Total = queries.sum_of(rows)
        where = f"“{self.column}”" if self.column else ""
        said = f"{self.month.label}{where}共发表{len(rows)}篇，"
        if not counted.count:
            return [f"{said}都还没有{self.metric.label}。"]
        said += f"{counted.count}篇有{self.metric.label}，合计 {counted.words}。"
        if counted.bound != "exact":
            said += "其中有封顶的 10万+，所以合计只能说“不少于”。"
        return [said, _NOT_SUMMED[self.metric]]

    def _query(self, **more: Any) -> str:
        asked = {"month": str(self.month), "metric": self.metric.value, **more}
        if self.column:
            asked["column"] = self.column
        query = self.request.GET.copy()
        query.clear()
        query.update(asked)
        return query.urlencode()

    @property
    def header_buttons(self) -> list[Button]:
        base = reverse("readings_index")
        buttons = [
            HeaderButton(
                "下载 Excel 表格",
                url=f"{base}?{self._query(export='xlsx')}",
                icon_name="download",
            ),
            HeaderButton("关注人数", url=reverse("readings_account"), icon_name="group"),
        ]
        if self.request.user.has_perm(IMPORT):
            buttons.append(
                HeaderButton("导入后台表格", url=reverse("readings_upload"), icon_name="upload")
            )
        return buttons

    def _workbook(self, rows: list[Ranked], large: list[Ranked]) -> HttpResponse:
        headings = (
            "位次", "标题", "第几条", "推送", "发表日期", "栏目", self.metric.label, "界限", "来源",
            "口径", "截至", "分享人数", "读完率", "微信地址",
        )  # fmt: skip
        widths = (6, 40, 8, 8, 12, 14, 14, 10, 16, 16, 12, 10, 10, 50)
        sheets = [
            export.Sheet(name, headings, [_cells(row) for row in some], widths)
            for name, some in ((f"{self.month}", rows), ("历来10万+", large))
        ]
        notes = self._sentences(rows) or [f"{self.month.label}还没有阅读数据。"]
        if settings.DEMO:
            notes = [DEMO, *notes]
        data = export.workbook(sheets, [f"指标：{self.metric.label}", *notes])
        name = f"阅读数据-{self.month.label}-{self.metric.label}.xlsx"
        return download(data, export.CONTENT_TYPE, name)


class FetchAgainView(ReadingScreen):
    """重新取数."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            fetching.fetch_again(request.user)
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, "已安排重新取数。官方统计每天 08:05 以后才有，几分钟后刷新本页查看。"
            )
        return redirect("readings_index")


def _cells(row: Ranked) -> list[Any]:
    post, reading = row.post, row.reading
    return [
        row.place,
        post.title,
        post.place,
        post.member.push_id if post.member else None,
        post.published_on,
        row.column,
        (row.words if reading.capped else int(reading.value)) if reading else None,
        reading.get_bound_display() if reading else "",
        reading.get_source_display() if reading else "",
        reading.get_window_display() if reading else "",
        reading.stat_date if reading else None,
        row.sharers,
        row.finished,
        post.url,
    ]


def _fetched() -> dict[str, Any]:
    """How the statistics came in: the last time, and what is missing with its reason."""
    days = list(StatisticsDay.objects.all()[:200])
    wanted = {(each.subject, each.day) for each in fetching.current()}
    mine = [day for day in days if (day.subject, day.day) in wanted]
    return {
        "is_configured": is_configured(),
        "last": max((day.fetched_at for day in mine if day.fetched_at), default=None),
        "missing": [day for day in mine if day.reason],
        "delayed": [day for day in mine if day.is_delayed and not day.reason],
    }
