"""What the clock tells: lists that do not come."""

import datetime as dt

import pytest
import time_machine

from rankings.models import Alert, Board, BoardLink
from rankings.periods import Month
from rankings.services import alert_checks
from tests.factories.rankings import BoardFactory, ObservationFactory

from .news import past, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2019, 9, 9, 2, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


def test_a_late_board_is_told_once_and_again_for_the_next_month(board, ours, clock) -> None:
    past(board, ours)
    clock.move_to(dt.datetime(2019, 9, 23, 12, tzinfo=dt.UTC))
    assert alert_checks.check_alerts() == 0
    clock.move_to(dt.datetime(2019, 9, 23, 16, 30, tzinfo=dt.UTC))  # the 24th in Beijing
    assert alert_checks.check_alerts() == 1
    assert alert_checks.check_alerts() == 0
    assert told() == [
        "《县级榜》2019年8月的榜单到 2019-09-23 还没有名次入库。"
        "请看发布机构的网页，或“抓取记录”里有没有等人核对的结果。"
    ]
    clock.move_to(dt.datetime(2019, 10, 24, 12, tzinfo=dt.UTC))
    assert alert_checks.check_alerts() == 1
    assert "自 2019年8月起已有 2 期没有名次" in told("late")[1]


def test_the_late_list_comes(board, ours, record, clock) -> None:
    past(board, ours)
    clock.move_to(dt.datetime(2019, 9, 25, 2, tzinfo=dt.UTC))
    alert_checks.check_alerts()
    record("2019-08", 1, published=dt.date(2019, 9, 24))
    late, out = Alert.objects.order_by("pk")
    assert late.message.startswith("〔2019-09-25 已入库〕《县级榜》2019年8月")
    assert "出榜（比通常晚 16 天）" in out.message


def test_a_list_that_waits_for_the_second_person_is_not_late(board, ours, clock) -> None:
    past(board, ours)
    ObservationFactory(board=board, account=ours, period="2019-08", status="proposed")
    clock.move_to(dt.datetime(2019, 9, 25, 2, tzinfo=dt.UTC))
    assert alert_checks.check_alerts() == 0


def test_sleeping_weekly_and_continued_boards_are_not_late(board, ours, clock) -> None:
    past(board, ours, "2018-01", "2018-12")
    new = BoardFactory()
    BoardLink.objects.create(
        earlier=board, later=new, month=Month(2019, 1).index, reason="改名", status="confirmed"
    )
    BoardFactory(period_kind="week")
    clock.move_to(dt.datetime(2019, 5, 25, 2, tzinfo=dt.UTC))
    assert alert_checks.check_alerts() == 0
    BoardLink.objects.all().delete()
    assert alert_checks.check_alerts() == 1
    Alert.objects.all().delete()
    clock.move_to(dt.datetime(2026, 5, 25, 2, tzinfo=dt.UTC))
    assert alert_checks.check_alerts() == 0


def test_boards_without_any_month_are_not_late(board) -> None:
    assert Board.objects.count() == 1 and alert_checks.check_alerts() == 0
