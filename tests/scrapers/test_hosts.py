"""What is remembered of hosts: the same answers from one process as from all machines."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from scrapers.fetching import OwnMemory, RobotsFile
from scrapers.models import Host
from scrapers.services.hosts import HostRows

pytestmark = pytest.mark.django_db

NOW = datetime(2019, 9, 1, 2, 0, tzinfo=UTC)
HERE = "https://rank.example.gov.cn:443"
THERE = "https://other.example.gov.cn:443"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(params=[OwnMemory, HostRows])
def memory(request):
    return request.param(pace=2)


def test_turns_follow_each_other(memory, clock) -> None:
    assert [memory.take_turn(HERE, 0, 120) for _ in range(3)] == [0, 2, 4]
    assert memory.take_turn(THERE, 0, 120) == 0
    clock.shift(timedelta(seconds=5))
    assert memory.take_turn(HERE, 0, 120) == 1
    clock.shift(timedelta(hours=1))
    assert memory.take_turn(HERE, 0, 120) == 0


def test_the_longer_of_pace_and_wish_holds(memory) -> None:
    assert [memory.take_turn(HERE, gap, 120) for gap in (30, 1, 0)] == [0, 30, 32]


def test_a_turn_too_far_away_is_not_booked(memory) -> None:
    memory.put_off(HERE, NOW + timedelta(seconds=121))
    assert [memory.take_turn(HERE, 0, 120) for _ in range(2)] == [121, 121]
    assert [memory.take_turn(HERE, 0, 121) for _ in range(2)] == [121, 123]


def test_a_host_is_never_put_off_to_an_earlier_time(memory) -> None:
    memory.put_off(HERE, NOW + timedelta(seconds=90))
    memory.put_off(HERE, NOW + timedelta(seconds=10))
    assert memory.take_turn(HERE, 0, 120) == 90


def test_robots_files_are_kept(memory) -> None:
    assert memory.robots(HERE) is None
    memory.take_turn(HERE, 0, 120)
    assert memory.robots(HERE) is None
    for robots in (RobotsFile("User-agent: *", 200, NOW), RobotsFile("", 404, NOW)):
        memory.keep_robots(HERE, robots)
        assert memory.robots(HERE) == robots
    assert memory.robots(THERE) is None


def test_a_host_without_https_is_given_another_chance_with_its_next_robots_file(clock) -> None:
    memory = HostRows()
    assert not memory.without_https(HERE)
    memory.keep_without_https(HERE)
    memory.keep_robots(HERE, RobotsFile("", 404, NOW))
    assert memory.without_https(HERE)
    clock.shift(timedelta(hours=25))
    assert not memory.without_https(HERE)


def test_the_pace_of_the_settings(settings) -> None:
    settings.SCRAPER_PACE_SECONDS = 7.0
    assert [HostRows().take_turn(HERE, 0, 120) for _ in range(2)] == [0, 7]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_two_machines_get_the_same_turn() -> None:
    machines, each = 4, 5
    start = threading.Barrier(machines)
    waits: list[float] = []

    def machine() -> None:
        try:
            start.wait()
            for _ in range(each):
                waits.append(HostRows(pace=2).take_turn(HERE, 0, 120))
        finally:
            connection.close()

    threads = [threading.Thread(target=machine) for _ in range(machines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [2 * turn for turn in range(machines * each)]
    assert Host.objects.get().next_at == NOW + timedelta(seconds=40)
