"""Reading stored pages again: what would differ is listed, and a person decides."""

import copy
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ

from cms.ops.models import AuditEntry
from rankings.evidence.models import Capture
from rankings.models import Observation
from scrapers import services, tasks
from scrapers.extract import PageRefused
from scrapers.fetch_errors import FetchTimeout
from scrapers.models import (
    DifferenceState,
    Replay,
    ReplayDifference,
    ReplayState,
    Run,
    RunState,
    Step,
    Trigger,
)
from scrapers.services import Scope, ScrapeError

from .conftest import (
    AUGUST,
    DOUBTFUL,
    REVIEWER,
    THREE,
    ReadBack,
    listing,
    make_source,
    page,
    person,
    row,
    run,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]

JULY = AUGUST + -1
RUNNER = "scrapers.run_replay"


@pytest.fixture
def newer(monkeypatch):
    """Make the extractor read a fourth row, as a newer version might."""

    class Newer(ReadBack):
        def to_json(self, *, explain: bool = False):
            found = copy.deepcopy(super().to_json())
            if found["boards"] and found["verdict"] == "ok":
                found["boards"][0]["rows"].append(row(4, "丙县发布", index=700))
            return found

    def use() -> None:
        monkeypatch.setattr("scrapers.extract.extract", lambda data, **details: Newer(data))
        monkeypatch.setattr("scrapers.extract.VERSION", "next")

    return use


ALL = Scope()


def replay(scope: Scope = ALL, **details) -> Replay:
    return services.continue_replay(services.start_replay(None, scope), **details)


def test_the_same_extractor_finds_no_difference(source) -> None:
    run(source)
    done = replay()
    assert (done.state, done.read, done.unreadable) == (ReplayState.DONE, 1, 0)
    assert not ReplayDifference.objects.exists()
    assert Observation.objects.count() == 3


def test_a_newer_extractor_is_listed_and_changes_nothing(source, newer) -> None:
    before = run(source)
    newer()
    done = replay()
    (difference,) = done.differences.all()
    assert difference.run == before
    assert difference.changes == ["新读出第4名“丙县发布”。"]
    assert (done.version, difference.state) == ("next", DifferenceState.OPEN)
    assert Observation.objects.count() == 3
    before.refresh_from_db()
    assert len(before.extraction["boards"][0]["rows"]) == 3


def test_an_applied_difference_waits_on_the_desk_as_a_new_run(source, newer) -> None:
    before = run(source)
    newer()
    (difference,) = replay().differences.all()
    actor = person(*REVIEWER)
    asked = services.apply_difference(actor, difference)
    assert (asked.state, asked.trigger, asked.actor) == (RunState.REVIEW, Trigger.REPLAY, actor)
    assert asked.sighting == before.sighting
    assert asked.extractor_version == "next"
    assert "与第" in asked.reason and "1 处不同" in asked.reason
    assert Observation.objects.count() == 3
    services.accept_run(actor, asked, "新程序多读出一行，与页面相符")
    assert Observation.objects.current().filter(account__name="丙县发布").exists()
    assert AuditEntry.objects.filter(action="replay.apply").exists()
    # It is no look at the source in its turn, nor is it read again beside its older reading.
    assert [r for r in Run.objects.all() if r.trigger == Trigger.REPLAY] == [asked]
    assert replay().differences.count() == 0


def test_a_replayed_run_does_not_stand_for_a_look(source, newer, first_of_september) -> None:
    run(source, page(**DOUBTFUL))
    Run.objects.update(state=RunState.FAILED, requested_at=timezone.now() - timedelta(days=2))
    monkey = ReplayDifference.objects.create(
        replay=services.start_replay(None), run=Run.objects.get(), extraction=page(**DOUBTFUL)
    )
    services.apply_difference(person(*REVIEWER), monkey)
    assert [month for _, month in services.due_sources(timezone.now())] == [AUGUST]


def test_a_dismissed_difference_leaves_all_as_it_is(source, newer) -> None:
    run(source)
    newer()
    (difference,) = replay().differences.all()
    services.dismiss_difference(person(*REVIEWER), difference)
    difference.refresh_from_db()
    assert difference.state == DifferenceState.DISMISSED
    assert Run.objects.count() == 1
    for action in (services.apply_difference, services.dismiss_difference):
        with pytest.raises(ScrapeError, match="已经是“不采用”"):
            action(person(*REVIEWER), difference)


def test_a_reading_without_a_list_cannot_be_applied(source, monkeypatch) -> None:
    run(source)
    failed = page(verdict="failed", period=None, boards=[], flags=["page_failed"])
    monkeypatch.setattr(
        "scrapers.extract.extract", lambda data, **details: ReadBack(json.dumps(failed).encode())
    )
    (difference,) = replay().differences.all()
    assert "结论由“可以入库”变为“不是榜单”。" in difference.changes
    with pytest.raises(ScrapeError, match="没有可以核对的名次"):
        services.apply_difference(person(*REVIEWER), difference)
    assert Run.objects.count() == 1


def test_who_may_begin_and_decide(source, newer) -> None:
    run(source)
    newer()
    with pytest.raises(PermissionDenied):
        services.start_replay(person(*REVIEWER))
    (difference,) = replay().differences.all()
    for someone in (None, person(RUNNER)):
        with pytest.raises(PermissionDenied):
            services.apply_difference(someone, difference)
        with pytest.raises(PermissionDenied):
            services.dismiss_difference(someone, difference)
    assert services.start_replay(person(RUNNER)).state == ReplayState.RUNNING


def test_each_page_is_read_once_by_its_latest_run(source) -> None:
    for _ in range(3):
        run(source)
    run(source, page(**DOUBTFUL))
    run(source, FetchTimeout("太慢"))
    assert replay().read == 2


def test_a_page_refused_by_the_old_extractor_is_tried_again(source, monkeypatch) -> None:
    def refuse(data, **details):
        raise PageRefused("表格太大。")

    monkeypatch.setattr("scrapers.extract.extract", refuse)
    refused = run(source)
    assert (refused.state, refused.step) == (RunState.FAILED, Step.EXTRACT)
    assert replay().differences.count() == 0  # refused as before
    monkeypatch.setattr("scrapers.extract.extract", lambda data, **details: ReadBack(data))
    (difference,) = replay().differences.all()
    assert "新读出榜单“县级榜”（3 行）。" in difference.changes
    assert services.apply_difference(person(*REVIEWER), difference).state == RunState.REVIEW


def test_damaged_evidence_is_listed_and_stops_nothing(source, evidence_root, newer) -> None:
    run(source)
    run(source, page(month=JULY), month=JULY)
    newer()
    path = evidence_root / Capture.objects.order_by("pk").first().path
    path.chmod(0o600)
    path.unlink()
    done = replay()
    assert (done.read, done.unreadable) == (2, 1)
    lost, other = done.differences.order_by("run_id")
    assert lost.is_unreadable and not other.is_unreadable
    with pytest.raises(ScrapeError, match="存证读不出来"):
        services.apply_difference(person(*REVIEWER), lost)
    services.dismiss_difference(person(*REVIEWER), lost)


@pytest.mark.parametrize(
    ("scope", "read"),
    [
        (Scope(), 3),
        (Scope(source="institute"), 2),
        (Scope(first=AUGUST.index), 2),
        (Scope(last=JULY.index), 1),
        (Scope("institute", JULY.index, JULY.index), 1),
        (Scope(first=AUGUST.index + 1), 0),
    ],
)
def test_what_is_read_can_be_narrowed(source, board, scope, read) -> None:
    run(source)
    run(source, page(month=JULY), month=JULY)
    run(make_source(board, key="second"))
    assert replay(scope).read == read


def test_how_a_scope_is_said() -> None:
    assert Scope().words == "所有来源，所有月份"
    assert Scope("a", AUGUST.index, AUGUST.index).words == "来源 a，2019年8月"
    assert Scope(None, JULY.index, None).words == "所有来源，2019年7月至最近"


# --- one at a time, and kills ---------------------------------------------------------------------


def twice(source) -> None:
    run(source)
    run(source, page(month=JULY), month=JULY)


def test_a_killed_replay_is_taken_up_where_it_stood(source, newer, first_of_september) -> None:
    twice(source)
    newer()

    class Killed(BaseException):
        pass

    def kill(read: int, total: int) -> None:
        raise Killed

    begun = services.start_replay(None)
    with pytest.raises(Killed):
        services.continue_replay(begun, report=kill)
    assert begun.differences.count() == 1
    with pytest.raises(ScrapeError, match="两分钟以后"):
        services.start_replay(None)
    first_of_september.shift(timedelta(minutes=3))
    again = services.start_replay(None)
    assert again.pk == begun.pk
    counted = []
    done = services.continue_replay(again, report=lambda read, total: counted.append((read, total)))
    assert counted == [(2, 2)]
    assert (done.state, done.read, done.differences.count()) == (ReplayState.DONE, 2, 2)


def test_a_replay_stopped_by_hand_goes_on_at_once(source) -> None:
    twice(source)
    begun = services.start_replay(None)

    def stop(*args):
        raise KeyboardInterrupt

    import scrapers.services.replaying as module

    original = module.extraction_of
    module.extraction_of = stop
    try:
        with pytest.raises(KeyboardInterrupt):
            services.continue_replay(begun)
    finally:
        module.extraction_of = original
    assert replay().pk == begun.pk
    assert Replay.objects.get().read == 2


def test_an_interrupted_replay_of_another_kind_ends(source, newer, first_of_september) -> None:
    twice(source)
    begun = replay(limit=1)
    assert begun.state == ReplayState.RUNNING
    newer()
    other = services.start_replay(None)
    assert other.pk != begun.pk
    begun.refresh_from_db()
    assert begun.state == ReplayState.DONE


def test_two_workers_never_read_the_same_page_twice(source, newer) -> None:
    twice(source)
    newer()
    begun = services.start_replay(None)
    other = Replay.objects.get()

    def meanwhile(read: int, total: int) -> None:
        if read == 1:
            services.continue_replay(other)

    other.position, other.read = Run.objects.order_by("pk").first().pk, 1
    with pytest.raises(services.ReplayLost):
        services.continue_replay(begun, report=meanwhile)
    assert ReplayDifference.objects.count() == 2
    assert Replay.objects.get().read == 2


def test_the_database_keeps_a_second_replay_out(source) -> None:
    services.start_replay(None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Replay.objects.create(version="x")


def test_the_worker_hands_the_rest_on(
    source, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    twice(source)
    with django_capture_on_commit_callbacks(execute=True):
        asked = services.request_replay(person(RUNNER))
    monkeypatch.setattr("scrapers.services.replaying.SLICE_SECONDS", 0)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.replay(asked.pk)
    assert Replay.objects.get().read == 0
    monkeypatch.setattr("scrapers.services.replaying.SLICE_SECONDS", 60)
    assert {task.task["func"] for task in OrmQ.objects.all()} == {"scrapers.tasks.replay"}
    assert OrmQ.objects.count() == 2
    for _ in range(2):  # offered again by the queue
        tasks.replay(asked.pk)
    assert (Replay.objects.get().state, Replay.objects.get().read) == (ReplayState.DONE, 2)


# --- the command ----------------------------------------------------------------------------------


def command(*arguments: str) -> int:
    """The exit code."""
    try:
        call_command("replay", *arguments)
    except SystemExit as stop:
        return int(stop.code)
    except CommandError as error:
        return error.returncode
    return 0


def test_the_command_and_its_exit_codes(source, newer, evidence_root, capsys) -> None:
    twice(source)
    assert command("--json") == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []
    newer()
    assert command("--limit", "1", "--json") == 3
    answer = json.loads(capsys.readouterr().out)
    assert (answer["complete"], answer["read"], answer["version"]) == (False, 1, "next")
    assert command("--json") == 3
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert (answer["complete"], answer["read"]) == (True, 2)
    assert [d["month"] for d in answer["differences"]] == ["2019-08", "2019-07"]
    assert "已读 2/2" in printed.err
    assert command("--source", "institute", "--from", "2019-08") == 3
    assert "新读出第4名“丙县发布”" in capsys.readouterr().out
    for path in evidence_root.rglob("*.gz"):
        path.chmod(0o600)
        path.unlink()
    assert command("--month", "2019-08") == 1
    assert "1 个存证读不出" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--source", "nobody"),
        ("--month", "八月"),
        ("--month", "2019-08", "--from", "2019-07"),
        ("--from", "2019-08", "--to", "2019-07"),
        ("--limit", "0"),
        ("--limit", "x"),
    ],
)
def test_usage(source, arguments) -> None:
    with pytest.raises(CommandError):
        call_command("replay", *arguments)
    assert not Replay.objects.exists()


def test_a_second_command_is_refused(source) -> None:
    services.start_replay(None)
    assert command() == 2


def test_rows_of_a_listing_are_kept_as_they_were(source) -> None:
    """The fixture's three rows are what replays are compared with."""
    run(source, page(listing(*THREE)))
    assert replay().differences.count() == 0
