"""The report as plain values: worded no stronger than the record, in a fixed number of queries."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from rankings import reports, spreadsheets, streaks
from rankings.evidence import service as evidence
from rankings.importing.columns import FIGURE_LABELS
from rankings.models import Observation
from rankings.periods import Month
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return BoardFactory(name="县级榜", publisher="某报社", scope="县级")


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


def say(board, account, period, rank=1, **fields):
    if rank is None:
        fields.setdefault("state", "absent")
    return ObservationFactory(board=board, account=account, period=period, rank=rank, **fields)


def cell_of(board, account, period="2019-08"):
    report = reports.account_report(board, account)
    return next(cell for cell in report.cells if cell.month == Month.parse(period))


# --- places and cells --------------------------------------------------------------------------


def test_a_confirmed_place_is_shown_with_its_source(board, ours) -> None:
    row = say(board, ours, "2019-08", 3)
    cell = cell_of(board, ours)
    assert (cell.state, cell.mark) == ("N", "3")
    assert (cell.place.rank, cell.place.reported, cell.place.source) == (3, False, row)
    assert "第3名" in cell.title


def test_a_report_is_never_a_confirmed_place(board, ours) -> None:
    say(board, ours, "2019-08", status="reported", source_kind="media", source_name="某日报")
    cell = cell_of(board, ours)
    assert (cell.state, cell.words.style) == ("R", "reported")
    assert cell.place.reported
    report = reports.account_report(board, ours)
    assert report.current.run.proved == 0
    assert report.current.run.possible == 1
    assert report.latest_sentence == "2019年8月，“在荷塘”据某日报报道列第1名（本系统未核实）。"
    assert all(point.reported for point in report.chart.points)


def test_own_word_counts_as_a_report(board, ours) -> None:
    say(board, ours, "2019-08", status="confirmed", source_kind="self", source_name="在荷塘")
    assert cell_of(board, ours).place.reported


def test_the_weightier_source_gives_the_place(board, ours) -> None:
    say(board, ours, "2019-08", 2, source_kind="media", source_name="某日报")
    say(board, ours, "2019-08", 1, source_kind="publisher")
    cell = cell_of(board, ours)
    assert (cell.state, cell.place.rank) == ("F", 1)


def test_no_place_is_shown_where_sources_conflict(board, ours) -> None:
    say(board, ours, "2019-08", 1, source_name="甲")
    say(board, ours, "2019-08", 2, source_name="乙")
    cell = cell_of(board, ours)
    assert (cell.state, cell.place.rank) == ("D", None)
    assert "尚无定论" in reports.latest_sentence(cell, "在荷塘")


def test_a_refuted_report_is_not_drawn_as_first(board, ours) -> None:
    say(board, AccountFactory(), "2019-08", 1)
    say(board, ours, "2019-08", 1, status="reported", source_kind="media")
    cell = cell_of(board, ours)
    assert (cell.state, cell.place.rank) == ("N", None)
    sentence = reports.latest_sentence(cell, "在荷塘")
    assert sentence == "2019年8月，已核实列第一的不是“在荷塘”；“在荷塘”的名次暂无记录。"


def test_a_proposal_counts_for_nothing_but_is_seen(board, ours) -> None:
    say(board, ours, "2019-07", 1)
    say(board, ours, "2019-08", 1, status="proposed", source_name="甲")
    say(board, AccountFactory(), "2019-08", 2, source_name="乙")
    cell = cell_of(board, ours)
    assert (cell.state, cell.place.rank, cell.waiting) == ("?", None, 1)
    assert "1条待复核" in cell.title
    assert reports.account_report(board, ours).waiting == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [(words.letter, words) for words in reports.STATE_WORDS.values()],
)
def test_every_state_has_a_mark_words_a_style_and_an_explanation(state, words) -> None:
    assert words.mark and words.words and words.style
    assert reports.state_explanation(state)


def test_every_state_of_the_rules_is_known() -> None:
    assert set(reports.STATE_WORDS) == {
        streaks.FIRST,
        streaks.TIED,
        streaks.NOT_FIRST,
        streaks.SUSPENDED,
        streaks.REPORTED,
        streaks.UNKNOWN,
        streaks.DISPUTED,
    }
    marks = [words.mark for words in reports.STATE_WORDS.values()]
    assert len(set(marks)) == len(marks)


# --- the report --------------------------------------------------------------------------------


def test_the_strip_has_a_row_for_each_year_and_twelve_cells(board, ours) -> None:
    say(board, ours, "2018-11")
    say(board, ours, "2020-02")
    years = reports.account_report(board, ours).years
    assert [year.year for year in years] == [2018, 2019, 2020]
    assert all(len(year.cells) == 12 for year in years)
    assert years[0].cells[9] is None
    assert years[0].cells[10].state == "F"
    assert [cell.state for cell in years[1].cells] == ["?"] * 12
    assert years[2].cells[2] is None


def test_the_latest_month_steps_back_over_a_suspended_one(board, ours) -> None:
    say(board, ours, "2019-07")
    ObservationFactory(board=board, account=None, period="2019-08", state="not_issued", rank=None)
    report = reports.account_report(board, ours)
    assert str(report.as_of) == "2019-07"
    assert report.latest_sentence == "2019年7月，“在荷塘”列第一（已核实）。"
    assert {words.letter: count for words, count in report.counts} == {"F": 1, "S": 1}


def test_a_sentence_does_not_mix_two_runs(board, ours) -> None:
    """The longest proved run and the longest possible one need not be the same months."""
    other = AccountFactory()
    for period in ("2019-01", "2019-03", "2019-04"):
        say(board, ours, period)
    say(board, other, "2019-05")
    for period in ("2019-06", "2019-07", "2019-08"):
        say(board, ours, period)
    say(board, other, "2019-09")
    longest = reports.account_report(board, ours).longest
    assert (longest.run.proved, longest.run.possible) == (3, 4)
    assert "2019年6月至2019年8月连续3个月" in longest.sentence.text
    assert "补证" not in longest.sentence.text


def test_a_board_without_months_has_an_empty_report(board, ours) -> None:
    report = reports.account_report(board, ours)
    assert report.latest is None and report.chart is None and report.cells == ()
    weekly = BoardFactory(period_kind="week")
    assert reports.account_report(weekly, ours).latest is None


def test_real_boards_with_our_records_come_first(board, ours) -> None:
    example = BoardFactory(is_example=True)
    empty = BoardFactory(name="A 榜")
    say(example, ours, "2019-08")
    assert reports.boards_of(ours) == [example, empty, board]
    say(board, ours, "2019-08")
    assert reports.boards_of(ours) == [board, example, empty]


@pytest.mark.parametrize("months", [36, 120])
def test_queries_do_not_grow_with_months(
    board, ours, months, django_assert_max_num_queries
) -> None:
    others = AccountFactory.create_batch(3)
    for at in range(months):
        period = str(Month(2010, 1) + at)
        say(board, ours, period, 1 + at % 3, status="reported" if at % 4 == 0 else "confirmed")
        for rank, other in enumerate(others, 4):
            say(board, other, period, rank)
    with django_assert_max_num_queries(4):
        report = reports.account_report(board, ours)
        assert len(report.cells) == months
        assert spreadsheets.report_workbook(report)
    with django_assert_max_num_queries(3):
        table = reports.month_table(board, Month(2010, 5))
        assert len([row.account.name for row in table.rows]) == 4
    with django_assert_max_num_queries(2):
        reports.month_detail(board, ours, Month(2010, 5))


# --- one month of a board ----------------------------------------------------------------------


def test_movement_comes_from_the_month_before(board) -> None:
    up, down, level, new, silent = (AccountFactory(name=name) for name in "上下平新无")
    for account, rank in ((up, 3), (down, 1), (level, 2)):
        say(board, account, "2019-07", rank)
    say(board, new, "2019-07", None)
    for rank, account in enumerate((up, level, down, new, silent), 1):
        say(board, account, "2019-08", rank)
    table = reports.month_table(board)
    words = {row.account.name: row.movement.words for row in table.rows}
    assert words == {"上": "升2位", "平": "持平", "下": "降2位", "新": "新上榜", "无": ""}
    assert [row.movement.style for row in table.rows] == ["up", "level", "down", "level", "level"]
    assert (str(table.previous), table.next) == ("2019-07", None)


def test_movement_is_not_told_across_a_missing_month_or_a_report(board) -> None:
    account = AccountFactory()
    say(board, account, "2019-05", 3)
    say(board, account, "2019-08", 1)
    assert reports.month_table(board).rows[0].movement.words == ""
    assert reports.month_table(board).compared_with is None
    say(board, account, "2019-07", 2, status="reported", source_kind="media")
    assert reports.month_table(board).rows[0].movement.words == ""


def test_movement_steps_over_a_suspended_month(board) -> None:
    account = AccountFactory()
    say(board, account, "2019-06", 3)
    ObservationFactory(board=board, account=None, period="2019-07", state="not_issued", rank=None)
    say(board, account, "2019-08", 1)
    table = reports.month_table(board)
    assert str(table.compared_with) == "2019-06"
    assert table.rows[0].movement.words == "升2位"
    assert reports.month_table(board, Month(2019, 7)).not_issued


def test_two_sole_firsts_are_told(board) -> None:
    say(board, AccountFactory(), "2019-08", 1)
    say(board, AccountFactory(), "2019-08", 1, source_name="另一处")
    table = reports.month_table(board)
    assert table.contested
    assert all(row.disputed and row.place.rank is None for row in table.rows)


def test_only_printed_figures_get_a_column(board, ours) -> None:
    reads = {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"}
    say(board, ours, "2019-08", 1, figures={"max_reads": reads})
    table = reports.month_table(board)
    assert table.figures == (("max_reads", FIGURE_LABELS["max_reads"]),)
    assert table.rows[0].figures == (("max_reads", "≥100,001"),)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (None, ""),
        ({}, ""),
        ({"value": 88096, "bound": "exact"}, "88,096"),
        ({"value": 210000, "bound": "at_least"}, "≥210,000"),
        ({"value": 400, "bound": "at_most"}, "≤400"),
        ({"value": 300000, "bound": "about"}, "约300,000"),
        ({"value": 1062.55, "bound": "exact"}, "1,062.55"),
        ({"value": 0, "bound": "exact"}, "0"),
    ],
)
def test_figures_are_told_with_their_bound(figure, text) -> None:
    assert reports.figure_text(figure) == text


def test_a_month_s_page_shows_every_version(board, ours) -> None:
    old = say(board, ours, "2019-08", 2, is_current=False)
    say(board, ours, "2019-08", 1, version=2, supersedes=old, reason="看错一行")
    detail = reports.month_detail(board, ours, Month(2019, 8))
    assert [row.version for row in detail.observations] == [2, 1]
    assert [reports.statement_card(row).style for row in detail.observations] == ["proved", "old"]
    assert detail.cell.state == "F"


def test_a_lost_month_names_who_was_first(board, ours) -> None:
    first = AccountFactory(name="别家")
    say(board, first, "2019-08")
    detail = reports.month_detail(board, ours, Month(2019, 8))
    assert (detail.cell.state, detail.firsts) == ("N", (first,))


# --- the workbook ------------------------------------------------------------------------------


def sheets(report):
    book = load_workbook(io.BytesIO(spreadsheets.report_workbook(report)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_workbook_holds_states_figures_and_evidence(board, ours) -> None:
    capture = evidence.store(
        b"<html>list</html>", kind="page", fetched_at=dt.datetime(2019, 9, 7, tzinfo=dt.UTC)
    ).capture
    figures = {
        "reads": {"value": 123456, "bound": "exact", "capped": False, "raw": "123456"},
        "max_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"},
    }
    say(board, ours, "2019-07", status="reported", source_kind="media", source_name="某日报")
    say(board, ours, "2019-08", 1, figures=figures, capture=capture)
    found = sheets(reports.account_report(board, ours))
    heading, july, august = found["逐月"]
    july, august = (dict(zip(heading, row, strict=True)) for row in (july, august))
    assert (july["状态"], july["名次依据"], july["来源"]) == ("R", "据报道", "某日报")
    assert (august["状态"], august["名次"], august["名次依据"]) == ("F", 1, "已核实")
    assert august[FIGURE_LABELS["reads"]] == 123456
    assert august[FIGURE_LABELS["max_reads"]] == "≥100,001"
    assert august["存证 SHA-256"] == capture.sha256
    summary = dict(found["摘要"])
    assert summary["当前连续：已核实月数"] == 1
    assert summary["当前连续：最多可能月数"] == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_cell_of_the_workbook_is_a_formula(board, ours, start) -> None:
    hostile = f'{start}HYPERLINK("http://x.invalid")'
    say(board, ours, "2019-08", 1, source_name=hostile)
    Observation.objects.update(source_url=hostile)
    book = load_workbook(
        io.BytesIO(spreadsheets.report_workbook(reports.account_report(board, ours)))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert any("HYPERLINK" in text for text in texts)
    assert all(not text.startswith(("=", "+", "-", "@", "\t")) for text in texts)


def test_an_example_board_says_so_in_the_workbook(ours) -> None:
    example = BoardFactory(is_example=True)
    say(example, ours, "2019-08")
    assert "虚构" in dict(sheets(reports.account_report(example, ours))["摘要"])["提示"]


def test_evidence_lists_where_it_is_used(board, ours) -> None:
    capture = evidence.store(
        b"list", kind="page", fetched_at=dt.datetime(2019, 9, 7, tzinfo=dt.UTC)
    ).capture
    say(board, ours, "2019-08", 1, capture=capture)
    say(board, AccountFactory(), "2019-08", 2, capture=capture)
    [use] = reports.evidence_uses(capture.pk)
    assert (use.board, use.rows, use.label) == (board, 2, "2019年8月")
