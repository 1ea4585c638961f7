"""Reading links: made, revoked, opened, answered.

What a reader says is an opinion for the writers. It is never an approval: nothing of the reviews
reads these rows.
"""

import ipaddress
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.ops import audit
from cms.ops.outbox import site_address

from ..models import ArticlePage, ReadingLink, ReadingOpening, ReadingOpinion
from ..review import approvals

PERMISSION = "articles.share_draft"
MAX_DAYS = 30
MAX_NAME, MAX_NOTE, MAX_OPINION = 60, 200, 1000
# Whoever has the link can write: an end to it.
MAX_OPINIONS = 20
MAX_OPENINGS = 200


class LinkRefused(PermissionDenied):
    """The action is against the rules; the message is a Chinese sentence."""


class UnknownLink(Exception):
    """No such link: wrongly copied, never made, or its article is gone."""


class ClosedLink(Exception):
    """The link does not open any more; the message says why and what to do."""


@transaction.atomic
def share(
    actor: Any, article: ArticlePage, reader: str, days: int | None = None, note: str = ""
) -> tuple[ReadingLink, str]:
    """Make a link by which ``reader`` reads the latest version for ``days``; answers its address.

    The version stays what it is now. Without ``days`` the setting ``READING_LINK_DAYS`` holds.

    Raises:
        LinkRefused: no permission, nobody named, or no draft to read.
    """
    _check_permission(actor)
    reader, note = reader.strip(), note.strip()
    days = settings.READING_LINK_DAYS if days is None else days
    if not reader:
        raise LinkRefused("请写明送给谁看，例如“王部长”。")
    if len(reader) > MAX_NAME or len(note) > MAX_NOTE:
        raise LinkRefused(f"称呼不超过{MAX_NAME}个字，附言不超过{MAX_NOTE}个字，请写短一些。")
    if not 1 <= days <= MAX_DAYS:
        raise LinkRefused(f"有效期请填1到{MAX_DAYS}天。")
    Page.objects.select_for_update().get(pk=article.pk)
    article = ArticlePage.objects.get(pk=article.pk)
    revision = article.get_latest_revision()
    if revision is None:
        raise LinkRefused("这篇文章还没有保存过稿件，请先保存草稿再送阅。")
    if article.live and article.live_revision_id == revision.pk:
        raise LinkRefused("这一稿已经公开发布，请直接发送公开页面的地址。")
    link = ReadingLink.objects.create(
        article=article,
        revision=revision,
        key=secrets.token_urlsafe(32),
        reader=reader,
        note=note,
        created_by=actor,
        expires_at=timezone.now() + timedelta(days=days),
    )
    detail = {"reader": reader, "expires_at": link.expires_at}
    audit.record(actor, "article.share", article, detail)
    return link, address_of(link)


@transaction.atomic
def revoke(actor: Any, link: ReadingLink) -> None:
    """Close ``link`` at once. Whoever may share may do so, so that nobody's absence keeps it open.

    Raises:
        LinkRefused: no permission, or it was closed already.
    """
    _check_permission(actor)
    link = ReadingLink.objects.select_for_update().get(pk=link.pk)
    if not link.is_open:
        raise LinkRefused("这个链接已经失效，不用再收回。")
    link.revoked_by, link.revoked_at = actor, timezone.now()
    link.save(update_fields=["revoked_by", "revoked_at"])
    audit.record(actor, "article.share_revoke", link.article, {"reader": link.reader})


def find(token: str) -> ReadingLink:
    """The open link behind the last part of its address.

    Raises:
        UnknownLink: not signed by us, or gone together with its article.
        ClosedLink: revoked or expired, or the article was withdrawn.
    """
    try:
        key = _signer().unsign(token)
    except BadSignature as error:
        raise UnknownLink from error
    link = ReadingLink.objects.select_related("article", "revision").filter(key=key).first()
    if link is None:
        raise UnknownLink
    if link.revoked_at:
        raise ClosedLink("这个阅读链接已经收回。还需要看稿时，请与送阅的同志联系。")
    if is_withdrawn(link):
        raise ClosedLink("这篇文章已经撤稿，不再送阅。有疑问请与送阅的同志联系。")
    if not link.is_open:
        raise ClosedLink("这个阅读链接已经过了有效期。还需要看稿时，请与送阅的同志联系，重新发送。")
    return link


@transaction.atomic
def open_link(token: str, address: str, browser: str) -> ReadingLink:
    """Note that somebody opened the link from network ``address`` with ``browser``.

    Raises:
        UnknownLink, ClosedLink: as `find`, or it was opened far too often.
    """
    link = find(token)
    if link.openings.count() >= MAX_OPENINGS:
        raise ClosedLink("这个阅读链接打开的次数太多，已经停用。请与送阅的同志联系，重新发送。")
    ReadingOpening.objects.create(
        link=link, address=_ip(address), browser=" ".join(browser.split())[:200]
    )
    audit.record(None, "article.shared_open", link.article, {"reader": link.reader})
    return link


@transaction.atomic
def leave_opinion(link: ReadingLink, text: str) -> ReadingOpinion:
    """Keep what the reader says; without a text it means 已阅.

    Raises:
        LinkRefused: too long, or too many by this link.
        ClosedLink: it was closed meanwhile.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > MAX_OPINION:
        raise LinkRefused(f"意见请写在{MAX_OPINION}个字以内，现在是{len(text)}个字。")
    ReadingLink.objects.select_for_update().get(pk=link.pk)
    link = find(_signer().sign(link.key))
    if link.opinions.count() >= MAX_OPINIONS:
        raise LinkRefused(f"这个链接已经留过{MAX_OPINIONS}条意见，请直接与送阅的同志联系。")
    opinion = ReadingOpinion.objects.create(link=link, text=text)
    detail = {"reader": link.reader, "text": text or "已阅"}
    audit.record(None, "article.shared_opinion", link.article, detail)
    return opinion


def address_of(link: ReadingLink) -> str:
    """The full public address of ``link``.

    The row holds the random half only; the signature comes from the secret key, so that a copy of
    the database opens no draft.
    """
    return site_address(reverse("reading", args=[_signer().sign(link.key)]))


def told(link: ReadingLink) -> str:
    """Who gets the reader's opinion, in words; whoever shared what they wrote is named once."""
    others = approvals.authors_since_live(link.article) - {link.created_by_id}
    return f"{link.created_by}和作者" if others else str(link.created_by)


def is_withdrawn(link: ReadingLink) -> bool:
    """Whether what the link shows was taken down since; a corrected text is shared anew."""
    return link.article.withdrawals.in_force().filter(withdrawn_at__gte=link.created_at).exists()


def is_outdated(link: ReadingLink) -> bool:
    """Whether the text has changed since the version that the link shows."""
    latest = link.article.get_latest_revision()
    if latest.pk == link.revision_id:
        return False
    return latest.as_object().content_digest != link.revision.as_object().content_digest


def _check_permission(actor: Any) -> None:
    if not actor.has_perm(PERMISSION):
        raise LinkRefused("您没有送领导审阅的权限，请联系编辑或发布人员。")


def _signer() -> Signer:
    return Signer(salt="articles.reading", sep=".")


def _ip(address: str) -> str | None:
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError:
        return None
