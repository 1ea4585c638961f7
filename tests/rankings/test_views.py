"""The ranking screens as each role sees them."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.admin.menu import admin_menu

from cms.ops.models import AuditEntry
from cms.users.services import sync_roles
from rankings import services
from rankings.evidence import service as evidence
from rankings.models import Account, Board, Observation
from rankings.periods import Month, Period
from rankings.services import ListRow, SourceRef
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

READERS = (
    "editor",
    "reviewer_credible",
    "reviewer_readable",
    "reviewer_approachable",
    "publisher",
    "office",
    "administrator",
)
REPORT = reverse("rankings:report")
REVIEW = reverse("rankings:review")


@pytest.fixture(autouse=True)
def _roles():
    sync_roles()


@pytest.fixture
def board():
    return BoardFactory(key="county", name="县级榜", publisher="某报社", scope="县级")


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


@pytest.fixture
def as_role(client):
    def sign_in(*roles, **fields):
        user = UserFactory(roles=roles, **fields)
        client.force_login(user)
        return user

    return sign_in


def text_of(response) -> str:
    return response.content.decode()


def refused(response) -> bool:
    """Wagtail sends people without the permission back to the dashboard."""
    return response.status_code == 302 and response.url == reverse("wagtailadmin_home")


# --- who may what ------------------------------------------------------------------------------

SCREENS = {
    "rankings:report": READERS,
    "rankings:month_table_latest": READERS,
    "rankings:observations": READERS,
    "rankings:review": ("office",),
    "rankings:import": ("office", "administrator"),
    "rankings:import_template": ("office", "administrator"),
}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("role", [*READERS, "auditor"])
def test_each_screen_opens_only_for_whom_may_use_it(client, as_role, screen, role) -> None:
    as_role(role)
    response = client.get(reverse(screen))
    assert refused(response) == (role not in SCREENS[screen])
    if role in SCREENS[screen]:
        assert response.status_code == 200


@pytest.mark.parametrize("screen", SCREENS)
def test_nobody_gets_in_without_signing_in(client, screen) -> None:
    response = client.get(reverse(screen))
    assert response.status_code == 302 and "/login/" in response.url


def menu_items(user, rf):
    request = rf.get("/")
    request.user = user
    items = {item.name: item for item in admin_menu.menu_items_for_request(request)}
    if "rankings" not in items:
        return None
    return [
        item.label
        for item in sorted(
            items["rankings"].menu.menu_items_for_request(request), key=lambda item: item.order
        )
    ]


def test_the_menu_shows_what_the_role_may_use(as_role, rf) -> None:
    reading = ["本月报告", "榜单月表", "名次记录"]
    lists = ["公众号", "榜单"]

    def of(role):
        shown = menu_items(as_role(role), rf)
        return shown and [label for label in shown if label in {*reading, *lists, "待复核", "导入"}]

    assert of("editor") == [*reading, *lists]
    assert of("office") == [*reading, "待复核", "导入", *lists]
    assert of("administrator") == [*reading, "导入", *lists]
    assert of("auditor") is None


# --- the report --------------------------------------------------------------------------------


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
    assert text.count("rk-chart__point--reported") == 24
    assert text.count("rk-chart__line--reported") == 1
    assert "rk-latest--open" in text and "rk-latest--proved" not in text


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
    with django_assert_max_num_queries(20):
        assert client.get(REPORT).status_code == 200


def test_the_report_downloads_as_a_workbook(client, as_role, board, ours) -> None:
    ObservationFactory(board=board, account=ours)
    as_role("editor")
    response = client.get(REPORT, {"board": "county", "account": "ours", "export": "xlsx"})
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert "attachment" in response["Content-Disposition"]
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["摘要", "逐月"]


# --- months and statements ---------------------------------------------------------------------


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


# --- the second person -------------------------------------------------------------------------


def propose(actor, board, account, rank=1):
    services.record_list(
        actor,
        board=board,
        period=Period.parse("2019-08"),
        source=SourceRef("publisher", "某报社"),
        rows=[ListRow(account, rank)],
        status="confirmed",
        origin="hand",
    )
    return Observation.objects.waiting().get(account=account)


def test_the_second_person_confirms_and_it_counts(
    client, as_role, board, ours, django_capture_on_commit_callbacks
) -> None:
    first = UserFactory(roles=["office"])
    row = propose(first, board, ours)
    as_role("office", display_name="李敏")
    text = text_of(client.get(REVIEW))
    assert "复核通过" in text and str(first) in text
    response = client.post(REVIEW, {"row": [row.pk]}, follow=True)
    assert "已复核通过 1 条" in text_of(response)
    row.refresh_from_db()
    assert row.status == "confirmed" and str(row.confirmed_by) == "李敏"
    assert "没有待复核的记录" in text_of(client.get(REVIEW))
    assert AuditEntry.objects.filter(action="rankings.confirm").exists()


def test_whoever_entered_it_gets_the_reason_instead_of_the_button(
    client, as_role, board, ours
) -> None:
    me = as_role("office")
    row = propose(me, board, ours)
    text = text_of(client.get(REVIEW))
    assert "这些是您自己录入的，请由另一位同事复核。" in text
    assert 'type="submit" class="button">复核通过' not in text
    response = client.post(REVIEW, {"row": [row.pk]}, follow=True)
    assert "是您自己录入的，请由另一位同事复核" in text_of(response)
    row.refresh_from_db()
    assert row.status == "proposed"


@pytest.mark.parametrize("rows", [[], ["abc"], ["99999999"], ["１"]])
def test_confirming_nothing_is_told(client, as_role, rows) -> None:
    as_role("office")
    response = client.post(REVIEW, {"row": rows}, follow=True)
    assert "没有选中任何一条" in text_of(response)


def test_a_number_too_big_for_the_database_is_no_fault(client, as_role) -> None:
    as_role("office")
    assert client.post(REVIEW, {"row": ["9" * 40]}, follow=True).status_code == 200


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_only_the_office_confirms(client, as_role, board, ours, role) -> None:
    row = propose(UserFactory(roles=["office"]), board, ours)
    as_role(role)
    assert refused(client.post(REVIEW, {"row": [row.pk]}))
    row.refresh_from_db()
    assert row.status == "proposed"


def test_forms_are_guarded_against_forgery(board, ours) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory(roles=["office"]))
    for name in ("rankings:review", "rankings:import"):
        assert strict.post(reverse(name)).status_code == 403


def test_queries_of_the_review_do_not_grow_with_rows(
    client, as_role, board, django_assert_max_num_queries
) -> None:
    first = UserFactory(roles=["office"])
    for account in AccountFactory.create_batch(30):
        propose(first, board, account, 5)
    as_role("office")
    client.get(REVIEW)
    with django_assert_max_num_queries(18):
        assert text_of(client.get(REVIEW)).count('name="row"') == 30


# --- corrections -------------------------------------------------------------------------------


def correction(row, **changes):
    data = {
        "state": row.state,
        "rank": row.rank or "",
        "status": row.status,
        "source_url": row.source_url,
        "published": row.published or "",
        "list_size": row.list_size or "",
        "method": row.method,
        "note": row.note,
        "reason": "看错一行",
    }
    return {**data, **{f"figure_{k}": f["raw"] for k, f in row.figures.items()}, **changes}


@pytest.fixture
def row(board, ours):
    figures = {"max_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"}}
    return ObservationFactory(board=board, account=ours, rank=2, figures=figures)


def test_a_correction_is_a_new_version_that_waits(client, as_role, row) -> None:
    as_role("office")
    url = reverse("rankings:correct", args=[row.pk])
    assert "更正理由" in text_of(client.get(url))
    response = client.post(url, correction(row, rank=1), follow=True)
    assert "等另一位同事复核后生效" in text_of(response)
    new = Observation.objects.get(supersedes=row)
    assert (new.rank, new.version, new.status, new.reason) == (1, 2, "proposed", "看错一行")
    assert new.figures == row.figures
    row.refresh_from_db()
    assert row.is_current and row.rank == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "  "}, "请写明更正理由"),
        ({}, "内容没有变化，不需要更正"),
        ({"rank": ""}, "请填写名次"),
        ({"state": "absent"}, "请清空名次和并列"),
        ({"figure_reads": "很多"}, "看不懂总阅读数“很多”"),
        ({"source_url": "javascript:alert(1)"}, "网址"),
    ],
)
def test_an_unfit_correction_is_refused_with_a_sentence(
    client, as_role, row, changes, sentence
) -> None:
    as_role("office")
    response = client.post(reverse("rankings:correct", args=[row.pk]), correction(row, **changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Observation.objects.count() == 1


def test_figures_are_corrected_as_they_are_printed(client, as_role, row) -> None:
    as_role("office")
    client.post(
        reverse("rankings:correct", args=[row.pk]),
        correction(row, figure_reads="3.6万", figure_max_reads=""),
    )
    new = Observation.objects.get(supersedes=row)
    assert new.figures["reads"]["value"] == 36000
    assert "max_reads" not in new.figures


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_only_the_office_corrects(client, as_role, row, role) -> None:
    as_role(role)
    url = reverse("rankings:correct", args=[row.pk])
    assert refused(client.get(url))
    assert refused(client.post(url, correction(row, rank=1)))
    assert Observation.objects.count() == 1


# --- accounts and boards -----------------------------------------------------------------------


def test_lists_are_open_to_readers_and_changes_to_administrators(client, as_role, ours) -> None:
    account_list = reverse(Account.snippet_viewset.get_url_name("list"))
    edit = reverse(Account.snippet_viewset.get_url_name("edit"), args=[ours.pk])
    inspect = reverse(Account.snippet_viewset.get_url_name("inspect"), args=[ours.pk])
    add = reverse(Board.snippet_viewset.get_url_name("add"))
    as_role("editor")
    assert "在荷塘" in text_of(client.get(account_list, {"q": "荷塘"}))
    assert "历次名称" in text_of(client.get(inspect))
    assert refused(client.get(edit)) and refused(client.get(add))
    as_role("administrator")
    assert client.get(edit).status_code == 200
    assert client.get(add).status_code == 200
    as_role("auditor")
    assert refused(client.get(account_list))


def test_an_administrator_adds_a_board_and_it_is_audited(client, as_role) -> None:
    as_role("administrator")
    response = client.post(
        reverse(Board.snippet_viewset.get_url_name("add")),
        {
            "key": "new-board",
            "name": "新榜单",
            "publisher": "某报社",
            "scope": "县级",
            "metric": "",
            "period_kind": "month",
            "list_size": "",
            "note": "",
        },
    )
    assert response.status_code == 302
    assert Board.objects.get(key="new-board").name == "新榜单"
    assert AuditEntry.objects.filter(action="rankings.board.create").exists()


def test_key_and_name_of_an_account_do_not_change_by_editing(client, as_role, ours) -> None:
    as_role("administrator")
    client.post(
        reverse(Account.snippet_viewset.get_url_name("edit"), args=[ours.pk]),
        {
            "key": "other",
            "name": "别名",
            "wechat_id": "zht",
            "gh_id": "",
            "place": "",
            "is_ours": "on",
            "confirmed": "on",
            "note": "",
        },
    )
    ours.refresh_from_db()
    assert (ours.key, ours.name, ours.wechat_id) == ("ours", "在荷塘", "zht")


def test_nobody_deletes_what_records_hang_on(admin_client, board, ours) -> None:
    ObservationFactory(board=board, account=ours)
    for thing in (board, ours):
        url = reverse(type(thing).snippet_viewset.get_url_name("delete"), args=[thing.pk])
        assert refused(admin_client.post(url))
        thing.refresh_from_db()


def test_a_new_name_begins_on_a_day(client, as_role, ours) -> None:
    as_role("office")
    url = reverse("rankings:rename", args=[ours.pk])
    assert "在荷塘" in text_of(client.get(url))
    same = client.post(url, {"name": "在荷塘", "from_date": "2020-01-01"})
    assert same.status_code == 422 and "就是现用名称" in text_of(same)
    client.post(url, {"name": "荷塘发布", "from_date": "2020-01-01"})
    ours.refresh_from_db()
    assert ours.name == "荷塘发布"
    assert [str(name.valid_to) for name in ours.names.all()] == ["2019-12-31", "None"]
    as_role("editor")
    assert refused(client.get(url))


@pytest.mark.parametrize("role", ["office", "administrator"])
def test_aliases_are_added_and_taken_away(client, as_role, board, ours, role) -> None:
    as_role(role)
    for url, thing in (
        (reverse("rankings:account_aliases", args=[ours.pk]), ours),
        (reverse("rankings:board_aliases", args=[board.pk]), board),
    ):
        assert "还没有别名" in text_of(client.get(url))
        added = client.post(url, {"name": "老叫法", "valid_to": "2020-12-31"}, follow=True)
        assert f"写“老叫法”也能找到“{thing.name}”" in text_of(added)
        again = client.post(url, {"name": "“老叫法”"})
        assert again.status_code == 422 and "不需要再添加" in text_of(again)
        backwards = client.post(
            url, {"name": "新", "valid_from": "2020-02-01", "valid_to": "2020-01-01"}
        )
        assert "截止日期不能早于起始日期" in text_of(backwards)
        assert client.post(url, {"name": ""}).status_code == 422
        rows = client.get(url).context["aliases"]
        removed = client.post(url, {"remove": rows[0].pk}, follow=True)
        assert "已删除别名“老叫法”" in text_of(removed)
        assert "已经不在了" in text_of(client.post(url, {"remove": "x"}, follow=True))
    # The proper name is history, not an alias.
    url = reverse("rankings:account_aliases", args=[ours.pk])
    client.post(url, {"remove": ours.names.get().pk})
    assert ours.names.count() == 1


def test_readers_do_not_touch_names(client, as_role, board, ours) -> None:
    as_role("editor")
    for name, thing in (("account_aliases", ours), ("board_aliases", board), ("rename", ours)):
        assert refused(client.post(reverse(f"rankings:{name}", args=[thing.pk]), {"name": "新"}))
    inspect = reverse(Account.snippet_viewset.get_url_name("inspect"), args=[ours.pk])
    assert "改名</a>" not in text_of(client.get(inspect))


def test_the_service_refuses_to_remove_a_proper_name(ours) -> None:
    with pytest.raises(services.RankingError, match="不能删除"):
        services.remove_alias(None, ours.names.get())


@pytest.mark.parametrize("model", [Account, Board])
def test_authors_choose_accounts_and_boards(client, as_role, board, ours, model) -> None:
    as_role("editor")
    chooser = model.snippet_viewset.chooser_viewset
    response = client.get(reverse(chooser.get_url_name("choose")))
    assert response.status_code == 200
    assert str(model.objects.get()) in response.json()["html"]


# --- the dashboard -----------------------------------------------------------------------------


def test_the_dashboard_tells_our_place(client, as_role, board, ours) -> None:
    as_role("editor")
    assert "还没有“在荷塘”的月度名次记录" in text_of(client.get(reverse("wagtailadmin_home")))
    for period in ("2019-07", "2019-08"):
        ObservationFactory(board=board, account=ours, period=period)
    text = text_of(client.get(reverse("wagtailadmin_home")))
    assert "2019年8月：第1名" in text
    assert "rankings/admin.css" in text
    assert "连续2个月列县级榜第一" in text
    assert f"{REPORT}?board=county&amp;account=ours" in text


def test_the_dashboard_of_others_is_silent_about_ranks(client, as_role) -> None:
    as_role("auditor")
    assert "本账号名次" not in text_of(client.get(reverse("wagtailadmin_home")))
