"""Claims over joined boards, and superlatives against what is really recorded."""

import datetime as dt

import pytest
from django.utils import timezone

from cms.ops import registry
from rankings import health
from rankings.claims import checking, records
from rankings.claims.superlatives import FIRST_EVER, ONLY
from rankings.models import BoardLink, Claim, ClaimStatus, LinkStatus
from rankings.periods import Month
from rankings.services import claims as services
from rankings.services import rename_account
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(person):
    return person("甲", "make_claim", "change_account")


@pytest.fixture
def second(person):
    return person("乙", "approve_claim", "make_claim")


@pytest.fixture
def account():
    return AccountFactory(key="zaihetang", name="在荷塘")


def fill(board, *accounts, months=("2019-01", "2019-02", "2019-03"), **fields):
    """The accounts in this order on the board's lists."""
    for month in months:
        for rank, each in enumerate(accounts, start=1):
            ObservationFactory(board=board, account=each, period=month, rank=rank, **fields)


# --- joined boards ------------------------------------------------------------------------------


@pytest.fixture
def joined(account):
    old = BoardFactory(key="old", name="旧榜")
    new = BoardFactory(key="new", name="新榜")
    fill(old, account, months=("2018-11", "2018-12"), method="12.0")
    fill(new, account, months=("2019-01", "2019-02"), method="13.0")
    link = BoardLink.objects.create(
        earlier=old,
        later=new,
        month=Month(2019, 1).index,
        earlier_method="12.0",
        later_method="13.0",
        reason="发布机构公告",
        status=LinkStatus.CONFIRMED,
    )
    return old, new, link


@pytest.fixture
def claim(joined, account, maker, second):
    return services.approve_claim(second, services.make_claim(maker, joined[1], account))


def test_a_linked_series_is_one_claim_that_names_the_link(claim):
    assert claim.length == 4
    assert "由《旧榜》改名为《新榜》" in claim.text
    frozen = claim.frozen
    assert [board["key"] for board in frozen["lineage"]["boards"]] == ["old", "new"]
    assert [link["reason"] for link in frozen["lineage"]["links"]] == ["发布机构公告"]
    assert [month["board"] for month in frozen["months"]] == ["old", "old", "new", "new"]
    assert [month["methods"] for month in frozen["months"]] == [["12.0"]] * 2 + [["13.0"]] * 2
    assert frozen["method_versions"] == ["12.0", "13.0"]


def test_a_withdrawn_link_breaks_the_claim(claim, joined):
    old, _new, link = joined
    link.status = LinkStatus.WITHDRAWN
    link.save(update_fields=["status"])
    assert services.recheck_board(old) == 0  # nothing continues it any more
    assert services.recheck_board(link.later) == 1
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REVIEW
    text = "".join(each["message"] for each in claim.findings)
    assert "2019年1月起《新榜》衔接《旧榜》的依据已撤销" in text


def test_a_change_on_the_earlier_board_reaches_the_claim(claim, joined):
    old = joined[0]
    ObservationFactory(board=old, account=AccountFactory(), period="2018-12")
    assert services.recheck_claims([old.pk], [Month(2018, 12).index]) == 1


def test_new_names_are_told_and_change_nothing(claim, joined, account, maker):
    old, new, _link = joined
    old.name = "老榜"
    old.save()
    new.name = "再新榜"
    new.save()
    account.name = "荷塘发布"
    account.save()
    findings = services.verify_claim(claim)
    assert {finding.level for finding in findings} == {"note"}
    messages = [finding.message for finding in findings]
    assert "榜单名称改了：新榜 → 再新榜。" in messages
    assert "公众号名称改了：在荷塘 → 荷塘发布。" in messages
    assert any("现在起草会写成" in each and "《老榜》改名为《再新榜》" in each for each in messages)


def test_the_names_of_the_time_are_kept(joined, account, maker, person):
    rename_account(person("丁", "record_observation"), account, "荷塘新名", dt.date(2019, 2, 1))
    account.refresh_from_db()
    claim = services.make_claim(maker, joined[1], account)
    names = {each["name"] for each in claim.frozen["account"]["names"]}
    assert names == {"在荷塘", "荷塘新名"}


def test_an_unlinked_change_of_method_ends_the_run_and_is_not_called_open(account, maker):
    board = BoardFactory()
    fill(board, account, months=("2018-11", "2018-12"), method="12.0")
    fill(board, account, months=("2019-01", "2019-02"), method="13.0")
    claim = services.make_claim(maker, board, account)
    assert (claim.length, "至少" in claim.text) == (2, False)


# --- superlatives -------------------------------------------------------------------------------


@pytest.fixture
def board():
    return BoardFactory(name="全省榜", scope="全省", first_month=Month(2019, 1).index)


@pytest.fixture
def others():
    return [AccountFactory(name="乙号"), AccountFactory(name="丙号")]


def against(board, account, kind):
    series = records.series_of(board)
    record = series.record
    months = [
        month
        for month in range(record.first, record.last + 1)
        if record.state(account.pk, month) in "FT"
    ]
    start, end = Month.from_index(min(months)), Month.from_index(max(months))
    return checking.superlative_basis(kind, series, account, start, end, len(months))[2]


def test_full_boards_carry_each_superlative(board, account, others, maker, second):
    fill(board, account, *others)
    for kind, words in (
        ("first_ever", "是该榜2019年1月创办以来首个连续3个月列第一的公众号。"),
        ("only", "是该榜2019年1月至2019年3月唯一连续3个月列第一的公众号。"),
        ("whole_province", "每月均为全省第一。"),
    ):
        claim = services.make_claim(maker, board, account, superlative=kind)
        assert claim.text.endswith(words)
        assert services.approve_claim(second, claim).holds
        assert claim.frozen["superlative_basis"]["accounts"] == 3


def test_a_tie_with_a_full_list_leaves_no_room_for_others(board, account, others):
    for month in ("2019-01", "2019-02"):
        ObservationFactory(board=board, account=account, period=month, tied=True)
        ObservationFactory(board=board, account=others[0], period=month, tied=True)
        ObservationFactory(board=board, account=others[1], period=month, rank=3)
    assert against(board, account, ONLY) == ["2019年2月：“乙号”已经连续2个月列第一"]


def test_the_same_list_printed_twice_is_one_list(board, account, others):
    fill(board, account, *others)
    fill(board, account, *others, source_name="另一处")
    assert against(board, account, ONLY) == []


def test_reports_and_one_s_own_word_make_no_list(board, account, others):
    fill(board, account)
    fill(board, others[0], status="reported", source_kind="media")
    fill(board, others[1], source_kind="self")
    assert against(board, account, FIRST_EVER) == []


def test_a_list_that_was_cut_carries_nothing(board, account, others):
    fill(board, account, *others, list_size=30)
    assert against(board, account, ONLY) == ["2019年1月至2019年3月：榜单公布30名，只录有3名"]
    board.list_size = 3
    board.save()
    assert against(board, account, ONLY) == ["2019年1月至2019年3月：榜单只公布前3名，不是全榜"]


def test_a_later_rival_does_not_undo_a_dated_only(board, account, others, maker, second):
    fill(board, account, *others)
    claim = services.make_claim(maker, board, account, superlative="only")
    services.approve_claim(second, claim)
    fill(board, others[0], account, others[1], months=("2019-04", "2019-05", "2019-06"))
    assert not any(finding.is_error for finding in services.verify_claim(claim))


def test_a_rank_found_missing_undoes_it(board, account, others, maker, second):
    fill(board, account, *others)
    claim = services.approve_claim(
        second, services.make_claim(maker, board, account, superlative="only")
    )
    board.observations.filter(month=Month(2019, 2).index, rank=2).update(is_current=False)
    assert services.recheck_claims([board.pk], [Month(2019, 2).index]) == 1
    claim.refresh_from_db()
    assert "缺第2名" in claim.findings[0]["message"]


@pytest.mark.parametrize("kind", ["", "only"])
def test_a_record_that_vanished_is_told_and_not_stumbled_over(
    board, account, others, maker, second, kind
):
    fill(board, account, *others)
    claim = services.approve_claim(
        second, services.make_claim(maker, board, account, superlative=kind)
    )
    board.observations.update(is_current=False)
    findings = services.verify_claim(claim)
    assert claim.status == ClaimStatus.REVIEW
    assert {"state", "statement"} <= {finding.code for finding in findings}


# --- health and schedule ------------------------------------------------------------------------


def test_health_tells_of_doubted_and_unverified_claims(claim):
    assert health.check_claims() == []
    Claim.objects.filter(pk=claim.pk).update(verified_at=timezone.now() - dt.timedelta(days=4))
    [late] = health.check_claims()
    assert "三天没有自动核验" in late.message
    Claim.objects.filter(pk=claim.pk).update(status="review")
    [doubted] = health.check_claims()
    assert doubted.message.startswith("有 1 条结论需复核")
    assert doubted.url.endswith("?status=review")


def test_the_round_is_scheduled():
    assert "rankings.tasks.verify_claims" in {spec.func for spec in registry.schedules()}
