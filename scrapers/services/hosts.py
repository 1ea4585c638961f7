"""What all machines together remember of the hosts they visit."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..fetching import RobotsFile
from ..fetching.robots import FRESH
from ..models import Host


class HostRows:
    """The ``fetching.HostMemory`` in the database: one row per host, locked while it is changed.

    ``pace`` is the least number of seconds between two requests to a host.
    """

    def __init__(self, pace: float | None = None) -> None:
        self.pace = settings.SCRAPER_PACE_SECONDS if pace is None else pace

    def take_turn(self, origin: str, gap: float, longest: float) -> float:
        """See ``HostMemory.take_turn``; the row lock keeps two machines from one turn."""
        with transaction.atomic():
            host = _locked(origin)
            now = timezone.now()
            turn = max(now, host.next_at or now)
            wait = (turn - now).total_seconds()
            if wait <= longest:
                host.next_at = turn + timedelta(seconds=max(gap, self.pace))
                host.save(update_fields=["next_at"])
        return wait

    def put_off(self, origin: str, until: datetime) -> None:
        with transaction.atomic():
            host = _locked(origin)
            if host.next_at is None or host.next_at < until:
                host.next_at = until
                host.save(update_fields=["next_at"])

    def robots(self, origin: str) -> RobotsFile | None:
        host = Host.objects.filter(origin=origin, robots_at__isnull=False).first()
        if host is None:
            return None
        return RobotsFile(host.robots, host.robots_status or 0, host.robots_at)

    def keep_robots(self, origin: str, robots: RobotsFile) -> None:
        with transaction.atomic():
            host = _locked(origin)
            host.robots, host.robots_status = robots.text, robots.status
            host.robots_at = robots.read_at
            host.save(update_fields=["robots", "robots_status", "robots_at"])

    def without_https(self, origin: str) -> bool:
        """Holds as long as the host's robots.txt does: then https is given another chance."""
        return Host.objects.filter(
            origin=origin, https=False, robots_at__gt=timezone.now() - FRESH
        ).exists()

    def keep_without_https(self, origin: str) -> None:
        with transaction.atomic():
            host = _locked(origin)
            host.https = False
            host.save(update_fields=["https"])


def _locked(origin: str) -> Host:
    Host.objects.get_or_create(origin=origin)
    return Host.objects.select_for_update().get(origin=origin)
