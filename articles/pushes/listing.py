"""The list of pushes: what is to be done comes first, then what is done, the latest first."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate, TruncMonth
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from ..models import Push
from .status import PushStage, standing

# What each stage asks of the rows; the order of `standing`.
STAGES = {
    PushStage.ASSEMBLING: Q(
        dissolved_at=None,
        publish_failed_at=None,
        sent_at=None,
        published_at=None,
        go_live_at=None,
        approved_at=None,
    ),
    PushStage.APPROVED: Q(
        dissolved_at=None,
        publish_failed_at=None,
        sent_at=None,
        published_at=None,
        go_live_at=None,
        approved_at__isnull=False,
    ),
    PushStage.COMMITTED: Q(
        dissolved_at=None,
        publish_failed_at=None,
        sent_at=None,
        published_at=None,
        go_live_at__isnull=False,
    ),
    PushStage.FAILED: Q(dissolved_at=None, publish_failed_at__isnull=False),
    PushStage.PUBLISHED: Q(
        dissolved_at=None, publish_failed_at=None, sent_at=None, published_at__isnull=False
    ),
    PushStage.SENT: Q(dissolved_at=None, publish_failed_at=None, sent_at__isnull=False),
    PushStage.DISSOLVED: Q(dissolved_at__isnull=False),
}
_OVER = STAGES[PushStage.SENT] | STAGES[PushStage.DISSOLVED]


def pushes() -> QuerySet[Push]:
    """All pushes with what the list shows of them: open ones by their day, then the others.

    Annotated with ``month``, the first day of the one they were sent in, are due or planned in,
    or were begun in.
    """
    day = Coalesce(
        TruncDate("sent_at"), TruncDate("go_live_at"), TruncDate("published_at"), "planned_for"
    )
    return (
        Push.objects.select_related("created_by", "approved_by", "delivery")
        .prefetch_related("members__article")
        .annotate(day=day, is_over=Case(When(_OVER, then=Value(1)), default=Value(0)))
        .annotate(
            month=TruncMonth(Coalesce("day", TruncDate("created_at"))),
            coming=Case(When(is_over=0, then=F("day")), output_field=DateField()),
        )
        .order_by("is_over", F("coming").asc(nulls_last=True), F("day").desc(), "-pk")
    )


def _months() -> list[tuple[str, str]]:
    """The months there are pushes in, the latest first."""
    months = pushes().order_by("-month").values_list("month", flat=True).distinct()
    return [(f"{month:%Y-%m}", f"{month.year}年{month.month}月") for month in months]


class PushFilterSet(WagtailFilterSet):
    stage = django_filters.ChoiceFilter(
        label="状态",
        choices=[(stage.name.lower(), stage.value) for stage in PushStage],
        method="in_stage",
        empty_label="全部",
    )
    month = django_filters.ChoiceFilter(
        label="月份", choices=_months, method="in_month", empty_label="全部"
    )

    class Meta:
        model = Push
        fields: list[str] = []

    def in_stage(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(STAGES[PushStage[value.upper()]])

    def in_month(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(month=date.fromisoformat(f"{value}-01"))


class PushColumn(Column):
    """A cell with a template of its own, which gets the push's standing as ``value``."""

    def __init__(self, name: str, label: str, **kwargs: Any):
        super().__init__(name, label, accessor=standing, **kwargs)
        self.cell_template_name = f"articles/admin/pushes/{name}_cell.html"


class PushTitleColumn(TitleColumn):
    cell_template_name = "articles/admin/pushes/title_cell.html"


def _when(push: Push) -> str:
    """The minute of the push, else its day, said as what it is."""
    at = push.sent_at or push.go_live_at or push.published_at
    if at:
        return f"{timezone.localtime(at):%m月%d日 %H:%M}"
    if push.planned_for:
        slot = f" {push.planned_slot:%H:%M}" if push.planned_slot else ""
        return f"计划 {_day(push.planned_for)}{slot}"
    return "没有计划"


def _day(day: date) -> str:
    return f"{day:%m月%d日}"


COLUMNS = [
    PushTitleColumn(
        "title",
        label="推送",
        classname="title",
        get_url=lambda push: reverse("pushes_show", args=[push.pk]),
    ),
    PushColumn("standing", "状态"),
    Column("when", label="时间", accessor=_when),
    PushColumn("next", "下一步"),
    Column("created_by", label="组稿人", classname="only-wide"),
    Column("approved_by", label="审定人", classname="only-wide"),
]
