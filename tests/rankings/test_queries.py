"""Standings, month strips and sentences from the database."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from rankings.models import BoardAlias
from rankings.periods import Month
from rankings.queries import (
    NoRecord,
    board_standings,
    month_states,
    streak_claim,
    streak_sentence,
)
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return BoardFactory(key="county", name="影响力榜", publisher="示例研究院", scope="县级")


@pytest.fixture
def ours():
    return AccountFactory(key="hetang", name="在荷塘")


@pytest.fixture
def newspaper(board, ours):
    """24 months by the word of a newspaper."""
    for n in range(24):
        ObservationFactory(
            board=board,
            account=ours,
            period=str(Month(2017, 9) + n),
            status="reported",
            source_kind="media",
            source_name="株洲日报",
            published="2019-09-17",
        )


def streaks(*options: str):
    out = StringIO()
    call_command("streaks", *options, stdout=out)
    return out.getvalue()


def as_json(*options: str):
    return json.loads(streaks(*options, "--json"))


def test_the_json_of_a_reported_row(board, ours, newspaper):
    run = {
        "proved": 0,
        "proved_from": None,
        "proved_to": None,
        "possible": 24,
        "from": "2017-09",
        "to": "2019-08",
        "reported": 24,
        "ties": 0,
        "suspended": [],
        "unknown": [],
        "open_start": True,
    }
    assert as_json("--board", "county") == {
        "board": "影响力榜",
        "as_of": "2019-08",
        "accounts": [{"account": "在荷塘", "current": run, "longest": run}],
    }


def test_a_reported_row_is_worded_as_reported(board, ours, newspaper):
    assert streak_sentence(board, ours) == (
        "据株洲日报2019年9月17日报道，“在荷塘”在《影响力榜》（示例研究院）"
        "2017年9月至2019年8月连续24个月列县级榜第一（本系统未逐月核实）。"
    )


def test_a_confirmed_month_makes_the_claim_partial(board, ours, newspaper):
    ObservationFactory(board=board, account=ours, period="2019-08")
    claim = streak_claim(board, ours)
    assert claim.proof == "partial"
    assert "现存证据可核实其中1个月，其余23个月待补" in claim.text


def test_after_the_row_the_longest_is_told(board, ours):
    for period in ("2019-05", "2019-06"):
        ObservationFactory(board=board, account=ours, period=period)
    ObservationFactory(board=board, account=ours, period="2019-07", rank=2)
    assert "2019年5月至2019年6月至少连续2个月" in streak_sentence(board, ours)
    with pytest.raises(NoRecord):
        streak_sentence(board, ours, as_of=Month(2019, 7))


def test_nothing_is_said_without_a_record(board, ours):
    with pytest.raises(NoRecord, match="没有“在荷塘”列第一的记录"):
        streak_sentence(board, ours)
    with pytest.raises(NoRecord, match="不是月榜"):
        streak_sentence(BoardFactory(period_kind="week"), ours)


def test_an_example_board_is_marked_in_the_sentence(ours):
    board = BoardFactory(name="演示榜", is_example=True)
    ObservationFactory(board=board, account=ours)
    assert "《演示榜（示例）》" in streak_sentence(board, ours)


def test_accounts_are_sorted_by_what_they_proved(board):
    for name, months in [("甲", [3]), ("乙", [1, 2]), ("丙", [])]:
        account = AccountFactory(name=name)
        ObservationFactory(board=board, account=account, period="2019-09", rank=9)
        for month in months:
            ObservationFactory(board=board, account=account, period=f"2019-0{month}")
    names = [row.account.name for row in board_standings(board).accounts]
    assert names == ["乙", "甲", "丙"]


def test_a_proposal_alone_makes_no_row(board, ours):
    ObservationFactory(board=board, account=ours, status="proposed")
    assert as_json("--board", "county") == {"board": "影响力榜", "as_of": None, "accounts": []}


def test_superseded_versions_do_not_count(board, ours):
    ObservationFactory(board=board, account=ours, is_current=False)
    ObservationFactory(board=board, account=ours, rank=2, version=2)
    assert as_json("--board", "county")["accounts"][0]["longest"]["possible"] == 0


def test_an_account_that_is_asked_for_is_told_even_without_a_row(board, ours, newspaper):
    AccountFactory(key="other", name="别的号")
    [row] = as_json("--board", "影响力榜", "--account", "别的号")["accounts"]
    assert (row["account"], row["current"]["possible"]) == ("别的号", 24)


def test_as_of_is_clipped_and_steps_back(board, ours):
    ObservationFactory(board=board, account=ours, period="2019-06")
    ObservationFactory(board=board, account=None, period="2019-07", state="not_issued", rank=None)
    for as_of, expected in [
        ("2019-07", "2019-06"),
        ("2020-01", "2019-06"),
        ("2019年6月", "2019-06"),
    ]:
        assert as_json("--board", "county", "--as-of", as_of)["as_of"] == expected


def test_the_table_for_people(board, ours, newspaper):
    text = streaks("--board", "county")
    assert "《影响力榜》连续榜首，截至 2019年8月" in text
    assert "24 个月（2017-09 至 2019-08）" in text
    assert "还没有月度记录" in streaks("--board", BoardFactory().key)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--board", "影响"], "相近的有：影响力榜"),
        (["--board", "两个"], "one、two"),
        (["--board", "county", "--account", "荷塘"], "相近的有：在荷塘"),
        (["--board", "county", "--as-of", "2019"], "看不懂统计期"),
        (["--board", "weekly"], "是周榜，不是月榜"),
    ],
)
def test_usage_errors(board, ours, options, message):
    BoardFactory(key="weekly", period_kind="week")
    for key in ("one", "two"):
        BoardAlias.objects.create(board=BoardFactory(key=key), name="两个")
    with pytest.raises(CommandError, match=message) as caught:
        call_command("streaks", *options)
    assert caught.value.returncode == 2


def test_the_strip_shows_every_month_and_what_waits(board, ours):
    first = ObservationFactory(board=board, account=ours, period="2019-06")
    waiting = ObservationFactory(board=board, account=ours, period="2019-08", status="proposed")
    ObservationFactory(board=board, account=AccountFactory(), period="2019-08")
    strip = month_states(board, ours)
    assert [(str(cell.month), cell.state) for cell in strip] == [
        ("2019-06", "F"),
        ("2019-07", "?"),
        ("2019-08", "N"),
    ]
    assert [cell.observations for cell in strip] == [[first], [], [waiting]]


def test_standings_take_four_queries(board, ours, newspaper, django_assert_num_queries):
    """The links, the months with their methods, the streaks of everybody, and who they are."""
    with django_assert_num_queries(4):
        board_standings(board)
