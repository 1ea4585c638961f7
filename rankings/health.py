"""What the health report says about ranks."""

from django.urls import reverse

from cms.ops.registry import HealthResult, Level

from .models import Observation


def check() -> list[HealthResult]:
    """Statements that wait for the second person count for nothing until they are looked at."""
    waiting = Observation.objects.waiting().count()
    if not waiting:
        return []
    message = f"有 {waiting} 条名次等另一位同事复核，复核前不计入名次。"
    return [HealthResult(Level.WARNING, message, reverse("rankings:review"))]
