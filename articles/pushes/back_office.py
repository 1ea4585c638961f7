"""在公众号后台完成: what WeChat's interface cannot do, as a list that people tick off.

WeChat: draft/add takes no video and no audio; vote, mini-program, 原创 and 合集 are set by hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit
from cms.users.models import User

from ..models import ArticlePage, BackOfficeItem, BackOfficeKind, Kind, Push
from .members import Loaded, load
from .refusals import PushRefused

PERMISSION = "articles.deliver_push"
MOST_WORDS = 200
# What follows from the text is found by itself; these are known to people only.
BY_HAND = (
    BackOfficeKind.VOTE,
    BackOfficeKind.MINI_PROGRAM,
    BackOfficeKind.ALBUM,
    BackOfficeKind.OTHER,
)


@dataclass(frozen=True)
class Need:
    """Something to do by hand for the article with this id; ``text`` says what exactly."""

    article: int
    kind: BackOfficeKind
    text: str = ""


def needs(loaded: Sequence[Loaded]) -> list[Need]:
    """What the articles' texts ask for, in their order."""
    return [need for each in loaded for need in _needs_of(each.text)]


def _needs_of(text: ArticlePage) -> Iterator[Need]:
    for block in text.body:
        if block.block_type == "video":
            yield Need(text.pk, BackOfficeKind.VIDEO, block.value["title"])
        elif block.block_type == "audio":
            yield Need(text.pk, BackOfficeKind.AUDIO, block.value["title"])
    shown = [*text.pictures(), *([text.cover] if text.cover else [])]
    if text.is_machine_made or any(image.is_machine_made for image in shown):
        yield Need(text.pk, BackOfficeKind.MACHINE_MADE)
    if text.kind != Kind.REPOST:
        yield Need(text.pk, BackOfficeKind.ORIGINAL)


@transaction.atomic
def refresh(push: Push) -> None:
    """Make the found lines what the texts ask for now; ticks of lines that stay are kept."""
    wanted = dict.fromkeys(needs(load(push)))
    for item in BackOfficeItem.objects.select_for_update().filter(push=push, found=True):
        need = Need(item.article_id, BackOfficeKind(item.kind), item.text)
        if need in wanted:
            del wanted[need]
        else:
            item.delete()
    BackOfficeItem.objects.bulk_create(
        BackOfficeItem(
            push=push, article_id=need.article, kind=need.kind, text=need.text, found=True
        )
        for need in wanted
    )


def reopen(push: Push, article: int | None = None) -> None:
    """Untick what was done to an article (or to all) in WeChat: it was written over."""
    items = BackOfficeItem.objects.filter(push=push)
    if article is not None:
        items = items.filter(article=article)
    items.update(done_at=None, done_by=None)


@transaction.atomic
def add(actor: Any, push: Push, kind: str, text: str, article: ArticlePage | None = None) -> None:
    """Put a line of one's own on the list.

    Raises:
        PushRefused: no permission, or it does not say what is to be done.
    """
    _demand(actor)
    if kind not in BY_HAND:
        raise PushRefused("请选择要做的事项。")
    text = text.strip()
    if kind == BackOfficeKind.OTHER and not text:
        raise PushRefused("请写明要在公众号后台做什么。")
    item = BackOfficeItem.objects.create(
        push=push, article=article, kind=kind, text=text[:MOST_WORDS]
    )
    audit.record(actor, "push.back_office_add", push, {"text": str(item)})


@transaction.atomic
def tick(actor: Any, item: BackOfficeItem) -> None:
    """Say that a line is done in the back office.

    Raises:
        PushRefused: no permission, or it was ticked already.
    """
    item = _locked(actor, item)
    if item.done_at:
        raise PushRefused(f"这一项{item.done_by}已经勾过了。")
    item.done_at, item.done_by = timezone.now(), actor
    item.save(update_fields=["done_at", "done_by"])
    audit.record(actor, "push.back_office_done", item.push, {"text": str(item)})


@transaction.atomic
def untick(actor: Any, item: BackOfficeItem) -> None:
    """Say that a line is not done after all. Raises as `tick`."""
    item = _locked(actor, item)
    if item.done_at is None:
        raise PushRefused("这一项没有勾过。")
    item.done_at = item.done_by = None
    item.save(update_fields=["done_at", "done_by"])
    audit.record(actor, "push.back_office_undone", item.push, {"text": str(item)})


@transaction.atomic
def remove(actor: Any, item: BackOfficeItem) -> None:
    """Take a line off the list that somebody put there.

    Raises:
        PushRefused: no permission, or the line follows from the text.
    """
    item = _locked(actor, item)
    if item.found:
        raise PushRefused("这一项是由正文得出的，不能删除。")
    audit.record(actor, "push.back_office_remove", item.push, {"text": str(item)})
    item.delete()


def _locked(actor: Any, item: BackOfficeItem) -> BackOfficeItem:
    _demand(actor)
    found = BackOfficeItem.objects.select_for_update().filter(pk=item.pk).first()
    if found is None:
        raise PushRefused("这一项已不在清单上，可能推送改过了。请刷新页面查看。")
    return found


def _demand(actor: Any) -> None:
    if not User.objects.get(pk=actor.pk).has_perm(PERMISSION):
        raise PushRefused("您没有勾选后台待办的权限。由“发布”人员勾选。")
