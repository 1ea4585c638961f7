"""What the honours page says."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from media.lotus import Petal
from rankings.evidence import service as evidence
from rankings.honours import as_document, honours_of, pages_for
from rankings.models import BoardLink, Claim, ClaimStatus
from rankings.periods import Month
from rankings.services import confirm_observations, correct_observation
from rankings.services.claims import approve_claim, make_claim, withdraw_claim
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db


def part_of(account, board):
    [part] = honours_of(account, [board]).boards
    return part


def by_month(part):
    return {str(fact.month): fact for fact in part.months}


def petals_of(part):
    return {
        f"{year.year}-{petal.month:02d}": petal
        for year in part.years
        for petal in year.petals
        if petal.style != Petal.NONE
    }


def test_a_report_is_told_as_a_report(board, ours, reported):
    part = part_of(ours, board)
    assert part.proved_months == 0
    assert (part.longest.run.proved, part.longest.run.possible) == (0, 4)
    [run] = part.runs
    assert run.sentence.text.startswith("据株洲当地报纸2019年9月17日报道")
    assert "本系统未逐月核实" in run.sentence.text
    [report] = part.reports
    assert report.words == "株洲当地报纸2019年9月17日报道"
    assert (len(report.months), report.span) == (4, "2017年11月至2018年2月")
    assert report.url == "https://news.example.org/1"
    assert {petal.style for petal in petals_of(part).values()} == {Petal.REPORTED}
    fact = by_month(part)["2017-11"]
    assert (fact.proved, fact.words.words) == (False, "据报道第一，未核实")
    [source] = fact.sources
    assert (source.name, source.kind_words, source.says) == ("株洲当地报纸", "媒体报道", "第1名")
    assert (source.proves, source.sha256) == (False, "")


def test_a_month_that_is_proved_becomes_so(board, ours, reported):
    capture = evidence.store(b"page", kind="page", fetched_at=timezone.now()).capture
    ObservationFactory(
        board=board,
        account=ours,
        period="2018-01",
        capture=capture,
        source_url="https://board.example.org/2018-01",
    )
    part = part_of(ours, board)
    petal = petals_of(part)["2018-01"]
    assert petal.style == Petal.FIRST
    assert petal.target == "#county-2018-01"
    assert petal.title == "2018年1月：已核实第一"
    fact = by_month(part)["2018-01"]
    assert fact.proved
    assert [(source.proves, source.sha256) for source in fact.sources if source.sha256] == [
        (True, capture.sha256)
    ]
    assert part.longest.run.proved == 1
    [report] = part.reports
    assert len(report.months) == 3


def test_every_state_has_its_petal(board, ours):
    other = AccountFactory()
    add = ObservationFactory
    add(board=board, account=ours, period="2018-01")
    add(board=board, account=ours, period="2018-02", tied=True)
    add(board=board, account=other, period="2018-03")
    add(board=board, account=None, period="2018-04", state="not_issued", rank=None)
    add(board=board, account=ours, period="2018-05", status="reported", source_kind="media")
    add(board=board, account=ours, period="2018-06")
    add(board=board, account=other, period="2018-06")
    add(board=board, account=ours, period="2018-08")
    assert {
        month: str(petal.style) for month, petal in petals_of(part_of(ours, board)).items()
    } == {
        "2018-01": "first",
        "2018-02": "tied",
        "2018-03": "lost",
        "2018-04": "suspended",
        "2018-05": "reported",
        "2018-06": "disputed",
        "2018-07": "unknown",
        "2018-08": "first",
    }


def test_a_lost_month_names_what_it_rests_on(board, ours):
    ObservationFactory(board=board, account=ours, period="2018-01")
    ObservationFactory(
        board=board,
        account=AccountFactory(name="别的号"),
        period="2018-02",
        source_url="https://board.example.org/2018-02",
    )
    fact = by_month(part_of(ours, board))["2018-02"]
    [source] = fact.sources
    assert (source.says, source.url) == ("第1名是其他账号", "https://board.example.org/2018-02")
    assert fact.place == ""


def test_our_own_other_place_is_said(board, ours):
    ObservationFactory(board=board, account=ours, period="2018-02", rank=3, tied=True)
    ObservationFactory(board=board, account=AccountFactory(), period="2018-02")
    fact = by_month(part_of(ours, board))["2018-02"]
    assert fact.place == "第3名（并列）"
    assert fact.title == "2018年2月：已核实不是第一，第3名（并列）"


def test_a_reported_other_place_is_never_told_as_known(board, ours):
    ObservationFactory(
        board=board, account=ours, period="2018-02", rank=3, status="reported", source_kind="media"
    )
    fact = by_month(part_of(ours, board))["2018-02"]
    assert (fact.words.letter, fact.place) == ("?", "据报道第3名")


def test_what_waits_for_the_second_person_is_not_public(board, ours, reported):
    ObservationFactory(
        board=board, account=ours, period="2018-01", status="proposed", source_name="未复核的来源"
    )
    fact = by_month(part_of(ours, board))["2018-01"]
    assert [source.name for source in fact.sources] == ["株洲当地报纸"]
    assert not fact.proved


def test_our_own_word_proves_nothing(board, ours):
    ObservationFactory(board=board, account=ours, period="2018-01", source_kind="self")
    fact = by_month(part_of(ours, board))["2018-01"]
    assert (fact.proved, fact.sources[0].proves, fact.sources[0].kind_words) == (
        False,
        False,
        "自述",
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example.org/x?y=1", "https://a.example.org/x?y=1"),
        ("http://a.example.org/", "http://a.example.org/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example.org/", ""),
        ("https://[broken", ""),
        ("ftp://a.example.org/", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_leave_the_office(board, ours, url, shown):
    ObservationFactory(board=board, account=ours, period="2018-01", source_url=url)
    [source] = by_month(part_of(ours, board))["2018-01"].sources
    assert source.url == shown


def test_the_day_of_the_last_change(board, ours, person):
    with time_machine.travel(dt.datetime(2019, 9, 17, 20, tzinfo=dt.UTC), tick=False):
        row = ObservationFactory(board=board, account=ours, period="2018-01")
    # Eight in the evening in Greenwich is the next day in Beijing.
    assert part_of(ours, board).changed == dt.date(2019, 9, 18)
    with time_machine.travel(dt.datetime(2019, 10, 1, tzinfo=dt.UTC), tick=False):
        new = correct_observation(person("甲", "record_observation"), row, "核对原榜", {"rank": 2})
        assert part_of(ours, board).changed == dt.date(2019, 9, 18)
    with time_machine.travel(dt.datetime(2019, 10, 5, tzinfo=dt.UTC), tick=False):
        confirm_observations(person("乙", "confirm_observation"), [new])
    assert honours_of(ours, [board]).changed == dt.date(2019, 10, 5)


class TestClaims:
    @pytest.fixture
    def claim(self, board, ours, person):
        for period in ("2018-01", "2018-02"):
            ObservationFactory(board=board, account=ours, period=period)
        self.first, self.second = person("甲", "make_claim"), person("乙", "approve_claim")
        return make_claim(self.first, board, ours)

    def test_only_what_was_approved_is_said(self, board, ours, claim):
        assert part_of(ours, board).claims == ()
        approve_claim(self.second, claim)
        [fact] = part_of(ours, board).claims
        assert (fact.number, fact.proof_words, fact.length) == (claim.number, "已逐月核实", 2)
        assert (fact.start, fact.end) == (Month(2018, 1), Month(2018, 2))
        assert fact.sha256 == claim.frozen_sha256
        assert fact.approved == timezone.localdate()

    def test_a_claim_that_turned_is_spoken_of(self, board, ours, claim, person):
        approve_claim(self.second, claim)
        row = claim.observations.get(month=Month(2018, 2).index)
        new = correct_observation(person("丙", "record_observation"), row, "核对", {"rank": 2})
        confirm_observations(person("丁", "confirm_observation"), [new])
        part = part_of(ours, board)
        assert part.claims == ()
        [note] = part.notes
        assert (note.number, note.status) == (claim.number, "review")
        today = timezone.localdate()
        assert note.note.startswith(f"{today.year}年{today.month}月{today.day}日起")

    def test_a_claim_taken_back_says_so(self, board, ours, claim):
        approve_claim(self.second, claim)
        withdraw_claim(self.first, claim, "内部理由", "发布机构更正了名次。")
        [note] = part_of(ours, board).notes
        assert note.note.endswith("这一结论已撤回：发布机构更正了名次。")
        assert "内部理由" not in note.note

    def test_what_was_never_approved_was_never_said(self, board, ours, claim):
        withdraw_claim(self.first, claim, "写错了")
        assert part_of(ours, board).notes == ()
        assert Claim.objects.get().status == ClaimStatus.WITHDRAWN


def test_a_board_that_is_not_monthly_has_no_honours(ours):
    assert honours_of(ours, [BoardFactory(period_kind="week")]).boards == ()


def test_a_board_without_records_is_an_empty_part(board, ours):
    part = part_of(ours, board)
    assert (part.years, part.runs, part.reports, part.as_of) == ((), (), (), None)


def test_earlier_boards_count_with_their_months(board, ours):
    old = BoardFactory(key="old", name="旧榜")
    ObservationFactory(board=old, account=ours, period="2018-01")
    ObservationFactory(board=board, account=ours, period="2018-02")
    BoardLink.objects.create(
        earlier=old,
        later=board,
        month=Month(2018, 2).index,
        reason="发布机构公告改名",
        status="confirmed",
    )
    part = part_of(ours, board)
    assert part.earlier_boards == (old,)
    assert part.longest.run.proved == 2
    assert by_month(part)["2018-01"].board == "旧榜"


class TestPagesFor:
    def test_the_pages_that_show_a_board(self, board, page):
        assert list(pages_for(board)) == [page]
        assert not pages_for(BoardFactory())

    def test_a_draft_shows_nothing(self, board, make_page):
        make_page(board, live=False)
        assert not pages_for(board)

    def test_the_past_of_a_shown_board_is_shown(self, board, page):
        old = BoardFactory()
        assert not pages_for(old)
        BoardLink.objects.create(
            earlier=old, later=board, month=Month(2018, 2).index, reason="改名", status="confirmed"
        )
        assert list(pages_for(old)) == [page]


def test_the_number_of_queries_does_not_grow(board, ours, person, django_assert_num_queries):
    def grow(years):
        for year in years:
            for month in range(1, 13):
                period = f"{year}-{month:02d}"
                ObservationFactory(board=board, account=ours, period=period)
                ObservationFactory(
                    board=board,
                    account=ours,
                    period=period,
                    status="reported",
                    source_kind="media",
                    source_name=f"报纸{month}",
                )
                ObservationFactory(board=board, account=AccountFactory(), period=period, rank=2)

    grow([2016])
    first, second = person("甲", "make_claim"), person("乙", "approve_claim")
    approve_claim(second, make_claim(first, board, ours))
    with CaptureQueriesContext(connection) as few:
        as_document(honours_of(ours, [board]), "")
    grow([2017, 2018])
    approve_claim(second, make_claim(first, board, ours))
    with django_assert_num_queries(len(few)):
        as_document(honours_of(ours, [board]), "")
    assert len(few) <= 12
