"""Emergency: taking one address or the whole mirror down at once, and restoring it.

A closing holds through every rendering until somebody restores it.
"""

from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cms.ops import audit, notices
from cms.users.holders import holders

from . import jobs, worker
from .addresses import GENERAL, HOME, is_application, is_proper
from .models import Closing, MirrorJob

PERMISSION = "mirror.close_mirror"
CLOSED, RESTORED = "mirror.close", "mirror.restore"
MAX_REASON = 300


class ClosingRefused(PermissionDenied):
    """It cannot be taken down or restored; the message is a Chinese sentence."""


def address_in(text: str) -> str:
    """The public address that a person pasted, as a path or with the site's name.

    Raises:
        ClosingRefused: it is not one.
    """
    text = text.strip()
    if not text:
        raise ClosingRefused("请粘贴要撤下的页面地址，例如 /yaowen/kaichao/。")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        raise ClosingRefused("这不是一个网址。请从浏览器的地址栏复制页面地址。") from None
    ours = urlsplit(settings.SITE_URL).hostname
    if (host or parts.scheme) and host not in {ours, *settings.ALLOWED_HOSTS}:
        raise ClosingRefused(
            f"{host or text[:60]}不是本网站的地址，这里只能撤下本网站镜像的页面。"
            "微信里的文章请到公众号后台删除。"
        )
    address = unquote(parts.path) or HOME
    if not address.startswith("/"):
        raise ClosingRefused("地址要以“/”开头，例如 /yaowen/kaichao/。请从地址栏整段复制。")
    if not is_proper(address) and is_proper(f"{address}/"):
        address += "/"
    if is_application(address):
        raise ClosingRefused(
            f"{address[:60]}由工作台直接回答，不是镜像里的页面，不能在这里撤下。"
            "图片和附件请在“图片”“文档”里删除。"
        )
    if not is_proper(address):
        raise ClosingRefused(f"{address[:60]}不是镜像的地址。请从浏览器的地址栏复制页面地址。")
    if address == HOME:
        raise ClosingRefused("首页不能单独撤下。需要时请撤下整个镜像。")
    if address in GENERAL:
        raise ClosingRefused(f"{address}是各页公用的，不能撤下。")
    return address


@transaction.atomic
def take_down(actor: Any, text: str, reason: str) -> Closing:
    """Have the general notice answer for the address in ``text`` (path or URL) from now on.

    Lists that name the page, search and the WeChat copy are as they were.

    Raises:
        ClosingRefused: no permission, no reason, or nothing public stands at that address.
    """
    _demand(actor)
    reason = _reason_given(reason, "紧急撤下的原因")
    address = address_in(text)
    found = worker.store().read(address)
    # A page that is just being made may not be there yet, and will be in a moment.
    is_coming = MirrorJob.objects.filter(address=address).exists()
    if found is None and not is_coming:
        raise ClosingRefused(f"镜像里没有{address}这个页面，请核对地址。")
    closing = _close(actor, address, reason)
    if found and found[0] != 200 and not is_coming:
        raise ClosingRefused(f"{address}已经撤下，读者看到的是“已撤下”的说明，不用再撤。")
    jobs.request([address], f"紧急撤下：{reason}")
    transaction.on_commit(partial(worker.render_at_once, [address]))
    _tell(actor, CLOSED, closing, f"{actor}紧急撤下了页面{address}：{reason}")
    return closing


@transaction.atomic
def take_down_all(actor: Any, reason: str) -> Closing:
    """Have every public page answer that the site is not available, from now on.

    Raises:
        ClosingRefused: no permission, no reason, or it is down already.
    """
    _demand(actor)
    reason = _reason_given(reason, "紧急撤下的原因")
    closing = _close(actor, "", reason)
    transaction.on_commit(worker.keep_closed)
    _tell(actor, CLOSED, closing, f"{actor}紧急撤下了整个镜像，公众看到“暂停服务”：{reason}")
    return closing


@transaction.atomic
def restore(actor: Any, closing: Closing, reason: str) -> Closing:
    """Have what was taken down shown again, as it is now.

    Raises:
        ClosingRefused: no permission, no reason, or it has been restored already.
    """
    _demand(actor)
    reason = _reason_given(reason, "恢复的原因")
    closing = Closing.objects.select_for_update(of=("self",)).get(pk=closing.pk)
    if closing.restored_at is not None:
        raise ClosingRefused(f"已由{closing.restored_by}恢复，不用再恢复。请刷新页面。")
    closing.restored_by, closing.restored_at = actor, timezone.now()
    closing.save(update_fields=["restored_by", "restored_at"])
    if closing.address:
        jobs.request([closing.address], f"恢复：{reason}")
        transaction.on_commit(partial(worker.render_at_once, [closing.address]))
    else:
        transaction.on_commit(worker.keep_closed)
    _tell(actor, RESTORED, closing, f"{actor}恢复了{closing}：{reason}", reason)
    return closing


def in_force() -> list[Closing]:
    """The closings that hold now, the newest first."""
    return list(Closing.objects.filter(restored_at=None).select_related("closed_by"))


def _close(actor: Any, address: str, reason: str) -> Closing:
    before = Closing.objects.filter(address=address, restored_at=None).first()
    if before is None:
        try:
            with transaction.atomic():
                return Closing.objects.create(address=address, reason=reason, closed_by=actor)
        except IntegrityError:  # somebody else in the same moment
            before = Closing.objects.get(address=address, restored_at=None)
    at = timezone.localtime(before.closed_at)
    raise ClosingRefused(f"{before}已由{before.closed_by}在{at:%m月%d日 %H:%M}撤下，不用再撤。")


def _tell(actor: Any, action: str, closing: Closing, message: str, reason: str = "") -> None:
    audit.record(actor, action, closing, {"reason": reason or closing.reason})
    people = holders(PERMISSION).exclude(pk=actor.pk)
    notices.send_to(people, action, message, reverse("mirror_status"), by_mail=True)


def _demand(actor: Any) -> None:
    if not actor.has_perm(PERMISSION):
        raise ClosingRefused("您没有紧急撤下的权限。紧急撤下由“发布”人员和管理员完成。")


def _reason_given(reason: str, what: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise ClosingRefused(f"请写明{what}。")
    if len(reason) > MAX_REASON:
        raise ClosingRefused(f"{what}太长，请压缩到{MAX_REASON}字以内。")
    return reason
