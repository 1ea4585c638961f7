"""Proposals sent back by the second person, or taken back by whoever entered them."""

import pytest
from django.core.exceptions import PermissionDenied

from cms.ops.models import AuditEntry
from rankings.models import Observation
from rankings.periods import Period
from rankings.queries import month_record
from rankings.services import (
    ListRow,
    RankingError,
    confirm_observations,
    correct_observation,
    record_list,
    reject_proposals,
    withdraw_proposal,
    withdraw_proposals,
)
from rankings.services.writing import ENTERED_AGAIN
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

AUGUST = Period.parse("2019-08")


@pytest.fixture
def board(db):
    return BoardFactory(name="影响力榜")


@pytest.fixture
def ours(db):
    return AccountFactory(name="在荷塘")


@pytest.fixture
def row(board, ours):
    return ObservationFactory(board=board, account=ours)


def propose(actor, board, account, rank, source, **rest):
    record_list(
        actor,
        board=board,
        period=AUGUST,
        source=source,
        rows=[ListRow(account, rank)],
        status="confirmed",
        origin="hand",
        **rest,
    )
    return Observation.objects.waiting().get()


def states(row):
    return month_record(row.board).states(row.account_id)


def test_what_is_sent_back_counts_for_nothing_and_stays_in_the_history(row, recorder, checker):
    new = correct_observation(recorder, row, "核对原榜", {"rank": 2})
    assert reject_proposals(checker, [new], " 截图是七月的 ") == 1
    new.refresh_from_db()
    row.refresh_from_db()
    assert (new.status, new.is_current, new.rejection) == ("rejected", False, "截图是七月的")
    assert new.rejected_by == checker and new.rejected_at is not None
    assert row.is_current and states(row) == "F"
    assert not Observation.objects.waiting().exists()
    entry = AuditEntry.objects.get(action="rankings.reject")
    assert entry.detail["reason"] == "截图是七月的"


def test_the_line_goes_on_after_a_rejection_without_a_gap(row, recorder, checker):
    for rank, number in ((2, 2), (3, 3)):
        new = correct_observation(recorder, row, "核对原榜", {"rank": rank})
        assert new.version == number
        reject_proposals(checker, [new], "依据不足")
        row.refresh_from_db()
    new = correct_observation(recorder, row, "补到了原榜", {"rank": 4})
    assert (new.version, new.supersedes.version) == (4, 3)
    confirm_observations(checker, [new])
    row.refresh_from_db()
    assert (row.is_current, states(row)) == (False, "N")
    line = Observation.objects.order_by("version").values_list("version", "status", "is_current")
    assert list(line) == [
        (1, "confirmed", False),
        (2, "rejected", False),
        (3, "rejected", False),
        (4, "confirmed", True),
    ]


def test_a_statement_whose_only_version_was_sent_back_is_entered_again(
    board, ours, publisher, recorder, checker
):
    reject_proposals(checker, [propose(recorder, board, ours, 1, publisher)], "看错一行")
    again = propose(recorder, board, ours, 1, publisher)
    assert (again.version, again.reason) == (2, ENTERED_AGAIN)
    confirm_observations(checker, [again])
    assert month_record(board).states(ours.pk) == "F"


@pytest.mark.parametrize("reason", ["", "   "])
def test_sending_back_needs_a_reason(row, recorder, checker, reason):
    new = correct_observation(recorder, row, "笔误", {"rank": 2})
    with pytest.raises(RankingError, match="请写明退回理由"):
        reject_proposals(checker, [new], reason)


def test_a_reason_has_an_end(row, recorder, checker):
    new = correct_observation(recorder, row, "笔误", {"rank": 2})
    with pytest.raises(RankingError, match="最多 300 字"):
        reject_proposals(checker, [new], "长" * 301)


def test_only_another_person_with_the_permission_sends_back(row, recorder, person):
    new = correct_observation(recorder, row, "笔误", {"rank": 2})
    for nobody in (None, person("路人", "record_observation")):
        with pytest.raises(PermissionDenied):
            reject_proposals(nobody, [new], "不对")
    both = person("全能", "record_observation", "confirm_observation")
    own = correct_observation(both, row_of("2019-07"), "笔误", {"rank": 2})
    with pytest.raises(RankingError, match="请用“撤回”"):
        reject_proposals(both, [own], "不对")


def row_of(period):
    return ObservationFactory(period=period)


def test_all_or_none(row, recorder, checker):
    one = correct_observation(recorder, row, "笔误", {"rank": 2})
    two = correct_observation(recorder, row_of("2019-07"), "笔误", {"rank": 2})
    confirm_observations(checker, [two])
    with pytest.raises(RankingError, match="已不在待复核之列"):
        reject_proposals(checker, [one, two], "不对")
    one.refresh_from_db()
    assert one.status == "proposed"


def test_whoever_entered_it_takes_it_back(row, recorder, checker):
    new = correct_observation(recorder, row, "笔误", {"rank": 2})
    withdraw_proposal(recorder, new)
    new.refresh_from_db()
    assert (new.status, new.rejected_by, new.rejection) == ("rejected", recorder, "录入人撤回")
    assert AuditEntry.objects.filter(action="rankings.withdraw").count() == 1
    with pytest.raises(RankingError, match="已不在待复核之列"):
        confirm_observations(checker, [new])


def test_nobody_takes_back_what_another_entered(row, recorder, person):
    new = correct_observation(recorder, row, "笔误", {"rank": 2})
    with pytest.raises(RankingError, match="不是您录入的"):
        withdraw_proposals(person("同事", "record_observation"), [new])
    for nobody in (None, person("读者", "view_report")):
        with pytest.raises(PermissionDenied):
            withdraw_proposals(nobody, [new])
