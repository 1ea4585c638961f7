"""补证: a month, a source, a file; and the way to the next month."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rankings.evidence import service as evidence
from rankings.evidence.models import Capture
from rankings.models import Observation
from rankings.periods import Month
from rankings.queries import month_record
from rankings.reports import next_unproved
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .pictures import picture
from .screens import READERS, REVIEW, refused, text_of

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2019, 9, 5, 4, tzinfo=dt.UTC)
ADD = reverse("rankings:evidence_add")


def address(month="2019-08", account="ours", board="county") -> str:
    return f"{ADD}?board={board}&account={account}&month={month}"


def said(**changes):
    fields = {
        "state": "ranked",
        "rank": "1",
        "source_kind": "publisher",
        "source_name": "某报社",
        "source_url": "https://example.org/8",
        "published": "2019-09-05",
        "list_size": "30",
        "method": "13.0",
        "edition": "final",
        "status": "confirmed",
        "note": "",
        "reason": "",
        "evidence": SimpleUploadedFile("榜.png", picture()),
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


@pytest.fixture
def reported(board, ours):
    """Three months of which a newspaper says that we were first, and one that was lost."""
    for month in ("2019-05", "2019-07", "2019-08", "2019-09"):
        ObservationFactory(
            board=board,
            account=ours,
            period=month,
            status="reported",
            source_kind="media",
            source_name="某日报",
        )
    ObservationFactory(board=board, account=ours, period="2019-06", rank=2)


def test_months_are_proved_one_after_the_other(client, as_role, board, ours, reported) -> None:
    as_role("office")
    detail = reverse("rankings:month_detail", args=["county", "ours", "2019-08"])
    page = text_of(client.get(detail))
    assert address().replace("&", "&amp;") in page
    assert "下一个没有核实的月份：2019年9月（还有 2 个）" in page
    form = text_of(client.get(address()))
    assert 'value="某报社"' in form and "本月已有的记录（1 条）" in form
    response = client.post(address(), said(), follow=True)
    assert response.redirect_chain[-1][0] == detail
    text = text_of(response)
    assert "2019年8月已录入，等另一位同事复核后计入" in text
    assert "这一段连续里还有 2 个月没有核实" in text
    following = address("2019-09").replace("&", "&amp;")
    assert f"{following}&amp;source_kind=publisher&amp;source_name=" in text
    assert "接着补2019年9月" in text
    row = Observation.objects.waiting().get()
    assert (row.rank, row.list_size, row.method, str(row.published)) == (
        1,
        30,
        "13.0",
        "2019-09-05",
    )
    assert evidence.read(row.capture) == picture()
    client.force_login(UserFactory(roles=["office"]))
    client.post(REVIEW, {"row": [row.pk], "action": "confirm"})
    assert month_record(board).states(ours.pk) == "RNRFR"


def test_the_next_form_is_filled_in_with_the_same_source(client, as_role, board, ours) -> None:
    as_role("office")
    url = address("2019-09") + "&source_kind=official_repost&source_name=县融媒&method=12.0"
    form = client.get(url).context["form"]
    assert form["source_kind"].value() == "official_repost"
    assert form["source_name"].value() == "县融媒"
    assert form["method"].value() == "12.0" and form.more_open
    assert form["source_url"].value() is None


def test_the_next_month_is_of_the_same_run_and_has_no_proposal(board, ours, reported) -> None:
    def after(month):
        found = next_unproved(board, ours, Month.parse(month))
        return found and (str(found.month), found.left)

    assert after("2019-05") is None
    assert after("2019-06") is None
    assert after("2019-07") == ("2019-08", 2)
    assert after("2019-09") == ("2019-07", 2)
    ObservationFactory(board=board, account=ours, period="2019-08", status="proposed")
    assert after("2019-07") == ("2019-09", 1)
    assert after("2030-01") is None
    weekly = BoardFactory(period_kind="week")
    assert next_unproved(weekly, ours, Month(2019, 8)) is None


def test_a_month_without_a_list_is_proved_by_the_notice(client, as_role, board, ours) -> None:
    as_role("office")
    notice = SimpleUploadedFile("公告.html", "<html>本月停发</html>".encode())
    client.post(address(), said(state="not_issued", rank="9", evidence=notice))
    row = Observation.objects.get()
    assert (row.state, row.account, row.rank, row.status) == ("not_issued", None, None, "proposed")


def test_what_is_only_reported_needs_no_file_and_counts_as_that(client, as_role, board, ours):
    as_role("office")
    data = said(status="reported", source_kind="media", evidence=None)
    assert "已按据报道录入" in text_of(client.post(address(), data, follow=True))
    assert month_record(board).states(ours.pk) == "R"


def test_evidence_of_the_month_can_be_used_again(client, as_role, board, ours) -> None:
    capture = evidence.store(b"x", kind="page", fetched_at=NOON).capture
    ObservationFactory(board=board, account=AccountFactory(), rank=2, capture=capture)
    as_role("office")
    assert capture.sha256[:12] in text_of(client.get(address()))
    assert client.post(address(), said(evidence=None, capture=capture.pk)).status_code == 302
    assert Observation.objects.waiting().get().capture == capture


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"evidence": None}, "已核实的记录必须有存证"),
        ({"rank": ""}, "公众号在榜上，请填写名次"),
        ({"rank": "0"}, "等于"),
        ({"source_kind": "self"}, "自述不能作为核实的依据"),
        ({"source_name": " "}, "请写明是谁发布的"),
        ({"source_url": "javascript:alert(1)"}, "网址"),
        ({"capture": "12345"}, "请在列出的存证里选择"),
        ({"evidence": SimpleUploadedFile("a.png", b"MZ\x00\x01")}, "只收图片"),
        ({"evidence": SimpleUploadedFile("a.png", b"")}, "文件是空的"),
        ({"published": "昨天"}, "日期"),
    ],
)
def test_what_is_unfit_is_told_and_nothing_is_kept(
    client, as_role, board, ours, changes, sentence
) -> None:
    as_role("office")
    response = client.post(address(), said(**changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Observation.objects.exists() and not Capture.objects.exists()


def test_another_word_of_the_same_source_needs_a_reason(client, as_role, board, ours) -> None:
    as_role("office")
    client.post(address(), said(status="reported", evidence=None))
    response = client.post(address(), said(status="reported", evidence=None, rank="2"))
    assert response.status_code == 422 and "请写明更正理由" in text_of(response)
    again = said(status="reported", evidence=None, rank="2", reason="看错一行")
    assert client.post(address(), again).status_code == 302
    assert Observation.objects.current().get().rank == 2


@pytest.mark.parametrize("query", ["", "?board=county&account=ours", "?board=x&account=y&month=z"])
def test_a_form_about_nothing_is_not_found(client, as_role, board, ours, query) -> None:
    as_role("office")
    assert client.get(ADD + query).status_code == 404


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_only_the_office_proves(client, as_role, board, ours, role) -> None:
    as_role(role)
    assert refused(client.get(address())) and refused(client.post(address(), said()))
    detail = reverse("rankings:month_detail", args=["county", "ours", "2019-08"])
    assert "evidence/add" not in text_of(client.get(detail))
    assert not Observation.objects.exists()


def test_hostile_names_are_escaped(client, as_role, board) -> None:
    AccountFactory(key="bad", name="<script>alert(1)</script>")
    as_role("office")
    text = text_of(client.get(address(account="bad")))
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text


def test_queries_do_not_grow_with_the_record(
    client, as_role, board, ours, django_assert_num_queries
) -> None:
    as_role("office")
    detail = reverse("rankings:month_detail", args=["county", "ours", "2019-08"])

    def fill(year):
        for month in range(1, 13):
            capture = evidence.store(
                f"{year}{month}".encode(), kind="page", fetched_at=NOON
            ).capture
            ObservationFactory(
                board=board,
                account=ours,
                period=f"{year}-{month:02d}",
                status="reported",
                capture=capture,
            )

    fill(2019)
    for url in (address(), detail):
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        fill(2010 if url == detail else 2011)
        with django_assert_num_queries(len(few)):
            client.get(url)
