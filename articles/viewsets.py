"""The list of articles in the admin."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import PageTitleColumn, ParentPageColumn
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import page_permission_policy

from . import claim_watch
from .forms import ColumnChoiceForm
from .models import ArticlePage, ColumnPage, Kind
from .pushes import membership
from .status import is_unreviewed, is_urgent_asked, standing


class StandingColumn(Column):
    """The article's stage in words, linked to the desk."""

    cell_template_name = "articles/admin/standing_cell.html"

    def get_value(self, instance: ArticlePage) -> Any:
        return standing(instance)

    def get_cell_context_data(
        self, instance: ArticlePage, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["desk_url"] = reverse("articles_desk", args=[instance.pk])
        return context


class ArticleFilterSet(WagtailFilterSet):
    column = ModelChoiceFilter(
        label="栏目",
        queryset=lambda request: ColumnPage.objects.all(),
        method="in_column",
        empty_label="全部栏目",
    )
    kind = ChoiceFilter(label="体裁", choices=Kind.choices, empty_label="全部体裁")

    class Meta:
        model = ArticlePage
        fields = ["column", "kind"]

    def in_column(self, queryset: Any, name: str, value: ColumnPage) -> Any:
        return queryset.child_of(value)


class ArticleIndexView(IndexView):
    """All articles, for everybody who may read drafts: a reviewer looks ahead and back."""

    permission_policy = ModelPermissionPolicy(ArticlePage)
    any_permission_required = {"view"}
    results_template_name = "articles/admin/list_results.html"
    add_item_label = "新建文章"

    def user_has_permission(self, permission: str) -> bool:
        """Adding is a right in the page tree; the reading of drafts is a model permission."""
        if permission == "add":
            return page_permission_policy.user_has_permission(self.request.user, permission)
        return super().user_has_permission(permission)

    def get_base_queryset(self) -> Any:
        articles = self.model.objects.prefetch_related(
            "publish_failures", membership.prefetch()
        ).defer_streamfields()
        return self.annotate_queryset(
            articles.annotate(
                in_doubt=claim_watch.in_doubt(),
                is_urgent_asked=is_urgent_asked(),
                is_unreviewed=is_unreviewed(),
            )
        )

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Writers may also begin with a Word file, and see so without opening a menu."""
        buttons = super().header_buttons
        if self.add_url:
            address = reverse("articles_word_upload")
            buttons.append(
                HeaderButton("从 Word 新建", url=address, icon_name="upload", priority=2000)
            )
        return buttons

    def search_queryset(self, queryset: Any) -> Any:
        """Plain substring search: the search index takes a run of Chinese for one word."""
        if not self.is_searching:
            return queryset
        return queryset.filter(draft_title__icontains=self.search_query)


class ChooseColumnView(ChooseParentView):
    """The first question about a new article."""

    page_title = "选择栏目"
    submit_button_label = "开始写"

    def get_page_subtitle(self) -> str:
        return "新文章"

    def get_form(self) -> ColumnChoiceForm:
        answer = self.request.POST if self.request.method == "POST" else None
        return ColumnChoiceForm(self.request.user, answer)


def _planned(article: ArticlePage) -> str:
    return date_format(article.planned_for, "n月j日") if article.planned_for else ""


class DraftReadersMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm("articles.view_articlepage")


class ArticleListingViewSet(PageListingViewSet):
    model = ArticlePage
    name = "articles"
    icon = "doc-full"
    menu_label = "文章"
    menu_order = 100
    add_to_admin_menu = True
    menu_item_class = DraftReadersMenuItem
    index_view_class = ArticleIndexView
    choose_parent_view_class = ChooseColumnView
    filterset_class = ArticleFilterSet
    columns = [
        PageTitleColumn("title", label="标题", sort_key="title", classname="title"),
        ParentPageColumn("parent", label="栏目", classname="only-wide"),
        StandingColumn("standing", label="状态", width="14%"),
        Column("author", label="作者", accessor="author", width="12%", classname="only-wide"),
        Column(
            "planned_for",
            label="计划日期",
            accessor=_planned,
            sort_key="planned_for",
            width="10%",
        ),
        DateColumn(
            "latest_revision_created_at",
            label="最近修改",
            sort_key="latest_revision_created_at",
            width="12%",
            classname="only-wide",
        ),
    ]


article_viewset = ArticleListingViewSet()
