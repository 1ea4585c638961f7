"""审稿: what waits for whom, and the buttons of its rows."""

from functools import cached_property
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views import generic
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import TaskState
from wagtail.permission_policies import ModelPermissionPolicy

from .. import queues
from ..models import ArticlePage, Priority, ReviewTaskState
from ..pushes import work as push_work
from ..review import claiming, deputies
from ..review.stages import Dimension
from .columns import COLUMNS


class QueueFilterSet(WagtailFilterSet):
    dimension = django_filters.ChoiceFilter(
        label="在哪一审",
        choices=Dimension.choices,
        field_name="task__reviewtask__dimension",
        empty_label="全部",
    )
    priority = django_filters.ChoiceFilter(
        label="缓急", choices=Priority.choices, method="of_priority", empty_label="全部"
    )
    overdue = django_filters.BooleanFilter(
        label="超期", method="of_overdue", widget=BooleanRadioSelect
    )

    class Meta:
        model = TaskState
        fields: list[str] = []

    def of_priority(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(priority=value)

    def of_overdue(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.filter(is_late=int(wanted))


class QueueView(generic.IndexView):
    """One part of the queue; the first one a person sees depends on what they do."""

    model = TaskState
    permission_policy = ModelPermissionPolicy(ArticlePage)
    any_permission_required = ["view"]
    page_title = "审稿"
    header_icon = "tasks"
    template_name = "articles/admin/queue/index.html"
    results_template_name = "articles/admin/queue/index_results.html"
    filterset_class = QueueFilterSet
    table_classname = "listing listing--scrolls"
    is_searchable = True
    paginate_by = 20
    columns = COLUMNS

    @cached_property
    def part(self) -> queues.View:
        asked = self.kwargs.get("part")
        if asked is None:
            return queues.default_view(self.request.user)
        if asked not in queues.View:
            raise Http404("没有这个列表。")
        return queues.View(asked)

    def get_page_subtitle(self) -> str:
        return self.part.label

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not deputies.may_arrange(self.request.user):
            return []
        return [HeaderButton("代审", url=reverse("articles_deputies"), icon_name="group")]

    def get_index_url(self) -> str:
        return reverse("articles_queue", args=[self.part])

    def get_index_results_url(self) -> str:
        return reverse("articles_queue_results", args=[self.part])

    def get_queryset(self) -> QuerySet:
        found = self.filter_queryset(queues.steps(self.part, self.request.user))
        if self.is_searching:
            named = ArticlePage.objects.filter(draft_title__icontains=self.search_query)
            found = found.filter(article_id__in=named.values("pk"))
        return found

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> tuple[Any, ...]:
        """The rows of one page are filled together."""
        paginator, page, steps, has_others = super().paginate_queryset(queryset, page_size)
        return paginator, page, queues.fill(self.request.user, steps), has_others

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            *args,
            parts=[(part, reverse("articles_queue", args=[part])) for part in queues.View],
            part=self.part,
            held=push_work.held() if self.part == queues.View.READY else 0,
            **kwargs,
        )


class ClaimView(View):
    """认领 and 放回, the buttons of a row."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        step = get_object_or_404(ReviewTaskState, pk=pk)
        title = step.workflow_state.content_object
        try:
            match request.POST.get("action"):
                case "claim":
                    claiming.claim(request.user, step)
                    messages.success(request, f"已认领《{title}》，其他同事会看到您在审。")
                case "unclaim":
                    claiming.unclaim(request.user, step)
                    messages.success(request, f"已放回《{title}》，其他同事可以认领。")
                case _:
                    messages.error(request, "没有这个操作，请刷新页面后重试。")
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        return redirect(get_valid_next_url_from_request(request) or reverse("articles_queue"))
