"""What the screens of readings share: who may see them."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from rankings.periods import Month, PeriodError

VIEW = "articles.view_reading"
DEMO = "演示站：这里的数据都是示例，不是真实的阅读和关注人数。"
REFUSAL = "您没有查看阅读数据的权限，请联系管理员。"


class ReadingScreen(WagtailAdminTemplateMixin, View):
    """A screen below 阅读数据."""

    header_icon = "view"
    permission = VIEW
    refusal = REFUSAL

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied(self.refusal)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.page_title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("readings_index"), "label": "阅读数据"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo=DEMO if settings.DEMO else "", **kwargs)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)


class MonthScreen(ReadingScreen):
    """A screen that shows one of ``months``, newest first."""

    months: list[Month]

    @cached_property
    def month(self) -> Month:
        """The one asked for, else the newest there is."""
        newest = self.months[0] if self.months else Month.of(timezone.now())
        try:
            return Month.parse(self.request.GET.get("month", "") or str(newest))
        except PeriodError:
            return newest
