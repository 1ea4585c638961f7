"""A worker killed with -9, a full disk, a locked database: nothing half done, nothing lost.

For the kills a real process carries the run out on the test database, fetches a page from a real
server and kills itself at the named moment.
"""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from cms.ops import audit
from cms.ops.models import AuditEntry
from rankings.evidence import service as evidence
from rankings.evidence.models import Capture, Sighting
from rankings.evidence.storage import EvidenceFileStorage
from rankings.models import Observation
from rankings.periods import Month
from scrapers import fetching as real
from scrapers import services
from scrapers.models import Host, Run, RunState, Source, Step, Trigger
from tests.apart import apart, die

from .conftest import make_source
from .fetching.servers import Server, running_server

MAY, JUNE = Month(2024, 5), Month(2024, 6)
LONG_AGO = timedelta(minutes=11)

PAGE = """<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">
<title>2024年{month}月县级榜</title></head><body><h1>2024年{month}月县级榜</h1>
<p>发布时间：2024-0{next}-01</p><table>
<tr><th>排名</th><th>公众号</th><th>WCI</th></tr>
<tr><td>1</td><td>在荷塘</td><td>11{month}0.50</td></tr>
<tr><td>2</td><td>甲县发布</td><td>9{month}0.25</td></tr>
<tr><td>3</td><td>乙县发布</td><td>8{month}0.75</td></tr>
</table></body></html>"""

MOMENTS = [
    *Step.labels,
    "before the file has its name",
    "between the file and its row",
    "before the row is committed",
    "before the rows of the list are committed",
]


def execute(run: Run, moment: str, **details: Any) -> str:
    """What a worker does with ``run``, killed at ``moment``; only for a process of its own."""
    if moment == "before the file has its name":
        os.replace = die
    elif moment == "between the file and its row":
        save = EvidenceFileStorage._save
        EvidenceFileStorage._save = lambda *args: (save(*args), die())
    elif moment == "before the row is committed":
        create = Sighting.objects.create
        Sighting.objects.create = lambda **fields: (create(**fields), die())
    elif moment == "before the rows of the list are committed":
        write = audit.record

        def record(actor: Any, action: str, *args: Any, **kwargs: Any) -> Any:
            if action.startswith("scrape."):
                die()
            return write(actor, action, *args, **kwargs)

        audit.record = record

    def report(step: str) -> None:
        if step == moment:
            die()

    return services.execute_run(run.pk, report=report, **details).state


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as server:
        for month in (MAY, JUNE):
            text = PAGE.format(month=month.month, next=month.month + 1)
            server.put(f"/{month.year}/{month.month:02d}.html", text.encode())
        yield server


@pytest.fixture
def local(board, server: Server, evidence_root: Path) -> Source:
    """A source on ``server`` whose list of May is recorded."""
    source = make_source(
        board,
        address=f"{server.url()}{{year}}/{{month:02d}}.html",
        allowed_hosts="127.0.0.1",
    )
    before = services.run_source(None, source, MAY, Trigger.COMMAND)
    assert (before.state, Observation.objects.count()) == (RunState.RECORDED, 3)
    return source


def facts() -> list[tuple]:
    """What is recorded, with the evidence it stands on."""
    fields = ("month", "rank", "account__name", "status", "capture__sha256")
    return sorted(Observation.objects.current().values_list(*fields))


def assert_evidence_is_whole() -> None:
    """Every row has its bytes, and every recorded rank and read page has its row."""
    assert all(found.condition == evidence.Condition.SOUND for found in evidence.verify())
    assert not Observation.objects.filter(capture=None).exists()
    assert not Run.objects.filter(sighting=None, extraction__isnull=False).exists()


def age(run: Run) -> None:
    """Let the time pass after which a silent worker counts as dead."""
    Run.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - LONG_AGO)


# --- killed ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at(moment: str, local: Source) -> None:
    earlier = facts()
    asked = services.request_run(None, local, JUNE, Trigger.SCHEDULE)
    killed = apart(lambda: execute(asked, moment))
    assert killed.exitcode == -signal.SIGKILL
    left = Run.objects.get(pk=asked.pk)
    assert (left.state, left.attempts) == (RunState.RUNNING, 1)
    assert facts() == earlier
    assert_evidence_is_whole()

    age(asked)
    again = apart(lambda: execute(asked, "never"))
    assert again.answer == RunState.RECORDED
    done = Run.objects.get(pk=asked.pk)
    assert "新增 3 条" in done.reason
    assert [fact for fact in facts() if fact[0] == MAY.index] == earlier
    assert len(facts()) == 6
    assert AuditEntry.objects.filter(action="scrape.recorded").count() == 2
    assert_evidence_is_whole()
    assert Capture.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_killed_while_it_waits_its_turn(local: Source, server: Server) -> None:
    """The turn that the dead worker booked is lost; nobody waits for it for ever."""
    asked = services.request_run(None, local, JUNE, Trigger.SCHEDULE)
    Host.objects.update(next_at=timezone.now() + timedelta(seconds=60))
    killed = apart(lambda: execute(asked, "never", fetch=partial(real.fetch, sleep=die)))
    assert killed.exitcode == -signal.SIGKILL
    assert len(server.seen) == 1
    age(asked)
    Host.objects.update(next_at=timezone.now())
    assert apart(lambda: execute(asked, "never")).answer == RunState.RECORDED


# --- a full disk, a locked database ---------------------------------------------------------------


def full(*args, **kwargs) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["os.replace", "os.fsync", "tempfile.mkstemp", "os.fdopen"])
def test_a_full_disk_records_nothing(local, evidence_root, monkeypatch, where: str) -> None:
    earlier = facts()
    with monkeypatch.context() as patch:
        patch.setattr(where, full)
        failed = services.run_source(None, local, JUNE, Trigger.COMMAND)
    assert failed.state == RunState.FAILED
    assert "No space left on device" in failed.reason
    assert "请检查磁盘空间" in failed.reason
    assert (failed.sighting, failed.extraction) == (None, None)
    assert facts() == earlier
    assert_evidence_is_whole()
    assert not list(evidence_root.rglob(".part-*"))
    assert services.run_source(None, local, JUNE, Trigger.COMMAND).state == RunState.RECORDED


class Locked:
    """Raises what a locked or full database raises, at one step."""

    def __init__(self, step: str) -> None:
        self.step = step

    def __call__(self, step: str) -> None:
        if step == self.step:
            raise OperationalError("database is locked")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("step", Step.labels)
def test_a_database_that_fails_at_a_step_is_tried_again(local: Source, step: str) -> None:
    earlier = facts()
    asked = services.request_run(None, local, JUNE, Trigger.SCHEDULE)
    with pytest.raises(OperationalError):
        services.execute_run(asked.pk, report=Locked(step))
    assert facts() == earlier
    assert_evidence_is_whole()
    age(asked)
    assert services.execute_run(asked.pk).state == RunState.RECORDED
    assert len(facts()) == 6


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_database_that_fails_in_the_last_moment_keeps_no_half_list(local, monkeypatch) -> None:
    earlier = facts()
    asked = services.request_run(None, local, JUNE, Trigger.SCHEDULE)
    write: Callable = audit.record

    def record(actor, action, *args, **kwargs):
        if action == "scrape.recorded":
            raise OperationalError("database or disk is full")
        return write(actor, action, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", record)
        with pytest.raises(OperationalError):
            services.execute_run(asked.pk)
    assert facts() == earlier
    age(asked)
    assert services.execute_run(asked.pk).state == RunState.RECORDED


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_database_that_keeps_failing_is_given_up_with_a_sentence(local: Source) -> None:
    asked = services.request_run(None, local, JUNE, Trigger.SCHEDULE)
    for _ in range(3):
        with pytest.raises(OperationalError):
            services.execute_run(asked.pk, report=Locked("解析"))
        age(asked)
    given_up = services.execute_run(asked.pk)
    assert given_up.state == RunState.FAILED
    assert "中断了 3 次" in given_up.reason
    assert given_up.sighting is not None
    assert Sighting.objects.count() == 2


# --- the net --------------------------------------------------------------------------------------


LOGIN = "<title>用户登录</title><form>用户名<input>密码<input type=password></form>"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"body": b""}, "空白"),
        ({"body": b"\x1f\x8b\x08\x00", "Content_Encoding": "gzip"}, "不完整"),
        ({"body": b"<html>", "Content_Length": "60"}, "中途断开"),
        ({"body": b"<html><table>", "Content_Length": "6"}, "比它声明的长度多"),
        ({"body": b"%PDF-1.7"}, "PDF"),
        ({"status": 302, "Location": "/2024/06.html"}, "跳转超过"),
        ({"status": 302, "Location": "http://10.0.0.7/"}, "允许名单"),
        ({"status": 304}, "304"),
        ({"status": 404}, "尚未发布"),
        ({"status": 429, "Retry_After": "7200"}, "北京时间"),
        ({"body": LOGIN.encode()}, "登录页"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_trouble_of_the_net_ends_as_failed_with_a_sentence(
    local: Source, server: Server, answer: dict, sentence: str
) -> None:
    earlier = facts()
    server.answers["/2024/06.html"] = []
    server.put("/2024/06.html", **answer)
    failed = services.run_source(None, local, JUNE, Trigger.COMMAND, fetch=without_pauses)
    assert failed.state == RunState.FAILED
    assert sentence in failed.reason
    assert failed.finished_at is not None
    assert facts() == earlier
    assert_evidence_is_whole()


def without_pauses(*args, **kwargs) -> real.FetchedPage:
    return real.fetch(*args, **kwargs, sleep=lambda seconds: None)


@pytest.mark.django_db
def test_a_host_that_does_not_want_it_is_left_alone(local: Source, server: Server) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /2024/")
    Host.objects.update(robots_at=timezone.now() - timedelta(days=2))
    failed = services.run_source(None, local, JUNE, Trigger.COMMAND)
    assert failed.state == RunState.FAILED
    assert "robots.txt 不允许" in failed.reason
    assert [path for path, _ in server.seen] == ["/2024/05.html"]
