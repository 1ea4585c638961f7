"""Which paper each month lacks."""

import datetime as dt

import pytest

from rankings import reports
from rankings.dashboard import group_needs, needs_of
from rankings.evidence import service as evidence
from rankings.periods import Month
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def ours():
    return AccountFactory(name="在荷塘", is_ours=True)


@pytest.fixture
def capture():
    return evidence.store(
        b"list", kind="page", fetched_at=dt.datetime(2019, 9, 7, tzinfo=dt.UTC)
    ).capture


def say(board, account, period, rank=1, **fields):
    if rank is None:
        fields.setdefault("state", "absent")
    return ObservationFactory(board=board, account=account, period=period, rank=rank, **fields)


def needs(board, account):
    report = reports.account_report(board, account)
    return needs_of(report.cells, report.current.run)


def report_of(board, account, period, **fields):
    fields = {"source_kind": "media", "source_name": "株洲当地报纸", **fields}
    return say(board, account, period, status="reported", published=dt.date(2019, 9, 17), **fields)


def test_a_reported_month_lacks_the_original(board, ours) -> None:
    report_of(board, ours, "2018-03")
    [need] = needs(board, ours)
    assert need.sentence == "2018年3月：缺榜单原件（现有：株洲当地报纸 2019-09-17 报道）。"
    assert need.open and need.in_run


def test_the_county_s_24_months_are_one_group(board, ours) -> None:
    for at in range(24):
        report_of(board, ours, str(Month(2017, 9) + at))
    [group] = group_needs(needs(board, ours))
    assert (group.spans, len(group.needs)) == ("2017年9月至2019年8月", 24)
    assert group.have == "株洲当地报纸 2019-09-17 报道"


def test_a_month_without_a_word_lacks_everything(board, ours, capture) -> None:
    say(board, ours, "2018-01", capture=capture)
    say(board, ours, "2018-03", capture=capture)
    [need] = needs(board, ours)
    assert need.sentence == "2018年2月：缺榜单原件（现有：没有任何资料）。"


def test_a_conflict_lacks_a_higher_source(board, ours) -> None:
    say(board, ours, "2018-01", 1, source_name="甲")
    say(board, ours, "2018-01", 2, source_name="乙")
    [need] = needs(board, ours)
    assert "更高一级" in need.lacks
    assert need.have == "甲 榜单说第1名；乙 榜单说第2名"


def test_absence_from_a_list_without_a_first_lacks_the_whole_list(board, ours) -> None:
    say(board, ours, "2018-01", None, list_size=30)
    [need] = needs(board, ours)
    assert need.lacks == "缺能看到第一名是谁的完整榜单"
    assert "未上榜（前30名以外）" in need.have


def test_a_proved_month_without_a_capture_is_weak(board, ours) -> None:
    say(board, ours, "2018-01", source_name="某报社")
    [need] = needs(board, ours)
    assert need.lacks == "已核实但没有存证，缺榜单原件的存证"
    assert not need.open


def test_a_month_proved_by_repetition_alone_is_weak(board, ours, capture) -> None:
    say(board, ours, "2018-01", source_kind="media", source_name="某日报", capture=capture)
    [need] = needs(board, ours)
    assert need.lacks == "只凭转述核实，缺发布机构的榜单原件"


def test_a_suspension_without_a_capture_is_weak_too(board, ours, capture) -> None:
    say(board, ours, "2018-01", capture=capture)
    ObservationFactory(board=board, account=None, period="2018-02", state="not_issued", rank=None)
    say(board, ours, "2018-03", capture=capture)
    [need] = needs(board, ours)
    assert (need.lacks, need.month) == ("已核实但没有存证，缺停发的存证", Month(2018, 2))


def test_a_well_proved_or_a_lost_month_lacks_nothing(board, ours, capture) -> None:
    say(board, ours, "2018-01", capture=capture)
    say(board, AccountFactory(), "2018-02", 1)
    assert needs(board, ours) == []


def test_open_months_of_the_current_run_come_first(board, ours, capture) -> None:
    other = AccountFactory()
    report_of(board, ours, "2018-01")
    say(board, other, "2018-02", capture=capture)
    say(board, ours, "2018-03")
    say(board, ours, "2018-04")
    report_of(board, ours, "2018-05")
    groups = group_needs(needs(board, ours))
    assert [(group.spans, group.open, group.in_run) for group in groups] == [
        ("2018年5月", True, True),
        ("2018年1月", True, False),
        ("2018年3月至2018年4月", False, True),
    ]


def test_lists_of_one_publisher_are_one_group_whatever_their_days(board, ours) -> None:
    for at, period in enumerate(("2018-01", "2018-02", "2018-04")):
        say(board, ours, period, source_name="某报社", published=dt.date(2018, 5, 1 + at))
    [group] = [group for group in group_needs(needs(board, ours)) if not group.open]
    assert group.spans == "2018年1月至2018年2月、2018年4月"
    assert group.have == "某报社 榜单"


def test_proposals_and_what_was_sent_back_are_no_source(board, ours) -> None:
    say(board, ours, "2018-01", capture=None)
    say(board, ours, "2018-02", status="proposed", source_name="甲")
    say(board, ours, "2018-02", status="rejected", is_current=False, source_name="乙")
    assert [need.month for need in needs(board, ours)] == [Month(2018, 1)]
