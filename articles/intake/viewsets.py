"""The lists 选题单 and 投稿箱."""

from functools import cached_property
from typing import Any

from django.urls import path, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from ..models import Contribution, Topic
from . import contributions, topics, views


class ContributionFilterSet(WagtailFilterSet):
    class Meta:
        model = Contribution
        fields = ["status"]


class TopicFilterSet(WagtailFilterSet):
    class Meta:
        model = Topic
        fields = ["status", "assigned_to", "column"]


class ContributionIndexView(IndexView):
    any_permission_required = ["view", "add"]
    results_template_name = "articles/admin/intake/contributions_results.html"

    @cached_property
    def sends(self) -> bool:
        return self.request.user.has_perm(contributions.SEND)

    def get_base_queryset(self) -> Any:
        return contributions.visible_to(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.sends:
            return []
        return [HeaderButton("投稿", url=reverse("articles_contribution:send"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label="标题",
                get_url=lambda row: reverse("articles_contribution:show", args=[row.pk]),
            ),
            Column("status", label="状态", accessor="get_status_display", sort_key="status"),
            Column("sent_by", label="通讯员", classname="only-wide"),
            Column("answer", label="答复", classname="only-wide"),
            DateColumn("sent_at", label="投稿时间", sort_key="sent_at"),
        ]


class TopicIndexView(IndexView):
    results_template_name = "articles/admin/intake/topics_results.html"

    @cached_property
    def proposes(self) -> bool:
        return self.request.user.has_perm(topics.PROPOSE)

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("proposed_by", "assigned_to", "column")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.proposes:
            return []
        return [HeaderButton("报选题", url=reverse("articles_topic:propose"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label="选题",
                get_url=lambda row: reverse("articles_topic:show", args=[row.pk]),
            ),
            Column("status", label="状态", accessor="get_status_display", sort_key="status"),
            Column("planned_for", label="计划日期", sort_key="planned_for", accessor=_day),
            Column("column", label="栏目", classname="only-wide"),
            Column("assigned_to", label="由谁写", classname="only-wide"),
            Column("proposed_by", label="提出人", classname="only-wide"),
        ]


def _day(topic: Topic) -> str:
    return f"{topic.planned_for.month}月{topic.planned_for.day}日" if topic.planned_for else ""


class IntakeViewSet(ModelViewSet):
    """A list whose rows are made and changed by services only."""

    copy_view_enabled = False
    inspect_view_enabled = False
    form_fields = ["title"]

    def get_urlpatterns(self) -> list[Any]:
        own = {"index", "index_results"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in own]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        gone = ("add", "edit", "delete", "history", "usage")
        return super().get_common_view_kwargs(
            **{f"{name}_url_name": None for name in gone}, **kwargs
        )


class ContributionViewSet(IntakeViewSet):
    model = Contribution
    name = "articles_contribution"
    url_prefix = "articles/contributions"
    icon = "mail"
    menu_label = "投稿箱"
    menu_order = 20
    index_view_class = ContributionIndexView
    filterset_class = ContributionFilterSet
    search_fields = ["title", "text"]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("new/", views.SendContributionView.as_view(), name="send"),
            path("<int:pk>/", views.ContributionView.as_view(), name="show"),
            path("<int:pk>/files/<int:file>/", views.ContributionFileView.as_view(), name="file"),
        ]


class TopicViewSet(IntakeViewSet):
    model = Topic
    name = "articles_topic"
    url_prefix = "articles/topics"
    icon = "list-ul"
    menu_label = "选题单"
    menu_order = 10
    index_view_class = TopicIndexView
    filterset_class = TopicFilterSet
    search_fields = ["title", "angle"]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("new/", views.ProposeTopicView.as_view(), name="propose"),
            path("<int:pk>/", views.TopicView.as_view(), name="show"),
        ]


class IntakeViewSetGroup(ViewSetGroup):
    menu_label = "选题与来稿"
    menu_icon = "list-ul"
    menu_order = 105
    items = (TopicViewSet, ContributionViewSet)


intake_viewset_group = IntakeViewSetGroup()
