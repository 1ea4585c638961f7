"""What the health report says of the connection to WeChat."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from ..models import Push, PushSettings
from . import tokens
from .account import read_account
from .errors import NotConfigured

# Days before the yearly verification of the account ends.
TELL_BEFORE, PRESS_BEFORE = 60, 30


def connection() -> list[HealthResult]:
    """What keeps, or soon will keep, pushes from reaching WeChat."""
    return [*_account(), *_verification()]


def _account() -> list[HealthResult]:
    try:
        read_account()
    except NotConfigured as error:
        given = settings.WECHAT_APPID or settings.WECHAT_SECRET
        # Who makes no pushes need not be connected.
        if not given and not Push.objects.standing().exists():
            return []
        return [HealthResult(Level.WARNING, error.sentence)]
    failure = tokens.why_none()
    return [HealthResult(Level.ALARM, failure, reverse("wechat_calls:index"))] if failure else []


def _verification() -> list[HealthResult]:
    until = PushSettings.load().verified_until
    if until is None:
        return []
    left = (until - timezone.localdate()) // timedelta(days=1)
    if left > TELL_BEFORE:
        return []
    url = reverse("wagtailsettings:edit", args=["articles", "pushsettings"])
    day = f"{until:%Y年%m月%d日}"
    if left < 0:
        message = (
            f"公众号认证已在{day}过期，不能再送草稿到微信。"
            "请在公众号后台续办，再到“推送设置”改有效期。"
        )
        return [HealthResult(Level.ALARM, message, url)]
    haste = "请马上续办" if left <= PRESS_BEFORE else "请安排续办"
    message = (
        f"公众号认证{day}到期，还有 {left} 天，{haste}：过期后不能再送草稿到微信。"
        "办好后到“推送设置”改有效期。"
    )
    return [HealthResult(Level.WARNING, message, url)]
