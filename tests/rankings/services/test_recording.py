"""Recording lists: new, unchanged, corrected, waiting."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cms.ops.models import AuditEntry
from rankings.figures import parse_figure
from rankings.models import Account, Observation
from rankings.periods import Month, Period
from rankings.queries import month_record
from rankings.services import (
    ListRow,
    RankingError,
    ShrunkenList,
    SourceRef,
    confirm_observations,
    record_list,
    record_not_issued,
)
from rankings.services.writing import EVIDENCE_ADDED, GONE, SCRAPED_AGAIN
from rankings.signals import standing_changed
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

AUGUST = Period.parse("2019-08")


@pytest.fixture
def board(db):
    return BoardFactory(name="影响力榜")


@pytest.fixture
def ours(db):
    return AccountFactory(name="在荷塘")


def record(board, source, rows, **rest):
    given = {"status": "confirmed", "origin": "scrape", "period": AUGUST} | rest
    return record_list(given.pop("actor", None), board=board, source=source, rows=rows, **given)


def test_a_fetched_list_counts_at_once(board, ours, publisher):
    rows = [
        ListRow("“在荷塘”", 1, figures={"reads": parse_figure("88,096")}),
        ListRow("新来的号", 2, wechat_id="xinlai"),
    ]
    result = record(board, publisher, rows, create_accounts=True)
    assert (result.created, result.waiting) == (2, 0)
    first = Observation.objects.get(account=ours)
    assert (first.rank, first.status, first.month) == (1, "confirmed", AUGUST.month.index)
    assert first.figures["reads"] == {
        "value": 88096,
        "bound": "exact",
        "capped": False,
        "raw": "88,096",
    }
    new = Account.objects.get(name="新来的号")
    assert not new.confirmed
    assert new.names.count() == 1
    assert AuditEntry.objects.filter(action="rankings.record").count() == 1


def test_unknown_names_are_refused_unless_they_may_be_made(board, publisher):
    with pytest.raises(RankingError, match="没有叫“新来的号”的公众号"):
        record(board, publisher, [ListRow("新来的号", 2)])
    assert not Observation.objects.exists()


def test_the_same_list_twice_changes_nothing(board, ours, publisher):
    record(board, publisher, [ListRow(ours, 1)])
    result = record(board, publisher, [ListRow(ours, 1)])
    assert (result.created, result.corrected, result.unchanged) == (0, 0, 1)


def test_a_changed_page_becomes_a_new_version(board, ours, publisher):
    record(board, publisher, [ListRow(ours, 1)])
    result = record(board, publisher, [ListRow(ours, 2)])
    assert result.corrected == 1
    old, new = Observation.objects.order_by("version")
    assert (old.rank, old.is_current) == (1, False)
    assert (new.rank, new.is_current, new.supersedes, new.reason) == (2, True, old, SCRAPED_AGAIN)


def test_a_person_must_say_why(board, ours, publisher, recorder):
    record(board, publisher, [ListRow(ours, 1)])
    with pytest.raises(RankingError, match="写明更正理由"):
        record(board, publisher, [ListRow(ours, 2)], origin="hand", actor=recorder)
    assert Observation.objects.count() == 1


def test_another_source_is_another_statement(board, ours, publisher):
    record(board, publisher, [ListRow(ours, 1)])
    result = record(board, SourceRef("media", "日报"), [ListRow(ours, 2)], status="reported")
    assert result.created == 1
    assert Observation.objects.current().count() == 2


def test_what_a_person_confirms_waits(board, ours, publisher, recorder):
    result = record(board, publisher, [ListRow(ours, 1)], origin="hand", actor=recorder)
    assert (result.created, result.waiting) == (1, 1)
    assert Observation.objects.get().status == "proposed"
    assert month_record(board).states(ours.pk) == ""


def test_a_fetched_mirror_waits(board, ours):
    record(board, SourceRef("mirror", "转载站"), [ListRow(ours, 1)])
    assert Observation.objects.get().status == "proposed"


def test_a_second_person_named_confirms(board, ours, publisher, recorder, checker):
    record(
        board, publisher, [ListRow(ours, 1)], origin="hand", actor=recorder, confirmed_by=checker
    )
    row = Observation.objects.get()
    assert (row.status, row.recorded_by, row.confirmed_by) == ("confirmed", recorder, checker)


def test_nobody_is_their_own_second_person(board, ours, publisher, person):
    both = person("全能", "record_observation", "confirm_observation")
    with pytest.raises(RankingError, match="不能是录入人自己"):
        record(board, publisher, [ListRow(ours, 1)], actor=both, confirmed_by=both)


def test_the_second_person_needs_the_permission(board, ours, publisher, recorder, person):
    with pytest.raises(RankingError, match="没有复核名次的权限"):
        record(board, publisher, [ListRow(ours, 1)], actor=recorder, confirmed_by=person("路人"))


def test_recording_needs_the_permission(board, ours, publisher, person):
    with pytest.raises(PermissionDenied):
        record(board, publisher, [ListRow(ours, 1)], actor=person("路人"))


def test_a_report_never_weakens_what_is_confirmed(board, ours, publisher):
    record(board, publisher, [ListRow(ours, 1)])
    result = record(board, publisher, [ListRow(ours, 1)], status="reported")
    assert result.unchanged == 1
    assert Observation.objects.get().status == "confirmed"


def test_evidence_that_comes_later_is_kept(board, ours, publisher):
    from rankings.evidence.models import Capture

    record(board, publisher, [ListRow(ours, 1)])
    capture = Capture.objects.create(sha256="a" * 64, size=1, path="aa/a")
    record(board, publisher, [ListRow(ours, 1)], capture=capture)
    row = Observation.objects.current().get()
    assert (row.version, row.capture, row.reason) == (2, capture, EVIDENCE_ADDED)
    assert record(board, publisher, [ListRow(ours, 1)], capture=capture).unchanged == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ListRow("在荷塘", 0), "名次必须是 1 以上的整数"),
        (ListRow("在荷塘", None), "名次必须是 1 以上的整数"),
        (ListRow("在荷塘", 1, state="absent"), "不能再写未上榜"),
        (ListRow("在荷塘", None, state="absent", tied=True), "不能写并列"),
        (ListRow("在荷塘", 1, note="长" * 501), "备注太长"),
    ],
)
def test_unfit_rows_are_refused(board, ours, publisher, row, message):
    with pytest.raises(RankingError, match=message):
        record(board, publisher, [row])
    assert not Observation.objects.exists()


def test_an_address_must_be_a_web_address(board, ours):
    source = SourceRef("publisher", "研究院", "javascript:alert(1)")
    with pytest.raises(RankingError, match="http"):
        record(board, source, [ListRow(ours, 1)])


def test_one_account_twice_with_different_ranks_is_refused(board, ours, publisher):
    with pytest.raises(RankingError, match="出现两次"):
        record(board, publisher, [ListRow(ours, 1), ListRow("在荷塘", 2)])
    assert record(board, publisher, [ListRow(ours, 1), ListRow("在荷塘", 1)]).created == 1


def test_a_week_is_no_period_of_a_monthly_board(board, ours, publisher):
    with pytest.raises(RankingError, match="不是它的一期"):
        record(board, publisher, [ListRow(ours, 1)], period=Period.parse("2019-08-04/2019-08-10"))


def test_a_part_of_a_month_is_kept_and_counts_for_no_month(board, ours, publisher):
    record(board, publisher, [ListRow(ours, 1)], period=Period.parse("2019-08-01/2019-08-30"))
    assert Observation.objects.get().month is None


def test_a_board_not_issued(board, ours, publisher):
    ObservationFactory(board=board, account=ours, period="2019-07")
    result = record_not_issued(
        None, board=board, period=AUGUST, source=publisher, status="confirmed", origin="scrape"
    )
    assert result.created == 1
    assert month_record(board).states(ours.pk) == "FS"


def test_others_hear_of_it_after_commit(board, ours, publisher, django_capture_on_commit_callbacks):
    second = AccountFactory(name="第二名")
    heard = []

    def listen(sender, board, account, months, **kwargs):
        heard.append((board, account, months))

    standing_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            record(board, publisher, [ListRow(ours, 1), ListRow(second, 2)])
            assert not heard
        august = (Month(2019, 8),)
        assert heard == [(board, ours, august), (board, None, august), (board, second, august)]
        heard.clear()
        with django_capture_on_commit_callbacks(execute=True):
            record(board, publisher, [ListRow(ours, 1), ListRow(second, 2)])
            record(board, SourceRef("mirror", "转载站"), [ListRow(ours, 1)])
        assert not heard
    finally:
        standing_changed.disconnect(listen)


def test_observations_are_neither_changed_nor_deleted(board, ours):
    row = ObservationFactory(board=board, account=ours)
    row.rank = 2
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


@pytest.mark.parametrize(
    "fields",
    [
        {"rank": None},
        {"rank": 0},
        {"state": "absent"},
        {"state": "not_issued", "rank": None},
        {"account": None},
        {"state": "absent", "rank": None, "tied": True},
        {"version": 0},
    ],
)
def test_the_database_refuses_nonsense(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ObservationFactory(**fields)


def test_one_statement_of_a_source_is_in_force(board, ours):
    ObservationFactory(board=board, account=ours)
    ObservationFactory(board=board, account=ours, status="proposed", version=2)
    for status in ["reported", "proposed"]:
        with pytest.raises(IntegrityError), transaction.atomic():
            ObservationFactory(board=board, account=ours, status=status, version=3)


lists = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(1, 3),
        st.sampled_from(["publisher", "media", "self"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: (row[0], row[2]),
)


class TestLaws(TestCase):
    """What holds whatever is recorded."""

    @settings(max_examples=20)
    @given(lists, st.randoms(use_true_random=False))
    def test_the_order_of_recording_is_irrelevant(self, rows, rng):
        account = AccountFactory()
        states = []
        for order in (rows, rng.sample(rows, len(rows))):
            board = BoardFactory()
            for month, rank, kind in order:
                record(
                    board,
                    SourceRef(kind, kind),
                    [ListRow(account, rank)],
                    period=Period.of_month(Month(2019, 1) + month),
                    status="confirmed" if kind == "publisher" else "reported",
                )
            states.append(month_record(board).states(account.pk))
        assert states[0] == states[1]

    @settings(max_examples=20)
    @given(lists, st.integers(1, 3))
    def test_superseding_and_restoring_is_identity(self, rows, other):
        account, board = AccountFactory(), BoardFactory()
        source = SourceRef("publisher", "研究院")
        ranks = {}
        for month, rank, _ in rows:
            ranks.setdefault(Period.of_month(Month(2019, 1) + month), rank)
        for period, rank in ranks.items():
            record(board, source, [ListRow(account, rank)], period=period)
        before = month_record(board).states(account.pk)
        for wanted in (dict.fromkeys(ranks, other), ranks):
            for period, rank in wanted.items():
                record(board, source, [ListRow(account, rank)], period=period)
        assert month_record(board).states(account.pk) == before


# --- lists that lose accounts, editions, late lists ---------------------------------------------


@pytest.fixture
def four(db):
    return AccountFactory.create_batch(4)


def listed(accounts):
    return [ListRow(account, rank) for rank, account in enumerate(accounts, start=1)]


def current(board):
    rows = Observation.objects.in_force().filter(board=board).order_by("account__pk")
    return [(row.account, row.standing) for row in rows]


def test_accounts_that_vanish_from_a_complete_list_become_absent(board, four, publisher):
    record(board, publisher, listed(four), list_size=20)
    result = record(board, publisher, listed(four[:3]), list_size=20, complete=True)
    assert (result.unchanged, result.corrected, result.retired) == (3, 1, 1)
    gone = Observation.objects.in_force().get(account=four[3])
    assert (gone.state, gone.list_size, gone.version, gone.reason) == ("absent", 20, 2, GONE)
    assert month_record(board).states(four[3].pk) == "N"
    again = record(board, publisher, listed(four[:3]), list_size=20, complete=True)
    assert (again.unchanged, again.corrected, again.retired) == (3, 0, 0)
    back = record(board, publisher, listed(four), list_size=20, complete=True)
    assert (back.corrected, back.retired) == (1, 0)
    assert Observation.objects.in_force().get(account=four[3]).rank == 4


def test_a_part_of_a_list_retires_nobody(board, four, publisher):
    record(board, publisher, listed(four))
    assert record(board, publisher, listed(four[:3])).retired == 0
    assert len(current(board)) == 4


def test_other_sources_editions_and_months_are_left_alone(board, four, publisher):
    record(board, SourceRef("media", "日报"), listed(four), status="reported")
    record(board, publisher, listed(four), edition="preliminary")
    record(board, publisher, listed(four), period=Period.parse("2019-07"))
    assert record(board, publisher, listed(four[:3]), complete=True).retired == 0


def test_a_list_that_collapses_is_left_to_a_person(board, four, publisher, recorder, checker):
    record(board, publisher, listed(four))
    with pytest.raises(ShrunkenList, match="原有 4 个公众号，新名单里只有其中 1 个"):
        record(board, publisher, listed(four[:1]), complete=True)
    assert Observation.objects.count() == 4
    person = {"origin": "hand", "actor": recorder, "complete": True}
    with pytest.raises(RankingError, match="写明更正理由"):
        record(board, publisher, listed(four[:1]), **person)
    result = record(board, publisher, listed(four[:1]), reason="原榜只有一个", **person)
    assert (result.retired, result.waiting) == (3, 3)
    confirm_observations(checker, Observation.objects.waiting())
    assert [words for _, words in current(board)] == ["第1名", *["未上榜"] * 3]


def test_the_final_edition_wins_over_the_preliminary_one(board, ours, publisher):
    record(board, publisher, [ListRow(ours, 1)], edition="preliminary")
    assert month_record(board).states(ours.pk) == "F"
    record(board, publisher, [ListRow(ours, 2)], edition="final")
    assert Observation.objects.current().count() == 2
    assert month_record(board).states(ours.pk) == "N"


def test_a_list_published_late_belongs_to_its_statistics_month(board, ours, publisher):
    late = Month(2019, 12).last_day
    record(board, publisher, [ListRow(ours, 1)], published=late)
    row = Observation.objects.get()
    assert (row.month, row.published) == (AUGUST.month.index, late)
