"""What is remembered of hosts from one request to the next, so that visits stay polite."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils import timezone


@dataclass(frozen=True)
class RobotsFile:
    """What a host's robots.txt said and when; 404 and the like have an empty ``text``."""

    text: str
    status: int
    read_at: datetime


class HostMemory(Protocol):
    """Origins are ``scheme://name:port``. The one of all machines is ``services.hosts``."""

    def take_turn(self, origin: str, gap: float, longest: float) -> float:
        """Book the next request; answers how many seconds to wait for it.

        The request after it may begin ``gap`` seconds later, or the memory's own pace if that is
        longer. A wait over ``longest`` is answered and *not* booked.
        """
        ...

    def put_off(self, origin: str, until: datetime) -> None:
        """Nobody asks this host before ``until``."""
        ...

    def robots(self, origin: str) -> RobotsFile | None: ...

    def keep_robots(self, origin: str, robots: RobotsFile) -> None: ...

    def without_https(self, origin: str) -> bool:
        """Whether the https twin of this http origin was lately found not to answer."""
        ...

    def keep_without_https(self, origin: str) -> None: ...


class OwnMemory:
    """A memory for one process, for callers that visit no host again."""

    def __init__(self, pace: float) -> None:
        self.pace = pace
        self._next: dict[str, datetime] = {}
        self._robots: dict[str, RobotsFile] = {}
        self._http_only: set[str] = set()

    def take_turn(self, origin: str, gap: float, longest: float) -> float:
        now = timezone.now()
        turn = max(now, self._next.get(origin, now))
        wait = (turn - now).total_seconds()
        if wait <= longest:
            self._next[origin] = turn + timedelta(seconds=max(gap, self.pace))
        return wait

    def put_off(self, origin: str, until: datetime) -> None:
        self._next[origin] = max(until, self._next.get(origin, until))

    def robots(self, origin: str) -> RobotsFile | None:
        return self._robots.get(origin)

    def keep_robots(self, origin: str, robots: RobotsFile) -> None:
        self._robots[origin] = robots

    def without_https(self, origin: str) -> bool:
        return origin in self._http_only

    def keep_without_https(self, origin: str) -> None:
        self._http_only.add(origin)
