"""Past articles: the plan, the run, the command."""

import datetime as dt
import io
import json
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from articles.importing import archive as archives
from articles.importing.archive import ArchiveRefused, open_archive, open_bytes
from articles.importing.past_plan import PastOptions, plan, run
from articles.models import ArticlePage, Origin
from cms.ops.models import AuditEntry
from media.models import CustomImage
from tests.factories.articles import ColumnFactory

from .pages import CLEAN_URL, archive, page, picture

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")
TITLE = "荷塘来了新图书馆"


@pytest.fixture
def column(people):
    return ColumnFactory(title="身边事", slug="shenbian")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / f"{TITLE}.html").write_bytes(page())
    (tmp_path / f"{TITLE}_files").mkdir()
    (tmp_path / f"{TITLE}_files" / "640").write_bytes(picture())
    (tmp_path / f"{TITLE}_files" / "frame.html").write_bytes(b"<html></html>")
    return tmp_path


def command(path, *flags: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("import_articles", str(path), *flags, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def sheet(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_folder_is_shown_first_and_then_written(folder, column):
    code, said = command(folder, "--column", "shenbian")
    assert (code, ArticlePage.objects.count()) == (0, 0)
    assert f"将导入 {TITLE}.html：{TITLE}" in said and "什么也没有写入" in said
    code, said = command(folder, "--column", "shenbian", "--yes")
    assert code == 0 and "已写入 1 篇" in said
    article = ArticlePage.objects.get()
    assert article.live and article.origin == Origin.IMPORTED
    assert article.first_published_at == dt.datetime(2019, 11, 8, 8, 0, tzinfo=BEIJING)
    assert (article.original_url, article.author, article.editor_in_charge) == (
        CLEAN_URL,
        "李记者",
        "王芳",
    )
    assert [(s.name, s.url, s.date) for s in article.sources.all()] == [
        ("在荷塘", CLEAN_URL, dt.date(2019, 11, 8))
    ]
    assert "早上八点，图书馆开门。" in str(article.body[0].value)
    assert not CustomImage.objects.exists()
    entry = AuditEntry.objects.get(action="article.import_past")
    assert entry.detail["original_url"] == CLEAN_URL and entry.actor is None


def test_a_second_run_goes_on_where_the_first_ended(folder, column):
    command(folder, "--column", "身边事", "--yes")
    (folder / "二.html").write_bytes(page("第二篇", mid=266))
    code, said = command(folder, "--column", "身边事", "--yes")
    assert code == 0 and "新 1 篇，已有 1 篇" in said and "已写入 1 篇" in said
    assert ArticlePage.objects.count() == 2


def test_pictures_beside_a_page_are_taken_when_their_captions_may_describe_them(folder, column):
    flags = ("--credit", "区融媒体中心", "--licence", "own", "--alt-from-caption", "--yes")
    code, _ = command(folder, "--column", "shenbian", *flags)
    assert code == 0
    image = CustomImage.objects.get()
    assert (image.alt_text, image.credit, image.licence) == (
        "读者在门口排队",
        "区融媒体中心",
        "own",
    )
    article = ArticlePage.objects.get()
    assert [b.value["image"].pk for b in article.body if b.block_type == "picture"] == [image.pk]


def test_bad_ones_hold_back_all_unless_they_are_to_be_skipped(folder, column):
    (folder / "坏.html").write_bytes("<p>该内容已被发布者删除</p>".encode())
    code, said = command(folder, "--column", "shenbian", "--yes")
    assert (code, ArticlePage.objects.count()) == (1, 0)
    assert "有错 坏.html：" in said and "--skip-bad" in said
    code, said = command(folder, "--column", "shenbian", "--yes", "--skip-bad")
    assert (code, ArticlePage.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ct": ""}, "没有发布日期"),
        ({"ct": "4102444800"}, "在今天之后"),
        ({"title": ""}, "没有标题"),
        ({"body": "<p>\u200b</p>"}, "没有责任编辑"),
        ({"body": "<p>\u200b</p><p style='display:none'>责编：王芳</p>"}, "没有可以导入的文字"),
    ],
    ids=["no date", "future", "no title", "nobody in charge", "no text"],
)
def test_what_is_lacking_is_said(column, change, words):
    found = plan(open_bytes(archive({"a.html": page(**change)}), "a.zip"), PastOptions(column))
    assert words in str(found.bad[0])


def test_the_same_article_twice_and_the_same_address_on_another_day(column):
    twice = open_bytes(archive({"a.html": page(), "b.html": page()}), "a.zip")
    assert "与a.html是同一篇文章" in str(plan(twice, PastOptions(column)).bad[0])
    run(None, twice, plan(twice, PastOptions(column)).new, PastOptions(column))
    later = open_bytes(archive({"a.html": page(ct="1573371200")}), "a.zip")
    assert "已经导入过，日期是 2019-11-08" in str(plan(later, PastOptions(column)).bad[0])


def test_a_sheet_of_addresses_and_dates(column, tmp_path):
    (tmp_path / "清单.xlsx").write_bytes(
        sheet(
            ["地址", "标题", "日期", "作者", "栏目", "责任编辑"],
            [
                "https://mp.weixin.qq.com/s/aaa",
                "第一篇",
                "2018年3月5日 07:30",
                "李",
                "身边事",
                "王",
            ],
            ["https://mp.weixin.qq.com/s/bbb", "第二篇", dt.date(2018, 3, 6), "李", "没有的", "王"],
            ["不是地址", "第三篇", "三月", "李", "身边事", "王"],
        )
    )
    code, said = command(tmp_path / "清单.xlsx", "--yes", "--skip-bad")
    assert code == 1
    article = ArticlePage.objects.get()
    assert article.first_published_at == dt.datetime(2018, 3, 5, 7, 30, tzinfo=BEIJING)
    assert 'href="https://mp.weixin.qq.com/s/aaa"' in str(article.body[0].value)
    assert "没有名为“没有的”的栏目" in said and "不是网页地址" in said and "看不懂" in said


def test_a_sheet_that_names_the_files(column, folder):
    (folder / "清单.csv").write_text(
        f"文件名,栏目,日期,标题\n{TITLE}.html,身边事,2019-11-08,改过的标题\n没有.html,身边事,2019-11-08,\n"
    )
    found = plan(open_archive(folder), PastOptions())
    assert [item.title for item in found.new] == ["改过的标题"]
    # The day is the sheet's, the time the page's.
    assert found.new[0].row.published_at.hour == 8
    assert "找不到文件 没有.html" in str(found.bad[0])


def test_a_sheet_and_a_page_that_disagree_about_the_day(column, folder):
    (folder / "清单.csv").write_text(f"文件名,栏目,日期\n{TITLE}.html,身边事,2019-11-09\n")
    assert "不一致" in str(plan(open_archive(folder), PastOptions()).bad[0])


def test_one_that_fails_leaves_the_others_and_no_half(column, monkeypatch):
    files = {f"{n}.html": page(f"第{n}篇", mid=n) for n in range(3)}
    source = open_bytes(archive(files), "a.zip")
    options = PastOptions(column)
    found = plan(source, options)
    found.new[1].row.title = "长" * 300
    failed = run(None, source, found.new, options)
    assert [item.row.place for item in failed] == ["1.html"] and "标题" in str(failed[0])
    assert sorted(ArticlePage.objects.values_list("title", flat=True)) == ["第0篇", "第2篇"]


def test_the_number_of_queries_does_not_grow_with_the_plan(column, django_assert_num_queries):
    for count in (3, 30):
        files = {f"{n}.html": page(f"第{n}篇", mid=n) for n in range(count)}
        source = open_bytes(archive(files), "a.zip")
        with django_assert_num_queries(2):
            assert len(plan(source, PastOptions(column)).new) == count


def test_usage(tmp_path, column, folder):
    for path, flags, words in (
        (tmp_path / "无", (), "找不到"),
        (folder, ("--column", "无"), "没有名为"),
        (folder, ("--alt-from-caption",), "--credit"),
    ):
        code, said = command(path, *flags)
        assert code == 2 and words in said


def test_json(folder, column):
    code, said = command(folder, "--column", "shenbian", "--yes", "--json")
    answer = json.loads(said)
    assert code == 0 and (answer["imported"], answer["known"], answer["bad"]) == (1, 0, [])


# --- archives ---------------------------------------------------------------------------------


def test_names_that_windows_wrote(column):
    data = archive({"xxxx.html": page()}).replace(b"xxxx.html", "荷塘".encode("gb18030") + b".html")
    assert open_bytes(data, "a.zip").pages == ["荷塘.html"]


def test_names_never_leave_the_archive():
    source = open_bytes(archive({"a.html": b"x", "../../etc/passwd": b"y"}), "a.zip")
    assert source.read("../../../../etc/hosts") is None
    assert source.beside("a.html", "../a.html") == b"x"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"x", "a.zip", "损坏"),
        (b"x", "a.rar", "只收"),
        (b"", "a.xlsx", "空的"),
        (archive({"a.csv": b"x", "b.csv": b"y"}), "a.zip", "请只留一个"),
    ],
    ids=["damaged", "other", "empty sheet", "two sheets"],
)
def test_archives_that_are_refused(data, name, words):
    with pytest.raises(ArchiveRefused, match=words):
        open_bytes(data, name)


def test_archives_that_unpack_to_too_much(monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 10)
    with pytest.raises(ArchiveRefused, match="太大"):
        open_bytes(archive({"a.html": b"x" * 11}), "a.zip")


def test_nothing_to_import(tmp_path, column):
    assert command(tmp_path)[0] == 2
