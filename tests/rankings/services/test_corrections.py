"""Corrections and the second person's word."""

import pytest
from django.core.exceptions import PermissionDenied

from cms.ops.models import AuditEntry
from rankings.models import Observation
from rankings.queries import board_standings, month_record
from rankings.services import RankingError, confirm_observations, correct_observation
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory


@pytest.fixture
def row(db):
    return ObservationFactory(board=BoardFactory(name="影响力榜"), account=AccountFactory())


def states(row):
    return month_record(row.board).states(row.account_id)


def test_a_correction_waits_while_the_old_version_stays_in_force(row, recorder, checker):
    new = correct_observation(recorder, row, "核对原榜，应为第二名", {"rank": 2})
    assert (new.version, new.supersedes, new.status) == (2, row, "proposed")
    assert states(row) == "F"
    assert confirm_observations(checker, [new]) == 1
    row.refresh_from_db()
    new.refresh_from_db()
    assert (row.is_current, new.status, new.confirmed_by) == (False, "confirmed", checker)
    assert states(row) == "N"
    assert AuditEntry.objects.filter(action="rankings.correct").count() == 1
    assert AuditEntry.objects.filter(action="rankings.confirm").count() == 1


def test_confirming_needs_somebody_else(row, person):
    both = person("全能", "record_observation", "confirm_observation")
    new = correct_observation(both, row, "笔误", {"rank": 2})
    with pytest.raises(RankingError, match="您自己录入的"):
        confirm_observations(both, [new])
    assert states(row) == "F"


def test_a_superuser_is_no_exception(row, django_user_model):
    boss = django_user_model.objects.create_superuser("boss", display_name="管理员")
    new = correct_observation(boss, row, "笔误", {"rank": 2})
    with pytest.raises(RankingError, match="您自己录入的"):
        confirm_observations(boss, [new])


def test_confirming_needs_the_permission_and_a_person(row, recorder, person):
    new = correct_observation(recorder, row, "笔误", {"rank": 2})
    for nobody in (None, person("路人", "record_observation")):
        with pytest.raises(PermissionDenied):
            confirm_observations(nobody, [new])


def test_what_no_longer_waits_cannot_be_confirmed(row, recorder, checker):
    new = correct_observation(recorder, row, "笔误", {"rank": 2})
    confirm_observations(checker, [new])
    with pytest.raises(RankingError, match="已不在待复核之列"):
        confirm_observations(checker, [new])


def test_all_are_confirmed_or_none(row, recorder, checker):
    good = correct_observation(recorder, row, "笔误", {"rank": 2})
    own = ObservationFactory(
        board=row.board, period="2019-07", status="proposed", recorded_by=checker
    )
    with pytest.raises(RankingError):
        confirm_observations(checker, [good, own])
    good.refresh_from_db()
    assert good.status == "proposed"


def test_a_proposal_can_be_corrected_before_it_is_confirmed(row, recorder, checker):
    one = correct_observation(recorder, row, "笔误", {"rank": 2})
    two = correct_observation(recorder, one, "看错一行", {"rank": 3})
    one.refresh_from_db()
    assert (two.version, one.is_current) == (3, False)
    confirm_observations(checker, [two])
    assert Observation.objects.in_force().get().rank == 3


@pytest.mark.parametrize(
    ("reason", "changes", "message"),
    [
        ("  ", {"rank": 2}, "写明更正理由"),
        ("笔误", {}, "内容没有变化"),
        ("笔误", {"rank": 1}, "内容没有变化"),
        ("笔误", {"rank": 0}, "1 以上的整数"),
        ("笔误", {"state": "absent"}, "不能再写未上榜"),
        ("笔误", {"source_url": "javascript:alert(1)"}, "http"),
    ],
)
def test_unfit_corrections_are_refused(row, recorder, reason, changes, message):
    with pytest.raises(RankingError, match=message):
        correct_observation(recorder, row, reason, changes)
    assert Observation.objects.count() == 1


def test_a_stale_page_cannot_overwrite(row, recorder):
    correct_observation(recorder, row, "笔误", {"rank": 2})
    with pytest.raises(RankingError, match="已经有了新的版本"):
        correct_observation(recorder, row, "笔误", {"rank": 3})


def test_a_report_becomes_confirmed_by_two_people(recorder, checker, db):
    row = ObservationFactory(status="reported", source_kind="media", source_name="株洲日报")
    assert states(row) == "R"
    new = correct_observation(recorder, row, "找到当月榜单", {"status": "confirmed"})
    assert states(row) == "R"
    confirm_observations(checker, [new])
    assert states(row) == "F"


def test_a_correction_recomputes_the_streak(recorder, checker, db):
    board, ours = BoardFactory(), AccountFactory()
    rows = [
        ObservationFactory(board=board, account=ours, period=f"2019-{month:02d}")
        for month in range(1, 9)
    ]

    def proved():
        [row] = board_standings(board, account=ours).accounts
        return row.longest.proved

    assert proved() == 8
    new = correct_observation(recorder, rows[2], "核对原榜", {"rank": 5})
    confirm_observations(checker, [new])
    assert proved() == 5
    back = correct_observation(recorder, new, "原榜没有错", {"rank": 1})
    confirm_observations(checker, [back])
    assert proved() == 8
