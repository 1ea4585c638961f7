"""What a document holds, gathered from the record."""

import datetime as dt
import json

import pytest

from rankings import services
from rankings.briefs import content
from rankings.briefs.content import NothingToBrief, compose
from rankings.models import Account, BoardLink, Observation, Watch
from rankings.periods import Month, Period
from rankings.services import ListRow, SourceRef
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.rankings.lists import LAST, record_month

pytestmark = pytest.mark.django_db


def texts(document):
    return {line["key"]: line["text"] for line in document["summary"]}


def test_the_brief_of_a_month_at_first_place(fifteen_months) -> None:
    document = compose(fifteen_months.board, fifteen_months.ours, LAST).document
    assert document["title"] == "关于2019年8月“在荷塘”公众号榜单情况的简报"
    said = texts(document)
    assert said["place"] == (
        "2019年8月，“在荷塘”列第一（已核实），较上期持平，本系统收有本期11个账号的名次。"
    )
    assert said["run"] == (
        "据《县级榜》（某报社）逐月公布结果，“在荷塘”2018年8月至2019年8月连续13个月列县级榜第一；"
        "当前连续：已核实13个月。"
    )
    assert said["margin"] == "本月指数1,000.5，比第2名“甲县发布”（990.5）高10。"
    assert said["close"] == "后面一位是第2名“甲县发布”，指数差距与上期相同（10）。"
    assert said["ten"] == "前10名中，名次与上期完全相同。"
    assert said["missing"] == "近15期名次齐全，均已核实，本月有存证。"
    assert {line["proof"] for line in document["summary"]} <= {"proved", "note"}
    assert document["runs"]["current"]["proved"] == 13
    assert [row["label"] for row in document["months"]][:2] == ["2019年8月", "2019年7月"]
    assert len(document["months"]) == 13 and len(document["history"]) == 15
    first = document["months"][0]
    assert (first["place"], first["proof"]) == ("第1名", "已核实")
    assert first["figures"]["reads"] == {"value": 209000, "bound": "at_least", "text": "≥209,000"}
    assert document["methods"] == ["2018年6月至2019年8月的榜单注明计算方法为13.0（指标：WCI）。"]


def test_a_document_is_plain_json_that_survives_a_round_trip(fifteen_months) -> None:
    document = compose(fifteen_months.board, fifteen_months.ours, LAST).document
    assert json.loads(json.dumps(document)) == document


def test_sources_carry_address_date_and_hash(fifteen_months) -> None:
    document = compose(fifteen_months.board, fifteen_months.ours, LAST).document
    newest = document["sources"][0]
    assert newest["url"] == "https://example.org/2019-08"
    assert (newest["name"], newest["kind"]) == ("某报社", "发布机构")
    assert (newest["published"], newest["months"]) == ("2019-08-28", "2019年8月")
    assert len(newest["sha256"]) == 64
    assert document["months"][0]["sources"] == [newest["number"]]
    assert [row["number"] for row in document["sources"]] == list(range(1, 16))


def test_later_months_are_left_out(fifteen_months) -> None:
    earlier = compose(fifteen_months.board, fifteen_months.ours, Month(2018, 9)).document
    assert earlier["runs"]["longest"]["proved"] == 2
    assert earlier["history"][-1]["month"] == "2018-09"
    assert not any("2019" in source["months"] for source in earlier["sources"])


def test_a_reported_record_is_never_worded_as_proved() -> None:
    board = BoardFactory(publisher="某报社", scope="县级")
    ours = AccountFactory(name="在荷塘")
    for at in range(24):
        services.record_list(
            None,
            board=board,
            period=Period.of_month(Month(2017, 9) + at),
            source=SourceRef("media", "株洲日报"),
            rows=[ListRow(ours, 1)],
            status="reported",
            published=dt.date(2019, 9, 17),
            origin="import",
        )
    document = compose(board, ours, LAST).document
    said = texts(document)
    assert "据株洲日报2019年9月17日报道列第1名（本系统未核实）" in said["place"]
    assert "本系统未逐月核实" in said["run"]
    assert said["run"].endswith("当前连续：已核实0个月，最多可能24个月。")
    assert "只有报道、未核实的有" in said["missing"]
    assert {row["proof"] for row in document["months"]} == {"据报道（未核实）"}
    assert "proved" not in {line["proof"] for line in document["summary"]}
    assert document["runs"]["current"]["proved"] == 0


def test_a_month_that_is_lost_or_absent_says_so(fifteen_months) -> None:
    ours, second, *others = fifteen_months.accounts
    record_month(fifteen_months.board, LAST + 1, [second, *others, ours])
    document = compose(fifteen_months.board, ours, LAST + 1).document
    said = texts(document)
    assert said["place"].startswith("2019年9月，“在荷塘”列第11名（已核实），较上期降10位")
    assert said["run"] == "截至2019年9月，没有正在延续的连续列第一。"
    assert said["longest"].startswith("截至2019年9月的最长记录：")
    assert said["margin"] == "本月指数900.5，比第一名“甲县发布”（1,000.5）低100。"
    assert "第一名由“在荷塘”变为“甲县发布”" in said["ten"]
    assert "“在荷塘”退出" in said["ten"]
    services.record_list(
        None,
        board=fifteen_months.board,
        period=Period.of_month(LAST + 2),
        source=SourceRef("publisher", "某报社"),
        rows=[ListRow(second, 1), ListRow(ours, state="absent")],
        status="confirmed",
        origin="scrape",
        list_size=30,
    )
    document = compose(fifteen_months.board, ours, LAST + 2).document
    assert texts(document)["place"] == "2019年10月，“在荷塘”未上榜（前30名以外）（已核实）。"
    assert document["months"][0]["place"] == "未上榜（前30名以外）"
    assert document["history"][-1]["beyond"] == 30


def test_ours_is_listed_even_below_the_first_twenty() -> None:
    board = BoardFactory()
    accounts = [AccountFactory() for _ in range(25)]
    record_month(board, LAST, accounts)
    rows = compose(board, accounts[24], LAST).document["top"]["rows"]
    assert len(rows) == 21 and rows[20]["rank"] == 25 and rows[20]["ours"]


def test_a_change_of_method_is_told_and_cuts_the_charts(fifteen_months) -> None:
    record_month(fifteen_months.board, LAST + 1, fifteen_months.accounts, method="14.2a")
    document = compose(fifteen_months.board, fifteen_months.ours, LAST + 1).document
    assert document["methods"][2] == (
        "自2019年9月起计算方法由 13.0 改为 14.2a，前后指数不可比；没有书面衔接，连续月数到此断开。"
    )
    assert [(each["month"], each["cut"]) for each in document["breaks"]] == [("2019-09", True)]
    assert document["runs"]["current"]["proved"] == 1
    assert "上期" not in texts(document)["close"]
    BoardLink.objects.create(
        earlier=fifteen_months.board,
        later=fifteen_months.board,
        month=(LAST + 1).index,
        reason="出版方公告",
        status="confirmed",
    )
    document = compose(fifteen_months.board, fifteen_months.ours, LAST + 1).document
    assert document["methods"][2].endswith("依据书面衔接，连续月数接着算（出版方公告）。")
    assert document["runs"]["current"]["proved"] == 14


def test_watched_accounts_stand_beside_ours_else_the_nearest(fifteen_months) -> None:
    document = compose(fifteen_months.board, fifteen_months.ours, LAST).document
    assert [row["name"] for row in document["compared"]] == ["甲县发布", "乙县融媒", "丙县在线"]
    far = Account.objects.get(name="癸县发布")
    Watch.objects.create(board=fifteen_months.board, account=far)
    document = compose(fifteen_months.board, fifteen_months.ours, LAST).document
    [row] = document["compared"]
    assert (row["name"], row["rank"], row["gap"]) == ("癸县发布", 11, "高100")
    assert (row["ahead"], row["behind"], row["level"]) == (12, 0, 0)
    assert texts(document)["compared"] == (
        "近12期都已核实名次的月份里，对“癸县发布”12期在前、0期在后。"
    )


def test_the_number_of_queries_does_not_grow(
    fifteen_months, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(14) as seen:
        compose(fifteen_months.board, fifteen_months.ours, LAST + -12)
    with django_assert_num_queries(len(seen)):
        compose(fifteen_months.board, fifteen_months.ours, LAST)


@pytest.mark.parametrize(
    ("kind", "months", "words"),
    [("week", True, "不是月榜"), ("month", False, "还没有2019年8月的名次记录")],
)
def test_nothing_to_brief_says_what_to_do(kind, months, words) -> None:
    board, account = BoardFactory(period_kind=kind), AccountFactory()
    ObservationFactory(board=board, account=account, period="2019-07", status="proposed")
    with pytest.raises(NothingToBrief, match=words):
        compose(board, account, LAST)


def test_an_example_says_so_in_title_and_notes() -> None:
    board, account = BoardFactory(is_example=True), AccountFactory(name="虚构号")
    ObservationFactory(board=board, account=account)
    document = compose(board, account, LAST).document
    assert document["is_example"] and document["title"].endswith("（示例）")
    assert "示例数据" in document["notes"][0]


def test_a_title_fits_its_column_whatever_the_name() -> None:
    name = "很" * 100
    made = content.title(name, LAST, example=True)
    assert len(made) <= content.TITLE_LIMIT and made.endswith("的简报（示例）") and "…" in made


def test_every_statement_behind_the_brief_is_kept(fifteen_months) -> None:
    made = compose(fifteen_months.board, fifteen_months.ours, LAST)
    own = Observation.objects.filter(account=fifteen_months.ours).values_list("pk", flat=True)
    in_month = Observation.objects.filter(month=LAST.index).values_list("pk", flat=True)
    assert made.observations >= set(own) | set(in_month)
