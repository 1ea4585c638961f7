"""What the tests of alerts share: past months, and what was told."""

from rankings.models import Alert
from rankings.periods import Month
from tests.factories.rankings import ObservationFactory


def index(value, bound="exact", capped=False):
    return {"value": value, "bound": bound, "capped": capped, "raw": str(value)}


def told(kind=None) -> list[str]:
    alerts = Alert.objects.order_by("pk")
    return [alert.message for alert in (alerts.filter(kind=kind) if kind else alerts)]


def kinds() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("kind", flat=True))


def past(board, ours, first="2019-01", last="2019-07", **details):
    """Months recorded long ago, that told nothing."""
    month = Month.parse(first)
    while month <= Month.parse(last):
        ObservationFactory(board=board, account=ours, period=str(month), **details)
        month += 1
