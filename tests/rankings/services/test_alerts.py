"""Recording months: what the office is told, and what it is not told."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rankings import services
from rankings.importing.apply import import_table
from rankings.importing.plan import ImportOptions
from rankings.importing.reading import open_table
from rankings.models import Alert, AlertMail, Observation, Watch
from rankings.periods import Month, Period
from rankings.services import ListRow, SourceRef
from rankings.services.alerts import raise_alert
from tests.factories.rankings import BoardFactory, ObservationFactory

from .news import index, kinds, past, told

pytestmark = pytest.mark.django_db

SEPTEMBER = Month(2019, 9)


@pytest.fixture(autouse=True)
def clock():
    """Every list is recorded on the ninth of the month after."""
    with time_machine.travel(dt.datetime(2019, 9, 9, 2, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


# --- a month comes out ----------------------------------------------------------------------------


def test_a_new_list_is_told_with_our_place_and_the_streak(record, board, ours) -> None:
    past(board, ours)
    record("2019-08", 1, 2)
    [alert] = Alert.objects.all()
    assert (alert.kind, alert.board, alert.account, alert.month) == (
        "month_out",
        board,
        ours,
        Month(2019, 8).index,
    )
    assert alert.message == ("《县级榜》2019年8月出榜：“在荷塘”列第一，连续第一已核实 8 个月。")
    assert alert.url.endswith("/rankings/report/county/ours/2019-08/")


def test_recording_the_same_again_tells_nothing_again(record, board, ours) -> None:
    record("2019-08", 1)
    record("2019-08", 1)
    assert kinds() == ["month_out"]


def test_a_late_list_says_so(record) -> None:
    record("2019-08", 1, published=dt.date(2019, 9, 12))
    assert "出榜（比通常晚 4 天）" in told()[0]


def test_a_list_that_comes_in_pieces_is_one_piece_of_news(record, board, ours) -> None:
    past(board, ours)
    record("2019-08", None, 7)
    # Nobody knows yet who was first: nothing is lost, and nothing of ours is out.
    assert told() == []
    record("2019-08", 1)
    assert told("month_out") == ["《县级榜》2019年8月出榜：“在荷塘”列第一，连续第一已核实 8 个月。"]


def test_the_first_place_is_lost_in_a_list_that_comes_in_pieces(record, board, ours) -> None:
    past(board, ours)
    record("2019-08", None, 1)
    assert kinds() == ["month_out", "lost_first"]
    record("2019-08", 4)
    assert kinds() == ["month_out", "lost_first"]
    assert "“在荷塘”列第 4 名。" in told("month_out")[0]


def test_losing_the_first_place_is_told_once_and_not_as_a_correction(record, board, ours) -> None:
    past(board, ours)
    record("2019-08", 3, 1)
    assert kinds() == ["month_out", "lost_first"]
    assert told("lost_first") == [
        "《县级榜》2019年8月：“在荷塘”列第 3 名，失去第一；"
        "此前已核实连续 7 个月第一，至 2019年7月。"
    ]
    assert Alert.objects.get(kind="lost_first").level == "alarm"


def test_a_tie_is_told_with_whom(record, ours, other, board, recorder, checker, publisher) -> None:
    services.record_list(
        recorder,
        board=board,
        period=Period.parse("2019-08"),
        source=publisher,
        rows=[ListRow(ours, 1, tied=True), ListRow(other, 1, tied=True)],
        status="confirmed",
        origin="hand",
        confirmed_by=checker,
    )
    assert kinds() == ["month_out", "tie"]
    assert "“在荷塘”与“掌上攸县”并列第一" in told("tie")[0]


def test_a_board_that_was_not_issued(board, ours, recorder, checker, publisher) -> None:
    past(board, ours)
    services.record_not_issued(
        recorder,
        board=board,
        period=Period.parse("2019-08"),
        source=publisher,
        status="confirmed",
        origin="hand",
        confirmed_by=checker,
    )
    assert told() == ["《县级榜》2019年8月没有发布，不计入连续月数，也不打断。"]


def test_twelve_months(record, board, ours, clock) -> None:
    past(board, ours, "2018-09", "2019-07")
    record("2019-08", 1)
    assert kinds() == ["month_out", "milestone"]
    assert "2018年9月至2019年8月已核实至少连续 12 个月列第一，达到 12 个月" in told()[1]


# --- what is no news ------------------------------------------------------------------------------


def test_a_proposal_tells_nothing_until_the_second_person_confirms_it(
    board, ours, recorder, checker, publisher
) -> None:
    past(board, ours)
    services.record_list(
        recorder,
        board=board,
        period=Period.parse("2019-08"),
        source=publisher,
        rows=[ListRow(ours, 2)],
        status="confirmed",
        origin="hand",
    )
    assert told() == []
    waiting = Observation.objects.waiting()
    services.confirm_observations(checker, waiting)
    # The list does not say who was first: no place is lost by it, but ours is known.
    assert kinds() == ["month_out", "lost_first"]


def test_a_report_of_another_place_loses_nothing(record, board, ours) -> None:
    past(board, ours)
    record("2019-08", 5, status="reported", source=SourceRef("media", "某报"))
    assert kinds() == ["month_out"]
    assert "据报道列第 5 名（未核实）" in told()[0]


def test_sources_that_quarrel_lose_nothing(record, board, ours) -> None:
    past(board, ours)
    record("2019-08", 1)
    Alert.objects.all().delete()
    record("2019-08", 2, source=SourceRef("publisher", "另一个研究院"))
    assert "lost_first" not in kinds()


def test_the_past_is_no_news(record, board, ours) -> None:
    for month in range(1, 8):
        record(f"2018-{month:02d}", 1 if month != 3 else 2, 3)
    assert told() == []


def test_an_imported_archive_tells_nothing(board, ours, recorder, checker) -> None:
    lines = ["榜单,统计期,公众号,名次,核实情况,来源种类,来源"]
    lines += [
        f"county,{2018 + number // 12}-{number % 12 + 1:02d},ours,1,已核实,发布机构,某报社"
        for number in range(20)
    ]
    table = open_table("\n".join(lines).encode())
    done = import_table(recorder, table, ImportOptions(confirmed_by=checker))
    assert done.written and done.result.created == 20
    assert told() == []


def test_weekly_boards_have_no_news(recorder, checker, publisher, ours) -> None:
    services.record_list(
        recorder,
        board=BoardFactory(period_kind="week"),
        period=Period.parse("2019-09-01/2019-09-07"),
        source=publisher,
        rows=[ListRow(ours, 1)],
        status="confirmed",
        origin="hand",
        confirmed_by=checker,
    )
    assert told() == []


# --- corrections ----------------------------------------------------------------------------------


def correct(recorder, checker, row, rank, reason="看错了行"):
    services.correct_observation(recorder, row, reason, {"rank": rank})
    services.confirm_observations(checker, Observation.objects.waiting())
    return Observation.objects.current().get(board=row.board, account=row.account, month=row.month)


def test_a_correction_changes_the_streak_and_back_again(board, ours, recorder, checker) -> None:
    past(board, ours)
    row = Observation.objects.get(month=Month(2019, 4).index)
    row = correct(recorder, checker, row, 2)
    [alert] = Alert.objects.all()
    assert (alert.kind, alert.level) == ("streak_changed", "alarm")
    assert "2019年4月的名次更正后" in alert.message
    assert "当前连续第一由已核实 7 个月变为已核实 3 个月" in alert.message
    row = correct(recorder, checker, row, 1, "原来是对的")
    row = correct(recorder, checker, row, 2, "还是错了")
    assert kinds() == ["streak_changed"] * 3
    assert "由已核实 3 个月变为已核实 7 个月" in told()[1]


def test_a_whole_past_corrected_at_once_is_one_alert(board, ours, recorder, checker) -> None:
    past(board, ours, "2018-01", "2019-07")
    for row in Observation.objects.filter(month__lt=Month(2018, 9).index):
        services.correct_observation(recorder, row, "整理档案", {"rank": 2})
    services.confirm_observations(checker, Observation.objects.waiting())
    assert kinds() == ["streak_changed"]
    assert "2018年1月、2018年2月、2018年3月等 8 个月的名次更正后" in told()[0]


def test_proof_for_reported_months_is_told_as_a_milestone_only(
    board, ours, record, recorder, checker
) -> None:
    past(board, ours, "2017-09", "2019-08", status="reported", source_kind="media")
    month = Month(2017, 9)
    while month <= Month(2019, 8):
        record(str(month), 1)
        month += 1
    assert kinds() == ["milestone", "milestone"]
    assert "连续 24 个月列第一，达到 24 个月" in told()[1]


def test_a_watched_account_that_loses_months_is_told_of(
    board, ours, other, recorder, checker
) -> None:
    past(board, other)
    Watch.objects.create(board=board, account=other)
    row = Observation.objects.get(month=Month(2019, 4).index)
    correct(recorder, checker, row, 2)
    [alert] = Alert.objects.all()
    assert (alert.level, alert.account) == ("warning", other)
    assert "关注的“掌上攸县”" in alert.message


def test_a_correction_of_a_forerunner_is_told_of_the_board_that_continues_it(
    board, ours, recorder, checker
) -> None:
    from rankings.models import BoardLink

    new = BoardFactory(key="new", name="新榜")
    past(board, ours, "2019-01", "2019-04")
    past(new, ours, "2019-05", "2019-07")
    BoardLink.objects.create(
        earlier=board, later=new, month=Month(2019, 5).index, reason="改名", status="confirmed"
    )
    row = Observation.objects.get(month=Month(2019, 3).index)
    correct(recorder, checker, row, 2)
    found = {alert.board.key: alert.message for alert in Alert.objects.all()}
    assert "当前连续第一由已核实 7 个月变为已核实 4 个月" in found["new"]


def test_a_link_that_is_withdrawn_shortens_a_streak(board, ours, person) -> None:
    from rankings.services.links import confirm_link, propose_link, withdraw_link

    new = BoardFactory(key="new", name="新榜")
    past(board, ours, "2018-05", "2018-12")
    past(new, ours, "2019-01", "2019-07")
    link = propose_link(
        person("提出人", "link_board"),
        earlier=board,
        later=new,
        month=Month(2019, 1),
        reason="发布机构公告说改了名称",
        source_url="https://example.org/notice",
    )
    assert told() == []
    confirm_link(person("复核人", "confirm_observation"), link)
    assert kinds() == ["milestone"]
    assert "2018年5月至2019年7月已核实至少连续 15 个月" in told()[0]
    withdraw_link(person("撤销人", "link_board"), link, "公告说的是另一个榜")
    assert kinds() == ["milestone", "streak_changed"]
    assert (
        "《新榜》榜单记录变动后，“在荷塘”当前连续第一由已核实 15 个月变为已核实 7 个月"
        in (told()[1])
    )


# --- competitors ----------------------------------------------------------------------------------


def test_a_watched_account_within_the_margin(record, board, other) -> None:
    Watch.objects.create(board=board, account=other, margin="20")
    record("2019-08", 1, 2, indexes=(900.5, 885.25))
    assert "关注的“掌上攸县”指数 885.25，比“在荷塘”的 900.5 低 15.25" in told("competitor")[0]


def test_a_bound_has_no_distance(board, ours, other, recorder, checker, publisher) -> None:
    Watch.objects.create(board=board, account=other, margin="20")
    services.record_list(
        recorder,
        board=board,
        period=Period.parse("2019-08"),
        source=publisher,
        rows=[
            ListRow(ours, 1, figures={"index": index(900, bound="at_least")}),
            ListRow(other, 2, figures={"index": index(899)}),
        ],
        status="confirmed",
        origin="hand",
        confirmed_by=checker,
    )
    assert kinds() == ["month_out"]


def test_a_watched_account_that_comes_past_us(record, board, other) -> None:
    Watch.objects.create(board=board, account=other)
    record("2019-07", 2, 4)
    record("2019-08", 3, 2)
    assert told("competitor") == [
        "《县级榜》2019年8月：关注的“掌上攸县”由第 4 名升到第 2 名，排到“在荷塘”之前。"
    ]


# --- examples, hostile names, order, cost ---------------------------------------------------------


def test_example_boards_are_marked_and_never_mailed(record, checker, ours, other) -> None:
    shown = BoardFactory(key="demo", name="演示榜", is_example=True)
    checker.user_permissions.set(
        [*checker.user_permissions.all(), *_permission("record_observation", "view_report")]
    )
    past(shown, other, "2019-01", "2019-07")
    record("2019-08", None, 2, on=shown)
    assert told() and all(message.startswith("〔示例〕《演示榜》") for message in told())
    assert not AlertMail.objects.exists()


def _permission(*codenames):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="rankings", codename__in=codenames)


def test_an_alert_is_one_line_that_fits(board) -> None:
    alert = raise_alert("tie", "k", "info", "一\n二\x00" + "长" * 400, board=board)
    assert alert.message.startswith("一 二 长") and len(alert.message) == 300
    assert alert.message.endswith("…")
    assert raise_alert("tie", "k", "info", "又一次") is None
    assert Alert.objects.count() == 1


def test_what_is_taken_back_with_its_transaction_was_never_told(record, board, monkeypatch) -> None:
    def broken(*args, **kwargs):
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr("rankings.services.recording.audit.record", broken)
    with pytest.raises(RuntimeError):
        record("2019-08", 1)
    assert not Observation.objects.exists() and told() == []


def test_looking_for_news_costs_the_same_for_long_records_and_large_lists(
    board, ours, other, record
) -> None:
    def queries() -> int:
        Alert.objects.all().delete()
        Observation.objects.filter(month=Month(2019, 8).index).delete()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            record("2019-08", 1, 2)
        return len(captured)

    past(board, ours, "2019-06", "2019-07")
    queries()  # what is asked once only
    few = queries()
    past(board, ours, "2015-01", "2019-05")
    for _ in range(20):
        ObservationFactory(board=board, period="2019-07", rank=9)
    assert queries() == few
