"""What the mirror announces to the ground floor."""

from wagtail.images import get_image_model

from cms.ops.registry import HealthCheck, ScheduleSpec, register_health_check, register_schedule

from . import identity
from .addresses import DAY_STYLE, GENERAL
from .models import SpecialPeriod
from .registry import register_addresses, register_dependents


def register() -> None:
    """Called once, when the app is ready."""
    register_addresses("general", lambda: GENERAL)
    register_dependents(SpecialPeriod, lambda period: [DAY_STYLE])
    register_schedule(ScheduleSpec("mirror", "cms.mirror.tasks.render", 1))
    register_schedule(ScheduleSpec("mirror_day", "cms.mirror.tasks.new_day", 5))
    identity.connect(get_image_model())
    register_health_check(
        HealthCheck("site_identity", identity.NAME, identity.findings, "mirror.change_siteidentity")
    )
