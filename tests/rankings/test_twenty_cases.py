"""The twenty cases of docs/streak-rules.md §2 by number, from what is recorded to what is said.

``test_streaks.py`` proves the rules themselves; here lists are recorded as sources print them, and
the standings are asked for as the screens ask.
"""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rankings import queries, reports, streaks
from rankings.lateness import issue_status
from rankings.models import BoardLink, Claim, Observation
from rankings.periods import Month, Period
from rankings.services import (
    ListRow,
    RankingError,
    SourceRef,
    add_alias,
    confirm_observations,
    correct_observation,
    record_list,
    record_not_issued,
    rename_account,
)
from rankings.services.claims import ClaimRefused, make_claim
from tests.factories.rankings import AccountFactory, BoardFactory

from .test_streak_sql import undone

pytestmark = pytest.mark.django_db

FIRST = Month(2018, 1)
PUBLISHER = SourceRef("publisher", "某报社", "https://example.org/list")


@pytest.fixture
def board():
    return BoardFactory(key="county", name="县级榜", publisher="某报社", scope="县级", list_size=3)


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


@pytest.fixture
def rival():
    return AccountFactory(key="rival", name="对手号")


def publish(board, month, *rows, source=PUBLISHER, status="confirmed", origin="scrape", **rest):
    """Record a list of ``month`` (counted from the first): rows of (account, rank, tied)."""
    return record_list(
        None,
        board=board,
        period=Period.of_month(FIRST + month),
        source=source,
        rows=[
            row if isinstance(row, ListRow) else ListRow(row[0], row[1], tied=len(row) > 2)
            for row in rows
        ],
        status=status,
        origin=origin,
        **rest,
    )


def publish_firsts(board, account, months, **rest):
    for month in months:
        publish(board, month, (account, 1), **rest)


def halt(board, month, **rest):
    given = {"source": PUBLISHER, "status": "confirmed", "origin": "scrape", **rest}
    return record_not_issued(None, board=board, period=Period.of_month(FIRST + month), **given)


def standing(board, account, as_of=None):
    """What the database says, which must be what the pure rules say."""
    [row] = queries.board_standings(board, account=account, as_of=as_of).accounts
    record = queries.month_record(board)
    assert (row.current, row.longest) == streaks.standings(record, [account.pk], as_of).streaks[
        account.pk
    ]
    return row


def current(board, account, as_of=None):
    return standing(board, account, as_of).current


def letters(board, account) -> str:
    return queries.month_record(board).states(account.pk)


def said(board, account) -> str:
    return queries.streak_sentence(board, account)


def test_case_01_a_missing_month_in_the_middle(board, ours):
    publish_firsts(board, ours, [0, 1, 2, 4, 5, 6])
    run = current(board, ours)
    assert letters(board, ours) == "FFF?FFF"
    assert (run.proved, run.possible, run.unknown) == (3, 7, (FIRST + 3,))
    assert said(board, ours).endswith("连续3个月列县级榜第一；若2018年4月补证，则为连续7个月。")


def test_case_02_ties_continue_and_are_counted_apart(board, ours, rival):
    publish(board, 0, (ours, 1), (rival, 2))
    publish(board, 1, (ours, 1, "tied"), (rival, 1, "tied"))
    # Equal scores, different printed places: the printed place is right.
    score = {"index": {"value": 862, "bound": "exact", "capped": False, "raw": "862"}}
    publish(board, 2, ListRow(ours, 1, figures=score), ListRow(rival, 2, figures=score))
    assert (letters(board, ours), letters(board, rival)) == ("FTF", "NTN")
    run = current(board, ours)
    assert (run.proved, run.ties, run.proved_ties) == (3, 1, 1)
    assert "（其中并列1个月）" in said(board, ours)


def test_case_03_a_correction_is_a_new_version(board, ours, recorder, checker):
    publish_firsts(board, ours, range(3))
    old = Observation.objects.get(month=(FIRST + 1).index)
    new = correct_observation(recorder, old, "看错一行", {"rank": 2})
    assert current(board, ours).proved == 3, "nothing counts before the second person"
    confirm_observations(checker, [new])
    old.refresh_from_db()
    assert (old.is_current, old.rank, new.supersedes) == (False, 1, old)
    run = current(board, ours)
    assert (run.proved, run.possible) == (1, 1)


def test_case_04_a_renamed_board_or_a_changed_method_is_another_series(board, ours):
    renamed = BoardFactory(key="renamed", name="影响力榜", publisher="某报社", scope="县级")
    publish_firsts(board, ours, range(2), method="WCI V12.0")
    publish_firsts(board, ours, [2], method="13.0")
    publish_firsts(renamed, ours, [3, 4])
    assert (current(board, ours).proved, current(renamed, ours).proved) == (1, 2)
    assert standing(board, ours).longest.proved == 2
    link = {"reason": "发布机构公告", "source_url": "https://example.org", "status": "confirmed"}
    BoardLink.objects.create(earlier=board, later=renamed, month=(FIRST + 3).index, **link)
    assert current(renamed, ours).proved == 3
    BoardLink.objects.create(earlier=board, later=board, month=(FIRST + 2).index, **link)
    run = current(renamed, ours)
    assert (run.proved, run.proved_from, run.open_start) == (5, FIRST, True)
    assert said(renamed, ours) == (
        "据《影响力榜》（某报社）逐月公布结果，“在荷塘”2018年1月至2018年5月至少连续5个月"
        "列县级榜第一，期间榜单计算方法由 WCI V12.0 改为 13.0，"
        "期间榜单由《县级榜》改名为《影响力榜》。"
    )


def test_case_04_nothing_bridges_a_cut(board, ours):
    publish_firsts(board, ours, range(2), method="V12")
    halt(board, 2)
    publish_firsts(board, ours, [3], method="V13", status="reported")
    publish_firsts(board, ours, [4], method="V13")
    run = current(board, ours)
    assert letters(board, ours) == "FFSRF"
    assert (run.proved, run.possible, run.start, run.open_start) == (1, 2, FIRST + 3, False)
    assert standing(board, ours).longest.proved == 2


def test_case_05_a_renamed_account_stays_the_same(board, ours, recorder):
    publish(board, 0, ("在荷塘", 1))
    ours.refresh_from_db()
    rename_account(recorder, ours, "荷塘发布", (FIRST + 1).first_day)
    publish(board, 1, ("荷塘发布", 1))
    assert current(board, ours).proved == 2
    with pytest.raises(RankingError, match="已不用这个名称"):
        publish(board, 2, ("在荷塘", 1))
    # A place that was renamed is another name for the same list, not another account.
    add_alias(recorder, board, "渌口区榜")
    out = io.StringIO()
    call_command("streaks", "--board", "渌口区榜", "--json", stdout=out)
    assert json.loads(out.getvalue())["accounts"][0]["current"]["proved"] == 2


def test_case_05_another_account_of_the_same_unit_is_another(board, ours):
    publish_firsts(board, ours, [0])
    moved = AccountFactory(name="在荷塘（新号）")
    publish_firsts(board, moved, [1])
    assert (current(board, ours).proved, current(board, moved).proved) == (0, 1)


def test_case_06_a_list_that_is_not_out_yet_is_no_gap(board, ours):
    publish_firsts(board, ours, range(2), published=dt.date(2018, 5, 1))
    run = current(board, ours, FIRST + 7)
    assert (run.proved, run.end) == (2, FIRST + 1)
    assert queries.board_standings(board, as_of=FIRST + 7).as_of == FIRST + 1
    march = FIRST + 2
    assert issue_status(march, dt.date(2018, 4, 16), None, board.late_days) == "未发布"
    assert issue_status(march, dt.date(2018, 4, 17), None, board.late_days) == "缺失"


def test_case_07_absence_from_a_truncated_list(board, ours, rival):
    publish(board, 0, (ours, 1))
    publish(board, 1, (rival, 1), ListRow(ours, state="absent"), list_size=3)
    [row] = Observation.objects.filter(account=ours, month=(FIRST + 1).index)
    assert (row.rank_min, row.standing) == (4, "未上榜（前3名以外）")
    # Only places two and three can be read: the month is open.
    publish(board, 2, (rival, 2), ListRow(ours, state="absent"), list_size=3)
    publish(board, 3, (ours, 1))
    assert letters(board, ours) == "FN?F"
    assert (current(board, ours).proved, current(board, ours).possible) == (1, 2)


def test_case_07_whoever_is_not_named_at_all(board, ours, rival):
    publish(board, 0, (rival, 1))
    publish(board, 1, (rival, 2))
    assert letters(board, ours) == "N?"


def test_case_08_sources_weigh_by_kind(board, ours, rival):
    paper, other = SourceRef("media", "甲报"), SourceRef("media", "乙报")
    publish(board, 0, (ours, 1))
    publish(board, 0, (ours, 4), source=paper, confirmed_by=None, status="reported")
    publish(board, 1, (ours, 1), source=paper, status="reported")
    publish(board, 2, (ours, 1), source=SourceRef("official_repost", "区政府网"))
    publish(board, 2, (ours, 3), source=SourceRef("official_repost", "市政府网"))
    publish(board, 3, (ours, 1), source=SourceRef("self", "在荷塘"), status="reported")
    publish(board, 4, (rival, 1))
    publish(board, 4, (ours, 1), source=other, status="reported")
    assert letters(board, ours) == "FRDRN"


def test_case_09_the_final_list_is_preferred(board, ours, rival):
    publish(board, 0, (ours, 1), (rival, 2), edition="preliminary")
    assert letters(board, ours) == "F"
    publish(board, 0, (rival, 1), (ours, 2), edition="final")
    assert (letters(board, ours), letters(board, rival)) == ("N", "F")
    assert Observation.objects.in_force().count() == 4, "both are kept"


def test_case_10_months_are_those_of_shanghai():
    assert Month.of(dt.datetime(2019, 8, 31, 16, 30, tzinfo=dt.UTC)) == Month(2019, 9)
    assert Month(2019, 8) - Month(2017, 9) + 1 == 24


def test_case_11_weeks_never_make_months(board, ours):
    weekly = BoardFactory(key="weekly", name="周榜", period_kind="week")
    day = dt.date(2018, 1, 1)
    for number in range(104):
        start = day + dt.timedelta(weeks=number)
        record_list(
            None,
            board=weekly,
            period=Period(start, start + dt.timedelta(days=6)),
            source=PUBLISHER,
            rows=[ListRow(ours, 1)],
            status="confirmed",
            origin="scrape",
        )
    with pytest.raises(queries.NoRecord, match="不是月榜"):
        said(weekly, ours)
    with pytest.raises(CommandError, match="不是月榜"):
        call_command("streaks", "--board", "weekly")
    assert queries.board_standings(weekly, account=ours).accounts[0].longest.possible == 0
    # Two monthly boards are two series as well.
    other = BoardFactory(name="市级榜")
    publish_firsts(board, ours, [0, 1])
    publish_firsts(other, ours, [2, 3])
    assert (current(board, ours).proved, current(other, ours).proved) == (2, 2)


def test_case_12_the_same_list_twice(board, ours):
    publish(board, 0, (ours, 1))
    assert publish(board, 0, (ours, 1)).unchanged == 1
    publish(board, 0, (ours, 1), source=SourceRef("publisher", "某报社客户端"))
    assert current(board, ours).proved == 1
    publish(board, 1, (ours, 1))
    publish(board, 1, (ours, 2), source=SourceRef("publisher", "某报社客户端"))
    assert letters(board, ours) == "FD"


def test_case_13_a_suspended_month_needs_evidence(board, ours):
    publish_firsts(board, ours, [0, 2, 4])
    halt(board, 1)
    halt(board, 3, status="reported", source=SourceRef("media", "甲报"))
    run = current(board, ours)
    assert letters(board, ours) == "FSF?F"
    assert (run.proved, run.possible, run.suspended) == (1, 4, (FIRST + 1,))
    assert standing(board, ours, FIRST + 2).current.proved == 2


def test_case_14_a_part_of_a_month_counts_for_none(board, ours):
    publish_firsts(board, ours, [0])
    part = Period.parse("2018-02-01/2018-02-20")
    record_list(
        None,
        board=board,
        period=part,
        source=PUBLISHER,
        rows=[ListRow(ours, 1)],
        status="confirmed",
        origin="scrape",
    )
    row = Observation.objects.get(period_kind="custom")
    assert (row.month, row.period) == (None, part)
    assert letters(board, ours) == "F"


def test_case_15_a_unit_s_place_is_not_its_account_s(board, ours):
    publish(board, 0, ListRow(AccountFactory(name="荷塘区委宣传部"), 1, unit="荷塘区委宣传部"))
    publish(board, 1, ListRow(ours, 2, unit="荷塘区委宣传部"))
    assert letters(board, ours)[0] == "N"
    assert standing(board, ours).longest.proved == 0


def test_case_16_a_disqualification(board, ours, rival, recorder, checker):
    publish(board, 0, (ours, 1), (rival, 2))
    publish(board, 1, (ours, 1), (rival, 2))
    assert current(board, ours).proved == 2
    for account, place in ((ours, {"state": "absent", "rank": None}), (rival, {"rank": 1})):
        row = Observation.objects.current().get(account=account, month=(FIRST + 1).index)
        new = correct_observation(recorder, row, "发布机构通告：数据异常，取消名次", place)
        confirm_observations(checker, [new])
    assert (letters(board, ours), letters(board, rival)) == ("FN", "NF")
    detail = reports.month_detail(board, ours, FIRST + 1)
    assert [(row.rank, row.is_current) for row in detail.observations] == [(None, True), (1, False)]


def test_case_17_both_ends_count(board, ours):
    start = Month(2017, 9) - FIRST
    publish_firsts(board, ours, range(start, start + 24))
    run = current(board, ours)
    assert (run.proved, str(run.proved_from), str(run.proved_to)) == (24, "2017-09", "2019-08")
    assert standing(board, ours, Month(2017, 9)).current.proved == 1


def test_case_18_a_run_from_the_first_record_is_told_as_at_least(board, ours, rival):
    publish_firsts(board, ours, range(3))
    assert current(board, ours).open_start
    assert "至少连续3个月" in said(board, ours)
    publish(board, -1, (rival, 1))
    assert not current(board, ours).open_start
    assert "至少" not in said(board, ours)


@pytest.mark.parametrize("superlative", ["first_ever", "only", "whole_province"])
def test_case_19_superlatives_need_every_full_list(board, ours, person, superlative):
    publish_firsts(board, ours, range(3))
    office = person("甲", "make_claim")
    with pytest.raises(ClaimRefused) as refused:
        make_claim(office, board, ours, superlative=superlative)
    assert refused.value.reasons
    assert not Claim.objects.exists()
    assert make_claim(office, board, ours).length == 3


def test_case_20_a_place_is_never_made_of_scores(board, ours, rival):
    score = {"index": {"value": 999, "bound": "exact", "capped": False, "raw": "999"}}
    publish(board, 0, ListRow(ours, None, state="unknown", figures=score))
    assert letters(board, ours) == "?"
    publish(board, 1, ListRow(ours, 1), ListRow(rival, 2, figures=score))
    assert letters(board, ours) == "?F"


# --- laws ----------------------------------------------------------------------------------------

LISTS = st.permutations([(month, who) for month in range(3) for who in range(2)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(LISTS, st.data())
def test_the_order_of_recording_is_irrelevant(board, ours, rival, order, data):
    places = {
        item: data.draw(st.sampled_from([1, 1, 2]), label=str(item)) for item in sorted(order)
    }

    def outcome(items):
        with undone():
            for month, who in items:
                publish(board, month, ((ours, rival)[who], places[month, who]))
            return [
                (letters(board, account), standing(board, account)) for account in (ours, rival)
            ]

    assert outcome(order) == outcome(sorted(order))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.text("FTNR", min_size=1, max_size=5), st.data())
def test_superseding_and_restoring_is_identity(board, ours, recorder, checker, states, data):
    at = data.draw(st.integers(0, len(states) - 1))
    change = data.draw(
        st.sampled_from(
            [{"rank": 7, "tied": False}, {"rank": None, "state": "absent", "tied": False}]
        )
    )
    with undone():
        for month, letter in enumerate(states):
            row = (ours, 2) if letter == "N" else (ours, 1, "tied") if letter == "T" else (ours, 1)
            publish(board, month, row, status="reported" if letter == "R" else "confirmed")
        before = standing(board, ours)
        row = Observation.objects.current().get(month=(FIRST + at).index)
        original = {name: getattr(row, name) for name in ("state", "rank", "tied")}
        for content in (change, original):
            row = correct_observation(recorder, row, "试改再改回", content)
            if row.status == "proposed":
                confirm_observations(checker, [row])
            row.refresh_from_db()
        assert row.version == 3
        assert standing(board, ours) == before
