"""The weekly look at all evidence: in pieces, taken up again, and told until it is mended."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from cms.ops.registry import Level
from rankings.evidence import health, rounds, service, tasks
from rankings.evidence.models import Capture, Round
from rankings.evidence.service import Condition, Finding

pytestmark = pytest.mark.django_db
MONDAY = datetime(2019, 9, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path: Path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def keep(*contents: bytes) -> list[Capture]:
    return [service.store(data, kind="page", fetched_at=MONDAY).capture for data in contents]


def said() -> list[tuple[Level, str]]:
    return [(finding.level, finding.message) for finding in health.check()]


def test_a_round_a_week(clock) -> None:
    keep(b"one", b"two")
    assert tasks.continue_round() == 2
    assert tasks.continue_round() == 0
    clock.shift(timedelta(days=6))
    assert tasks.continue_round() == 0
    clock.shift(timedelta(days=1))
    assert tasks.continue_round() == 2
    assert Round.objects.filter(finished_at__isnull=False).count() == 2
    assert said() == []


def test_nothing_kept_is_nothing_to_look_at() -> None:
    assert tasks.continue_round() == 0
    assert not Round.objects.exists()
    assert said() == []


def test_damage_is_an_alarm_until_it_is_mended(evidence_root, clock) -> None:
    _, lost, changed = keep(b"one", b"two", b"three")
    whole = {capture: (evidence_root / capture.path).read_bytes() for capture in (lost, changed)}
    (evidence_root / lost.path).unlink()
    (evidence_root / changed.path).chmod(0o640)
    (evidence_root / changed.path).write_bytes(b"x")
    tasks.continue_round()
    assert [level for level, _ in said()] == [Level.ALARM, Level.ALARM]
    assert lost.path in said()[0][1]
    assert health.check()[0].url.endswith(f"/{lost.pk}/")
    clock.shift(timedelta(days=8))
    tasks.continue_round()  # the next round has the same to say
    assert len(said()) == 2
    for capture, data in whole.items():
        (evidence_root / capture.path).write_bytes(data)
    tasks.continue_round()
    assert said() == []


def test_a_round_goes_on_where_time_ran_out() -> None:
    captures = keep(*(bytes([number]) for number in range(6)))
    ticks = itertools.count(step=rounds.TASK_SECONDS / 2)
    assert rounds.continue_round(clock=lambda: next(ticks)) == 2
    assert Round.objects.get().position == captures[1].pk
    assert rounds.continue_round() == 4
    assert Round.objects.get().checked == 6
    assert Round.objects.get().finished_at


def test_what_a_killed_worker_had_is_looked_at_again_later(monkeypatch, clock) -> None:
    keep(b"one", b"two")

    def killed(start):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "verify", killed)
        with pytest.raises(MemoryError):
            rounds.continue_round()
    assert rounds.continue_round() == 0  # may still be at work
    clock.shift(rounds.HELD + timedelta(seconds=1))
    assert rounds.continue_round() == 2


def test_a_store_that_is_away_is_told_and_is_no_damage(monkeypatch) -> None:
    captures = keep(*(bytes([number]) for number in range(8)))

    def away(start):
        for capture in captures:
            yield Finding(capture, Condition.UNREADABLE, "存储服务连不上。")

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "verify", away)
        assert rounds.continue_round() == 0
    assert said() == [(Level.ALARM, "存证没有核对下去：存储服务连不上。")]
    assert Round.objects.get().faults == {}
    assert rounds.continue_round() == 8
    assert said() == []


def test_a_slow_store_is_told_as_well(monkeypatch) -> None:
    [capture] = keep(b"one")
    slow = Finding(capture, Condition.UNREADABLE, "存储服务连不上。")
    monkeypatch.setattr(rounds, "verify", lambda start: iter([slow]))
    ticks = itertools.count(step=rounds.TASK_SECONDS)
    rounds.continue_round(clock=lambda: next(ticks))
    assert said() == [(Level.ALARM, "存证没有核对下去：存储服务连不上。")]


def test_many_faults_are_counted(evidence_root) -> None:
    for capture in keep(*(bytes([number]) for number in range(8))):
        (evidence_root / capture.path).unlink()
    tasks.continue_round()
    assert len(said()) == health.SHOWN + 1
    assert "另有至少 3 份" in said()[-1][1]


def test_two_weeks_without_a_look_are_told(clock) -> None:
    keep(b"one")
    clock.shift(timedelta(days=15))
    assert said() == [(Level.WARNING, "两周没有核对过全部存证，请检查后台任务是否在运行。")]
    tasks.continue_round()
    assert said() == []
