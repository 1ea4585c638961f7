"""What came back to whoever entered it."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ..models import Observation, Status

# Proposals that were sent back are recalled for so long.
TOLD_FOR = dt.timedelta(days=30)


def returned_to(user: Any) -> QuerySet[Observation]:
    """What ``user`` entered and another sent back, as long as no newer version stands in line."""
    return (
        Observation.objects.filter(
            status=Status.REJECTED,
            recorded_by=user,
            rejected_at__gte=timezone.now() - TOLD_FOR,
            superseded_by__isnull=True,
        )
        .exclude(rejected_by=user)
        .select_related("board", "account", "rejected_by")
        .order_by("-rejected_at", "-pk")
    )
