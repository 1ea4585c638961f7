"""What the health report says about the scrapers."""

from datetime import timedelta

import pytest
import time_machine

from cms.ops import registry
from cms.ops.registry import Level
from scrapers import health, services
from scrapers.fetch_errors import FetchTimeout
from scrapers.models import Source, Trigger

from .conftest import AUGUST, DOUBTFUL, SEPTEMBER_1, fetching, page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page"),
]


@pytest.fixture(autouse=True)
def first_of_september():
    with time_machine.travel(SEPTEMBER_1, tick=False) as clock:
        yield clock


def said() -> list[tuple[Level, str]]:
    return [(finding.level, finding.message) for finding in health.check()]


def run(source, content) -> None:
    fetch = fetching(content)
    services.run_source(None, source, AUGUST, Trigger.COMMAND, fetch=fetch)


def test_nothing_to_say(source) -> None:
    run(source, page())
    assert said() == []


def test_a_source_set_up_after_its_hour_is_not_overdue_at_once(source, first_of_september) -> None:
    assert said() == []
    first_of_september.shift(timedelta(minutes=31))
    assert len(said()) == 1


def test_an_overdue_source_is_an_alarm(source, first_of_september) -> None:
    Source.objects.update(changed_at=SEPTEMBER_1 - timedelta(days=30))
    first_of_september.move_to("2019-09-01T01:15:00Z")
    assert said() == []
    first_of_september.shift(timedelta(minutes=20))
    ((level, message),) = said()
    assert level is Level.ALARM
    assert "2019年8月的榜单早该抓取" in message


def test_a_run_that_stands_still_is_an_alarm(source, first_of_september) -> None:
    services.request_run(None, source, AUGUST, Trigger.BUTTON)
    assert said() == []
    first_of_september.shift(timedelta(minutes=25))
    ((level, message),) = said()
    assert level is Level.ALARM
    assert "停在“待抓取”" in message


def test_failures_and_waiting_runs_are_warnings(source) -> None:
    run(source, FetchTimeout("对方网站响应太慢。"))
    ((level, message),) = said()
    assert (level, "对方网站响应太慢" in message) == (Level.WARNING, True)
    run(source, page(**DOUBTFUL))
    ((level, message),) = said()
    assert level is Level.WARNING
    assert "有 1 条抓取结果等待人工核对" in message


def test_the_check_and_the_schedule_are_registered() -> None:
    assert "scrapers" in [check.key for check in registry.health_checks()]
    (spec,) = [s for s in registry.schedules() if s.func == "scrapers.tasks.run_due_sources"]
    assert spec.minutes == 5
