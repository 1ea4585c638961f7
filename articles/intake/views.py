"""Screens of 选题单 and 投稿箱."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media.sniffing import UploadRefused

from ..models import Contribution, ContributionFile, ContributionStatus, Topic, TopicStatus
from . import contributions, topics
from .forms import (
    AcceptForm,
    AnswerForm,
    ContributionForm,
    DropForm,
    TakeOverForm,
    TopicForm,
    WriteForm,
)


class NewView(WagtailAdminTemplateMixin, FormView):
    """A form that adds one thing through one service and goes to it."""

    template_name = "articles/admin/intake/form.html"
    permission: ClassVar[str]
    refusal: ClassVar[str]
    index: ClassVar[tuple[str, str]]
    submit_label: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied(self.refusal)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        url_name, label = self.index
        return [
            *self.breadcrumbs_items,
            {"url": reverse(url_name), "label": label},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url_name, _ = self.index
        return super().get_context_data(
            submit_label=self.submit_label, back=reverse(url_name), **kwargs
        )


class SendContributionView(NewView):
    form_class = ContributionForm
    permission = contributions.SEND
    refusal = "您没有投稿的权限，请联系管理员。"
    index = ("articles_contribution:index", "投稿箱")
    page_title = "投稿"
    header_icon = "mail"
    submit_label = "投稿"

    def form_valid(self, form: ContributionForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            contribution = contributions.send(
                self.request.user, data["title"], data["text"], data["source"], data["files"]
            )
        except UploadRefused as refusal:
            form.add_error("files", str(refusal))
            return self.form_invalid(form)
        except contributions.IntakeRefused as refusal:
            form.add_error("text", str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request, f"《{contribution.title}》已投出，编辑处理后这里会显示结果。"
        )
        return redirect("articles_contribution:show", contribution.pk)


class ProposeTopicView(NewView):
    form_class = TopicForm
    permission = topics.PROPOSE
    refusal = "您没有报选题的权限。"
    index = ("articles_topic:index", "选题单")
    page_title = "报选题"
    header_icon = "list-ul"
    submit_label = "报上去"

    def form_valid(self, form: TopicForm) -> HttpResponse:
        try:
            topic = topics.propose(self.request.user, **form.cleaned_data)
        except contributions.IntakeRefused as refusal:
            form.add_error("planned_for", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"选题“{topic.title}”已记下。")
        return redirect("articles_topic:show", topic.pk)


class ShowView(WagtailAdminTemplateMixin, TemplateView):
    """One thing with the forms of what can be done to it; each action is one service."""

    index: ClassVar[tuple[str, str]]
    form_classes: ClassVar[dict[str, type[forms.Form]]] = {}
    actions: ClassVar[dict[str, str]] = {}

    @cached_property
    def bound(self) -> dict[str, forms.Form]:
        """A form by its action's name; the posted one is bound."""
        action = self.request.POST.get("action")
        return {
            name: form(self.request.POST) if name == action else form(**self.initial(name))
            for name, form in self.form_classes.items()
        }

    def initial(self, name: str) -> dict[str, Any]:
        return {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("action", "")
        method: Callable[[dict[str, Any]], str] | None = (
            getattr(self, self.actions[name]) if name in self.actions else None
        )
        if method is None:
            messages.error(request, "没有这个操作，请刷新页面后重试。")
            return redirect(request.path)
        form = self.bound.get(name)
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        try:
            messages.success(request, method(form.cleaned_data if form else {}))
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        url_name, label = self.index
        return [
            *self.breadcrumbs_items,
            {"url": reverse(url_name), "label": label},
            {"url": "", "label": self.get_page_title()},
        ]


class ContributionView(ShowView):
    template_name = "articles/admin/intake/contribution.html"
    index = ("articles_contribution:index", "投稿箱")
    header_icon = "mail"
    form_classes = {"take": TakeOverForm, "decline": AnswerForm}
    actions = {"take": "take", "decline": "decline", "recall": "recall"}

    @cached_property
    def contribution(self) -> Contribution:
        return get_object_or_404(contributions.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return self.contribution.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        waits = self.contribution.status == ContributionStatus.SUBMITTED
        return super().get_context_data(
            contribution=self.contribution,
            files=self.contribution.files.all(),
            paragraphs=self.contribution.text.splitlines(),
            may_handle=waits and user.has_perm(contributions.HANDLE),
            may_recall=waits and self.contribution.sent_by_id == user.pk,
            may_open=user.has_perm("articles.view_articlepage"),
            form=self.bound,
            **kwargs,
        )

    def take(self, data: dict[str, Any]) -> str:
        article = contributions.take_over(
            self.request.user, self.contribution, data["column"], data["answer"]
        )
        return f"已采用，草稿《{article.title}》已建好。通讯员是作者之一，不能参与本稿审核。"

    def decline(self, data: dict[str, Any]) -> str:
        contributions.decline(self.request.user, self.contribution, data["answer"])
        return "已答复：未采用。"

    def recall(self, data: dict[str, Any]) -> str:
        contributions.recall(self.request.user, self.contribution)
        return "来稿已撤回。"


class ContributionFileView(View):
    """A file sent along, for the contributor and the editors."""

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        mine = contributions.visible_to(request.user)
        found = get_object_or_404(ContributionFile, pk=file, contribution__in=mine.filter(pk=pk))
        response = FileResponse(
            found.file.open("rb"), as_attachment=not found.is_picture, filename=found.name
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response


class TopicView(ShowView):
    template_name = "articles/admin/intake/topic.html"
    index = ("articles_topic:index", "选题单")
    header_icon = "list-ul"
    form_classes = {"accept": AcceptForm, "drop": DropForm, "write": WriteForm}
    actions = {"accept": "accept", "drop": "drop", "write": "write"}

    @cached_property
    def topic(self) -> Topic:
        return get_object_or_404(
            Topic.objects.select_related("proposed_by", "assigned_to", "column", "article"),
            pk=self.kwargs["pk"],
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("articles.view_topic"):
            raise PermissionDenied("您没有看选题单的权限。")
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.topic.title

    def initial(self, name: str) -> dict[str, Any]:
        if name == "accept":
            return {
                "initial": {
                    "assigned_to": self.topic.assigned_to_id,
                    "planned_for": self.topic.planned_for,
                }
            }
        return {"initial": {"column": self.topic.column_id}} if name == "write" else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.topic.status in (TopicStatus.PROPOSED, TopicStatus.ACCEPTED)
        return super().get_context_data(
            topic=self.topic,
            may_change=is_open and self.request.user.has_perm(topics.CHANGE),
            form=self.bound,
            **kwargs,
        )

    def accept(self, data: dict[str, Any]) -> str:
        topics.accept(self.request.user, self.topic, **data)
        return "已采用。" + (f"由{data['assigned_to']}来写。" if data["assigned_to"] else "")

    def drop(self, data: dict[str, Any]) -> str:
        topics.drop(self.request.user, self.topic, data["reason"])
        return "已记下：不做。"

    def write(self, data: dict[str, Any]) -> str:
        article = topics.start_writing(self.request.user, self.topic, data["column"])
        return f"草稿《{article.title}》已建好，可以开始写了。"
