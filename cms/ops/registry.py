"""Where apps announce what the ground floor must know without importing them.

An app calls these functions in its ``AppConfig.ready()``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a health check came out, in the words of the traffic light people see."""

    OK = "ok"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True)
class HealthResult:
    """One finding: ``message`` is a Chinese sentence that says what is so and what to do."""

    level: Level
    message: str
    url: str = ""


@dataclass(frozen=True)
class HealthCheck:
    """``check`` answers the present findings; an empty list means nothing to say.

    ``permission`` (``app.codename``) is what people need to see the findings on their dashboard.
    """

    key: str
    label: str
    check: Callable[[], list[HealthResult]]
    permission: str


@dataclass(frozen=True)
class ScheduleSpec:
    """A task function (dotted path, no arguments) run every ``minutes``."""

    name: str
    func: str
    minutes: int


@dataclass(frozen=True)
class NoticeFamily:
    """Notices that are alike to people, who choose by family whether they come by mail too.

    ``events`` are the names given to `cms.ops.notices.send`.
    """

    key: str
    label: str
    help_text: str
    events: frozenset[str]


_notice_families: dict[str, NoticeFamily] = {}
_health: dict[str, HealthCheck] = {}
_schedules: dict[str, ScheduleSpec] = {}


_action_labels: dict[str, str] = {}


def register_action_labels(labels: dict[str, str]) -> None:
    """Say what the actions of the audit log are called, such as ``article.submit``: 提交审核."""
    _action_labels.update(labels)


def action_labels() -> dict[str, str]:
    return dict(_action_labels)


def register_notice_family(family: NoticeFamily) -> None:
    """Add a line to the choices 邮件通知 of the account page."""
    _notice_families[family.key] = family


def notice_families() -> list[NoticeFamily]:
    return list(_notice_families.values())


def register_health_check(check: HealthCheck) -> None:
    _health[check.key] = check


def health_checks() -> list[HealthCheck]:
    return list(_health.values())


def register_schedule(spec: ScheduleSpec) -> None:
    _schedules[spec.name] = spec


def schedules() -> list[ScheduleSpec]:
    return list(_schedules.values())
