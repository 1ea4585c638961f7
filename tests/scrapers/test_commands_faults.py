"""Commands killed with -9 and a database that does not answer: what is done stays done."""

import signal
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from rankings.models import Alert, AlertKind, Observation
from rankings.services.alert_checks import check_alerts
from scrapers import services
from scrapers.models import Replay, ReplayDifference, ReplayState, Run, RunState, Trigger
from scrapers.services import backfilling, replaying
from tests.apart import apart, die

from .conftest import AUGUST, THREE, fetching, listing, page, row, run

JULY = AUGUST + -1
HTML = """<html><head><title>{month}县级微信排行榜</title></head>
<body><h1>{month}县级微信排行榜</h1>
<p>发布时间：2019-09-02</p><table><tr><th>名次</th><th>公众号</th><th>WCI</th></tr>
<tr><td>1</td><td>在荷塘</td><td>{a}</td></tr><tr><td>2</td><td>甲县发布</td><td>{b}</td></tr>
</table></body></html>"""


def replay(moment: str) -> None:
    """The command, killed at ``moment``; only for a process of its own."""
    dying = moment == "while a page is read"
    replaying.changes = die if dying else lambda old, new: ["不同。"]
    if moment == "before its differences are committed":
        create = ReplayDifference.objects.create
        ReplayDifference.objects.create = lambda **fields: (create(**fields), die())
    elif moment == "before the end":
        replaying._end = die
    call_command("replay", "--json")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("evidence_root")
@pytest.mark.parametrize(
    ("moment", "read"),
    [
        ("while a page is read", 0),
        ("before its differences are committed", 0),
        ("before the end", 2),
    ],
)
def test_a_replay_killed(moment, read, source) -> None:
    for month, by in ((JULY, 0), (AUGUST, 3)):
        html = HTML.format(month=month.label, a=900.5 + by, b=800.25 + by)
        done = services.run_source(
            None, source, month, Trigger.COMMAND, fetch=fetching(html.encode())
        )
        assert done.state == RunState.RECORDED, done.reason
    recorded = Observation.objects.count()

    killed = apart(lambda: replay(moment))
    assert killed.exitcode == -signal.SIGKILL
    left = Replay.objects.get()
    assert (left.state, left.read) == (ReplayState.RUNNING, read)
    assert left.differences.count() == read

    Replay.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    again = apart(lambda: replay("never"))
    assert again.exitcode == 3
    assert Replay.objects.get().state == ReplayState.DONE
    assert Replay.objects.get().read == ReplayDifference.objects.count() == 2
    assert (Observation.objects.count(), Run.objects.count()) == (recorded, 2)


# --- a database that does not answer --------------------------------------------------------------


class Locked:
    """Raises what a locked database raises."""

    def __call__(self, *args, **details):
        raise OperationalError("database is locked")


@pytest.mark.django_db
@pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september")
@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("scrape", "--source", "institute", "--month", "2019-08"), "run_source"),
        (("scrape", "--all-due"), "due_sources"),
        (("replay",), "continue_replay"),
    ],
)
def test_a_locked_database_is_a_sentence(source, monkeypatch, arguments, fault) -> None:
    run(source, page(month=JULY), month=JULY)
    monkeypatch.setattr(services, fault, Locked())
    with pytest.raises(CommandError, match=r"数据库没有应答.*请稍后重新运行") as refused:
        call_command(*arguments)
    assert refused.value.returncode == 1
    assert Observation.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september")
def test_a_backfill_keeps_what_it_did_before_the_database_was_locked(source, monkeypatch) -> None:
    original, seen = backfilling.run_source, []

    def once(*args, **details):
        seen.append(args[2])
        if len(seen) > 1:
            raise OperationalError("database is locked")
        return original(*args, **{**details, "fetch": fetching(page(month=JULY))})

    monkeypatch.setattr(backfilling, "run_source", once)
    given = ("--source", "institute", "--from", "2019-07", "--to", "2019-08")
    with pytest.raises(CommandError, match="数据库没有应答"):
        call_command("backfill", *given)
    assert Run.objects.get().state == RunState.RECORDED


# --- late boards ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("evidence_root", "extraction_is_the_page")
def test_a_list_that_does_not_come_is_late_though_no_run_failed(
    source, board, first_of_september
) -> None:
    """Lateness is a matter of the record, so a quiet source cannot hide it."""
    board.issue_day, board.late_days = 8, 5
    board.save()
    run(source, page(month=JULY), month=JULY)
    first_of_september.move_to("2019-09-25T02:00:00Z")
    again = run(source, page(month=JULY))
    assert again.state == RunState.FAILED
    check_alerts()
    (late,) = Alert.objects.filter(kind=AlertKind.LATE)
    assert "2019年8月" in late.message
    later = [row(r["rank"], r["account"], index=700 - r["rank"]) for r in THREE]
    assert run(source, page(listing(*later))).state == RunState.RECORDED
    late.refresh_from_db()
    assert late.message.startswith("〔2019-09-25 已入库〕")
