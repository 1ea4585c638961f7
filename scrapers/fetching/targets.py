"""Which addresses may be asked for at all. No look-ups; plain values only."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from django.conf import settings
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ..fetch_errors import AddressRefused

URL_LIMIT = 2000
DEFAULT_PORTS = {"http": 80, "https": 443}

# What the WeChat client adds to an address for the person who opened it: whoever has the address
# then acts as that person. The plain link of an article (__biz, mid, idx, sn) needs none of it.
CLIENT_TICKETS = frozenset(
    {
        "access_token",
        "appmsg_token",
        "devicetype",
        "exportkey",
        "key",
        "pass_ticket",
        "ticket",
        "token",
        "uin",
        "wap_sid2",
        "wxtoken",
        "wxuin",
    }
)
WECHAT_DOMAINS = ("weixin.qq.com", "wechat.com", "weixin.com")
SESSION_FIELDS = frozenset(
    {"jsessionid", "phpsessid", "asp.net_sessionid", "sessionid", "session_id", "sessid"}
)


def check_address(url: str, allowed: Iterable[str]) -> None:
    """Refuse what needs no look-up: scheme, host list, user names, a person's tickets, length.

    Raises ``AddressRefused``.
    """
    check_target(url, allowed)
    if _names(url) & SESSION_FIELDS or ";jsessionid=" in url.lower():
        raise AddressRefused(
            "网址中带有某次登录或访问的会话编号，不予抓取。"
            "请去掉会话编号，改用不登录也能打开的网址。"
        )


def check_target(url: str, allowed: Iterable[str]) -> None:
    """The same for an address a server leads to: a session it began with us just now is no
    captured one."""
    if len(url) > URL_LIMIT:
        raise AddressRefused(f"网址超过 {URL_LIMIT} 个字符，不予抓取。")
    parts = _parsed(url)
    shown = printable(url)[:200]
    if parts.scheme not in DEFAULT_PORTS or not parts.host:
        raise AddressRefused(f"网址“{shown}”不是 http 或 https 地址，不予抓取。")
    if parts.auth:
        raise AddressRefused("网址中带有用户名或密码，不予抓取。")
    host, port = bare(parts.host), parts.port or DEFAULT_PORTS[parts.scheme]
    if not is_listed(host, port, parts.scheme, allowed):
        raise AddressRefused(
            f"主机“{host}:{port}”不在来源的允许名单内。如确需抓取，请在来源设置中加入该主机。"
        )
    wechat = any(host == domain or host.endswith(f".{domain}") for domain in WECHAT_DOMAINS)
    if wechat and (found := sorted(_names(url) & CLIENT_TICKETS)):
        raise AddressRefused(
            f"网址中带有微信客户端的个人票据（{'、'.join(found)}），不予抓取。"
            "请在文章右上角选“复制链接”，只保留 __biz、mid、idx、sn 这几项。"
        )


def is_listed(host: str, port: int, scheme: str, allowed: Iterable[str]) -> bool:
    """Whether the list names ``host`` (then only the usual port) or ``host:port``."""
    usual = port == DEFAULT_PORTS[scheme] or host in settings.SCRAPER_TEST_HOSTS
    listed = {_as_asked(entry) for entry in allowed}
    return f"{host}:{port}" in listed or (usual and host in listed)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, tunnels and translations excluded."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.sixtofour is not None or ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def origin_of(url: str) -> str:
    """``https://www.example.gov.cn:443``: what robots.txt and the pace hold for."""
    parts = _parsed(url)
    return f"{parts.scheme}://{parts.host}:{parts.port or DEFAULT_PORTS[parts.scheme]}".lower()


def secure_twin(url: str, allowed: Iterable[str]) -> str | None:
    """The https address of an http one, where the list allows it.

    A port that was written out is kept to: that is how the office says that it means http.
    """
    parts = _parsed(url)
    if parts.scheme != "http" or parts.port or not parts.host:
        return None
    if not is_listed(bare(parts.host), DEFAULT_PORTS["https"], "https", allowed):
        return None
    return urlunsplit(urlsplit(url)._replace(scheme="https"))


def bare(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def printable(text: str) -> str:
    """``text`` without control characters, which no database takes."""
    return "".join(c for c in text if c.isprintable())


def _as_asked(name: str) -> str:
    """A Chinese name in the form that goes over the wire (``xn--…``)."""
    try:
        return name if name.isascii() else str(parse_url(f"http://{name}").netloc)
    except LocationParseError:
        return name


def _parsed(url: str) -> Url:
    try:
        return parse_url(url)
    except LocationParseError as error:
        raise AddressRefused(f"网址“{printable(url)[:200]}”写法有误，请检查地址模板。") from error


def _names(url: str) -> set[str]:
    """The names of the query's fields that have a value; ``&amp;`` of a copied link undone."""
    try:
        query = urlsplit(url).query
        fields = parse_qsl(query.replace("&amp;", "&"), max_num_fields=1000)
    except ValueError as error:
        raise AddressRefused(f"网址“{printable(url)[:200]}”写法有误，请检查地址模板。") from error
    return {name.strip().lower() for name, value in fields if value.strip()}
