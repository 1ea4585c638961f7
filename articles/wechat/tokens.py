"""The access token, one row for all processes.

WeChat: getStableAccessToken answers the same token to everybody until five minutes before its
end, and old and new are both taken for those minutes. So two processes that renew at once do no
harm, and nothing need be locked while WeChat is waited for.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ..models import WeChatCall, WeChatToken
from .errors import ReplyLost, WeChatError
from .transport import Wire

ENDPOINT = "/cgi-bin/stable_token"
RENEW_BEFORE = timedelta(seconds=300)


def current(wire: Wire) -> str:
    """The token to use now, fetched when there is none or it ends soon.

    Raises:
        WeChatError: WeChat gives none.
    """
    row = WeChatToken.objects.filter(appid=wire.account.appid).first()
    if row and row.expires_at - timezone.now() >= RENEW_BEFORE:
        return row.token
    # Never with force_refresh: that would take the token away from everybody else.
    answer = wire.ask(
        ENDPOINT,
        {
            "grant_type": "client_credential",
            "appid": wire.account.appid,
            "secret": wire.account.secret,
        },
    )
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise ReplyLost("没有给出访问凭证")
    now = timezone.now()
    with transaction.atomic(durable=True):
        WeChatToken.objects.update_or_create(
            appid=wire.account.appid,
            defaults={
                "token": token,
                "fetched_at": now,
                "expires_at": now + timedelta(seconds=seconds),
            },
        )
    return token


def drop(appid: str, token: str) -> None:
    """WeChat no longer takes ``token``; one that came in its place meanwhile stays."""
    WeChatToken.objects.filter(appid=appid, token=token).delete()


def why_none() -> str:
    """Why the last try to get a token failed; empty when it did not, or none was made."""
    last = WeChatCall.objects.filter(endpoint=ENDPOINT).order_by("-pk").first()
    if last is None or last.errcode == 0:
        return ""
    if last.errcode is None:
        return (
            f"取不到微信的访问凭证：{last.answered or '没有回答'}。"
            "请管理员检查网络和 WECHAT_API_BASE。"
        )
    return f"取不到微信的访问凭证：{WeChatError(last.errcode, last.answered).sentence}"
