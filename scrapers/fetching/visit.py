"""Getting a page as a polite and wary visitor would."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urljoin, urlsplit

import requests
from django.conf import settings
from django.utils import timezone

from rankings.periods import SHANGHAI

from ..fetch_errors import (
    AddressRefused,
    BadContent,
    BadStatus,
    FetchError,
    FetchTimeout,
    RobotsUnreachable,
    ServerFault,
    Throttled,
    TooManyRedirects,
    TryLater,
)
from . import robots as robots_rules
from .answers import Expected, FetchedPage, read_answer
from .guard import Deadline, answer, speaks_tls
from .hosts import HostMemory, OwnMemory, RobotsFile
from .targets import check_address, check_target, origin_of, printable, secure_twin

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# The status of a robots.txt that led nowhere; not kept, but asked for again at the next visit.
NOT_ANSWERED = 0
# A server that asks to be left alone for a year is more likely wrong than busy.
MOST_PUT_OFF = timedelta(days=1)
ACCEPT = {
    "page": "text/html,application/xhtml+xml,*/*;q=0.5",
    "picture": "image/png,image/jpeg,image/webp,image/gif,*/*;q=0.1",
    "robots": "text/plain,*/*;q=0.5",
}

_jitter = random.SystemRandom().random


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and counts; ``total`` seconds hold for one attempt with its redirects.

    ``waiting`` is the most seconds that one fetch may spend in line, all pauses together; more
    is refused as "later". ``retry_after`` is the longest wish of a server that is waited for.
    """

    connect: float = 10
    read: float = 20
    total: float = 45
    size: int = 10 * 1024 * 1024
    picture_size: int = 10 * 1024 * 1024
    redirects: int = 5
    attempts: int = 3
    backoff: float = 2
    waiting: float = 120
    retry_after: float = 60


@dataclass(frozen=True)
class Seen:
    """What is held of an earlier visit: sent along so that the server may say "unchanged".

    The validators belong to ``url``, the last address of that visit, and are sent to no other.
    """

    url: str
    etag: str = ""
    last_modified: str = ""


def user_agent() -> str:
    """Says honestly who asks and where to complain; quoted, since headers are ASCII."""
    return f"zai-hetang/0.1 (+{quote(settings.SCRAPER_CONTACT, safe=':/?#@&=+,;~%')})"


def fetch(
    url: str,
    *,
    allowed_hosts: Iterable[str],
    expect: Expected = "page",
    seen: Seen | None = None,
    hosts: HostMemory | None = None,
    limits: Limits = Limits(),
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = _jitter,
) -> FetchedPage:
    """Get a text page, or a picture with ``expect="picture"``. Raises a ``FetchError``.

    ``allowed_hosts`` are names (``www.example.gov.cn``), standard ports only, or ``name:port``.
    Only timeouts and 5xx are tried again, ``limits.attempts`` times in all, and 429 where the
    server says when; ``sleep`` gets each pause in seconds, ``jitter`` answers a number from 0 to 1
    that is added to pauses after a fault.

    ``hosts`` remembers turns and robots.txt across calls and machines; without it each call
    remembers for itself. With ``seen`` the answer may be a page that is ``not_modified``.

    An http address is asked for by https when its host answers there with a valid certificate;
    an https address never becomes http, not by a redirect either. That an https host leads an
    address *written* http back to http is let pass: the office chose that, and the list of hosts
    holds all the same.
    """
    allowed = frozenset(host.strip().lower() for host in allowed_hosts if host.strip())
    memory = hosts if hosts is not None else OwnMemory(settings.SCRAPER_PACE_SECONDS)
    check_address(url, allowed)
    visit = _Visit(url, allowed, expect, seen, memory, limits, sleep)
    attempt = 1
    while True:
        try:
            return visit.attempt()
        except FetchError as error:
            if attempt >= limits.attempts or not _passes(error):
                raise
            told = isinstance(error, BadStatus) and error.retry_after is not None
        if not told:
            visit.pause(limits.backoff * 2 ** (attempt - 1) + jitter())
        attempt += 1


def _passes(error: BaseException | None) -> bool:
    """Whether the trouble may be over soon."""
    if isinstance(error, RobotsUnreachable):
        error = error.__cause__
    if isinstance(error, Throttled):
        return error.retry_after is not None
    return isinstance(error, FetchTimeout | ServerFault)


class _Visit:
    """One call of ``fetch``."""

    def __init__(
        self,
        url: str,
        allowed: frozenset[str],
        expect: Expected,
        seen: Seen | None,
        memory: HostMemory,
        limits: Limits,
        sleep: Callable[[float], None],
    ) -> None:
        self.url = url
        self.allowed = allowed
        self.expect = expect
        self.seen = seen
        self.memory = memory
        self.limits = limits
        self.sleep = sleep
        self.waited = 0.0
        self.secure = urlsplit(url).scheme == "https"
        self.start: str | None = None
        self.rules: dict[str, robots_rules.Rules] = {}

    def attempt(self) -> FetchedPage:
        if self.start is None:
            self.start = self._preferred()
        size = self.limits.picture_size if self.expect == "picture" else self.limits.size
        return self._follow(self.start, self.expect, replace(self.limits, size=size))

    def pause(self, seconds: float) -> None:
        if self.waited + seconds > self.limits.waiting:
            raise _in_line(seconds)
        self.waited += seconds
        self.sleep(seconds)

    def _preferred(self) -> str:
        """The https twin of an http address, when its host answers there."""
        twin = secure_twin(self.url, self.allowed)
        if twin is None or self.memory.without_https(origin_of(self.url)):
            return self.url
        host = urlsplit(twin).hostname or ""
        if speaks_tls(host, 443, self.allowed, self.limits.connect):
            return twin
        self.memory.keep_without_https(origin_of(self.url))
        return self.url

    def _follow(self, url: str, expect: Expected, limits: Limits) -> FetchedPage:
        """The page that ``url`` leads to; robots.txt and the pace hold for every step."""
        left = limits.total
        current = url
        for _ in range(limits.redirects + 1):
            check_target(current, self.allowed)
            if self.secure and expect != "robots" and urlsplit(current).scheme != "https":
                raise AddressRefused(
                    "网址从 https 跳转到了不加密的 http，不予跟随。请打开网址核对后修改地址。"
                )
            gap = 0.0 if expect == "robots" else self._rules(current).check(current)
            self._take_turn(current, gap)
            begun = time.monotonic()
            answered = self._ask(current, expect, replace(limits, total=left))
            left -= time.monotonic() - begun
            if isinstance(answered, FetchedPage):
                return answered
            current = answered
        raise TooManyRedirects(
            f"网址跳转超过 {limits.redirects} 次，不再跟随。请核对地址是否已变更，"
            "或是否要先登录才能打开。"
        )

    def _take_turn(self, url: str, gap: float) -> None:
        wait = self.memory.take_turn(origin_of(url), gap, longest=self.limits.waiting - self.waited)
        if wait > self.limits.waiting - self.waited:
            raise _in_line(wait)
        if wait > 0:
            self.pause(wait)

    def _ask(self, url: str, expect: Expected, limits: Limits) -> FetchedPage | str:
        """One exchange: the page, or the address it leads to."""
        headers = self._headers(url, expect)
        try:
            with (
                Deadline(max(limits.total, 0)).running() as deadline,
                answer(
                    url,
                    allowed=self.allowed,
                    headers=headers,
                    timeout=(limits.connect, limits.read),
                    deadline=deadline,
                ) as response,
            ):
                location = _location(response)
                if location is not None:
                    return location
                return read_answer(
                    self.url,
                    response,
                    expect=expect,
                    size=limits.size,
                    asked_whether_changed=bool(
                        headers.keys() & {"If-None-Match", "If-Modified-Since"}
                    ),
                    deadline=deadline,
                )
        except BadStatus as error:
            self._heed(url, error)
            raise

    def _headers(self, url: str, expect: Expected) -> dict[str, str]:
        headers = {
            "User-Agent": user_agent(),
            "Accept": ACCEPT[expect],
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Connection": "close",
        }
        if self.seen is not None and expect != "robots" and _as_sent(url) == self.seen.url:
            if self.seen.etag:
                headers["If-None-Match"] = self.seen.etag
            if self.seen.last_modified:
                headers["If-Modified-Since"] = self.seen.last_modified
        return headers

    def _heed(self, url: str, error: BadStatus) -> None:
        """Put the host off as it wished; a wish too long to wait for ends the fetch."""
        if error.retry_after is None:
            return
        wish = min(timedelta(seconds=error.retry_after), MOST_PUT_OFF)
        until = timezone.now() + wish
        self.memory.put_off(origin_of(url), until)
        if wish.total_seconds() > self.limits.retry_after:
            raise TryLater(
                f"对方网站请我们稍后再来（HTTP {error.status}），"
                f"请在{_beijing(until)}（北京时间）以后重试。",
                until,
                error.page,
            ) from error

    # --- robots.txt ---------------------------------------------------------------------------

    def _rules(self, url: str) -> robots_rules.Rules:
        origin = origin_of(url)
        if origin not in self.rules:
            self.rules[origin] = robots_rules.Rules(self._robots(origin))
        return self.rules[origin]

    def _robots(self, origin: str) -> RobotsFile:
        now = timezone.now()
        known = self.memory.robots(origin)
        if known is not None and robots_rules.is_fresh(known, now):
            return known
        try:
            found = self._read_robots(f"{origin}/robots.txt", now)
        except (FetchTimeout, ServerFault, Throttled, BadContent) as error:
            if known is not None and robots_rules.still_holds(known, now):
                return known
            raise RobotsUnreachable(
                "读不到对方网站的 robots.txt（网站出错或太慢），按规则视为不允许抓取，"
                "未予抓取。请稍后重试。"
            ) from error
        if found.status != NOT_ANSWERED:
            self.memory.keep_robots(origin, found)
        return found

    def _read_robots(self, url: str, now: datetime) -> RobotsFile:
        """4xx, and what leads nowhere, mean that the host has no rules (RFC 9309 §2.3.1)."""
        limits = replace(self.limits, size=robots_rules.SIZE, total=min(self.limits.total, 20))
        try:
            page = self._follow(url, "robots", limits)
        except (ServerFault, Throttled):
            raise
        except BadStatus as error:
            return RobotsFile("", error.status, now)
        except (TooManyRedirects, AddressRefused):
            # Where the page itself may not be fetched either, its own request will say so.
            return RobotsFile("", NOT_ANSWERED, now)
        return RobotsFile(robots_rules.text_of(page.data), page.status, now)


def _location(response: requests.Response) -> str | None:
    """Where a redirect leads; None for every other answer."""
    location = response.headers.get("Location")
    if response.status_code not in REDIRECTS or not location:
        return None
    text = location.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return urljoin(response.url, text)
    except ValueError as error:
        raise AddressRefused(
            f"网址跳转到了写法有误的地址“{printable(text)[:200]}”，不予跟随。请打开网址核对。"
        ) from error


def _as_sent(url: str) -> str:
    """``url`` as a request carries it, quoted; so are the last addresses of visits kept."""
    try:
        return requests.Request("GET", url).prepare().url or url
    except requests.RequestException:
        return url


def _in_line(wait: float) -> TryLater:
    until = timezone.now() + timedelta(seconds=wait)
    return TryLater(f"要先让对方网站歇一歇：请在{_beijing(until)}（北京时间）以后重试。", until)


def _beijing(moment: datetime) -> str:
    # Up to the next full minute, so that the time named is never too early.
    local = (moment + timedelta(seconds=59)).astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
