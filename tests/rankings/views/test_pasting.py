"""Importing what was pasted: one month, many months, and the rows that were not fit."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rankings import dependents
from rankings.dependents import Dependent
from rankings.importing.reading import open_table
from rankings.models import Observation
from rankings.queries import month_record
from tests.factories.rankings import AccountFactory, ObservationFactory
from tests.factories.users import UserFactory

from .pictures import picture
from .screens import REVIEW, refused, text_of

pytestmark = pytest.mark.django_db

UPLOAD = reverse("rankings:import")
MONTH = {
    "period": "2018年3月",
    "source_kind": "publisher",
    "source_name": "某报社",
    "source_url": "https://example.org/3",
    "published": "2018-04-05",
    "list_size": "2",
    "method": "12.0",
    "edition": "final",
    "status": "confirmed",
}
LIST = "公众号\t名次\t阅读数\n在荷塘\t1\t10万+\n乙县发布\t2\t8.1万\n"


@pytest.fixture
def accounts(ours):
    return [ours, AccountFactory(name="乙县发布")]


def paste(client, text, follow=True, **fields):
    return client.post(UPLOAD, {"text": text, **fields}, follow=follow)


def confirm(client, page, **options):
    url = page.redirect_chain[-1][0]
    return client.post(url, {"action": "confirm", **options}, follow=True)


def test_one_month_without_board_and_period_columns(client, as_role, board, accounts) -> None:
    as_role("office")
    page = paste(client, LIST, board=board.pk, **MONTH)
    text = text_of(page)
    assert "粘贴的表格" in text and "《县级榜》2018年3月 在荷塘 第1名（某报社）" in text
    assert "统计期 2018-03；来源种类 发布机构；来源 某报社" in text
    assert "其中 2 条标为“已核实”" in text
    assert not Observation.objects.exists()
    assert "导入完成" in text_of(confirm(client, page))
    row = Observation.objects.get(account=accounts[0])
    assert (row.rank, row.status, row.list_size, row.method) == (1, "proposed", 2, "12.0")
    assert (row.source_url, str(row.published)) == ("https://example.org/3", "2018-04-05")
    assert row.figures["reads"]["value"] == 100000
    client.force_login(UserFactory(roles=["office"]))
    rows = [row.pk for row in Observation.objects.waiting()]
    client.post(REVIEW, {"row": rows, "action": "confirm"})
    assert month_record(board).states(accounts[0].pk) == "F"


def test_the_original_goes_with_every_row(client, as_role, board, accounts) -> None:
    as_role("office")
    file = SimpleUploadedFile("榜.png", picture())
    page = paste(client, LIST, board=board.pk, evidence=file, **MONTH)
    confirm(client, page)
    captures = set(Observation.objects.values_list("capture__sha256", flat=True))
    assert len(captures) == 1 and None not in captures
    bad = SimpleUploadedFile("榜.png", b"MZ\x00\x01")
    response = paste(client, LIST, board=board.pk, evidence=bad, **MONTH)
    assert response.status_code == 422 and "只收图片" in text_of(response)


def test_many_months_across(client, as_role, board, accounts) -> None:
    as_role("office")
    wide = (
        "公众号\t2018年1月\t2018-02\t201803\t2018-04\n"
        "在荷塘\t1\t并列1\t—\t停发\n乙县发布\t>30\t未上榜\t2\t停发"
    )
    source = {"source_name": "某报社", "source_kind": "publisher", "status": "reported"}
    page = paste(client, wide, board=board.pk, **source)
    assert "第 2 行“2018年2月”一列" in text_of(page)
    confirm(client, page)
    said = Observation.objects.order_by("month", "rank").values_list(
        "month", "account__name", "rank", "tied", "state", "list_size"
    )
    january = 2018 * 12
    assert set(said) == {
        (january, "在荷塘", 1, False, "ranked", None),
        (january, "乙县发布", None, False, "absent", 30),
        (january + 1, "在荷塘", 1, True, "ranked", None),
        (january + 1, "乙县发布", None, False, "absent", None),
        (january + 2, "乙县发布", 2, False, "ranked", None),
        (january + 3, None, None, False, "not_issued", None),
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " "}, "请选择要导入的文件，或在下面粘贴表格"),
        ({"text": "在荷塘"}, "看不出列"),
        ({"text": "公众号\t名次\n在荷塘\t1"}, "缺少这些列：board（榜单）、period（统计期）"),
        ({"text": LIST, "period": "三月"}, "看不懂统计期“三月”"),
        ({"text": LIST, "source_url": "ftp:x"}, "网址"),
        ({"text": LIST, "list_size": "0"}, "等于"),
        ({"text": LIST, "file": SimpleUploadedFile("a.csv", b"a,b")}, "只能用一样"),
    ],
)
def test_what_is_unfit_is_told_and_keeps_what_was_typed(
    client, as_role, board, fields, sentence
) -> None:
    as_role("office")
    response = client.post(UPLOAD, fields)
    text = text_of(response)
    assert response.status_code == 422 and sentence in text
    if fields.get("text", "").startswith("公众号"):
        assert "在荷塘\t1" in text


def test_bad_rows_are_downloaded_mended_and_imported(client, as_role, board, accounts) -> None:
    as_role("office")
    page = paste(client, "公众号\t名次\n在荷塘\t1\n=乙县\t零\n", board=board.pk, **MONTH)
    url = page.redirect_chain[-1][0]
    assert reverse("rankings:import_bad_rows", args=[url.split("/")[-2]]) in text_of(page)
    response = client.get(url + "bad-rows/")
    assert "attachment" in response["Content-Disposition"]
    heading, row = [line.cells for line in open_table(response.content).lines()]
    assert heading[:2] == ["公众号", "名次"] and heading[-1] == "原因"
    assert row[:2] == ["=乙县", "零"] and "名次“零”不是 1 以上的整数" in row[-1]
    assert b"\n'=" in response.content
    client.post(url, {"action": "check", "skip_bad_rows": "on"})
    client.post(url, {"action": "confirm", "skip_bad_rows": "on"})
    assert Observation.objects.count() == 1
    mended = response.content.replace("'=乙县".encode(), "乙县发布".encode())
    mended = mended.replace("零".encode(), b"2", 1)
    page = client.post(UPLOAD, {"file": SimpleUploadedFile("改.csv", mended)}, follow=True)
    confirm(client, page)
    row = Observation.objects.get(account=accounts[1])
    assert (row.rank, row.source_name, row.method, str(row.period)) == (
        2,
        "某报社",
        "12.0",
        "2018-03",
    )


def test_what_leans_on_corrected_rows_is_told(
    client, as_role, board, accounts, monkeypatch
) -> None:
    seen = []

    def find(rows):
        seen.extend(rows)
        return [Dependent("连续24个月", "已批准", "/claim/1/")]

    monkeypatch.setattr(dependents, "_registered", {"claims": ("结论", find)})
    as_role("office")
    old = ObservationFactory(
        board=board, account=accounts[0], period="2018-03", source_name="某报社", rank=2
    )
    page = paste(client, LIST, board=board.pk, **MONTH)
    assert "引用了要更正的记录" in text_of(page) and 'href="/claim/1/"' in text_of(page)
    assert seen == [old]


def test_gone_uploads_have_no_bad_rows(client, as_role) -> None:
    as_role("office")
    url = reverse("rankings:import_bad_rows", args=["0" * 32])
    assert "已过期" in text_of(client.get(url, follow=True))
    as_role("editor")
    assert refused(client.get(url))


def test_pasted_markup_is_shown_as_text(client, as_role, board) -> None:
    as_role("office")
    text = "公众号\t名次\n<script>alert(1)</script>\t1\n"
    shown = text_of(paste(client, text, board=board.pk, **MONTH))
    assert "<script>alert" not in shown and "&lt;script&gt;alert(1)" in shown
