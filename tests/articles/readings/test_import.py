"""The back office's sheet: read by headings, looked at, written once and in one go."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook

from articles.models import Metric, Reading, ReadingImport, ReadingSource, WeChatPost, Window
from articles.readings import import_plan, sheet
from articles.readings.import_plan import ImportRefused
from articles.readings.sheet import UnusableSheet, read_sheet, read_value
from articles.readings.sheet_files import open_sheet
from rankings.importing.reading import UnreadableFile
from tests.factories.articles import ArticleFactory

from .conftest import long_url, make_post

EXPORT = Path(__file__).parents[2] / "fixtures" / "readings-export.xls"
DAY = dt.date(2026, 11, 10)
HEADS = "内容标题,发表时间,总阅读人数,总阅读次数,内容url"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 12, 4, tzinfo=dt.UTC)):
        yield


def csv(*rows: str, heads: str = HEADS, encoding: str = "utf-8") -> bytes:
    return "\n".join([heads, *rows]).encode(encoding)


def xlsx(rows: list[list]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rows_of(data: bytes):
    return read_sheet(open_sheet(data)).rows


def values(row) -> dict:
    return {each.metric: (each.value, each.capped) for each in row.values}


# --- reading --------------------------------------------------------------------------------------


def test_the_old_excel_that_wechat_writes() -> None:
    found = read_sheet(open_sheet(EXPORT.read_bytes()))
    first, second, third = found.rows
    assert first.title == "楼道的灯亮了"
    assert first.published_on == dt.date(2026, 11, 2)
    assert first.address.key == ("2650001", 1)
    assert values(first)[Metric.READS] == (100001, True)
    assert values(first)[Metric.READERS] == (81234, False)
    assert values(first)[Metric.DELIVERY_RATE][0] == Decimal("0.0451")
    assert values(second)[Metric.READS] == (6543, False)
    assert third.address is None
    assert "送达人数" in found.ignored
    assert not [row for row in found.rows if row.errors]


@pytest.mark.parametrize(
    "data",
    [
        csv(f"秋,2026-11-02,12,30,{long_url(1)}"),
        csv(f"秋,2026年11月2日,12,30,{long_url(1)}", encoding="gbk"),
        csv(f"秋,2026/11/2 08:30,12,30,{long_url(1)}", encoding="utf-8-sig"),
        xlsx([HEADS.split(","), ["秋", dt.datetime(2026, 11, 2, 8, 30), 12, 30, long_url(1)]]),
        csv(
            f"秋,20261102,12,30,{long_url(1)}", heads="标题,群发时间,图文阅读人数,图文阅读次数,链接"
        ),
        csv(
            f"秋,20261102,12,30,{long_url(1)}",
            heads=HEADS.replace("总阅读次数", "总阅读次数（次）"),
        ),
    ],
    ids=["utf-8", "gbk", "bom", "xlsx", "synonyms", "units"],
)
def test_a_sheet_in_any_dress_says_the_same(data) -> None:
    (row,) = rows_of(data)
    assert (row.title, row.published_on, row.address.key) == ("秋", dt.date(2026, 11, 2), ("1", 1))
    assert values(row) == {Metric.READERS: (12, False), Metric.READS: (30, False)}


@pytest.mark.parametrize(
    ("heading", "metric"),
    [
        ("阅读量", Metric.READS),
        ("阅读数", Metric.READS),
        ("阅读次数", Metric.READS),
        ("阅读人数", Metric.READERS),
        ("总阅读人数", Metric.READERS),
    ],
)
def test_people_only_where_the_heading_says_people(heading, metric) -> None:
    (row,) = rows_of(csv(f"7,{long_url(1)}", heads=f"{heading},url"))
    assert [each.metric for each in row.values] == [metric]
    people = [w for m, words in sheet._COLUMNS.items() if m == Metric.READERS for w in words]
    assert all("人数" in word for word in people)


def test_a_column_in_ten_thousands() -> None:
    (row,) = rows_of(csv(f"1.2,{long_url(1)}", heads="阅读次数(万),url"))
    assert values(row) == {Metric.READS: (12000, False)}


@pytest.mark.parametrize(
    ("metric", "text", "said"),
    [
        (Metric.READS, "很多", "看不懂"),
        (Metric.READS, "-3", "看不懂"),
        (Metric.READS, "近3万", "约数"),
        (Metric.READS, "12.5", "不是整数"),
        (Metric.FINISH_RATE, "120%", "看不懂"),
        (Metric.FINISH_RATE, "nan", "看不懂"),
    ],
)
def test_a_cell_that_is_no_value_gets_a_sentence(metric, text, said) -> None:
    assert said in read_value(metric, text)


@pytest.mark.parametrize(("text", "capped"), [("10万+", True), ("100001", True), ("10w+", True)])
def test_the_ceiling_is_of_reads_alone(text, capped) -> None:
    assert read_value(Metric.READS, text).capped is capped
    assert read_value(Metric.READERS, text).capped is False


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", UnreadableFile),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, UnreadableFile),
        (b"PK\x03\x04broken", UnreadableFile),
        (csv("a,b", heads="甲,乙"), UnusableSheet),
        (csv(heads=HEADS), UnusableSheet),
        (csv("1,2,x", heads="阅读次数,阅读量,url"), UnusableSheet),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(data, error) -> None:
    with pytest.raises(error) as refusal:
        rows_of(data)
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("秋,2026-11-02,1,2,https://example.com/a", "不是微信文章的地址"),
        ("秋,下周,1,2,", "日期"),
        (",2026-11-02,1,2,", "对不上"),
        (f"秋,2026-11-11,1,2,{long_url(1)}", "晚于导出日期"),
    ],
)
@pytest.mark.django_db
def test_what_is_wrong_with_a_row_is_said(line, said) -> None:
    found = import_plan.plan(csv(line), "a.csv", DAY)
    assert said in "".join(found.bad[0].errors)
    assert not found.taken


# --- joining and writing --------------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_are_joined_by_address_and_written_once(people, post) -> None:
    other = make_post(2650001, 2)
    found = import_plan.plan(EXPORT.read_bytes(), "内容分析.xls", DAY)
    assert [row.post for row in found.taken] == [post, other]
    assert len(found.open) == 1
    batch = import_plan.run(people.office, found)
    reads = Reading.objects.get(post=post, metric=Metric.READS)
    assert (reads.value, reads.bound, reads.capped, reads.raw) == (
        100001,
        "at_least",
        True,
        "10万+",
    )
    assert (reads.window, reads.source) == (Window.AT_EXPORT, ReadingSource.EXPORT)
    assert (reads.stat_date, reads.imported) == (DAY, batch)
    with pytest.raises(ImportRefused, match="导入过"):
        import_plan.run(people.office, found)
    assert import_plan.plan(EXPORT.read_bytes(), "again.xls", DAY).known == batch
    assert ReadingImport.objects.count() == 1


@pytest.mark.django_db
def test_the_same_values_in_another_file_are_nothing_new(people, post) -> None:
    line = f"秋,2026-11-02,12,30,{post.url}"
    import_plan.run(people.publisher, import_plan.plan(csv(line), "a.csv", DAY))
    again = import_plan.plan(csv(line, ""), "b.csv", DAY)
    assert not again.taken
    changed = import_plan.plan(csv(line.replace("30", "31")), "c.csv", DAY)
    assert (changed.added, changed.changed) == (0, 1)
    with pytest.raises(ImportRefused, match="没有可以写入"):
        import_plan.run(people.publisher, again)


@pytest.mark.django_db
def test_an_unknown_address_is_a_new_post_joined_to_our_article(people) -> None:
    article = ArticleFactory(writer=people.editor, live=True, original_url=long_url(77))
    found = import_plan.plan(csv(f"秋,2026-11-02,12,30,{long_url(77)}"), "a.csv", DAY)
    import_plan.run(people.office, found)
    post = WeChatPost.objects.get()
    assert (post.msg_data_id, post.index, post.article_id) == ("77", 1, article.pk)


@pytest.mark.django_db
def test_a_title_never_joins_and_a_person_may(people, post) -> None:
    data = csv(f"{post.title},2026-11-02,12,30,")
    found = import_plan.plan(data, "a.csv", DAY)
    (row,) = found.open
    assert not found.taken
    assert [(c.value, c.same_title) for c in row.candidates] == [(f"post:{post.pk}", True)]
    chosen = import_plan.plan(data, "a.csv", DAY, {row.row.number: f"post:{post.pk}"})
    assert [each.post for each in chosen.taken] == [post]
    assert not import_plan.plan(data, "a.csv", DAY, {row.row.number: "post:999999"}).taken
    skipped = import_plan.plan(data, "a.csv", DAY, {row.row.number: "skip"})
    assert (skipped.open, skipped.taken) == ([], [])
    new = import_plan.plan(data, "a.csv", DAY, {row.row.number: "new"})
    assert new.taken[0].is_new


@pytest.mark.django_db
def test_a_short_address_may_be_a_post_known_by_its_long_one(people, post) -> None:
    short = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    data = csv(f"秋,2026-11-02,12,30,{short}")
    (row,) = import_plan.plan(data, "a.csv", DAY).asked
    assert row.is_new
    chosen = import_plan.plan(data, "a.csv", DAY, {row.row.number: f"post:{post.pk}"})
    assert chosen.taken[0].post == post


@pytest.mark.django_db
def test_two_rows_of_one_post_are_an_error(post) -> None:
    line = f"秋,2026-11-02,12,30,{post.url}"
    found = import_plan.plan(csv(line, line), "a.csv", DAY)
    assert "同一篇" in found.bad[0].errors[0]
    assert len(found.taken) == 1


@pytest.mark.django_db
def test_who_may_not_import_is_told(people, post) -> None:
    found = import_plan.plan(EXPORT.read_bytes(), "a.xls", DAY)
    with pytest.raises(ImportRefused, match="没有导入阅读数据的权限"):
        import_plan.run(people.editor, found)
    assert not Reading.objects.exists()


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_shows_first_and_writes_when_told(people, post, capsys) -> None:
    def run(*more: str) -> int:
        try:
            call_command("import_readings", str(EXPORT), "--exported-on", "2026-11-10", *more)
        except SystemExit as leaving:
            return leaving.code
        except CommandError as error:
            return error.returncode
        return 0

    assert run() == 1
    said = capsys.readouterr().out
    assert "阅读次数 10万+" in said
    assert "没有对上" in said
    assert not Reading.objects.exists()
    assert run("--yes") == 2
    assert run("--yes", "--by", "editor") == 2
    assert run("--yes", "--by", "office") == 1
    assert Reading.objects.filter(post=post).exists()
    assert run("--yes", "--by", "office") == 0
    with pytest.raises(CommandError) as refusal:
        call_command("import_readings", "nowhere.xls", "--exported-on", "2026-11-10")
    assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="不是日期"):
        call_command("import_readings", str(EXPORT), "--exported-on", "昨天")


# --- the screens ----------------------------------------------------------------------------------


@pytest.fixture
def office(people, client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client.force_login(people.office)
    return client


def upload(client, data: bytes, day: str = "2026-11-10"):
    file = io.BytesIO(data)
    file.name = "内容分析.xls"
    return client.post(reverse("readings_upload"), {"file": file, "exported_on": day})


@pytest.mark.django_db
def test_upload_look_choose_write(office, post) -> None:
    response = upload(office, EXPORT.read_bytes())
    preview = response.url
    page = office.get(preview).content.decode()
    for words in ("10万+", "没有取用：送达人数", "没有地址的一篇", "请选择", "不导入这一行"):
        assert words in page
    assert not Reading.objects.exists()
    response = office.post(preview, {"action": "save", "row-4": "new"}, follow=True)
    assert "已写入 3 篇" in response.content.decode()
    assert WeChatPost.objects.filter(title="没有地址的一篇", article=None).exists()
    assert office.post(preview, {"action": "save"}).url == reverse("readings_upload")


@pytest.mark.django_db
def test_bad_rows_stop_the_writing_until_they_are_left_out(office, post) -> None:
    good, bad = f"秋,2026-11-02,12,30,{post.url}", f"冬,2026-11-02,x,30,{long_url(9)}"
    preview = upload(office, csv(good, bad)).url
    office.post(preview, {"action": "save"})
    assert not Reading.objects.exists()
    office.post(preview, {"action": "save", "skip_bad": "1"})
    assert Reading.objects.filter(post=post).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "day", "said"),
    [
        (b"<html>no</html>", "2026-11-10", "没有认出列名"),
        (EXPORT.read_bytes(), "2026-11-13", "今天之后"),
        (b"", "2026-11-10", "空的"),
    ],
)
def test_what_cannot_be_read_is_said_on_the_form(office, data, day, said) -> None:
    response = upload(office, data, day)
    assert response.status_code == 422
    assert said in response.content.decode()


@pytest.mark.django_db
def test_giving_up_writes_nothing(office, post) -> None:
    preview = upload(office, EXPORT.read_bytes()).url
    office.post(preview, {"action": "cancel"})
    assert office.get(preview).url == reverse("readings_upload")
    assert not Reading.objects.exists()
