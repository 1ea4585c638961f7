"""The overview as a whole: the choice, honesty about reports, lineages, a fixed cost."""

import datetime as dt

import pytest

from rankings import dashboard
from rankings.dashboard import Asked, choose, overview
from rankings.models import Alert, AlertReading, BoardLink, Claim, Watch
from rankings.periods import Month
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .boards import fill

pytestmark = pytest.mark.django_db
TODAY = dt.date(2019, 9, 20)


@pytest.fixture
def board():
    return BoardFactory(key="county", name="县级榜", publisher="某报社", metric="WCI")


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


@pytest.fixture
def reader(db):
    return UserFactory()


def say(board, account, period="2019-08", rank=1, **fields):
    if rank is None:
        fields.setdefault("state", "absent")
    return ObservationFactory(board=board, account=account, period=period, rank=rank, **fields)


def index(value, bound="exact"):
    return {"index": {"value": value, "bound": bound, "capped": False, "raw": str(value)}}


def look(reader, **asked):
    return overview(choose(Asked(**asked)), reader, TODAY)


# --- what is chosen ------------------------------------------------------------------------------


def test_without_a_wish_our_account_on_its_board(board, ours, reader) -> None:
    BoardFactory(name="A 空榜")
    say(board, ours)
    choice = choose(Asked())
    assert (choice.board, choice.account, choice.as_of) == (board, ours, None)
    assert choice.months == [Month(2019, 8)]
    assert not choice.problems and not choice.stand_in


def test_an_example_board_without_us_shows_its_first_and_says_so(board, ours) -> None:
    example = BoardFactory(key="example", is_example=True)
    first, second = AccountFactory(name="听荷发布"), AccountFactory()
    say(example, first)
    say(example, second, rank=2)
    choice = choose(Asked(board="example", account="在荷塘"))
    assert choice.account == first
    assert choice.stand_in == "“在荷塘”不在这个示例榜单上，下面看的是列第一的“听荷发布”。"
    assert choose(Asked(board="example", account=second.key)).account == second


def test_a_real_board_without_us_keeps_us(board, ours, reader) -> None:
    say(board, AccountFactory())
    found = look(reader, board="county")
    assert found.choice.account == ours
    assert found.margin.style == "open"
    assert found.report.current.run.possible == 0


def test_without_our_account_the_first_is_shown(board) -> None:
    first = AccountFactory(name="别家")
    say(board, first)
    choice = choose(Asked())
    assert choice.account == first and "还没有指定本账号" in choice.stand_in


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"account": "在何塘"}, "没有叫“在何塘”的公众号"),
        ({"board": "x"}, "没有编号为“x”的榜单"),
        ({"month": "八月"}, "请写成 2019-08"),
        ({"month": "2001-01"}, "没有2001年1月的名次"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told(board, ours, asked, problem) -> None:
    say(board, ours)
    [told] = choose(Asked(**asked)).problems
    assert problem in told


@pytest.mark.parametrize("kind", ["week", "day", "custom"])
def test_a_board_that_is_not_monthly_has_no_overview(ours, reader, kind) -> None:
    weekly = BoardFactory(key="weekly", period_kind=kind)
    assert look(reader, board="weekly") is None
    assert choose(Asked(board="weekly")).board == weekly


def test_no_board_no_account_no_months(reader) -> None:
    assert look(reader) is None
    BoardFactory()
    assert look(reader) is None
    AccountFactory(is_ours=True)
    assert look(reader) is None


def test_only_suspended_months_are_no_overview(board, ours, reader) -> None:
    ObservationFactory(board=board, account=None, state="not_issued", rank=None)
    assert look(reader) is None


def test_an_earlier_end_hides_what_came_later(board, ours, reader) -> None:
    other = AccountFactory(name="别家")
    for period, first in (("2019-06", ours), ("2019-07", ours), ("2019-08", other)):
        say(board, first, period)
    now, then = look(reader), look(reader, month="2019-07")
    assert (now.report.current.run.proved, then.report.current.run.proved) == (0, 2)
    assert [len(each.report.cells) for each in (now, then)] == [3, 2]
    assert then.report.as_of == Month(2019, 7)
    assert then.board_table.table.month == Month(2019, 7)
    assert [str(each.month) for each in then.heat.months] == ["2019-06", "2019-07"]
    assert choose(Asked(month="2019-08")).as_of is None  # the newest one is no earlier end


# --- what is shown -------------------------------------------------------------------------------


def test_the_county_s_24_reported_months_prove_nothing(board, ours, reader) -> None:
    for at in range(24):
        say(
            board,
            ours,
            str(Month(2017, 9) + at),
            status="reported",
            source_kind="media",
            source_name="株洲当地报纸",
            published=dt.date(2019, 9, 17),
        )
    found = look(reader)
    run = found.report.current.run
    assert (run.proved, run.possible, run.reported) == (0, 24, 24)
    assert (found.open_months, found.weak_months) == (24, 0)
    assert found.report.current.sentence.text.startswith("据株洲当地报纸2019年9月17日报道")
    assert found.margin.headline == "无从比较"
    assert all(point.reported for point in found.pictures["rank"].chart.points)
    assert all(line.reported for line in found.pictures["rank"].chart.lines)
    assert {cell.bucket for row in found.heat.rows for cell in row.cells} == {"reported"}
    assert "index" not in found.pictures and not found.duels


def test_the_margin_comes_from_the_list_of_the_month(board, ours, reader) -> None:
    say(board, ours, figures=index(1000.5), method="13.0")
    say(board, AccountFactory(name="乙"), rank=2, figures=index(990.25), method="13.0")
    assert look(reader).margin.sentence == "第2名是“乙”，指数领先 10.25。"


def test_a_method_in_two_spellings_is_one_line_and_two_methods_are_two(board, ours, reader) -> None:
    for at, method in enumerate(("12.0", "WCI V12", "13.0", "13.0")):
        say(board, ours, str(Month(2019, 5) + at), figures=index(900 + at), method=method)
    chart = look(reader).pictures["index"].chart
    assert [series.name for series in chart.series] == ["WCI 12.0", "WCI 13.0"]
    assert [len(series.lines) for series in chart.series] == [1, 1]
    assert [each.cut for each in chart.breaks] == [True]


def test_a_capped_index_is_a_lower_bound(board, ours, reader) -> None:
    figures = {"index": {"value": 1000, "bound": "exact", "capped": True, "raw": "1000+"}}
    say(board, ours, figures=figures)
    [series] = look(reader).pictures["index"].chart.series
    assert series.points[0].sign == "≥"


def test_a_lineage_is_one_strip_with_links_to_each_board(ours, reader) -> None:
    old, new = BoardFactory(key="old", name="旧榜"), BoardFactory(key="new", name="新榜")
    for board, period in ((old, "2019-06"), (old, "2019-07"), (new, "2019-08")):
        say(board, ours, period)
    alone = look(reader, board="new")
    assert alone.report.current.run.proved == 1
    BoardLink.objects.create(
        earlier=old, later=new, month=Month(2019, 8).index, reason="改名", status="confirmed"
    )
    found = look(reader, board="new")
    assert found.report.current.run.proved == 3
    assert [cell.board for cell in found.report.cells] == [old, old, new]
    hrefs = [month.href for month in found.report.chart_months]
    assert "/old/ours/2019-06/" in hrefs[0] and "/new/ours/2019-08/" in hrefs[2]
    assert [each.label.text for each in found.report.chart.breaks] == ["改为《新榜》"]
    assert [each.board for each in found.heat.months] == [old, old, new]
    earlier = look(reader, board="new", month="2019-07")
    assert earlier.board_table.table.board == old


def test_an_absence_from_a_short_list_is_an_arrow(board, ours, reader) -> None:
    other = AccountFactory(name="别家")
    say(board, ours, "2019-07", 2)
    say(board, other, "2019-07")
    say(board, ours, "2019-08", None, list_size=30)
    say(board, other, "2019-08")
    found = look(reader)
    [arrow] = found.pictures["rank"].chart.arrows
    assert (arrow.beyond, arrow.title) == (30, "2019年8月：前30名以外")
    cells = {row.account.name: [cell.text for cell in row.cells] for row in found.heat.rows}
    assert cells == {"在荷塘": ["2", "—"], "别家": ["1", "1"]}


# --- the head-to-head ----------------------------------------------------------------------------


@pytest.fixture
def crowd(board, ours):
    accounts = AccountFactory.create_batch(9)
    say(board, ours, rank=3)
    for rank, account in enumerate(accounts, 1):
        say(board, account, rank=rank + (rank > 2))
    return accounts


def names(found):
    return [duel.account.name for duel in found.duels]


def test_the_nearest_are_compared_until_somebody_is_watched(board, ours, crowd, reader) -> None:
    found = look(reader)
    assert names(found) == [crowd[1].name, crowd[2].name]
    assert "还没有设关注" in found.rivals.note
    for account in (crowd[6], AccountFactory()):  # the other one is not on the board
        Watch.objects.create(board=board, account=account)
    found = look(reader)
    assert names(found) == [crowd[6].name]
    assert "关注" in found.rivals.note
    assert [each.key for each in found.versus_pictures] == ["versus-rank"]


def test_chosen_accounts_are_compared_at_most_six(board, ours, crowd, reader) -> None:
    keys = tuple(each.key for each in crowd)
    assert names(look(reader, rivals=())) == []
    assert len(names(look(reader, rivals=keys[:6]))) == 6
    many = look(reader, rivals=keys[:6], added=crowd[7].name)
    assert len(many.duels) == 6 and "最多同时比6个" in many.rivals.problem
    more = look(reader, rivals=keys[:2], added=crowd[7].name)
    assert names(more) == [crowd[0].name, crowd[1].name, crowd[7].name]
    assert [duel.letter for duel in more.duels] == ["B", "C", "D"]
    assert "没有叫“谁”的公众号" in look(reader, rivals=(), added="谁").rivals.problem
    stranger = AccountFactory(name="不在榜上的号")
    assert "没有可比的名次" in look(reader, rivals=(), added=stranger.name).rivals.problem
    assert names(look(reader, rivals=("no-such", ours.key, keys[0], keys[0]))) == [crowd[0].name]


# --- the list and the heat map -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "first", "sorted_by"),
    [
        ("", "一", ("rank", "ascending")),
        ("nonsense", "一", ("rank", "ascending")),
        ("-rank", "三", ("rank", "descending")),
        ("move", "二", ("move", "descending")),
        ("-move", "三", ("move", "ascending")),
        ("index", "三", ("index", "descending")),
        ("-index", "一", ("index", "ascending")),
    ],
)
def test_the_list_in_every_order(board, ours, reader, order, first, sorted_by) -> None:
    for name, before, now, value in (("一", 1, 1, 700), ("二", 3, 2, 800), ("三", 2, 3, 900)):
        account = AccountFactory(name=name)
        say(board, account, "2019-07", before)
        say(board, account, "2019-08", now, figures=index(value))
    say(board, ours, "2019-08", None)
    table = look(reader, order=order).board_table
    assert table.rows[0].row.account.name == first
    assert table.rows[-1].row.account.name == "在荷塘"  # without a place: last in every order
    assert [(each.key, each.sorted) for each in table.headings if each.sorted] == [sorted_by]


def test_the_heat_map_has_the_account_on_top_and_finds_names(board, ours, crowd, reader) -> None:
    found = look(reader).heat
    assert [row.account for row in found.rows] == [ours, *crowd]
    assert (found.found, found.total) == (10, 10)
    only = look(reader, search=crowd[4].name).heat
    assert [row.account for row in only.rows] == [ours, crowd[4]]
    assert look(reader, search="没有这样的名字").heat.rows[0].account == ours


def test_a_suspended_month_is_hatched_for_everybody_and_three_years_are_shown(
    board, ours, reader
) -> None:
    for at in range(40):
        if at != 38:
            say(board, ours, str(Month(2016, 5) + at))
    ObservationFactory(board=board, account=None, period="2019-07", state="not_issued", rank=None)
    found = look(reader).heat
    assert len(found.months) == 36
    assert [cell.text for cell in found.rows[0].cells][-3:] == ["1", "停", "1"]
    assert found.years == ((2016, 4), (2017, 12), (2018, 12), (2019, 8))


def test_too_many_accounts_are_cut_and_said(board, ours, reader, monkeypatch) -> None:
    from rankings.dashboard import heat

    monkeypatch.setattr(heat, "HEAT_ROWS", 2)
    for rank in (1, 2, 3):
        say(board, AccountFactory(name=f"第{rank}"), rank=rank)
    found = look(reader).heat
    assert [row.account.name for row in found.rows] == ["在荷塘", "第1"]
    assert (found.found, found.total) == (4, 4)


# --- what waits ----------------------------------------------------------------------------------


def test_proposals_claims_and_alerts_are_told(board, ours, reader) -> None:
    say(board, ours)
    say(board, ours, status="proposed", source_name="甲")
    say(board, AccountFactory(), rank=2, status="proposed", source_name="甲")
    for number, status in (("1", "approved"), ("2", "withdrawn"), ("3", "review")):
        Claim.objects.create(
            number=number,
            board=board,
            account=ours,
            proof="proved",
            start=Month(2019, 8).index,
            end=Month(2019, 8).index,
            length=1,
            text="某结论",
            frozen={},
            frozen_sha256="0" * 64,
            status=status,
        )
    for at in range(3):
        alert = Alert.objects.create(
            kind="month_out", key=str(at), level="info", board=board, message="某事"
        )
    Alert.objects.create(kind="late", key="x", level="info", board=BoardFactory(), message="别的榜")
    AlertReading.objects.create(alert=alert, user=reader)
    found = look(reader)
    assert (found.waiting.board, found.waiting.own) == (2, 1)
    assert [claim.number for claim in found.claims] == ["3", "1"]
    assert found.alerts == 2


# --- cost ----------------------------------------------------------------------------------------


def test_the_number_of_queries_grows_with_nothing(
    reader, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    small, large = BoardFactory(key="small"), BoardFactory(key="large")
    fill(small, 10, 12)
    fill(large, 122, 36)
    AccountFactory(key="ours", is_ours=True)
    with django_assert_max_num_queries(20) as counted:
        assert len(look(reader, board="small", account="ours").heat.rows) == 11
    with django_assert_num_queries(len(counted)):
        found = look(reader, board="large", account="ours")
    assert len(found.heat.rows) == 123
    assert dashboard.MOST_RIVALS == 6
