"""Making claims, the four eyes, and what becomes of them when records change."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from cms.ops.models import AuditEntry
from rankings.claims import freezing, public_note
from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting
from rankings.models import Claim, ClaimStatus, Observation, State
from rankings.periods import Month, Period
from rankings.services import (
    ListRow,
    RankingError,
    SourceRef,
    confirm_observations,
    correct_observation,
    record_list,
)
from rankings.services import claims as services
from rankings.signals import claim_changed
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db
MONTHS = [f"2019-0{month}" for month in range(1, 7)]
NOON = dt.datetime(2026, 11, 22, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def board():
    return BoardFactory(key="county", name="影响力榜", publisher="某社", scope="县级")


@pytest.fixture
def account():
    return AccountFactory(key="zaihetang", name="在荷塘")


@pytest.fixture
def office(person):
    return person("甲", "make_claim", "approve_claim", "record_observation")


@pytest.fixture
def second(person):
    return person("乙", "make_claim", "approve_claim", "confirm_observation")


@pytest.fixture
def reader(person):
    return person("丙", "view_report")


@pytest.fixture
def heard(django_capture_on_commit_callbacks):
    """Statuses that ``claim_changed`` told of."""
    told = []

    def listen(sender, claim, **rest):
        told.append(claim.status)

    claim_changed.connect(listen)
    yield told
    claim_changed.disconnect(listen)


def fill(board, account, months=MONTHS, **fields):
    return [
        ObservationFactory(board=board, account=account, period=month, **fields) for month in months
    ]


@pytest.fixture
def rows(board, account):
    return fill(board, account)


@pytest.fixture
def proposed(rows, board, account, office):
    return services.make_claim(office, board, account)


@pytest.fixture
def claim(proposed, second):
    return services.approve_claim(second, proposed)


def correct(office, second, row, **changes):
    """A correction that a second person confirmed."""
    new = correct_observation(office, row, "发布机构来函更正", changes)
    if new.status == "proposed":
        confirm_observations(second, [new])
    return Observation.objects.get(pk=new.pk)


# --- making -------------------------------------------------------------------------------------


def test_a_proved_run_is_frozen_whole(proposed, rows, office):
    assert proposed.text == (
        "据《影响力榜》（某社）逐月公布结果，“在荷塘”2019年1月至2019年6月至少连续6个月列县级榜第一。"
    )
    assert (proposed.proof, proposed.status, proposed.length) == ("proved", "proposed", 6)
    assert (proposed.first_month, proposed.last_month) == (Month(2019, 1), Month(2019, 6))
    frozen = proposed.frozen
    assert freezing.digest(frozen) == proposed.frozen_sha256
    assert [month["state"] for month in frozen["months"]] == ["F"] * 6
    assert frozen["counts"]["first"] == 6
    assert {each["id"] for each in frozen["statements"]} == {row.pk for row in rows}
    assert frozen["latest_observation"] == rows[-1].pk
    assert frozen["people"]["made_by"] == "甲"
    assert "people" not in freezing.document(frozen)
    assert set(proposed.observations.all()) == set(rows)
    entry = AuditEntry.objects.get(action="rankings.claim.make")
    assert (entry.actor, entry.object_id) == (office, str(proposed.pk))


def test_reports_make_a_reported_claim_and_never_a_proved_one(board, account, office):
    fill(
        board,
        account,
        status="reported",
        source_kind="media",
        source_name="某报",
        published=dt.date(2019, 9, 17),
    )
    claim = services.make_claim(office, board, account)
    assert claim.proof == "reported"
    assert claim.text.startswith("据某报2019年9月17日报道，")
    assert claim.text.endswith("（本系统未逐月核实）。")


def test_some_proved_months_make_a_partial_claim_or_a_proved_one_of_their_own(
    board, account, office
):
    fill(board, account, MONTHS[:3], status="reported", source_kind="media", source_name="某报")
    fill(board, account, MONTHS[3:])
    partial = services.make_claim(office, board, account)
    assert (partial.proof, partial.length) == ("partial", 6)
    assert "其中3个月，其余3个月待补" in partial.text
    proved = services.make_claim(office, board, account, proved_only=True)
    assert (proved.proof, proved.length) == ("proved", 3)
    assert "2019年4月至2019年6月至少连续3个月列县级榜第一" in proved.text


def test_the_end_month_may_be_chosen_and_the_longest_stands_in_for_a_lost_current_run(
    board, account, office, rows
):
    other = AccountFactory(name="另一号")
    ObservationFactory(board=board, account=other, period="2019-07")
    assert services.make_claim(office, board, account).last_month == Month(2019, 6)
    earlier = services.make_claim(office, board, account, as_of=Month(2019, 4))
    assert (earlier.length, earlier.last_month) == (4, Month(2019, 4))
    with pytest.raises(RankingError, match="截至2019年7月"):
        services.make_claim(office, board, account, as_of=Month(2019, 7))


def test_nothing_to_say_makes_no_claim(board, account, office):
    with pytest.raises(RankingError, match="没有“在荷塘”列第一的记录"):
        services.make_claim(office, board, account)
    weekly = BoardFactory(period_kind="week", name="周榜")
    with pytest.raises(RankingError, match="不是月榜"):
        services.make_claim(office, weekly, account)
    assert not Claim.objects.exists()


def test_the_same_claim_is_not_made_twice_until_it_is_withdrawn(proposed, board, account, office):
    with pytest.raises(RankingError, match=proposed.number):
        services.make_claim(office, board, account)
    services.withdraw_claim(office, proposed, "重写")
    assert services.make_claim(office, board, account).number != proposed.number


def test_numbers_count_by_the_beijing_year(board, account, office, rows):
    with time_machine.travel(dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC), tick=False):
        first = services.make_claim(office, board, account)
    with time_machine.travel(dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC), tick=False):
        second = services.make_claim(office, board, account, as_of=Month(2019, 5))
        third = services.make_claim(office, board, account, as_of=Month(2019, 4))
    assert [first.number, second.number, third.number] == [
        "JL-2026-0001",
        "JL-2027-0001",
        "JL-2027-0002",
    ]


def test_an_example_stays_an_example(account, office):
    board = BoardFactory(name="演示榜", is_example=True)
    fill(board, account)
    claim = services.make_claim(office, board, account)
    assert "演示榜（示例）" in claim.text
    assert claim.frozen["is_example"] is True


# --- four eyes ----------------------------------------------------------------------------------


def states(claim):
    return Claim.objects.get(pk=claim.pk).status


@pytest.mark.parametrize(
    ("who", "act", "answer"),
    [
        ("office", "approve", RankingError),
        ("second", "approve", ClaimStatus.APPROVED),
        ("reader", "approve", PermissionDenied),
        (None, "approve", PermissionDenied),
        ("office", "reject", RankingError),
        ("second", "reject", ClaimStatus.REJECTED),
        ("reader", "reject", PermissionDenied),
        (None, "reject", PermissionDenied),
        ("office", "withdraw", ClaimStatus.WITHDRAWN),
        ("second", "withdraw", ClaimStatus.WITHDRAWN),
        ("reader", "withdraw", PermissionDenied),
        ("office", "restore", RankingError),
        ("second", "restore", RankingError),
        ("reader", "verify", PermissionDenied),
    ],
)
def test_who_may_do_what_to_a_proposed_claim(request, proposed, who, act, answer):
    actor = request.getfixturevalue(who) if who else None
    acts = {
        "approve": lambda: services.approve_claim(actor, proposed),
        "reject": lambda: services.reject_claim(actor, proposed, "句子不对"),
        "withdraw": lambda: services.withdraw_claim(actor, proposed, "不用了"),
        "restore": lambda: services.restore_claim(actor, proposed),
        "verify": lambda: services.verify_claim(proposed, actor=actor),
    }
    if isinstance(answer, str):
        assert acts[act]().status == answer == states(proposed)
    else:
        with pytest.raises(answer):
            acts[act]()
        assert states(proposed) == ClaimStatus.PROPOSED


def test_reading_is_not_making(reader, board, account, rows):
    with pytest.raises(PermissionDenied):
        services.make_claim(reader, board, account)


def test_a_reason_is_needed_and_has_its_bounds(proposed, second):
    with pytest.raises(RankingError, match="退回理由"):
        services.reject_claim(second, proposed, "  ")
    with pytest.raises(RankingError, match="撤回理由"):
        services.withdraw_claim(second, proposed, "")
    with pytest.raises(RankingError, match="太长"):
        services.withdraw_claim(second, proposed, "长" * 301)


def test_a_settled_claim_is_not_settled_again(claim, second):
    with pytest.raises(RankingError, match="现在是“有效”"):
        services.approve_claim(second, claim)
    with pytest.raises(RankingError):
        services.reject_claim(second, claim, "晚了")


def test_approval_verifies_again_and_says_precisely_what_is_wrong(proposed, rows, office, second):
    correct(office, second, rows[2], rank=2)
    with pytest.raises(services.ClaimRefused) as refused:
        services.approve_claim(second, proposed)
    assert any("2019年3月：原为“已核实第一”" in reason for reason in refused.value.reasons)
    assert states(proposed) == ClaimStatus.PROPOSED


def test_approval_looks_at_the_evidence(board, account, office, second, settings):
    capture = evidence.store(
        b"page", kind=Sighting.Kind.PAGE, fetched_at=NOON, url="https://example.org/"
    ).capture
    fill(board, account, capture=capture)
    claim = services.make_claim(office, board, account)
    assert claim.frozen["evidence_hashes"] == [capture.sha256]
    path = evidence.storage().path(capture.path)
    with open(path, "rb") as file:
        kept = file.read()
    import os

    os.unlink(path)
    with pytest.raises(services.ClaimRefused, match="不见了"):
        services.approve_claim(second, claim)
    with open(path, "wb") as file:
        file.write(kept)
    assert services.approve_claim(second, claim).holds


# --- records change -----------------------------------------------------------------------------


def test_a_correction_turns_the_claim_at_once(
    claim, rows, office, second, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        correct(office, second, rows[2], rank=2)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REVIEW
    messages = [each["message"] for each in claim.findings if each["level"] == "error"]
    assert any(
        "名次 1 → 2" in each and "理由：发布机构来函更正" in each and "更正人 甲，复核人 乙" in each
        for each in messages
    )
    assert heard[-1] == ClaimStatus.REVIEW
    entry = AuditEntry.objects.filter(action="rankings.claim.review").get()
    assert entry.actor is None


def test_a_proposal_alone_changes_nothing(claim, rows, office):
    correct_observation(office, rows[2], "怀疑有误", {"rank": 2})
    assert states(claim) == ClaimStatus.APPROVED


def test_correcting_back_lets_the_second_person_restore(claim, rows, office, second):
    new = correct(office, second, rows[2], rank=2)
    with pytest.raises(services.ClaimRefused):
        services.restore_claim(second, claim)
    correct(office, second, new, rank=1)
    assert states(claim) == ClaimStatus.REVIEW  # nobody but a person puts it back
    with pytest.raises(RankingError, match="您自己起草"):
        services.restore_claim(office, claim)
    restored = services.restore_claim(second, claim, "来函系误发")
    assert restored.holds
    assert restored.review_since is None
    assert restored.text == claim.text


def test_another_confirmed_first_breaks_it(claim, board, office, second):
    other = AccountFactory(name="另一号")
    record_list(
        office,
        board=board,
        period=Period.parse("2019-05"),
        source=SourceRef("publisher", "另一来源"),
        rows=[ListRow(other, rank=1)],
        status="confirmed",
        origin="hand",
        confirmed_by=second,
    )
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REVIEW
    text = "".join(each["message"] for each in claim.findings)
    assert "新增另一来源的记录：另一公众号第1名（已核实）" in text


def test_confirming_a_reported_month_leaves_the_reported_claim_standing(
    board, account, office, second
):
    rows = fill(board, account, status="reported", source_kind="media", source_name="某报")
    claim = services.approve_claim(second, services.make_claim(office, board, account))
    correct(office, second, rows[0], status="confirmed")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVED
    assert any("按现有记录应写为" in each["message"] for each in claim.findings)


def test_recording_elsewhere_costs_one_query(board, account, rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert services.recheck_claims([board.pk], [rows[0].month]) == 0


def test_months_outside_the_run_and_other_boards_do_not_touch_it(claim, board, account):
    other = BoardFactory()
    assert services.recheck_claims([other.pk], [claim.start]) == 0
    assert services.recheck_claims([board.pk], [claim.end + 5]) == 0
    assert services.recheck_claims([board.pk], []) == 0


def test_a_withdrawn_claim_is_left_alone(claim, rows, office, second):
    services.withdraw_claim(office, claim, "不再使用", "榜单口径有误")
    correct(office, second, rows[2], rank=2)
    assert states(claim) == ClaimStatus.WITHDRAWN


# --- verifying ----------------------------------------------------------------------------------


def test_verifying_keeps_time_and_result(claim):
    with time_machine.travel(NOON, tick=False):
        assert services.verify_claim(claim) == []
    assert claim.verified_at == NOON


def test_due_claims_are_those_not_verified_for_a_day(claim):
    assert services.due_claims() == []
    tomorrow = claim.verified_at + dt.timedelta(hours=24)
    assert services.due_claims(tomorrow) == [claim]


def test_what_the_public_page_says(claim, rows, office, second):
    assert public_note(claim) == ""
    with time_machine.travel(NOON, tick=False):
        correct(office, second, rows[2], rank=2)
        claim.refresh_from_db()
        assert public_note(claim) == "2026年11月22日起，这一结论正在复核。"
        withdrawn = services.withdraw_claim(office, claim, "已更正", "2019年3月名次有更正")
        assert public_note(withdrawn) == "2026年11月22日，这一结论已撤回：2019年3月名次有更正。"


def test_a_board_that_was_not_issued_is_stepped_over(board, account, office):
    fill(board, account, ["2019-01", "2019-02", "2019-04"])
    ObservationFactory(
        board=board, account=None, state=State.NOT_ISSUED, rank=None, period="2019-03"
    )
    claim = services.make_claim(office, board, account)
    assert (claim.length, claim.frozen["counts"]["suspended"]) == (3, 1)
    assert "榜单停发1期" in claim.text
