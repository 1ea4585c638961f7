"""Submitting and taking back from Wagtail's editor, by the rules and the record of our services."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.models import Page, WorkflowState

from .models import ArticlePage, ColumnPage
from .review import services
from .review.reposts import why_no_origin
from .wechat.lint.judging import why_unfit
from .wechat.lint.views import posted as typed

ENDING = ("action-cancel-workflow", "action-restart-workflow")


def send_to_desk(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Wagtail ends a review round without a reason and unrecorded; on the desk it is given."""
    if not isinstance(page, ArticlePage) or not any(name in request.POST for name in ENDING):
        return None
    messages.warning(request, "撤回送审要写明原因，请在下面“撤回送审”里填写。文章没有改动。")
    return redirect(reverse("articles_desk", args=[page.pk]) + "#take-back")


def keep_as_draft(request: HttpRequest, page: Page) -> None:
    """Save without submitting what cannot be submitted, and say why.

    ``page`` is the article, or the column in which one is begun.
    """
    if "action-submit" not in request.POST:
        return
    state = getattr(page, "current_workflow_state", None)
    workflow = state.workflow if state else page.get_workflow()
    if refusal := services.why_no_reviews(workflow) or _why_not_sent(request, page):
        posted = request.POST.copy()
        del posted["action-submit"]
        request.POST = posted
        messages.error(request, f"没有提交，先存成了草稿：{refusal}")


def _why_not_sent(request: HttpRequest, page: Page) -> str:
    """What the posted text lacks, or WeChat would not take; empty for other pages and invalid
    forms."""
    if not isinstance(page, ArticlePage | ColumnPage):
        return ""
    article = typed(request, page)
    return (why_no_origin(article) or why_unfit(article)) if article else ""


def record_submission(request: HttpRequest, page: Any) -> None:
    """Put a submission that Wagtail's editor made on record, in the editor's transaction."""
    if not isinstance(page, ArticlePage) or "action-submit" not in request.POST:
        return
    state = ArticlePage.objects.get(pk=page.pk).current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        services.record_submission(request.user, page)
