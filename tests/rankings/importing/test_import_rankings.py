"""``manage.py import_rankings`` and what it does to the records."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError

from cms.ops.models import AuditEntry
from rankings.importing.apply import import_table
from rankings.importing.options import ImportOptions
from rankings.importing.plan import preview
from rankings.importing.reading import open_table
from rankings.models import Account, AccountName, Board, Observation
from rankings.queries import board_standings, month_record
from rankings.services import confirm_observations
from tests.factories.rankings import AccountFactory, BoardFactory

pytestmark = pytest.mark.django_db

HEADINGS = "board,period,account,rank,state,status,source_name"


def table(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join([headings, *rows]).encode()


@pytest.fixture
def board():
    return BoardFactory(key="county", name="影响力榜")


@pytest.fixture
def ours():
    return AccountFactory(key="hetang", name="在荷塘")


@pytest.fixture
def run(tmp_path, capsys):
    """``run(data, "--yes", …)``: the exit code and what was printed."""

    def run(data: bytes | None, *options: str) -> tuple[int, str]:
        path = tmp_path / "table"
        if data is not None:
            path.write_bytes(data)
        out = io.StringIO()
        code = 0
        try:
            call_command("import_rankings", str(path), *options, stdout=out)
        except SystemExit as stop:
            code = stop.code
        except CommandError as error:
            return error.returncode, str(error)
        return code, out.getvalue()

    return run


def test_without_yes_nothing_is_written(run, board, ours):
    data = table("影响力榜,2019-08,在荷塘,1,,,日报")
    for options in ([], ["--dry-run"], ["--dry-run", "--yes"]):
        code, text = run(data, *options)
        assert code == 0
        assert "新增 第 2 行：《影响力榜》2019年8月 在荷塘 第1名（日报）" in text
        assert "什么也没有写入" in text
    assert not Observation.objects.exists()


def test_with_yes_it_is_and_the_same_file_twice_changes_nothing(run, board, ours):
    data = table("影响力榜,2019-08,在荷塘,1,,,日报", "county,2019年7月,“在荷塘”,2,,,日报")
    assert run(data, "--yes")[0] == 0
    assert Observation.objects.count() == 2
    code, text = run(data, "--yes")
    assert code == 0
    assert "不变 2 条" in text
    assert Observation.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_encodings(run, board, ours, encoding):
    data = "榜单,月份,公众号,名次\n影响力榜,2019年8月,在荷塘,1\n".encode(encoding)
    assert run(data, "--yes")[0] == 0
    assert Observation.objects.get().rank == 1


def test_bad_rows_hold_everything_back_unless_told_otherwise(run, board, ours):
    data = table(
        "影响力榜,2019-08,在荷塘,1,,,日报",
        "影响力榜,2019-13,在荷塘,0,,,日报",
        "影响力榜,2019-07,荷塘,1,,,日报",
    )
    code, text = run(data, "--yes")
    assert code == 1
    assert "第 3 行：“2019-13”不是有效的月份" in text
    assert "名次“0”不是 1 以上的整数" in text
    assert "第 4 行：没有叫“荷塘”的公众号，相近的有：在荷塘" in text
    assert not Observation.objects.exists()
    assert run(data)[0] == 1
    code, text = run(data, "--yes", "--skip-bad-rows")
    assert code == 1
    assert "已写入：新增 1 条" in text
    assert Observation.objects.count() == 1


def test_confirmed_rows_wait_for_the_second_person(run, board, ours, checker):
    data = table("影响力榜,2019-08,在荷塘,1,,confirmed,日报")
    code, text = run(data, "--yes")
    assert code == 3
    assert "等第二个人复核" in text
    assert month_record(board).states(ours.pk) == ""
    assert run(data, "--yes")[0] == 0
    confirm_observations(checker, Observation.objects.all())
    assert month_record(board).states(ours.pk) == "F"
    assert run(data, "--yes")[0] == 0
    assert Observation.objects.count() == 1


def test_a_named_second_person_confirms(run, board, ours, checker):
    data = table("影响力榜,2019-08,在荷塘,1,,confirmed,日报")
    assert run(data, "--yes", "--confirmed-by", checker.username)[0] == 0
    assert Observation.objects.get().confirmed_by == checker


def test_an_archive_counts_at_once_and_is_audited(run, board, ours):
    data = table("影响力榜,2019-08,在荷塘,1,,confirmed,日报")
    assert run(data, "--yes", "--as-archive")[0] == 0
    assert month_record(board).states(ours.pk) == "F"
    assert AuditEntry.objects.get(action="rankings.import").detail["as_archive"] is True


def test_corrections_need_a_reason(run, board, ours):
    run(table("影响力榜,2019-08,在荷塘,1,,,日报"), "--yes")
    data = table("影响力榜,2019-08,在荷塘,2,,,日报")
    code, text = run(data)
    assert code == 0
    assert "更正 第 2 行" in text
    assert "名次：1 → 2" in text
    assert "--reason" in text
    code, text = run(data, "--yes")
    assert code == 1
    assert "请写明更正理由" in text
    assert Observation.objects.count() == 1
    assert run(data, "--yes", "--reason", "原报道有误")[0] == 0
    new = Observation.objects.in_force().get()
    assert (new.rank, new.version, new.reason) == (2, 2, "原报道有误")


def test_unknown_names_can_be_made(run):
    data = table("新榜,2019-08,甲,1,,,日报", "新榜,2019-08,乙,2,,,日报")
    assert run(data, "--yes")[0] == 1
    code, text = run(data, "--create")
    assert code == 0
    assert "新建公众号 2 个：甲、乙" in text
    assert not Board.objects.exists()
    assert run(data, "--yes", "--create")[0] == 0
    assert Board.objects.get().is_monthly
    assert Account.objects.filter(confirmed=True).count() == 2


def test_contradicting_rows_name_each_other(run, board, ours):
    data = table(
        "影响力榜,2019-08,在荷塘,1,,,日报",
        "影响力榜,2019-08,在荷塘,2,,,日报",
        "影响力榜,2019-08,在荷塘,1,,,晚报",
        "影响力榜,2019-08,在荷塘,1,,,晚报",
    )
    code, text = run(data, "--yes", "--skip-bad-rows")
    assert code == 1
    assert "第 2 行：与第 3 行矛盾" in text
    assert "第 3 行：与第 2 行矛盾" in text
    assert [row.source_name for row in Observation.objects.all()] == ["晚报"]


def test_columns_that_are_missing_keep_what_is_recorded(run, board, ours):
    headings = "board,period,account,rank,reads,likes,unit,source_name"
    run(table("影响力榜,2019-08,在荷塘,1,88096,5,荷塘区,日报", headings=headings), "--yes")
    headings = "board,period,account,rank,likes,source_name"
    data = table("影响力榜,2019-08,在荷塘,1,7,日报", headings=headings)
    assert run(data, "--yes", "--reason", "补数")[0] == 0
    new = Observation.objects.in_force().get()
    assert (new.unit, new.figures["reads"]["value"], new.figures["likes"]["value"]) == (
        "荷塘区",
        88096,
        7,
    )


def test_a_month_not_issued(run, board, ours):
    data = table(
        "影响力榜,2019-06,在荷塘,1,,confirmed,日报",
        "影响力榜,2019-07,,,not_issued,confirmed,日报",
        "影响力榜,2019-08,在荷塘,1,,confirmed,日报",
    )
    assert run(data, "--yes", "--as-archive")[0] == 0
    assert month_record(board).states(ours.pk) == "FSF"


def test_twenty_four_reported_months_prove_nothing(run, board, ours):
    months = [f"{2017 + (8 + n) // 12}-{(8 + n) % 12 + 1:02d}" for n in range(24)]
    rows = [f"影响力榜,{month},在荷塘,1,,reported,株洲日报" for month in months]
    assert (months[0], months[-1]) == ("2017-09", "2019-08")
    assert run(table(*rows), "--yes")[0] == 0
    [row] = board_standings(board).accounts
    assert (row.current.proved, row.current.possible, row.current.reported) == (0, 24, 24)


def test_a_board_can_stand_in_for_the_column(run, board, ours):
    data = table("2019-08,在荷塘,1", headings="period,account,rank")
    assert run(data, "--yes", "--board", "county")[0] == 0
    assert Observation.objects.get().board == board


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (None, [], "找不到文件"),
        (b"", [], "文件是空的"),
        (b"\x89PNG\r\n\x1a\n", [], "。"),
        (b"a,b\n1,2\n", [], "缺少这些列"),
        (table(), ["--confirmed-by", "nobody"], "没有用户名为“nobody”的用户"),
    ],
)
def test_usage_errors(run, data, options, message):
    code, text = run(data, *options)
    assert code == 2
    assert message in text


def test_the_second_person_needs_the_permission(run, recorder):
    code, text = run(table(), "--yes", "--confirmed-by", recorder.username)
    assert (code, "没有复核名次的权限" in text) == (2, True)


def test_the_order_of_rows_is_irrelevant(ours):
    rows = [
        "{},2019-06,在荷塘,1,,confirmed,甲报",
        "{},2019-06,在荷塘,2,,confirmed,乙报",
        "{},2019-07,在荷塘,1,,reported,甲报",
        "{},2019-08,,,not_issued,confirmed,甲报",
        "{},2019-09,在荷塘,1,,confirmed,甲报",
    ]
    states = []
    for order in (rows, rows[::-1]):
        board = BoardFactory()
        data = table(*[row.format(board.key) for row in order])
        import_table(None, open_table(data), ImportOptions(as_archive=True))
        states.append(month_record(board).states(ours.pk))
    assert states == ["DRSF", "DRSF"]


def test_importing_needs_the_permission(person, board, ours):
    data = open_table(table("影响力榜,2019-08,在荷塘,1,,,日报"))
    with pytest.raises(PermissionDenied):
        import_table(person("路人"), data, ImportOptions())


def test_who_may_import_may_make_names(person):
    importer = person("导入员", "import_rankings")
    data = open_table(table("新榜,2019-08,甲,1,,,日报"))
    outcome = import_table(importer, data, ImportOptions(create=True))
    assert outcome.result.created == 1
    assert Observation.objects.get().recorded_by == importer
    assert AuditEntry.objects.get(action="rankings.account.create").actor == importer


def test_an_archive_needs_an_administrator(recorder, board, ours):
    data = open_table(table("影响力榜,2019-08,在荷塘,1,,confirmed,日报"))
    with pytest.raises(PermissionDenied, match="管理员"):
        import_table(recorder, data, ImportOptions(as_archive=True))


def test_a_dated_name_is_read_in_its_time(board, ours):
    AccountName.objects.create(account=ours, name="荷塘微讯", valid_to="2018-12-31")
    plan = preview(
        open_table(
            table("影响力榜,2018-08,荷塘微讯,1,,,日报", "影响力榜,2019-08,荷塘微讯,1,,,日报")
        ),
        ImportOptions(create=True),
    )
    assert (plan.new, [row.line for row in plan.bad]) == (1, [3])


def test_a_week_is_refused_on_a_monthly_board(run, board, ours):
    code, text = run(table("影响力榜,2019-08-04/2019-08-10,在荷塘,1,,,日报"), "--yes")
    assert (code, "不是它的一期" in text) == (1, True)


def test_more_rows_than_a_chunk(board):
    accounts = [AccountFactory(name=f"号{n}") for n in range(30)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["board", "period", "account", "rank", "status"])
    for n in range(80):
        month = f"{2012 + n // 12}-{n % 12 + 1:02d}"
        writer.writerows(
            ["county", month, account.name, rank, "confirmed"]
            for rank, account in enumerate(accounts, 1)
        )
    data = open_table(text.getvalue().encode())
    options = ImportOptions(as_archive=True)
    assert import_table(None, data, options).result.created == 2400
    assert import_table(None, data, options).plan.unchanged == 2400


# --- keys ---------------------------------------------------------------------------------------

KEYED = "board,period,account,rank,status,source_name,board_key,account_key"


def test_keys_tell_things_of_one_name_apart(run, board, ours):
    twin = AccountFactory(key="twin", name="在荷塘")
    data = table("影响力榜,2019-08,在荷塘,2,,日报,county,twin", headings=KEYED)
    assert run(data, "--yes")[0] == 0
    assert Observation.objects.get().account == twin


def test_a_key_that_contradicts_the_name_is_refused(run, board, ours):
    AccountFactory(key="other", name="别家")
    data = table("影响力榜,2019-08,在荷塘,2,,日报,county,other", headings=KEYED)
    code, text = run(data, "--yes")
    assert code == 1
    assert "编号“other”是公众号“别家”，和这一行写的“在荷塘”不是一个" in text


def test_a_former_name_goes_with_the_key(run, board, ours):
    AccountName.objects.create(account=ours, name="荷塘发布", kind="name")
    data = table("影响力榜,2019-08,荷塘发布,2,,日报,county,hetang", headings=KEYED)
    assert run(data, "--yes")[0] == 0
    assert Observation.objects.get().account == ours


def test_a_name_under_another_key_is_not_made_twice(run, board, ours):
    data = table("影响力榜,2019-08,在荷塘,2,,日报,county,elsewhere", headings=KEYED)
    code, text = run(data, "--yes", "--create")
    assert code == 1
    assert "“在荷塘”在本系统的编号是“hetang”" in text
    assert Account.objects.count() == 1


def test_new_things_get_the_keys_of_the_file(run, db):
    data = table(
        "新榜,2019-08,甲,1,,日报,new-board,jia-1",
        "新榜,2019-08,甲,2,,日报,new-board,jia-2",
        headings=KEYED,
    )
    assert run(data, "--yes", "--create")[0] == 0
    assert Board.objects.get().key == "new-board"
    assert set(Account.objects.values_list("key", "name")) == {("jia-1", "甲"), ("jia-2", "甲")}


# --- what was sent back ---------------------------------------------------------------------------


def test_a_row_that_was_sent_back_belongs_to_a_history(run, board, ours):
    head = "board,period,account,rank,status,source_name,version,rejection"
    code, text = run(table("影响力榜,2019-08,在荷塘,2,已退回,日报,,看错", headings=head), "--yes")
    assert code == 1 and "连同版本号一起导入" in text
    data = table(
        "影响力榜,2019-08,在荷塘,2,已退回,日报,1,看错",
        "影响力榜,2019-08,在荷塘,1,,日报,2,",
        headings=head,
    )
    assert run(data, "--yes", "--reason", "退回后改正")[0] == 0
    first, second = Observation.objects.order_by("version")
    assert (first.status, first.is_current, first.rejection) == ("rejected", False, "看错")
    assert (second.status, second.is_current, second.supersedes) == ("reported", True, first)
