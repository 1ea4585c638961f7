"""Journey: a page on a local server, fetched on schedule, becomes evidence, rows and a streak."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from cms.ops import health
from demo.content import example_board
from demo.page_server import PageServer
from rankings.evidence.models import Capture, Sighting
from rankings.models import Account, Observation
from rankings.periods import SHANGHAI, Month
from scrapers import tasks
from scrapers.models import Run, Source, SourceBoard
from tests.factories.rankings import AccountFactory, BoardFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
OURS = "听荷发布"


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer() as server:
        yield server


@pytest.fixture(autouse=True)
def no_chromium(monkeypatch) -> None:
    """Screenshots have tests of their own; here they would only be more evidence to count."""
    monkeypatch.setattr("scrapers.browser.installed", lambda: None)


@pytest.fixture
def tick(django_capture_on_commit_callbacks):
    """What the worker does at a moment: the poll of due sources, then whatever was queued."""

    def at(moment: datetime) -> None:
        with time_machine.travel(moment, tick=False):
            with django_capture_on_commit_callbacks(execute=True):
                tasks.run_due_sources()
            while queued := OrmQ.objects.first():
                task = queued.task
                queued.delete()
                with django_capture_on_commit_callbacks(execute=True):
                    import_string(task["func"])(*task["args"])

    return at


def make_source(server: PageServer, kind: str = "yanshi") -> Source:
    board = BoardFactory(key="demo-board", name="演示榜", is_example=True)
    AccountFactory(key=example_board.OUR_ACCOUNT_KEY, name=OURS, is_ours=True)
    source = Source.objects.create(
        key="demo-pages",
        name="演示发布网",
        source_kind="publisher",
        source_name=example_board.BOARD["publisher"],
        address=f"{server.url}/{kind}/{{year}}-{{month:02d}}.html",
        allowed_hosts="127.0.0.1",
        is_example=True,
    )
    SourceBoard.objects.create(source=source, heading="演示榜", board=board)
    return source


def day(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, 5, tzinfo=SHANGHAI)


def streak(capsys, as_of: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("streaks", "--board", "demo-board", "--account", OURS, "--as-of", as_of, "--json")
    return json.loads(capsys.readouterr().out)["accounts"][0]["current"]


def states() -> list[tuple[str, str]]:
    return [(str(run.statistics_month), run.state) for run in Run.objects.order_by("pk")]


def test_from_the_page_to_the_streak(server, tick, capsys, client) -> None:
    source = make_source(server)

    # January's list is there on the first of February and is fetched once, not every day.
    tick(day(2025, 2, 1, 8))
    assert states() == []
    for number in (1, 2, 3):
        tick(day(2025, 2, number))
    assert states() == [("2025-01", "recorded")]
    rows = len(example_board.rows(2025, 1))
    assert Observation.objects.count() == rows
    first = Observation.objects.get(rank=1)
    assert (first.account.name, first.status, first.origin) == (OURS, "confirmed", "scrape")
    assert first.capture == Run.objects.get().sighting.capture

    # On the 8th the list is looked at again for revisions; the same bytes are one capture.
    tick(day(2025, 2, 8))
    assert states()[-1] == ("2025-01", "unchanged")
    assert (Capture.objects.count(), Sighting.objects.count()) == (1, 2)

    # February was never issued. The missing page is tried each listed day; it is a failure with
    # the server's own words as evidence, and never an absence from the list.
    for number in (1, 2, 3):
        tick(day(2025, 3, number))
    assert states()[-3:] == [("2025-02", "failed")] * 3
    assert "页面不存在" in Run.objects.first().reason
    assert Run.objects.first().sighting.http_status == 404
    assert not Observation.objects.filter(month=Month(2025, 2).index).exists()
    with time_machine.travel(day(2025, 3, 3, 10), tick=False):
        level, findings = health.report().checks["scrapers"]
    assert level == "warning"
    assert any("抓取失败" in finding.message for finding in findings)

    for month in (4, 5):
        tick(day(2025, month, 1))
    assert states()[-2:] == [("2025-03", "recorded"), ("2025-04", "recorded")]

    # The streak: two months proved; the month nobody can prove only counts as possible.
    current = streak(capsys, "2025-04")
    assert (current["proved"], current["proved_from"], current["proved_to"]) == (
        2,
        "2025-03",
        "2025-04",
    )
    assert (current["possible"], current["unknown"]) == (4, ["2025-02"])

    # In August the first place was lost, which breaks it.
    for month in (6, 7, 8, 9, 10):
        tick(day(2025, month, 1))
    assert streak(capsys, "2025-08")["possible"] == 0
    assert streak(capsys, "2025-09")["proved"] == 1

    # The office reads the same in the report and follows a month to its evidence.
    client.force_login(UserFactory(roles=["office"]))
    report = client.get(reverse("rankings:overview"))
    assert report.status_code == 200
    assert OURS in report.content.decode()
    assert "示例" in report.content.decode()
    evidence = client.get(reverse("rankings:evidence", args=[first.capture.pk]))
    assert first.capture.sha256 in evidence.content.decode()
    capsys.readouterr()
    call_command("verify_evidence", "--json")
    assert json.loads(capsys.readouterr().out)["damaged"] == []
    assert source.runs.filter(trigger="schedule").count() == Run.objects.count()


def test_a_page_with_a_slip_waits_for_the_office(server, tick, client) -> None:
    make_source(server, "yanshi-review")
    tick(day(2026, 11, 1))
    waiting = Run.objects.get()
    assert waiting.state == "review"
    assert not Observation.objects.exists()

    officer = UserFactory(roles=["office"])
    client.force_login(officer)
    address = reverse("scrapers_run:show", args=[waiting.pk])
    page = client.get(address).content.decode()
    assert "前面缺第37名" in page
    board = waiting.source.boards.get().board
    numbers = [str(n) for n in range(len(waiting.extraction["boards"][0]["rows"]))]
    client.post(
        address,
        {
            "action": "accept",
            "board-0": str(board.pk),
            "rows-0": numbers,
            "reason": "原页面确实没有第37名，其余逐行核对无误。",
        },
    )
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("recorded", officer)
    assert Observation.objects.filter(recorded_by=officer).count() == len(numbers)
    assert not Observation.objects.filter(rank=37).exists()


@pytest.mark.parametrize(
    ("kind", "state", "sentence"),
    [("yanshi-login", "failed", "登录页、验证页"), ("yanshi-gbk", "recorded", "新增")],
)
def test_other_pages(server, tick, kind, state, sentence) -> None:
    make_source(server, kind)
    tick(day(2026, 11, 1))
    run = Run.objects.get()
    assert run.state == state
    assert sentence in run.reason
    assert Capture.objects.count() == 1
    known = Account.objects.filter(name=OURS).count()
    assert known == 1
