"""What the parts of the desk have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.forms import Media
from django.http import HttpRequest
from wagtail.models import Revision, TaskState

from ..models import ArticlePage, ReadyTask, ReviewTask, Withdrawal
from ..publishing import PERMISSION
from ..status import Standing, standing


@dataclass
class Desk:
    """One article before one person, with what most panels ask for, each read once."""

    request: HttpRequest
    article: ArticlePage

    @property
    def user(self) -> Any:
        return self.request.user

    @cached_property
    def latest(self) -> Revision | None:
        return self.article.get_latest_revision()

    @cached_property
    def draft(self) -> ArticlePage:
        """The text of the latest revision."""
        return self.latest.as_object() if self.latest else self.article

    @cached_property
    def task_state(self) -> TaskState | None:
        """The running step, as its own class."""
        state = self.article.current_workflow_task_state
        return state.specific if state else None

    @cached_property
    def task(self) -> ReviewTask | ReadyTask | None:
        return self.task_state.task.specific if self.task_state else None

    @cached_property
    def standing(self) -> Standing:
        return standing(self.article)

    @cached_property
    def gone(self) -> Withdrawal | None:
        """The withdrawal in force, of an article that is not public."""
        if self.article.live:
            return None
        return self.article.withdrawals.in_force().select_related("withdrawn_by").first()

    @cached_property
    def is_publisher(self) -> bool:
        return self.user.has_perm(PERMISSION)


class FormRefused(Exception):
    """The panel keeps a form with errors; the desk is shown again as it was typed."""


class DeskPanel:
    """One part of the desk: what it shows, and the actions its forms post.

    ``actions`` names the method behind each value of the button ``action``. Such a method calls
    one service and answers the sentence shown on success; refusals are `PermissionDenied` with a
    sentence, a form with errors is kept on the panel and `FormRefused` raised. ``area`` is
    ``first`` (above the text), ``act`` (beside it) or ``below`` (under both).
    """

    name: ClassVar[str]
    template_name: ClassVar[str]
    area: ClassVar[str] = "act"
    actions: ClassVar[dict[str, str]] = {}

    def __init__(self, desk: Desk):
        self.desk = desk

    def context(self) -> dict[str, Any] | None:
        """What the template gets beside ``desk``; None when there is nothing to show."""
        return {}

    @property
    def media(self) -> Media:
        """What the panel's forms need of scripts and styles."""
        return Media()

    def action(self, name: str) -> Callable[[], str] | None:
        method = self.actions.get(name)
        return getattr(self, method) if method else None

    def valid(self, form: Any) -> Any:
        """``form`` when it is valid.

        Raises:
            FormRefused: it is not.
        """
        if not form.is_valid():
            raise FormRefused
        return form
