"""One message with what can be done to it; handing over."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .. import access, masking, rules
from ..models import Deed, Message
from ..services import handing_over
from .actions import ACTIONS, BY_NAME, Action, done_words
from .forms import HandOverForm

LIST = "feedback_message:index"
# What people wrote, which only those read as it is who need to.
WORDS = ("title", "text", "answer", "refusal_note", "extension_reason", "satisfaction_comment")


class MessageView(WagtailAdminTemplateMixin, TemplateView):
    """The message, its timeline, and a form for each deed this person may do now."""

    template_name = "feedback/admin/message.html"
    header_icon = "comment"

    @cached_property
    def message(self) -> Message:
        related = (
            "place__parent",
            "article",
            "unit",
            "handler",
            "merged_into",
            "answer_by",
            "answer_approved_by",
            "public_by",
            "published_by",
            "extension_asked_by",
            "contact_verified_by",
        )
        visible = access.visible_to(self.request.user).select_related(*related)
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    @cached_property
    def offered(self) -> list[Action]:
        facts, actor = access.facts_of(self.message), access.actor_of(self.request.user)
        return [a for a in ACTIONS if not rules.why_not(a.deed, facts, actor)]

    @cached_property
    def sees_contact(self) -> bool:
        return access.sees_contact(self.request.user, self.message)

    def form_of(self, action: Action) -> forms.Form | None:
        """The action's form; bound when it was posted."""
        if action.form is None:
            return None
        posted = self.request.POST.get("action") == action.name
        return action.form(
            self.request.POST if posted else None,
            initial=action.initial(self.message),
            prefix=action.name,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._render()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        message = self.message
        action = BY_NAME.get(request.POST.get("action", ""))
        if action is None:
            messages.error(request, "没有这个操作，请刷新页面后重试。")
            return redirect(request.path)
        form = self.form_of(action)
        if action not in self.offered:
            facts, actor = access.facts_of(message), access.actor_of(request.user)
            messages.error(request, rules.why_not(action.deed, facts, actor))
            return redirect(request.path)
        if form is not None and not form.is_valid():
            return self._render(status=422)
        try:
            changed = action.run(request.user, message, form.cleaned_data if form else {})
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
            del self.message, self.offered
            if form is not None and action in self.offered:
                # What was typed is not lost.
                return self._render(status=422)
            return redirect(request.path)
        messages.success(request, done_words(action, changed))
        if not access.visible_to(request.user).filter(pk=message.pk).exists():
            return redirect(LIST)
        return redirect(request.path)

    def _render(self, status: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**self.kwargs), status=status)

    def get_page_title(self) -> str:
        return f"留言 {self.message.number}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(LIST), "label": "留言"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message, user = self.message, self.request.user
        reads_words = access.reads_words(user)
        forms_of = [(action, self.form_of(action)) for action in self.offered]
        now = timezone.now()
        return super().get_context_data(
            message=message,
            **{name: self._words(name, reads_words) for name in WORDS},
            sender=message.name if self.sees_contact else masking.hidden_name(message.name),
            sees_contact=self.sees_contact,
            is_overdue=message.is_unfinished and message.due_at < now,
            is_step_late=message.is_unfinished and message.step_due_at < now,
            steps=self._steps(reads_words),
            main=[pair for pair in forms_of if pair[0].is_open(message)],
            more=[pair for pair in forms_of if not pair[0].is_open(message)],
            merged=message.merged.order_by("pk"),
            opens_article=user.has_perm("articles.view_articlepage"),
            media=sum((form.media for _, form in forms_of if form), forms.Media()),
            **kwargs,
        )

    def _words(self, name: str, reads_words: bool) -> str:
        words = getattr(self.message, name)
        return words if reads_words else masking.mask(words, [self.message.name])

    def _steps(self, reads_words: bool) -> list[dict[str, Any]]:
        """The log; what was noted about the contact is for those who see the contact."""
        steps = self.message.steps.select_related("unit", "person").order_by("pk")
        hidden = set() if self.sees_contact else {Deed.VERIFY_CONTACT}
        found = []
        for step in steps:
            note = "" if step.deed in hidden else step.note
            if note and not reads_words:
                note = masking.mask(note, [self.message.name])
            found.append({"step": step, "note": note})
        return found


class HandOverView(WagtailAdminTemplateMixin, FormView):
    """移交留言, for the administrator."""

    form_class = HandOverForm
    template_name = "feedback/admin/hand_over.html"
    page_title = "移交留言"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(access.HAND_OVER):
            raise PermissionDenied("移交留言由管理员来做，您没有这个权限。")
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("feedback_unit:index"), "label": "承办单位"},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form: HandOverForm) -> HttpResponse:
        giver, taker = form.cleaned_data["giver"], form.cleaned_data["taker"]
        try:
            count, units = handing_over.hand_over(self.request.user, giver, taker)
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"已把{giver}经办的 {count} 条留言和 {units} 个承办单位移交给{taker}。",
        )
        return redirect("feedback_unit:index")
