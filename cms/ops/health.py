"""The health report: what the registered checks say now."""

from dataclasses import dataclass

from django.urls import reverse

from . import notices
from .registry import HealthResult, Level, health_checks

_ORDER = [Level.OK, Level.WARNING, Level.ALARM]


@dataclass(frozen=True)
class Report:
    """``checks`` maps a check's key to its worst level and its findings."""

    level: Level
    checks: dict[str, tuple[Level, list[HealthResult]]]


def worst(levels: list[Level]) -> Level:
    """The gravest of ``levels``; ``OK`` when there are none."""
    return max(levels, key=_ORDER.index, default=Level.OK)


def report() -> Report:
    """Run every registered check."""
    checks = {}
    for check in health_checks():
        results = check.check()
        checks[check.key] = (worst([result.level for result in results]), results)
    return Report(worst([level for level, _ in checks.values()]), checks)


def notice_mails() -> list[HealthResult]:
    """Notices that could not be mailed: somebody may be waiting for them."""
    return notices.MAILS.findings(reverse("unsent_mails"))
