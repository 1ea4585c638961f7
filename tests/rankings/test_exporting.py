"""Export and import are each other's inverse."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook

from rankings.exporting import as_csv, as_xlsx, observations_of
from rankings.importing.apply import import_table
from rankings.importing.options import ImportOptions
from rankings.importing.reading import open_table
from rankings.models import Observation
from rankings.periods import Period
from rankings.services import (
    ListRow,
    SourceRef,
    correct_observation,
    record_list,
    record_not_issued,
)
from tests.factories.rankings import AccountFactory, BoardFactory

pytestmark = pytest.mark.django_db

# All that an export carries.
CONTENT = (
    "board__name", "period_kind", "start", "end", "month", "account__name", "state", "rank",
    "tied", "unit", "status", "source_kind", "source_name", "source_url", "edition", "published",
    "list_size", "method", "figures", "note", "capture__sha256", "version",
    "supersedes__version", "is_current", "reason",
)  # fmt: skip


def content():
    rows = Observation.objects.order_by("start", "account__name", "source_name", "version")
    return list(rows.values(*CONTENT))


def forget():
    """Empty the table, as a new installation finds it."""
    Observation.objects.update(supersedes=None)
    Observation.objects.all()._raw_delete("default")


@pytest.fixture
def board(recorder):
    """A board with ties, odd figures, hostile texts, corrections and proposals."""
    from rankings.evidence.models import Capture

    board = BoardFactory(key="county", name="影响力榜", publisher="")
    ours, other = AccountFactory(name="在荷塘", wechat_id="zaihetang"), AccountFactory(name="乙")
    capture = Capture.objects.create(sha256="ab" * 32, size=1, path="ab/ab")
    source = SourceRef("publisher", "研究院", "https://example.org/")
    figures = {
        "reads": {"value": 210000, "bound": "at_least", "capped": False, "raw": "21万+"},
        "max_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"},
        "looks": {"value": 5, "bound": "about", "capped": False, "raw": "近5"},
        "index": {"value": 1003.59, "bound": "exact", "capped": False, "raw": "1003.59点"},
        "average_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10w+"},
    }
    record_list(
        None,
        board=board,
        period=Period.parse("2019-07"),
        source=source,
        rows=[
            ListRow(ours, 1, tied=True, figures=figures, unit="=荷塘区", note="'@注\n意"),
            ListRow(other, 1, tied=True),
        ],
        status="confirmed",
        origin="scrape",
        published=Period.parse("2019-08-02").start,
        list_size=20,
        method="13.0",
        capture=capture,
    )
    for rank in (2, 3):
        record_list(
            None,
            board=board,
            period=Period.parse("2019-08"),
            source=source,
            rows=[ListRow(ours, rank)],
            status="confirmed",
            origin="scrape",
        )
    record_not_issued(
        None,
        board=board,
        period=Period.parse("2019-09"),
        source=SourceRef("self", "-本账号"),
        status="reported",
        origin="hand",
    )
    row = Observation.objects.in_force().get(month=Period.parse("2019-08").month.index)
    correct_observation(recorder, row, "+看错了", {"state": "absent", "rank": None})
    return board


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_round_trip_loses_nothing(board, kind, recorder):
    before = content()
    rows = observations_of(board)
    data = "".join(as_csv(rows)).encode() if kind == "csv" else as_xlsx(rows)
    forget()
    outcome = import_table(None, open_table(data), ImportOptions(as_archive=True))
    assert [str(row) for row in outcome.plan.bad] == []
    assert content() == before
    again = import_table(None, open_table(data), ImportOptions(as_archive=True))
    assert (again.plan.new, again.plan.changed, again.plan.unchanged) == (0, 0, len(before))


def test_a_history_that_differs_from_ours_is_refused(board):
    data = "".join(as_csv(observations_of(board))).replace("研究院,https", "研究院,http")
    outcome = import_table(None, open_table(data.encode()), ImportOptions(as_archive=True))
    assert not outcome.written
    assert "库中已有第 1 版" in str(outcome.plan.bad[0])


def test_evidence_must_be_there(board):
    data = "".join(as_csv(observations_of(board))).replace("ab" * 32, "cd" * 32)
    outcome = import_table(None, open_table(data.encode()), ImportOptions(as_archive=True))
    assert "库里没有这份存证" in str(outcome.plan.bad[0])


def test_nothing_in_a_workbook_runs(board):
    book = load_workbook(io.BytesIO(as_xlsx(observations_of(board))))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=荷塘区" in [cell.value for cell in cells]


def test_nothing_in_a_csv_runs(board):
    text = "".join(as_csv(observations_of(board)))
    assert text.startswith("\ufeffboard,period,account,rank")
    assert ",=" not in text
    assert ",-本账号" not in text


def test_accounts_of_one_name_are_told_apart_by_key(board):
    AccountFactory(name="在荷塘")
    before = Observation.objects.order_by("pk").values_list("account", flat=True)[0]
    data = "".join(as_csv(observations_of(board))).encode()
    forget()
    import_table(None, open_table(data), ImportOptions(as_archive=True))
    assert Observation.objects.filter(account=before).exists()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_command(board, tmp_path, suffix):
    out = io.StringIO()
    path = tmp_path / f"out.{suffix}"
    call_command("export_rankings", board="county", out=str(path), stdout=out)
    assert "6 条记录已写到" in out.getvalue()
    assert list(open_table(path.read_bytes()).lines())


@pytest.mark.parametrize(
    ("board_name", "out", "message"),
    [
        ("没有的榜", "x.csv", "没有叫"),
        ("county", "x.pdf", "结尾"),
        ("county", "no/x.csv", "写不了"),
    ],
)
def test_usage_errors(board, tmp_path, board_name, out, message):
    with pytest.raises(CommandError, match=message) as caught:
        call_command("export_rankings", board=board_name, out=str(tmp_path / out))
    assert caught.value.returncode == 2


def test_all_boards_go_into_one_file(board, tmp_path):
    out = io.StringIO()
    path = tmp_path / "all.csv"
    record_list(
        None,
        board=BoardFactory(key="another", name="另一榜"),
        period=Period.parse("2019-07"),
        source=SourceRef("media", "日报"),
        rows=[ListRow(AccountFactory(name="丙"), 3)],
        status="reported",
        origin="hand",
    )
    call_command("export_rankings", all=True, out=str(path), stdout=out)
    assert "所有榜单 7 条记录已写到" in out.getvalue()
    text = path.read_text("utf-8-sig")
    assert text.index("另一榜") < text.index("影响力榜")


def test_the_command_wants_to_know_what(tmp_path):
    with pytest.raises(CommandError):
        call_command("export_rankings", out=str(tmp_path / "x.csv"))
