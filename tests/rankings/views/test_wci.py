"""指数试算, 指数核对, and the marks on the month table and the month's detail."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from cms.ops.models import AuditEntry
from rankings.models import Observation
from rankings.wci import VERSIONS, index
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

from .screens import READERS, refused, text_of

pytestmark = pytest.mark.django_db

WHAT_IF, CHECK = reverse("rankings:what_if"), reverse("rankings:index_check")
FULL = {
    "articles": 90,
    "reads": 600000,
    "headline_reads": 420000,
    "max_reads": 90000,
    "looks": 6000,
    "headline_looks": 4800,
    "max_looks": 900,
}
LINES = """日期,标题,阅读,在看,头条
11-01,荷花开了,3000,12,是
11-05,夜读,5000,30,是
11-09,通知,800,2,否"""


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-22 04:00+00:00", tick=False):
        yield


def printed(raw: str) -> dict:
    return {"value": float(raw), "bound": "exact", "capped": False, "raw": raw}


def figures(**changes) -> dict:
    """Figures with the index that WCI 13.0 gives; ``index`` may be said otherwise."""
    true = f"{index(VERSIONS['13.0'], FULL).low:.2f}"
    shown = {key: FULL[key] for key in ("articles", "reads", "headline_reads", "max_reads")}
    shown["looks"] = FULL["looks"]
    stored = {key: {"value": v, "bound": "exact", "raw": str(v)} for key, v in shown.items()}
    stored["index"] = printed(changes.get("index", true))
    return stored


def listed(board, month: str = "2026-10", **fields) -> Observation:
    fields = {"method": "13.0", "figures": figures()} | fields
    return ObservationFactory(board=board, period=month, **fields)


def fill(**fields) -> dict:
    return {"month": "2026-11", "as_of": "2026-11-10", "version": "13.0", "board": ""} | fields


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [WHAT_IF, CHECK])
def test_readers_may_and_others_may_not(client, as_role, url) -> None:
    for role in READERS:
        as_role(role)
        assert client.get(url).status_code == 200
    as_role()
    assert refused(client.get(url)) or client.get(url).status_code in (302, 403)
    client.logout()
    assert client.get(url).status_code == 302


# --- trying out -------------------------------------------------------------------------------


def test_the_empty_form_says_why_there_are_no_targets(client, as_role, board) -> None:
    as_role("editor")
    text = text_of(client.get(WHAT_IF))
    assert "指尖上的形式主义" in text and "不给篇数和阅读量指标" in text
    assert 'value="2026-11"' in text and 'value="2026-11-22"' in text
    assert "只算不存" in text


def test_a_month_is_tried_out_and_nothing_is_stored(client, as_role, ours) -> None:
    example = BoardFactory(key="demo", name="演示榜", is_example=True)
    listed(example, rank=1, account=AccountFactory(name="听荷发布"))
    listed(example, rank=2, account=ours, figures=figures(index="700.00"))
    as_role("office")
    before = (Observation.objects.count(), AuditEntry.objects.count())
    response = client.post(WHAT_IF, fill(board=example.pk, version="", table=LINES))
    text = text_of(response)
    assert response.status_code == 200
    assert "WCI 13.0 指数" in text
    assert "放在2026年10月的榜上" in text and "参照的是2026年10月的榜单：2026年11月的还没有" in text
    assert "听荷发布，第1名" in text
    assert "第2名" in text  # our own row of last month is no rival
    assert "2 篇的中位数" in text and "再发非头条一篇" in text
    assert "发布不到 7 天" in text and "余下 20 天" in text
    assert "rk-badge--example" in text
    assert "荷花开了" in text  # what was typed is still there
    assert (Observation.objects.count(), AuditEntry.objects.count()) == before
    assert "荷花开了" not in text_of(client.get(WHAT_IF))


def test_another_method_is_never_compared(client, as_role, board) -> None:
    listed(board)
    as_role("office")
    text = text_of(client.post(WHAT_IF, fill(board=board.pk, version="14.2a", table=LINES)))
    assert "两种算法的指数不能相比" in text and "放在2026年10月的榜上" not in text
    other = BoardFactory()
    listed(other, method="")
    text = text_of(client.post(WHAT_IF, fill(board=other.pk, table=LINES)))
    assert "没有注明计算方法" in text


def test_reported_and_self_stated_rows_are_nobody_to_compare_with(client, as_role, board) -> None:
    listed(board, status="reported")
    listed(board, source_kind="self")
    as_role("office")
    text = text_of(client.post(WHAT_IF, fill(board=board.pk, table=LINES)))
    assert "没有带指数的已核实名次" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "请粘贴逐篇数据、上传表格，或在下面填合计数。"),
        ({"month": "十一月", "table": LINES}, "看不懂统计期"),
        ({"as_of": "明天", "table": LINES}, "请填写日期，例如 2026-11-22。"),
        ({"as_of": "2026-10-31", "table": LINES}, "截至日期早于 2026年11月"),
        ({"as_of": "2026-11-23", "table": LINES}, "截至日期还没有到"),
        ({"table": LINES + "\n11-04,坏,坏,1,否"}, "第 5 行：看不懂阅读数“坏”"),
        ({"table": LINES, "total_reads": "5"}, "只能填一种"),
        ({"total_reads": "很多"}, "看不懂“很多”，请填数字"),
        ({"total_reads": "近3万"}, "只是约数"),
        ({"total_reads": "5000"}, "还缺发布篇数"),
        ({"total_articles": "3"}, "还缺总阅读数"),
        ({"total_articles": "3+", "total_reads": "5"}, "篇数请填准确的整数"),
        ({"total_articles": "3", "total_reads": "5", "total_max_reads": "6"}, "大于总阅读数"),
        ({"version": "", "table": LINES}, "没有榜单注明方法，请选一个计算方法。"),
        ({"version": "15.0", "table": LINES}, "version"),
        ({"board": "99999", "table": LINES}, "board"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(client, as_role, changes, words) -> None:
    as_role("office")
    response = client.post(WHAT_IF, fill(**changes))
    text = text_of(response)
    assert response.status_code == 422
    assert words in text
    for name in ("table", "total_reads", "month"):
        for line in changes.get(name, "").splitlines():
            assert line in text


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("WCI 14.2", "可能是 WCI 14.2（不含转发）或WCI 14.2（含转发），请选一个"),
        ("新榜指数", "不是已知的 WCI 版本，请选一个"),
    ],
)
def test_a_board_whose_method_is_open_asks(client, as_role, board, method, words) -> None:
    listed(board, method=method)
    as_role("office")
    response = client.post(WHAT_IF, fill(board=board.pk, version="", table=LINES))
    assert response.status_code == 422 and words in text_of(response)


def test_a_file_is_read_and_shown_as_text(client, as_role) -> None:
    book = Workbook()
    book.active.append(["日期", "标题", "阅读", "头条"])
    book.active.append(["11-01", "荷花", 3000, "是"])
    book.active.append(["11-02", "坏行", "很多", "否"])
    data = io.BytesIO()
    book.save(data)
    as_role("office")
    response = client.post(
        WHAT_IF, fill(file=SimpleUploadedFile("a.xlsx", data.getvalue()), table="")
    )
    text = text_of(response)
    assert response.status_code == 422
    assert "第 3 行：看不懂阅读数“很多”" in text
    assert "11-01\t荷花\t3000\t是" in text
    bad = SimpleUploadedFile("a.csv", b"\xff\xfe\x00")
    assert client.post(WHAT_IF, fill(file=bad)).status_code == 422
    big = SimpleUploadedFile("a.csv", b"1," * 1_100_000)
    assert "文件超过 2 MB" in text_of(client.post(WHAT_IF, fill(file=big)))


def test_totals_give_a_range_and_no_article_gives_none(client, as_role) -> None:
    as_role("office")
    text = text_of(
        client.post(WHAT_IF, fill(total_articles="40", total_reads="12.3万", total_looks="400"))
    )
    assert "～" in text and "头条阅读数未知" in text and "篇均" in text
    assert '<details class="rk-details" open>' in text
    none = text_of(client.post(WHAT_IF, fill(total_articles="0", total_reads="0")))
    assert "没有文章的月份没有指数，不是 0" in none


def test_hostile_text_is_escaped(client, as_role, board) -> None:
    listed(board, account=AccountFactory(name="<script>alert(1)</script>"))
    as_role("office")
    text = text_of(
        client.post(
            WHAT_IF,
            fill(board=board.pk, table="日期,标题,阅读\n11-01,<script>alert(2)</script>,5"),
        )
    )
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text and "&lt;script&gt;alert(2)" in text


# --- checking what is printed -----------------------------------------------------------------


def test_the_year_of_a_board(client, as_role, board) -> None:
    listed(board, "2026-09", rank=1)
    listed(board, "2026-10", rank=1)
    wrong = AccountFactory(name="<script>alert(1)</script>")
    listed(board, "2026-10", rank=2, account=wrong, figures=figures(index="1900.00"))
    listed(board, "2026-08", rank=1, method="14.2a")
    listed(board, "2026-07", rank=1, method="", figures={})
    listed(board, "2025-12", rank=1)
    as_role("editor")
    text = text_of(client.get(CHECK, {"board": board.key}))
    assert "2026年10月不符的行" in text and "2026年9月不符的行" not in text
    assert "已知各版 WCI 都算不出这个指数" in text and "1900.00" in text
    assert "<script>alert" not in text
    assert "2026年8月" in text and "与所注方法不符" in text
    assert "没有印出指数" in text
    assert "2025年12月" not in text
    assert "0 ≤ 点赞 ≤ 在看的 10 倍" in text
    assert "2025年12月" in text_of(client.get(CHECK, {"board": board.key, "year": "2025"}))
    assert "没有月度名次" in text_of(client.get(CHECK, {"board": board.key, "year": "1999"}))
    for year in ("x", "99999", "²²²²"):
        assert client.get(CHECK, {"board": board.key, "year": year}).status_code == 200
    assert "没有编号为“nichts”的月榜" in text_of(client.get(CHECK, {"board": "nichts"}))


def test_an_empty_check_says_so(client, as_role) -> None:
    as_role("editor")
    assert "还没有月榜" in text_of(client.get(CHECK))
    BoardFactory(period_kind="week")
    assert "还没有月榜" in text_of(client.get(CHECK))
    BoardFactory(name="空榜")
    assert "无从核对" in text_of(client.get(CHECK))


def test_the_month_table_and_the_detail_mark_a_doubtful_index(client, as_role, board) -> None:
    good = listed(board, rank=1)
    bad = listed(board, rank=2, figures=figures(index="1900.00"))
    as_role("editor")
    table = text_of(client.get(reverse("rankings:month_table", args=[board.key, "2026-10"])))
    assert table.count('class="wci-mark"') == 1 and "指数核对：1 行不符" in table

    def detail(row):
        url = reverse("rankings:month_detail", args=[board.key, row.account.key, "2026-10"])
        return text_of(client.get(url))

    assert "指数核对：" in detail(bad) and "指数核对：" not in detail(good)


@pytest.mark.parametrize("url", [WHAT_IF, CHECK])
def test_the_number_of_queries_does_not_grow(client, as_role, board, url) -> None:
    as_role("office")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            if url == CHECK:
                client.get(url, {"board": board.key})
            else:
                client.post(url, fill(board=board.pk, table=LINES))
        return len(seen)

    listed(board)
    queries()
    few = queries()
    for month in ("2026-06", "2026-07", "2026-08", "2026-10", "2026-10"):
        listed(board, month, rank=2)
    BoardFactory()
    assert queries() == few
