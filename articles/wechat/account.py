"""Which WeChat account this installation speaks for, and where the interface is."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from .errors import NotConfigured


@dataclass(frozen=True)
class Account:
    """``base`` is the address of the interface without a slash at its end."""

    appid: str
    secret: str = field(repr=False)
    base: str


def is_configured() -> bool:
    """Whether there is an account to speak for, and a safe way to WeChat."""
    return _is_named() and not why_not_use(settings.WECHAT_API_BASE)


def read_account() -> Account:
    """The account of the settings.

    Raises:
        NotConfigured: AppID or AppSecret are missing, or the address is not safe to use.
    """
    if not _is_named():
        raise NotConfigured(
            "还没有接通微信：请管理员设置 WECHAT_APPID 和 WECHAT_SECRET。"
            "没有接通时，可以把正文复制到公众号后台。"
        )
    base = settings.WECHAT_API_BASE
    if refusal := why_not_use(base):
        raise NotConfigured(refusal)
    return Account(settings.WECHAT_APPID, settings.WECHAT_SECRET, base)


def _is_named() -> bool:
    return bool(settings.WECHAT_APPID and settings.WECHAT_SECRET)


def why_not_use(base: str) -> str:
    """Why ``base`` may not be the interface's address; empty when it may.

    The secret travels there: only https, except to this very machine.
    """
    try:
        parts = urlsplit(base)
        host = parts.hostname or ""
    except ValueError:
        return "微信接口的地址 WECHAT_API_BASE 写得不对，请管理员检查。"
    if parts.username or parts.password or parts.query or parts.fragment or not host:
        return "微信接口的地址 WECHAT_API_BASE 写得不对，请管理员检查。"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)):
        return ""
    return "微信接口的地址 WECHAT_API_BASE 要用 https 开头，请管理员检查。"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
