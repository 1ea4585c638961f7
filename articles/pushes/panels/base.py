"""What the parts of a push's page have in common."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from ...desk.base import DeskPanel
from ...models import ArticlePage, BackOfficeItem, Push, PushMember
from .. import members, services
from ..refusals import PushRefused
from ..status import PushStanding, standing


@dataclass
class PushDesk:
    """One push before one person, with what most panels ask for, each read once."""

    request: HttpRequest
    push: Push

    @property
    def user(self) -> Any:
        return self.request.user

    @cached_property
    def loaded(self) -> list[members.Loaded]:
        """The articles in their order, each with its text and what is wrong with it."""
        return members.load(self.push)

    @cached_property
    def problems(self) -> list[str]:
        return [why for each in self.loaded for why in each.problems]

    @cached_property
    def titles(self) -> dict[int, str]:
        """The articles' titles by id, in their order."""
        return {each.article.pk: each.title for each in self.loaded}

    @cached_property
    def back_office_items(self) -> list[BackOfficeItem]:
        """What is to be done in WeChat's back office."""
        return list(self.push.back_office_items.select_related("done_by"))

    @property
    def back_office_open(self) -> int:
        """How much of it nobody has done yet."""
        return sum(item.done_at is None for item in self.back_office_items)

    @cached_property
    def standing(self) -> PushStanding:
        return standing(self.push)

    @cached_property
    def is_open(self) -> bool:
        """Whether the push may still be changed: not public, not sent, not dissolved."""
        push = self.push
        return not (push.published_at or push.sent_at or push.dissolved_at)

    @cached_property
    def may_assemble(self) -> bool:
        return self.is_open and self.user.has_perm(services.ASSEMBLE)

    def member(self) -> PushMember:
        """The member that a form names by its article's id.

        Raises:
            PushRefused: there is none, or it is no id.
        """
        posted = self.request.POST.get("article", "")
        for each in self.loaded:
            if str(each.article.pk) == posted:
                return each.member
        raise PushRefused("这篇文章不在这次推送里，可能刚刚被移出。请刷新页面查看。")

    def article(self) -> ArticlePage:
        """The article of `member`."""
        return next(x.article for x in self.loaded if x.article.pk == self.member().article_id)


class PushPanel(DeskPanel):
    """One part of a push's page; `DeskPanel` says how it shows and acts.

    ``desk`` is a `PushDesk`, in the templates too. ``area`` is ``first`` (above all), ``act`` (the
    column beside the articles) or ``below`` (under both); the articles themselves are ``main``.
    """

    desk: PushDesk

    @property
    def push(self) -> Push:
        return self.desk.push
