"""What a host's robots.txt allows (RFC 9309). Pure; reading and keeping the file is elsewhere."""

from datetime import datetime, timedelta

from protego import Protego

from ..fetch_errors import RobotsRefused
from .hosts import RobotsFile
from .targets import printable

# The name that a robots.txt may address us by.
ROBOT = "zai-hetang"
SIZE = 500 * 1024
FRESH = timedelta(hours=24)
# While a host's robots.txt cannot be read, the last one holds, but not for ever.
STALE = timedelta(days=30)
LONGEST_DELAY = 60


class Rules:
    """One host's rules for us."""

    def __init__(self, robots: RobotsFile) -> None:
        self._parsed = Protego.parse(robots.text)

    def check(self, url: str) -> float:
        """The seconds between two visits that the host wishes, 0 without a wish.

        Raises ``RobotsRefused``.
        """
        if not self._parsed.can_fetch(url, ROBOT):
            raise RobotsRefused(
                "对方网站的 robots.txt 不允许自动抓取这个页面，未予抓取。"
                "请向发布单位申请许可，或打开网页由人工录入。"
            )
        delay = self._parsed.crawl_delay(ROBOT) or 0
        if delay > LONGEST_DELAY:
            raise RobotsRefused(
                f"对方网站的 robots.txt 要求两次访问相隔 {delay:g} 秒，"
                f"超过了 {LONGEST_DELAY} 秒，不适合自动抓取。请打开网页由人工录入。"
            )
        return delay


def is_fresh(robots: RobotsFile, now: datetime) -> bool:
    return now - robots.read_at < FRESH


def still_holds(robots: RobotsFile, now: datetime) -> bool:
    """Whether an old file may stand in for one that cannot be read now."""
    return now - robots.read_at < STALE


def text_of(data: bytes) -> str:
    """Anything a server may answer, as text that a database takes."""
    lines = data[:SIZE].decode("utf-8-sig", "replace").splitlines()
    return "\n".join(printable(line.replace("\t", " ")) for line in lines)
