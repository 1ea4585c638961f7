"""投稿箱: contributors of streets and departments send texts in, editors take them over."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import escape

from cms.ops import audit

from ..models import (
    ArticlePage,
    ColumnPage,
    Contribution,
    ContributionFile,
    ContributionStatus,
    SourceCitation,
)
from . import files

SEND = "articles.add_contribution"
HANDLE = "articles.handle_contribution"


class IntakeRefused(PermissionDenied):
    """The action is against the rules or came too late; the message is a Chinese sentence."""


def visible_to(person: Any) -> QuerySet[Contribution]:
    """All contributions for editors, their own for everybody else."""
    contributions = Contribution.objects.select_related("sent_by", "handled_by", "article")
    if person.has_perm(HANDLE):
        return contributions
    return contributions.filter(sent_by=person)


@transaction.atomic
def send(
    actor: Any, title: str, text: str, source: str = "", uploads: Sequence[Any] = ()
) -> Contribution:
    """Put a text into 投稿箱, with Word files and pictures.

    Raises:
        IntakeRefused: no permission, or neither text nor a Word file.
        UploadRefused: a file cannot be taken.
    """
    if not actor.has_perm(SEND):
        raise IntakeRefused("您没有投稿的权限，请联系管理员。")
    are_pictures = files.check(uploads)
    if not text.strip() and all(are_pictures):
        raise IntakeRefused("请写正文，或附上 Word 稿件。")
    contribution = Contribution.objects.create(
        title=title.strip(), text=text.strip(), source=source.strip(), sent_by=actor
    )
    for upload, is_picture in zip(uploads, are_pictures, strict=True):
        ContributionFile.objects.create(
            contribution=contribution,
            file=upload,
            name=PurePath(upload.name).name[:160],
            is_picture=is_picture,
        )
    audit.record(actor, "contribution.send", contribution)
    return contribution


@transaction.atomic
def recall(actor: Any, contribution: Contribution) -> None:
    """Take an own contribution back while nobody has handled it.

    Raises:
        IntakeRefused: it is somebody else's, or handled.
    """
    contribution = _waiting(contribution)
    if contribution.sent_by_id != actor.pk:
        raise IntakeRefused("只能撤回自己的来稿。")
    _settle(contribution, ContributionStatus.RECALLED, actor)
    audit.record(actor, "contribution.recall", contribution)


@transaction.atomic
def decline(actor: Any, contribution: Contribution, answer: str) -> None:
    """Do not use it, and say why; the contributor reads the answer.

    Raises:
        IntakeRefused: no permission, no answer, or handled already.
    """
    _check_editor(actor)
    contribution = _waiting(contribution)
    if not answer.strip():
        raise IntakeRefused("请写一句答复，让通讯员知道为什么没有采用。")
    _settle(contribution, ContributionStatus.DECLINED, actor, answer)
    audit.record(actor, "contribution.decline", contribution, {"reason": answer})


@transaction.atomic
def take_over(
    actor: Any, contribution: Contribution, column: ColumnPage, answer: str = ""
) -> ArticlePage:
    """Make a draft of it. Its first revision is the contributor's, who thereby is an author.

    Word files and pictures stay with the contribution; the editor brings them in.

    Raises:
        IntakeRefused: no permission, or handled already.
    """
    _check_editor(actor)
    contribution = _waiting(contribution)
    if not column.permissions_for_user(actor).can_add_subpage():
        raise IntakeRefused("您没有在这个栏目里写稿的权限。")
    sender = contribution.sent_by
    article = ArticlePage(
        title=contribution.title,
        author=str(sender)[:60],
        editor_in_charge=str(actor)[:60],
        body=[("paragraph", html) for html in paragraphs(contribution.text)],
        owner=actor,
        live=False,
        has_unpublished_changes=True,
    )
    if contribution.source:
        article.sources = [SourceCitation(name=contribution.source)]
    column.add_child(instance=article)
    article.save_revision(user=sender, clean=False)
    contribution.article = article
    _settle(contribution, ContributionStatus.TAKEN, actor, answer)
    audit.record(actor, "contribution.take", contribution)
    return article


def paragraphs(text: str) -> list[str]:
    """The lines of typed ``text`` as rich text, one block a paragraph; markup is only words."""
    lines = (line.strip(" \t\u3000") for line in text.splitlines())
    return [f"<p>{escape(line)}</p>" for line in lines if line]


def _check_editor(actor: Any) -> None:
    if not actor.has_perm(HANDLE):
        raise IntakeRefused("来稿由编辑处理，您没有这个权限。")


def _waiting(contribution: Contribution) -> Contribution:
    """The contribution read again with its row locked.

    Raises:
        IntakeRefused: somebody was quicker.
    """
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("sent_by")
        .get(pk=contribution.pk)
    )
    if contribution.status != ContributionStatus.SUBMITTED:
        raise IntakeRefused(
            f"这篇来稿{contribution.get_status_display()}，不能再处理。请刷新页面查看。"
        )
    return contribution


def _settle(contribution: Contribution, status: str, actor: Any, answer: str = "") -> None:
    contribution.status = status
    contribution.handled_by, contribution.handled_at = actor, timezone.now()
    contribution.answer = answer.strip()[:300]
    contribution.save()
