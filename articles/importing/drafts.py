"""Words from a file as a draft: a new one, or added to one that exists."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images.forms import get_image_form
from wagtail.images.permissions import permission_policy
from wagtail.models import Collection, Page

from cms.ops import audit
from media.models import CustomImage

from ..models import ArticlePage, ColumnPage
from .word import WordPicture, WordText


class ImportRefused(PermissionDenied):
    """Nothing was saved; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a person said of a picture; only such pictures are stored."""

    alt_text: str
    credit: str
    licence: str
    consent_note: str = ""
    is_machine_made: bool = False


def draft_from_word(
    actor: Any,
    column: ColumnPage,
    title: str,
    author: str,
    text: WordText,
    described: Sequence[Described | None],
    file: str,
) -> ArticlePage:
    """Save ``text`` as a draft of ``actor`` in ``column``, pictures included.

    ``described`` has an entry for each picture of the text; None leaves it out. ``file`` is the
    file's name, for the record.

    Raises:
        ImportRefused: no permission, or a picture is refused.
    """
    if not column.permissions_for_user(actor).can_add_subpage():
        raise ImportRefused(f"您没有在“{column.title}”里新建文章的权限，请联系管理员。")
    with pictures_stored(actor, text.pictures, described) as store, transaction.atomic():
        article = ArticlePage(
            title=title,
            author=author,
            owner=actor,
            live=False,
            body=stream(with_pictures(text.blocks, store.ids())),
        )
        column.add_child(instance=article)
        article.save_revision(user=actor, clean=False, log_action="wagtail.create")
        audit.record(actor, "article.from_word", article, {"file": file})
    return article


def append_word(
    actor: Any,
    article: ArticlePage,
    opened_revision: int,
    text: WordText,
    described: Sequence[Described | None],
    file: str,
) -> ArticlePage:
    """Add ``text`` below the body of ``article``, as a new version by ``actor``.

    ``opened_revision`` is the version the person saw before they confirmed.

    Raises:
        ImportRefused: no permission, locked, changed meanwhile, or a picture is refused.
    """
    with pictures_stored(actor, text.pictures, described) as store, transaction.atomic():
        Page.objects.select_for_update().get(pk=article.pk)
        article = ArticlePage.objects.get(pk=article.pk)
        if reason := why_not_append(actor, article):
            raise ImportRefused(reason)
        if article.latest_revision_id != opened_revision:
            raise ImportRefused(
                "您核对期间，有人改动了这篇稿子，还没有导入任何内容。请再核对一次后保存。"
            )
        draft = article.get_latest_revision_as_object()
        body = draft.body.stream_block.get_prep_value(draft.body)
        draft.body = stream([*body, *with_pictures(text.blocks, store.ids())])
        draft.save_revision(user=actor, clean=False, log_action=True)
        audit.record(actor, "article.from_word", article, {"file": file})
    return article


def why_not_append(actor: Any, article: ArticlePage) -> str:
    """Why ``actor`` may not add to ``article``; empty when they may."""
    permissions = article.permissions_for_user(actor)
    if not permissions.can_edit():
        return "您没有修改这篇文章的权限，不能导入。"
    if permissions.page_locked() or article.approved_schedule:
        return f"《{article.title}》已锁定（审核中、待发布或由别人锁定），不能导入。"
    return ""


@contextmanager
def pictures_stored(
    actor: Any, pictures: Sequence[WordPicture], described: Sequence[Described | None]
) -> Iterator["Store"]:
    """Stores pictures inside the caller's transaction; when it fails, their files go too."""
    store = Store(actor, list(zip(pictures, described, strict=True)))
    done = False
    try:
        yield store
        done = True
    finally:
        if not done:
            for image in store.stored:
                image.file.delete(save=False)


@dataclass(slots=True)
class Store:
    """``actor`` None is the command line."""

    actor: Any
    chosen: list[tuple[WordPicture, Described | None]]
    stored: list[CustomImage] = field(default_factory=list)

    def ids(self) -> list[int | None]:
        """The id of each picture's image, None for those that are left out."""
        may_add = self.actor is None or permission_policy.user_has_permission(self.actor, "add")
        if any(words for _, words in self.chosen) and not may_add:
            raise ImportRefused("您没有上传图片的权限，请把图片都设为“不带入”，或联系管理员。")
        return [
            None if words is None else self._one(number, picture, words)
            for number, (picture, words) in enumerate(self.chosen, start=1)
        ]

    def _one(self, number: int, picture: WordPicture, words: Described) -> int:
        file = ContentFile(picture.data, name=f"imported-{number}.{picture.extension}")
        form = get_image_form(CustomImage)(
            {
                "title": words.alt_text,
                "alt_text": words.alt_text,
                "credit": words.credit,
                "licence": words.licence,
                "consent_note": words.consent_note,
                "is_machine_made": words.is_machine_made,
                "collection": Collection.get_first_root_node().pk,
            },
            {"file": file},
            instance=CustomImage(uploaded_by_user=self.actor),
            user=self.actor,
        )
        if not form.is_valid():
            said = "".join(str(each) for errors in form.errors.values() for each in errors)
            raise ImportRefused(f"第 {number} 张图片不能保存：{said}没有导入任何内容。")
        image = form.save()
        self.stored.append(image)
        return image.pk


def with_pictures(blocks: list[dict[str, Any]], ids: list[int | None]) -> list[dict[str, Any]]:
    """``blocks`` with the stored images in place of their numbers, the others left out."""
    kept = []
    for block in blocks:
        if block["type"] != "picture":
            kept.append(block)
        elif (image := ids[block["value"]["image"]]) is not None:
            kept.append({**block, "value": {**block["value"], "image": image, "alt_text": ""}})
    return kept


def stream(blocks: list[dict[str, Any]]) -> Any:
    """Plain values as the body of an article."""
    return ArticlePage.body.field.stream_block.to_python(blocks)
