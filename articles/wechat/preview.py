"""Looking at a push on a phone before followers do."""

from typing import Any

from cms.ops import audit

from ..models import Delivery, DeliveryStage, PhoneReader, Push
from ..pushes.refusals import PushRefused
from .client import Client


def send_preview(actor: Any, push: Push, reader: PhoneReader) -> None:
    """Send the draft in WeChat to the phone of ``reader``, who must follow the account.

    Not within a transaction: WeChat is called (WeChat: message/mass/preview).

    Raises:
        PushRefused: ``actor`` may not, there is no draft, or the person is not on the list.
        WeChatError: WeChat refused, or its answer is lost; sending once more does no harm.
    """
    if not actor.has_perm("articles.deliver_push"):
        raise PushRefused("您没有把推送送到微信的权限，不能发手机预览。")
    delivery = Delivery.objects.filter(push=push).first()
    if delivery is None or not delivery.media_id:
        raise PushRefused("微信里还没有这个推送的草稿，请先送到微信，再发手机预览。")
    if delivery.stage == DeliveryStage.SENT or push.sent_at:
        raise PushRefused("这个推送已经发出，草稿已不在，不能再发手机预览。")
    if not reader.is_active:
        raise PushRefused(f"{reader.name}已停用，请管理员在“手机预览人”里启用。")
    Client(push=push).mass_preview(delivery.media_id, reader.wechat_name)
    audit.record(actor, "push.preview", push, {"reader": reader.name})
