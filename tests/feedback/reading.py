"""What tests of the office's side read again and again."""

import datetime as dt
from zoneinfo import ZoneInfo

from cms.ops.models import Notice

HERE = ZoneInfo("Asia/Shanghai")
TUESDAY = dt.datetime(2026, 11, 24, 10, 0, tzinfo=HERE)


def told(person) -> set[str]:
    """The events of the notices that ``person`` has not read."""
    return set(
        Notice.objects.filter(recipient=person, read_at=None).values_list("event", flat=True)
    )


def due(moment: dt.datetime) -> str:
    """``moment`` as the office reads it."""
    return f"{moment.astimezone(HERE):%Y-%m-%d %H:%M}"
