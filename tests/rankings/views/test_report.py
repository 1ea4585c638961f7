"""The report, a month of a board, the statements."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from rankings import services
from rankings.evidence import service as evidence
from rankings.models import Observation
from rankings.periods import Month, Period
from rankings.services import ListRow, SourceRef
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .screens import REPORT, text_of

pytestmark = pytest.mark.django_db


def test_the_report_without_any_record_says_what_to_do(client, as_role) -> None:
    as_role("office")
    assert "还没有榜单" in text_of(client.get(REPORT))
    BoardFactory(name="空榜")
    assert "还没有指定本账号" in text_of(client.get(REPORT))
    AccountFactory(is_ours=True)
    assert "还没有可以计入的名次记录" in text_of(client.get(REPORT))


def test_twenty_four_reported_months_are_never_shown_as_proved(
    client, as_role, board, ours
) -> None:
    for at in range(24):
        services.record_list(
            None,
            board=board,
            period=Period.of_month(Month(2017, 9) + at),
            source=SourceRef("media", "株洲日报"),
            rows=[ListRow(ours, 1)],
            status="reported",
            published=dt.date(2019, 9, 17),
            origin="import",
        )
    as_role("editor")
    text = text_of(client.get(REPORT))
    assert "据株洲日报2019年9月17日报道" in text
    assert "本系统未逐月核实" in text
    assert "<strong>0</strong> 个月" in text
    assert text.count('class="rk-cell rk-cell--reported"') == 24 + 24 + 1  # strip, table, legend
    # One proved cell each in the legend: no month of the record.
    assert text.count("rk-cell--first") == 2
    assert text.count("ch-point--reported") == 24
    assert text.count("ch-line--reported") == 1
    assert "rk-key__card--open" in text and "rk-key__card--proved" not in text


def test_an_example_board_is_marked_on_title_and_screen(client, as_role, ours) -> None:
    example = BoardFactory(name="演示榜", is_example=True)
    ObservationFactory(board=example, account=ours)
    as_role("editor")
    for url in (
        REPORT,
        reverse("rankings:board_table", args=[example.key]),
        reverse("rankings:month_detail", args=[example.key, ours.key, "2019-08"]),
    ):
        text = text_of(client.get(url))
        title = text[text.index("<title>") : text.index("</title>")]
        assert "演示榜（示例）" in title
        assert 'rk-badge--example"' in text
    assert "（示例）" in text_of(client.get(reverse("rankings:observations")))


def test_the_report_takes_board_and_account_and_says_what_it_does_not_know(
    client, as_role, board, ours
) -> None:
    other = AccountFactory(key="other", name="别家")
    ObservationFactory(board=board, account=other)
    as_role("editor")
    text = text_of(client.get(REPORT, {"board": "county", "account": "别家"}))
    assert "“别家”列第一（已核实）" in text
    unknown = client.get(REPORT, {"board": "county", "account": "别佳"})
    assert unknown.status_code == 200
    assert "没有叫“别佳”的公众号，相近的有：别家。" in text_of(unknown)
    assert "没有编号为“x”的榜单" in text_of(client.get(REPORT, {"board": "x"}))
    weekly = BoardFactory(key="weekly", period_kind="week")
    text = text_of(client.get(REPORT, {"board": weekly.key}))
    assert "连续榜首只按月榜计算" in text


def test_hostile_names_are_escaped(client, as_role, ours) -> None:
    hostile = "<script>alert(1)</script>"
    board = BoardFactory(key="b", name=hostile, publisher=hostile)
    ObservationFactory(
        board=board, account=ours, source_name=hostile, note=hostile, unit=hostile, method=hostile
    )
    as_role("office")
    for url in (
        REPORT,
        reverse("rankings:board_table", args=["b"]),
        reverse("rankings:month_detail", args=["b", "ours", "2019-08"]),
        reverse("rankings:observations"),
        reverse("rankings:correct", args=[Observation.objects.get().pk]),
    ):
        text = text_of(client.get(url))
        assert hostile not in text
        assert "&lt;script&gt;" in text
    assert hostile not in text_of(client.get(REPORT, {"account": hostile}))


@pytest.mark.parametrize("months", [36, 120])
def test_the_report_page_asks_as_many_queries_for_ten_years_as_for_three(
    client, as_role, board, ours, months, django_assert_max_num_queries
) -> None:
    for at in range(months):
        ObservationFactory(
            board=board, account=ours, period=str(Month(2010, 1) + at), rank=1 + at % 3
        )
    as_role("office")
    client.get(REPORT)  # fills the caches of content types and site
    with django_assert_max_num_queries(30):
        assert client.get(REPORT).status_code == 200


def test_the_report_downloads_as_a_workbook(client, as_role, board, ours) -> None:
    ObservationFactory(board=board, account=ours)
    as_role("editor")
    response = client.get(REPORT, {"board": "county", "account": "ours", "export": "xlsx"})
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert "attachment" in response["Content-Disposition"]
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["摘要", "逐月"]


def test_the_table_of_a_month_marks_our_account_and_links_its_neighbours(
    client, as_role, board, ours
) -> None:
    for period, rank in (("2019-07", 3), ("2019-08", 1)):
        ObservationFactory(board=board, account=ours, period=period, rank=rank)
    ObservationFactory(board=board, account=AccountFactory(name="别家"), rank=2)
    as_role("editor")
    latest = client.get(reverse("rankings:month_table_latest"))
    text = text_of(latest)
    assert "2019年8月" in text and "升2位" in text and "本账号" in text and "rk-ours" in text
    earlier = reverse("rankings:month_table", args=["county", "2019-07"])
    assert earlier in text
    assert "没有更早的月份" in text_of(client.get(earlier))
    assert "没有这个榜单的名次记录" in text_of(
        client.get(reverse("rankings:month_table", args=["county", "2001-01"]))
    )
    assert client.get(reverse("rankings:month_table", args=["county", "abc"])).status_code == 404
    assert client.get(reverse("rankings:board_table", args=["none"])).status_code == 404


def test_a_cell_s_page_shows_source_evidence_and_people(client, as_role, board, ours) -> None:
    capture = evidence.store(
        b"<script>alert(1)</script>",
        kind="page",
        fetched_at=dt.datetime(2019, 9, 7, tzinfo=dt.UTC),
        url="https://example.com/list",
        content_type="text/html",
    ).capture
    one, two = UserFactory(display_name="张晓"), UserFactory(display_name="李敏")
    ObservationFactory(
        board=board,
        account=ours,
        capture=capture,
        recorded_by=one,
        confirmed_by=two,
        confirmed_at=dt.datetime(2019, 9, 8, tzinfo=dt.UTC),
        source_url="https://example.com/list",
    )
    as_role("editor")
    text = text_of(client.get(reverse("rankings:month_detail", args=["county", "ours", "2019-08"])))
    assert "张晓" in text and "李敏" in text and capture.sha256[:12] in text
    assert 'rel="noreferrer noopener"' in text
    assert "更正</a>" not in text  # editors do not correct

    page = text_of(client.get(reverse("rankings:evidence", args=[capture.pk])))
    assert capture.sha256 in page and "https://example.com/list" in page
    file = client.get(reverse("rankings:evidence_file", args=[capture.pk]))
    assert file.content == b"<script>alert(1)</script>"
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]


def test_lost_evidence_is_told_and_not_hidden(client, as_role) -> None:
    capture = evidence.store(
        b"gone", kind="page", fetched_at=dt.datetime(2019, 9, 7, tzinfo=dt.UTC)
    ).capture
    Path(evidence.storage().path(capture.path)).unlink()
    as_role("editor")
    response = client.get(reverse("rankings:evidence_file", args=[capture.pk]))
    assert response.status_code == 503
    assert "不见了" in text_of(response)


def test_statements_can_be_searched_and_filtered(client, as_role, board, ours) -> None:
    other = BoardFactory(key="other", name="另一榜")
    ObservationFactory(board=board, account=ours, period="2019-08", source_name="甲报")
    ObservationFactory(
        board=other,
        account=AccountFactory(name="别家"),
        period="2019-07",
        status="reported",
        source_name="乙报",
    )
    as_role("office")
    url = reverse("rankings:observations")

    def sources(**query):
        return [row.source_name for row in client.get(url, query).context["object_list"]]

    assert sources() == ["甲报", "乙报"]
    assert sources(board=other.pk) == ["乙报"]
    assert sources(month="2019年8月") == ["甲报"]
    assert sources(account="别") == ["乙报"]
    assert sources(status="reported") == ["乙报"]
    assert sources(state="absent") == []
    assert sources(q="荷塘") == ["甲报"]
    assert sources(is_current="false") == []
    assert "请写成 2019-08" in text_of(client.get(url, {"month": "八月"}))
    results = client.get(reverse("rankings:observations_results"), {"q": "乙报"})
    assert results.status_code == 200 and "别家" in text_of(results)
