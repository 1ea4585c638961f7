"""关注人数: the account's followers by month and day."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.widgets.button import Button, HeaderButton

from rankings import charts
from rankings.periods import Month
from rankings.views.report import download

from ..models import AccountMetric, AccountReading
from ..reports import export
from .curve import DayValue, day_curve
from .screens import DEMO, MonthScreen

COLUMNS = (
    AccountMetric.FOLLOWERS,
    AccountMetric.NEW_FOLLOWERS,
    AccountMetric.LOST_FOLLOWERS,
    AccountMetric.READERS,
    AccountMetric.SHARERS,
)


@dataclass(frozen=True, slots=True)
class Day:
    """One day's values in the order of `COLUMNS`; None where none was told."""

    day: Any
    values: tuple[int | None, ...]

    @property
    def net(self) -> int | None:
        """Won less lost."""
        new, lost = self.values[1], self.values[2]
        return None if new is None or lost is None else new - lost

    @property
    def words(self) -> list[str]:
        """The values and the net as printed."""
        return ["—" if value is None else f"{value:,}" for value in (*self.values, self.net)]


class AccountView(MonthScreen):
    """A month of followers, and of the account's readers."""

    page_title = "关注人数"
    header_icon = "group"
    template_name = "articles/admin/readings/account.html"

    @cached_property
    def months(self) -> list[Month]:
        days = AccountReading.objects.order_by().dates("day", "month", order="DESC")
        return [Month.of(day) for day in days]

    @cached_property
    def days(self) -> list[Day]:
        told: dict[Any, dict[str, int]] = defaultdict(dict)
        first, last = self.month.first_day, self.month.last_day
        for each in AccountReading.objects.filter(day__range=(first, last)).order_by("day"):
            told[each.day][each.metric] = each.value
        return [Day(day, tuple(found.get(m) for m in COLUMNS)) for day, found in told.items()]

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return self._workbook()
        followers = [
            DayValue(each.day, each.values[0], title=f"{each.day:%Y-%m-%d}：{each.values[0]:,}")
            for each in self.days
            if each.values[0] is not None
        ]
        curve = day_curve(followers, from_zero=False)
        title = f"{self.month.label}累计关注人数"
        return self.show(
            month=self.month,
            months=self.months,
            labels=[metric.label for metric in COLUMNS],
            days=list(reversed(self.days)),
            sentences=self._sentences(),
            picture=charts.svg("index", {"chart": curve, "title": title}) if curve else "",
        )

    def _sentences(self) -> list[str]:
        known = [each for each in self.days if each.net is not None]
        if not known:
            return []
        new, lost = (sum(each.values[at] for each in known) for at in (1, 2))
        said = f"{self.month.label}有{len(known)}天的数据：新关注{new:,}人，取消关注{lost:,}人，"
        return [f"{said}净增{new - lost:,}人。"]

    @property
    def header_buttons(self) -> list[Button]:
        url = f"{reverse('readings_account')}?month={self.month}&export=xlsx"
        return [HeaderButton("下载 Excel 表格", url=url, icon_name="download")]

    def _workbook(self) -> HttpResponse:
        headings = ["日期", *(metric.label for metric in COLUMNS), "净增"]
        rows = [[each.day, *each.values, each.net] for each in self.days]
        sheet = export.Sheet(f"{self.month}", headings, rows, [12])
        notes = self._sentences() or [f"{self.month.label}还没有数据。"]
        if settings.DEMO:
            notes = [DEMO, *notes]
        data = export.workbook([sheet], [*notes, "来源：微信官方统计接口。"])
        return download(data, export.CONTENT_TYPE, f"关注人数-{self.month.label}.xlsx")
