"""The addresses of pushes: the list, a new one, one push's page."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from .. import queues
from ..desk.panelled import PanelledView
from ..models import ArticlePage, Push
from . import services
from .forms import NewPushForm
from .listing import COLUMNS, PushFilterSet, pushes
from .panels import PANELS
from .panels.base import PushDesk, PushPanel
from .panels.delivery import progress

VIEW_PERMISSION = "articles.view_push"


class PushIndexView(generic.IndexView):
    """All pushes: what is next first."""

    model = Push
    permission_policy = ModelPermissionPolicy(Push)
    page_title = "推送"
    header_icon = "mail"
    any_permission_required = ["view"]
    index_url_name = "pushes_index"
    index_results_url_name = "pushes_index_results"
    template_name = "articles/admin/pushes/index.html"
    results_template_name = "articles/admin/pushes/index_results.html"
    table_classname = "listing listing--scrolls"
    filterset_class = PushFilterSet
    paginate_by = 20
    columns = COLUMNS

    def get_base_queryset(self) -> QuerySet[Push]:
        return pushes()

    def order_queryset(self, queryset: QuerySet[Push]) -> QuerySet[Push]:
        return queryset

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(services.ASSEMBLE):
            return []
        return [HeaderButton("新建推送", url=reverse("pushes_new"), icon_name="plus")]


class NewPushView(WagtailAdminTemplateMixin, FormView):
    """Choose what goes out together from what waits in 待发布."""

    template_name = "articles/admin/pushes/new.html"
    page_title = "新建推送"
    header_icon = "mail"
    form_class = NewPushForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(services.ASSEMBLE):
            raise PermissionDenied("您没有组稿推送的权限。推送由“发布”人员组稿。")
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pushes_index"), "label": "推送"},
            {"url": "", "label": "新建推送"},
        ]

    @cached_property
    def waiting(self) -> list[queues.Waiting]:
        user = self.request.user
        return queues.fill(user, queues.steps(queues.View.READY, user))

    def get_form_kwargs(self) -> dict[str, Any]:
        ids = [row.article.pk for row in self.waiting]
        return {**super().get_form_kwargs(), "waiting": ids}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(waiting=self.waiting, **kwargs)

    def form_valid(self, form: NewPushForm) -> HttpResponse:
        chosen = ArticlePage.objects.in_bulk(form.cleaned_data["articles"])
        try:
            push = services.create(
                self.request.user,
                [chosen[pk] for pk in form.ordered()],
                planned_for=form.cleaned_data["day"],
            )
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, "推送已建好。调整次序后，请没有参与组稿的同事审定。")
        return redirect("pushes_show", push.pk)


class PushView(PanelledView):
    """One push: its articles, its approval, its time, and what became of it."""

    template_name = "articles/admin/pushes/push.html"
    header_icon = "mail"
    view_permission = VIEW_PERMISSION
    view_refusal = "您没有查看推送的权限。"

    @cached_property
    def desk(self) -> PushDesk:
        found = Push.objects.select_related(
            "created_by", "approved_by", "sent_recorded_by", "delivery__requested_by"
        )
        return PushDesk(self.request, get_object_or_404(found, pk=self.kwargs["pk"]))

    @cached_property
    def panels(self) -> list[PushPanel]:
        return [panel(self.desk) for panel in PANELS]

    def get_page_title(self) -> str:
        return "推送"

    def get_page_subtitle(self) -> str:
        return self.desk.push.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pushes_index"), "label": "推送"},
            {"url": "", "label": self.desk.push.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(push=self.desk.push, **kwargs)


class PushDeliveryView(TemplateView):
    """How far a push is on its way to WeChat, for its page to look at while it is moving.

    The header ``X-Delivery-State`` changes when the page has something else to show or to press.
    """

    template_name = "articles/admin/pushes/panels/delivery_progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied(PushView.view_refusal)
        push = get_object_or_404(
            Push.objects.select_related("delivery__requested_by"), pk=self.kwargs["pk"]
        )
        shown = progress(push)
        answer = self.render_to_response(shown)
        answer.headers["X-Delivery-State"] = shown["state"]
        return answer
