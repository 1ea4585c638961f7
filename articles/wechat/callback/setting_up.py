"""Whether the callback is set up, and what is wrong with half of it."""

from django.conf import settings
from django.urls import reverse

from cms.ops.registry import HealthResult, Level

from ...models import CallbackEvent
from . import crypto


def is_on() -> bool:
    """Whether the address is there; without an account nothing can be meant for us."""
    return bool(settings.WECHAT_APPID) and all(_given())


def _given() -> tuple[str, str]:
    return settings.WECHAT_CALLBACK_TOKEN, settings.WECHAT_CALLBACK_AES_KEY


def findings() -> list[HealthResult]:
    """What keeps WeChat's messages from being read, and those that nobody dealt with."""
    if not any(_given()):
        return []
    if not is_on():
        return [
            HealthResult(
                Level.WARNING,
                "微信通知没有启用：WECHAT_APPID、WECHAT_CALLBACK_TOKEN 和 "
                "WECHAT_CALLBACK_AES_KEY 要都填。不用的，请都清空。",
            )
        ]
    try:
        crypto.read_key(settings.WECHAT_CALLBACK_AES_KEY)
    except crypto.WrongKey as error:
        return [HealthResult(Level.ALARM, f"微信通知读不出来：{error}")]
    return _failures()


def _failures() -> list[HealthResult]:
    """Messages of which dealing went wrong; the row says how."""
    failed = CallbackEvent.objects.filter(handled_at=None).exclude(note="").count()
    if not failed:
        return []
    sentence = f"有 {failed} 条微信通知处理时出错，会自动再试；一直这样，请看列表里的原因。"
    return [HealthResult(Level.WARNING, sentence, reverse("wechat_events:index"))]
