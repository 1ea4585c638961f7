"""Proposing, confirming, sending back and withdrawing the links between series."""

import pytest
from django.core.exceptions import PermissionDenied

from cms.ops.models import AuditEntry
from rankings.evidence.models import Capture
from rankings.models import BoardLink
from rankings.periods import Month
from rankings.queries import board_standings, lineage_of, streak_sentence
from rankings.services import RankingError, confirm_link, propose_link, reject_link, withdraw_link
from rankings.signals import standing_changed
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db

START = Month(2017, 9)
REASON = "发布机构公告：自本期起更名，统计口径不变。"
URL = "https://example.org/notice"


def firsts(board, account, months, **rest):
    for month in months:
        ObservationFactory(board=board, account=account, period=str(START + month), **rest)


@pytest.fixture
def proposer(person):
    return person("提出人", "link_board", "record_observation")


@pytest.fixture
def ours():
    return AccountFactory(key="hetang", name="在荷塘")


@pytest.fixture
def old(ours):
    board = BoardFactory(key="old", name="旧榜", publisher="某报社", scope="县级")
    firsts(board, ours, range(12))
    return board


@pytest.fixture
def new(ours):
    board = BoardFactory(key="new", name="新榜", publisher="某报社", scope="县级")
    firsts(board, ours, range(12, 24))
    return board


def propose(actor, earlier, later, month=12, **rest):
    given = {"reason": REASON, "source_url": URL, **rest}
    return propose_link(actor, earlier=earlier, later=later, month=START + month, **given)


def run_of(board, account):
    [row] = board_standings(board, account=account).accounts
    return row.current


def test_a_link_counts_once_the_second_person_confirmed(proposer, checker, old, new, ours):
    link = propose(proposer, old, new)
    assert run_of(new, ours).proved == 12
    assert link.status == "proposed" and not lineage_of(new).links
    link = confirm_link(checker, link)
    run = run_of(new, ours)
    assert (run.proved, str(run.proved_from), str(run.proved_to)) == (24, "2017-09", "2019-08")
    assert run_of(old, ours).proved == 12
    assert streak_sentence(new, ours) == (
        "据《新榜》（某报社）逐月公布结果，“在荷塘”2017年9月至2019年8月至少连续24个月"
        "列县级榜第一，期间榜单由《旧榜》改名为《新榜》。"
    )
    assert str(link.decided_by) == "复核员"
    actions = AuditEntry.objects.filter(action__startswith="rankings.link").order_by("pk")
    assert [entry.action for entry in actions] == ["rankings.link.propose", "rankings.link.confirm"]
    assert actions[0].detail["from"] == "旧榜"


def test_withdrawing_parts_the_series_again(proposer, checker, old, new, ours):
    link = confirm_link(checker, propose(proposer, old, new))
    with pytest.raises(RankingError, match="请写明撤销理由"):
        withdraw_link(proposer, link, " ")
    link = withdraw_link(proposer, link, "公告说的是另一个榜单")
    assert run_of(new, ours).proved == 12
    assert (link.status, link.decision_reason) == ("withdrawn", "公告说的是另一个榜单")
    with pytest.raises(RankingError, match="已撤销"):
        confirm_link(checker, link)
    assert propose(proposer, old, new).status == "proposed"


def test_sent_back_it_never_counts(proposer, checker, old, new, ours):
    link = propose(proposer, old, new)
    with pytest.raises(RankingError, match="请写明退回理由"):
        reject_link(checker, link, "")
    reject_link(checker, link, "公告里没有这句话")
    link.refresh_from_db()
    assert (link.status, link.decision_reason) == ("rejected", "公告里没有这句话")
    assert run_of(new, ours).proved == 12


def test_two_people_and_their_permissions(person, proposer, checker, old, new):
    both = person("一人", "link_board", "confirm_observation")
    link = propose(both, old, new)
    with pytest.raises(RankingError, match="是您自己提出的，请由另一位同事复核"):
        confirm_link(both, link)
    with pytest.raises(RankingError, match="不能自己退回"):
        reject_link(both, link, "理由")
    with pytest.raises(PermissionDenied):
        confirm_link(None, link)
    with pytest.raises(PermissionDenied):
        confirm_link(proposer, link)
    with pytest.raises(PermissionDenied):
        withdraw_link(checker, link, "理由")
    withdraw_link(both, link, "写错了")
    with pytest.raises(PermissionDenied):
        propose(checker, old, new)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reason": "同一个榜"}, "至少 10 个字"),
        ({"reason": "很" * 301}, "最多 300 字"),
        ({"source_url": ""}, "要有发布机构的依据"),
        ({"source_url": "javascript:alert(1)"}, "http"),
        ({"source_url": "https://example.org/" + "a" * 500}, "网址太长"),
        ({"month": 0}, "之前没有月度记录"),
        ({"methods": ("V" * 61, "")}, "计算方法太长"),
    ],
)
def test_an_unfit_link_is_refused_with_a_sentence(proposer, old, new, given, message):
    with pytest.raises(RankingError, match=message):
        propose(proposer, old, new, **given)
    assert not BoardLink.objects.exists()


def test_a_capture_or_a_file_is_evidence_as_well(proposer, old, new):
    link = propose(proposer, old, new, source_url="", upload=b"%PDF-1.4\n%%EOF\n")
    assert link.capture is not None and Capture.objects.count() == 1
    withdraw_link(proposer, link, "换一份")
    assert propose(proposer, old, new, source_url="", capture=link.capture).capture == link.capture


def test_only_monthly_boards_of_one_kind_are_linked(proposer, old, ours):
    weekly = BoardFactory(name="周榜", period_kind="week")
    with pytest.raises(RankingError, match="《周榜》是周榜，连续榜首只按月榜计算"):
        propose(proposer, old, weekly)
    example = BoardFactory(name="演示榜", is_example=True)
    with pytest.raises(RankingError, match="示例榜单和真实榜单不能衔接"):
        propose(proposer, old, example)


def test_links_make_no_circle_and_keep_their_order(proposer, checker, old, new, ours):
    newest = BoardFactory(key="newest", name="最新榜")
    firsts(newest, ours, range(24, 26))
    confirm_link(checker, propose(proposer, old, new, 12))
    with pytest.raises(RankingError, match="衔接的月份必须在这之后"):
        propose(proposer, new, newest, 12)
    with pytest.raises(RankingError, match="一个榜单只能有一个前身"):
        propose(proposer, newest, new, 20)
    with pytest.raises(RankingError, match="一个榜单只能由一个榜单接续"):
        propose(proposer, old, newest, 20)
    with pytest.raises(RankingError, match="已有一条衔接"):
        propose(proposer, newest, new, 12)
    confirm_link(checker, propose(proposer, new, newest, 24))
    assert run_of(newest, ours).proved == 26
    firsts(newest, ours, [0])
    with pytest.raises(RankingError, match="会绕成一圈"):
        propose(proposer, newest, old, 5)


def test_a_link_is_checked_again_when_it_is_confirmed(proposer, checker, old, new, ours):
    other = BoardFactory(name="别的榜")
    firsts(other, ours, range(3))
    link = propose(proposer, old, new, 12)
    BoardLink.objects.create(
        earlier=other, later=new, month=(START + 10).index, reason=REASON, status="confirmed"
    )
    with pytest.raises(RankingError, match="已经接续《别的榜》"):
        confirm_link(checker, link)


@pytest.fixture
def changed(ours):
    """A board whose method changes after six months."""
    board = BoardFactory(key="wci", name="指数榜", publisher="某报社", scope="县级")
    firsts(board, ours, range(6), method="V12")
    firsts(board, ours, range(6, 10), method="WCI 13.0")
    return board


def test_a_changed_method_cuts_until_it_is_linked(proposer, checker, changed, ours):
    run = run_of(changed, ours)
    assert (run.proved, run.possible, run.open_start) == (4, 4, False)
    link = propose(proposer, changed, changed, 6)
    assert (link.earlier_method, link.later_method) == ("V12", "WCI 13.0")
    confirm_link(checker, link)
    run = run_of(changed, ours)
    assert (run.proved, run.open_start) == (10, True)
    assert "，期间榜单计算方法由 V12 改为 WCI 13.0。" in streak_sentence(changed, ours)
    # A later correction that shows another method is not what the link was about.
    ObservationFactory(
        board=changed, account=AccountFactory(), period=str(START + 6), rank=2, method="V14"
    )
    assert run_of(changed, ours).proved == 10
    for row in changed.observations.filter(month=(START + 6).index, account=ours):
        row.is_current = False
        row.save(update_fields=["is_current"])
    assert lineage_of(changed).cuts


@pytest.mark.parametrize(
    ("month", "methods", "message"),
    [
        (6, ("V11", ""), "2018年2月的记录写的计算方法是“V12”，不是“V11”"),
        (6, ("", "V14"), "2018年3月的记录写的计算方法是“WCI 13.0”，不是“V14”"),
        (3, ("", ""), "新旧计算方法相同，或没有写明"),
        (3, ("V12", "12.0"), "新旧计算方法相同"),
        (0, ("V12", "V13"), "之前没有月度记录"),
    ],
)
def test_the_methods_of_a_link_are_those_of_the_records(proposer, changed, month, methods, message):
    with pytest.raises(RankingError, match=message):
        propose(proposer, changed, changed, month, methods=methods)


def test_others_hear_of_it_after_commit(
    proposer, checker, old, new, ours, django_capture_on_commit_callbacks
):
    heard = []

    def listen(sender, board, account, months, **kwargs):
        heard.append((board, account, months[0], months[-1]))

    standing_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            link = propose(proposer, old, new)
        assert not heard
        with django_capture_on_commit_callbacks(execute=True):
            confirm_link(checker, link)
        assert heard == [(new, None, START, START + 23)]
        heard.clear()
        with django_capture_on_commit_callbacks(execute=True):
            withdraw_link(proposer, link, "不是一个榜单")
        assert heard == [(new, None, START, START + 23)]
    finally:
        standing_changed.disconnect(listen)


def test_a_change_on_the_earlier_board_is_news_for_the_later_one(
    proposer, checker, recorder, old, new, ours, django_capture_on_commit_callbacks
):
    from rankings.models import Observation
    from rankings.services import confirm_observations, correct_observation

    confirm_link(checker, propose(proposer, old, new))
    heard = []

    def listen(sender, board, account, months, **kwargs):
        heard.append((board.key, account, months))

    row = Observation.objects.get(board=old, month=(START + 5).index)
    correct_observation(recorder, row, "看错一行", {"rank": 2})
    standing_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            confirm_observations(checker, Observation.objects.waiting())
    finally:
        standing_changed.disconnect(listen)
    month = (START + 5,)
    assert sorted(heard, key=str) == sorted(
        [(key, who, month) for key in ("old", "new") for who in (ours, None)], key=str
    )
    assert run_of(new, ours).proved == 18
