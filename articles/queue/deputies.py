"""代审: who gives whose review on which days."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from ..models import ArticlePage, Deputation
from ..review import deputies
from .forms import DeputationForm


def fate(deputation: Deputation) -> str:
    """Whether ``deputation`` is to come, in force or over."""
    today = timezone.localdate()
    if deputation.ended_at:
        return f"已由{deputation.ended_by}结束"
    if deputation.ends_on < today:
        return "已到期"
    return "进行中" if deputation.starts_on <= today else "未开始"


class EndColumn(Column):
    """结束, for those who may, while there is something to end."""

    cell_template_name = "articles/admin/queue/end_cell.html"

    def get_cell_context_data(
        self, instance: Deputation, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        is_over = instance.ended_at or instance.ends_on < timezone.localdate()
        return {
            **context,
            "may_end": not is_over and deputies.may_end(request.user, instance),
            # Wagtail renders cells without context processors.
            "csrf_token": get_token(request),
        }


class DeputiesView(generic.IndexView):
    """All deputations, for everybody who may read drafts: who judges is no secret among them."""

    model = Deputation
    permission_policy = ModelPermissionPolicy(ArticlePage)
    any_permission_required = ["view"]
    page_title = "代审"
    header_icon = "group"
    template_name = "articles/admin/queue/index.html"
    results_template_name = "articles/admin/queue/deputies_results.html"
    index_url_name = "articles_deputies"
    index_results_url_name = "articles_deputies_results"
    table_classname = "listing listing--scrolls"
    is_searchable = False
    paginate_by = 20
    columns = [
        Column("deputation", label="代审", accessor=str, classname="title"),
        Column(
            "days",
            label="日期",
            accessor=lambda d: f"{d.starts_on:%Y-%m-%d} 至 {d.ends_on:%Y-%m-%d}",
        ),
        Column("reason", label="原因", classname="only-wide"),
        Column("created_by", label="安排人", classname="only-wide"),
        Column("fate", label="状态", accessor=fate),
        EndColumn("end", label="操作"),
    ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not deputies.may_arrange(self.request.user):
            return []
        return [
            HeaderButton("安排代审", url=reverse("articles_deputy_add"), icon_name="plus"),
        ]

    def get_base_queryset(self) -> QuerySet:
        return Deputation.objects.select_related("person", "deputy", "created_by", "ended_by")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.order_by("-starts_on", "-pk")


class AppointView(WagtailAdminTemplateMixin, FormView):
    """The form of a new deputation."""

    form_class = DeputationForm
    template_name = "articles/admin/queue/appoint.html"
    page_title = "安排代审"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not deputies.may_arrange(request.user):
            raise PermissionDenied("代审由审核人员为自己安排，或由管理员安排。")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"starts_on": today, "ends_on": today + timedelta(days=6)}

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("articles_deputies"), "label": "代审"},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form: DeputationForm) -> HttpResponse:
        dimension, person = form.chosen
        data = form.cleaned_data
        try:
            made = deputies.appoint(
                self.request.user,
                dimension,
                person,
                data["deputy"],
                data["starts_on"],
                data["ends_on"],
                data["reason"],
            )
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"已安排：{made}，{made.starts_on:%m月%d日} 至 {made.ends_on:%m月%d日}。",
        )
        return redirect("articles_deputies")


class EndView(View):
    """结束, the button of a row."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        deputation = get_object_or_404(Deputation, pk=pk)
        try:
            deputies.end(request.user, deputation, request.POST.get("reason", ""))
            messages.success(request, f"已结束：{deputation}。已经给出的审核意见仍然有效。")
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        return redirect("articles_deputies")
