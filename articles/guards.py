"""What the database rows of articles refuse, whoever asks and by whatever way.

Screens ask the permission testers first; this is what stands behind them, for code paths of
Wagtail that ask nobody (copying a branch, aliases, bulk actions, the admin's own API).
"""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import pre_delete, pre_save
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision
from wagtail.signals import pre_page_move

from . import gate
from .gate import TAKE_DOWN, NotApproved
from .models import ArticlePage
from .permission_testers import why_not_delete

# What saving a draft writes into the row of a live page; readers see none of it.
BOOKKEEPING = frozenset(
    {
        COMMENTS_RELATION_NAME,
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
    }
)


def connect() -> None:
    """Called once, when the app is ready."""
    for model in (ArticlePage, Page):
        pre_save.connect(_before_save, sender=model, dispatch_uid=f"guard.{model.__name__}")
    pre_delete.connect(_before_delete, sender=ArticlePage, dispatch_uid="guard.delete")
    pre_delete.connect(_before_delete_revision, sender=Revision, dispatch_uid="guard.revision")
    pre_page_move.connect(_before_move, dispatch_uid="guard.move")


def _before_save(
    instance: Page, raw: bool = False, update_fields: Collection[str] | None = None, **_: Any
) -> None:
    if raw or instance.specific_class is not ArticlePage:
        return
    if update_fields is not None and BOOKKEEPING.issuperset(update_fields):
        return
    check_save(_as_article(instance))


def _as_article(page: Page) -> ArticlePage:
    """A bare `Page` with what it would write over its article's row."""
    if isinstance(page, ArticlePage):
        return page
    article = ArticlePage.objects.get(pk=page.pk)
    for field in Page._meta.concrete_fields:
        setattr(article, field.attname, getattr(page, field.attname))
    return article


def check_save(article: ArticlePage) -> None:
    """Refuse to write ``article`` where it would change the mirror outside the gate.

    Raises:
        NotApproved: the row would become live, change while live, or leave the mirror, and the
            gate is shut; it is an alias; or its public date would move back.
    """
    if article.alias_of_id:
        raise NotApproved("文章不能做成别名：别名会跟着原文自动公开，不经过三审。请改用“复制”。")
    stored = ArticlePage.objects.filter(pk=article.pk).first() if article.pk else None
    was_live = stored is not None and stored.live
    may_go_live = article.live and gate.lets_live(article.pk, article.content_digest)
    if article.live and not may_go_live and not (was_live and _same_to_readers(article, stored)):
        raise NotApproved(
            "不能这样公开文章：文章只能在三审通过后，由“审核与发布”页发布。请保存为草稿并提交审核。"
        )
    if was_live and not article.live and not gate.lets_down(article.pk):
        raise NotApproved(TAKE_DOWN)
    old = stored.first_published_at if stored else None
    _check_public_date(article.first_published_at, old, may_go_live)


def _same_to_readers(article: ArticlePage, stored: ArticlePage) -> bool:
    return (
        article.live_revision_id == stored.live_revision_id
        and article.content_digest == stored.content_digest
    )


def _check_public_date(new: Any, old: Any, may_go_live: bool) -> None:
    """The day a text was first public never moves back; only going live sets one."""
    if old is None:
        if new is not None and not may_go_live:
            raise NotApproved("没有公开过的文章不能有公开日期，发布时会自动记下。")
    elif new is None or new < old:
        raise NotApproved("公开日期不能改早，也不能清空。")


def _before_delete(instance: ArticlePage, **_: Any) -> None:
    """What was public stays on record, also when its column or the whole tree is deleted."""
    if instance.first_published_at is not None:
        raise NotApproved(why_not_delete(instance))


def _before_delete_revision(instance: Revision, origin: Any = None, **_: Any) -> None:
    """Revisions say who wrote; they go only with their whole article."""
    if (isinstance(origin, Revision) or getattr(origin, "model", None) is Revision) and (
        instance.content_type.model_class() is ArticlePage
    ):
        raise NotApproved(
            f"《{instance.object_str}》的修订版本不能删除：谁写过、改过这一稿，以它为准。"
        )


def _before_move(instance: Page, url_path_before: str, url_path_after: str, **_: Any) -> None:
    """A public address does not move; putting pages into another order is no move."""
    if url_path_before == url_path_after:
        return
    public = ArticlePage.objects.filter(first_published_at__isnull=False)
    if (article := public.descendant_of(instance, inclusive=True).first()) is not None:
        raise NotApproved(f"《{article.title}》公开过，网址不能变，所以不能移动。")
