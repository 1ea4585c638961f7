"""A story: months come out, the rival nears, the first place is lost, a month is corrected."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from rankings import services, tasks
from rankings.models import Alert, Observation, Watch
from rankings.periods import Month, Period
from rankings.services import ListRow, SourceRef, alert_checks
from rankings.services.claims import approve_claim, make_claim
from tests.factories.rankings import AccountFactory, BoardFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

PUBLISHER = SourceRef("publisher", "示例研究院", "https://example.org/list")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2019, 6, 1, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def typist():
    return UserFactory(roles=["office"], email="typist@example.com")


@pytest.fixture
def checker():
    return UserFactory(roles=["office"], email="checker@example.com")


def figure(value: float) -> dict:
    return {"index": {"value": value, "bound": "exact", "capped": False, "raw": str(value)}}


def record(typist, checker, board, period, ours, rival):
    """A list of two accounts: (account, rank, index) each."""
    services.record_list(
        typist,
        board=board,
        period=Period.parse(period),
        source=PUBLISHER,
        rows=[ListRow(who, rank, figures=figure(index)) for who, rank, index in (ours, rival)],
        status="confirmed",
        origin="hand",
        confirmed_by=checker,
    )


def kinds() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("kind", flat=True))


def test_from_a_new_list_to_a_corrected_one(typist, checker, clock) -> None:
    board = BoardFactory(key="county", name="县级榜", issue_day=8)
    ours = AccountFactory(key="ours", name="在荷塘", is_ours=True)
    rival = AccountFactory(key="rival", name="掌上攸县")
    editor = UserFactory(roles=["editor"], email="editor@example.com")
    Watch.objects.create(board=board, account=rival, margin=10)

    clock.move_to(dt.datetime(2019, 6, 8, 2, tzinfo=dt.UTC))
    record(typist, checker, board, "2019-05", (ours, 1, 900), (rival, 2, 850))
    clock.move_to(dt.datetime(2019, 7, 8, 2, tzinfo=dt.UTC))
    record(typist, checker, board, "2019-06", (ours, 1, 900), (rival, 2, 895.5))
    assert kinds() == ["month_out", "month_out", "competitor"]
    assert "低 4.5" in Alert.objects.get(kind="competitor").message

    # July's list is lost on the way: nothing is known, and nothing is lost.
    clock.move_to(dt.datetime(2019, 8, 24, 2, tzinfo=dt.UTC))
    tasks.check_alerts()
    assert kinds()[3:] == ["late"]

    clock.move_to(dt.datetime(2019, 8, 25, 2, tzinfo=dt.UTC))
    record(typist, checker, board, "2019-07", (ours, 2, 880), (rival, 1, 905))
    assert kinds()[4:] == ["month_out", "lost_first", "competitor"]
    assert "已入库" in Alert.objects.get(kind="late").message
    tasks.send_alert_mails()
    assert {m.to[0] for m in mail.outbox} == {"typist@example.com", "checker@example.com"}
    assert all("失去第一" in m.subject for m in mail.outbox)

    # Somebody misread a line: the second person confirms, and everybody reads what it changed.
    row = Observation.objects.get(month=Month(2019, 6).index, account=ours)
    services.correct_observation(typist, row, "看错了行", {"rank": 3})
    assert "streak_changed" not in kinds()
    services.confirm_observations(checker, Observation.objects.waiting())
    corrected = Alert.objects.get(kind="streak_changed")
    assert "最长连续第一由已核实 2 个月变为已核实 1 个月" in corrected.message

    client = Client()
    client.force_login(editor)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "全部 8 条未读" in html and "2019年6月的名次更正后" in html


def test_a_claim_that_no_longer_holds_is_told_even_if_the_process_dies(
    typist, checker, clock, django_capture_on_commit_callbacks
) -> None:
    board = BoardFactory(key="county", name="县级榜")
    ours = AccountFactory(key="ours", name="在荷塘", is_ours=True)
    rival = AccountFactory(key="rival", name="掌上攸县")
    for period in ("2018-01", "2018-02", "2018-03"):
        record(typist, checker, board, period, (ours, 1, 900), (rival, 2, 800))
    claim = approve_claim(checker, make_claim(typist, board, ours))

    row = Observation.objects.get(month=Month(2018, 2).index, account=ours)
    services.correct_observation(typist, row, "看错了行", {"rank": 2})
    with django_capture_on_commit_callbacks() as callbacks:  # committed, and the process is gone
        services.confirm_observations(checker, Observation.objects.waiting())
    assert kinds() == ["streak_changed"]

    assert alert_checks.check_alerts() == 1
    told = Alert.objects.get(kind="claim_review")
    assert claim.number in told.message and told.level == "alarm"
    assert {row.user for row in told.mails.all()} == {typist, checker}
    for callback in callbacks:
        callback()
    assert alert_checks.check_alerts() == 0
    assert kinds().count("claim_review") == 1
    assert Client().get(told.url).status_code == 302
