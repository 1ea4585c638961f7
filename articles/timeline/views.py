"""The whole timeline on a page of its own."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..models import ArticlePage
from .reading import by_day, entries
from .sentences import Part

VIEW_PERMISSION = "articles.view_articlepage"
# What people may narrow the page down to; the rest is seen with everything.
CHOICES = ((None, "全部"), (Part.REVIEW, "只看审核"), (Part.RELEASE, "只看发布"))


class TimelineView(WagtailAdminTemplateMixin, TemplateView):
    """经过: who did what, when and why, by days."""

    template_name = "articles/admin/timeline.html"
    header_icon = "history"

    @cached_property
    def article(self) -> ArticlePage:
        return get_object_or_404(ArticlePage, pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return "经过"

    def get_page_subtitle(self) -> str:
        return self.article.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("articles:index"), "label": "文章"},
            {"url": reverse("articles_desk", args=[self.article.pk]), "label": "审核与发布"},
            {"url": "", "label": "经过", "sublabel": self.article.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("part")
        part = next((each for each, _ in CHOICES if each and each == asked), None)
        return super().get_context_data(
            article=self.article,
            days=by_day(entries(self.article, part)),
            choices=CHOICES,
            part=part,
            **kwargs,
        )
