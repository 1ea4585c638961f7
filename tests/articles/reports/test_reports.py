"""The reports over HTTP: what they say, who may see them, and that none compares people."""

import io
from copy import deepcopy
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from articles import publishing
from articles.models import ArticlePage, ColumnPage, ReviewTaskState
from articles.release import dates, urgent
from articles.reports.views import REPORTS
from articles.review import services
from cms.ops import audit
from cms.ops.models import AuditEntry
from cms.users.models import User
from cms.users.roles import ROLES
from tests import scenes
from tests.factories.articles import ArticleFactory, ColumnFactory, approve_by, running_step
from tests.factories.users import one_of_each

pytestmark = pytest.mark.django_db

KEYS = [view.key for view in REPORTS]


def again(article) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def reviewers(people):
    return people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable


def page(client, key, **asked):
    return client.get(reverse(f"articles_report_{key}"), asked)


def sheets(client, key, **asked) -> dict[str, list[tuple]]:
    response = page(client, key, export="xlsx", **asked)
    book = load_workbook(io.BytesIO(response.content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


@pytest.fixture
def column(people):
    return ColumnFactory(title="身边事")


@pytest.fixture
def office(people, client):
    """Signed in as one who may see reports."""
    client.force_login(people.publisher)
    return client


def live_through_a_day():
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    people, column = one_of_each(), ColumnFactory(title="身边事")
    with time_machine.travel(start, tick=False) as clock:
        passed = ArticleFactory(writer=people.editor, column=column, title="楼道灯亮了")
        returned = ArticleFactory(writer=people.editor, column=column, title="=HYPERLINK(1)")
        for article in (passed, returned):
            services.submit(people.editor, article)
        for person in reviewers(people):
            clock.shift(timedelta(hours=2))
            approve_by(passed, person)
        last = running_step(returned)
        services.send_back(people.reviewer_credible, last, "数字=没有出处", kind="sources")
    return people, column, passed, returned, start + timedelta(hours=6)


busy_day = scenes.fixture(live_through_a_day, scope="class")


class TestABusyDay:
    """One text approved by all, one sent back, with two hours for each review."""

    @pytest.fixture
    def people(self, busy_day, db):
        return deepcopy(busy_day[0])

    @pytest.fixture
    def column(self, busy_day, db):
        return ColumnPage.objects.get(pk=busy_day[1].pk)

    @pytest.fixture
    def busy(self, busy_day, db, time_machine):
        """At the hour when all of it has been done."""
        time_machine.move_to(busy_day[4], tick=False)
        return again(busy_day[2]), again(busy_day[3])

    def test_pace(self, office, busy):
        response = page(office, "pace")
        html = response.content.decode()
        assert "三审共给出4次结论，其中退回1次（25%）" in html
        assert "可信审核2次，一半在4小时以内完成，最长6小时。" in html
        rows = sheets(office, "pace")["三审用时"]
        assert rows[0] == (
            "环节",
            "栏目",
            "审核次数",
            "中间用时（小时）",
            "最长用时（小时）",
            "退回次数",
            "退回比例",
        )
        assert rows[1:3] == [
            ("可信", "全部栏目", 2, 4, 6, 1, 0.5),
            ("可信", "身边事", 2, 4, 6, 1, 0.5),
        ]

    def test_returns(self, office, busy):
        html = page(office, "returns").content.decode()
        assert "共退回1次，涉及1篇文章" in html and "信源不清" in html
        found = sheets(office, "returns")
        (row,) = found["退回原因"][1:]
        assert row[2:] == ("身边事", "可信审核", "信源不清", "数字=没有出处")
        assert isinstance(row[0], datetime)
        assert found["汇总"] == [("类别", "可信审核", "合计"), ("信源不清", 1, 1)]

    def test_a_title_is_never_a_formula(self, office, busy):
        response = page(office, "returns", export="xlsx")
        cell = load_workbook(io.BytesIO(response.content))["退回原因"]["B2"]
        assert cell.data_type == "s" and not str(cell.value).startswith("=")
        assert "HYPERLINK(1)" in cell.value

    def test_the_workbook_has_its_first_row_frozen_and_a_chinese_name(self, office, busy):
        response = page(office, "pace", export="xlsx")
        assert "三审用时-近12个月.xlsx" in unquote(response["Content-Disposition"])
        book = load_workbook(io.BytesIO(response.content))
        assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets)
        assert book["说明"]["A2"].value == "期间：近12个月"
        assert "export=csv" not in page(office, "pace").content.decode()

    def test_times_in_the_workbook_are_those_of_the_clock_here(self, office, busy):
        (row,) = sheets(office, "returns")["退回原因"][1:]
        assert (row[0].hour, row[0].minute) == (15, 0)

    def test_exceptions(self, people, office, busy, column):
        passed, _ = busy
        publishing.schedule(people.publisher, again(passed), timezone.now() + timedelta(hours=1))
        publishing.unschedule(people.publisher, again(passed), "改到下周")
        publishing.publish_now(people.publisher, again(passed))
        audit.record(
            people.reviewer_readable,
            "article.approve",
            passed,
            {"dimension": "可读", "deputy_for": "周可读"},
        )
        html = page(office, "exceptions").content.decode()
        assert "2次例外操作" in html and "“改到下周”" in html
        assert f"{people.reviewer_readable}代周可读通过可读审核" in html
        assert {row[3] for row in sheets(office, "exceptions")["例外操作"][1:]} == {
            "取消定时",
            "代审",
        }

    def test_a_changed_date_is_an_exception(self, people, office, busy, time_machine):
        passed, _ = busy
        publishing.publish_now(people.publisher, again(passed))
        later = timezone.now() + timedelta(hours=2)
        time_machine.move_to(later, tick=False)
        dates.change_public_date(
            people.publisher, again(passed), later - timedelta(hours=1), "活动改期，重新发布"
        )
        assert "改公开日期" in page(office, "exceptions").content.decode()

    def test_slips(self, office, busy):
        ReviewTaskState.objects.filter(slips__isnull=False).update(slips=3)
        html = page(office, "slips").content.decode()
        assert "三审一共校出9处差错" in html
        rows = sheets(office, "slips")["校对差错"]
        assert [row[1:] for row in rows[1:]] == [
            ("可信", 1, 3, 3),
            ("可读", 1, 3, 3),
            ("可亲", 1, 3, 3),
        ]

    def test_a_chosen_month_leaves_others_out(self, office, busy):
        now = timezone.localtime()
        this = f"{now:%Y-%m}"
        last = (now.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        assert "三审共给出4次" in page(office, "pace", period=this).content.decode()
        html = page(office, "pace", period=last).content.decode()
        assert "还没有审核结论" in html and "三审共给出" not in html

    def test_days_of_one_s_own_choice_go_before_the_period(self, office, busy):
        today = timezone.localdate().isoformat()
        asked = {"period": "2026-01", "between_from": today, "between_to": today}
        assert "三审共给出4次" in page(office, "pace", **asked).content.decode()

    @pytest.mark.parametrize(
        "asked",
        [{"period": "nonsense"}, {"between_from": "not-a-day"}, {"period": "2026-Q9"}],
        ids=["period", "day", "quarter"],
    )
    def test_nonsense_is_said_and_the_usual_days_are_shown(self, office, busy, asked):
        html = page(office, "pace", **asked).content.decode()
        assert "所选的期间填得不对" in html and "三审共给出4次" in html

    def test_an_end_before_the_beginning_is_said(self, office, busy):
        asked = {"between_from": "2026-10-02", "between_to": "2026-10-01"}
        assert "开始晚于结束" in page(office, "pace", **asked).content.decode()

    def test_the_number_of_queries_does_not_grow(self, people, office, busy, column):
        """One growing record for all reports: reading changes nothing."""

        def grow(times):
            for number in range(times):
                article = ArticleFactory(writer=people.editor, column=column, title=f"篇{number}")
                services.submit(people.editor, article)
                ReviewTaskState.objects.update(due_at=timezone.now() - timedelta(hours=1))
                step = running_step(article)
                services.send_back(people.reviewer_credible, step, "改", kind="wording")
                audit.record(people.publisher, "article.withdraw", article, {"reason": "错"})

        def asked(key):
            with CaptureQueriesContext(connection) as queries:
                page(office, key)
            return len(queries)

        grow(1)
        for key in KEYS:
            page(office, key)
        before = {key: asked(key) for key in KEYS}
        assert max(before.values()) <= 60
        grow(6)
        assert {key: asked(key) for key in KEYS} == before

    @pytest.mark.parametrize("key", ["pace", "returns", "late", "slips"])
    def test_what_is_counted_names_nobody(self, people, office, busy, key):
        ReviewTaskState.objects.update(due_at=timezone.now() - timedelta(hours=20))
        values = {
            str(value) for rows in sheets(office, key).values() for row in rows for value in row
        }
        names = set(User.objects.values_list("display_name", flat=True))
        assert len(values) > 3
        assert not [name for name in names for value in values if name in value]


# --- what they say ----------------------------------------------------------------------------


def test_an_approval_made_void_was_given_all_the_same(people, office, column):
    article = ArticleFactory(writer=people.editor, column=column)
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    services.send_back(people.reviewer_readable, running_step(article), "标题", kind="headline")
    text = again(article).get_latest_revision_as_object()
    text.title = "新题"
    text.save_revision(user=people.editor)
    services.submit(people.editor, again(article))
    assert "三审共给出2次结论" in page(office, "pace").content.decode()
    # One who takes the text back gives no verdict.
    again(article).current_workflow_state.cancel(user=people.editor)
    assert "三审共给出2次结论" in page(office, "pace").content.decode()


def test_overdue_steps(people, office, column, time_machine):
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    time_machine.move_to(noon, tick=False)
    article = ArticleFactory(writer=people.editor, column=column, title="慢的")
    services.submit(people.editor, article)
    step = running_step(article)
    ReviewTaskState.objects.filter(pk=step.pk).update(due_at=noon + timedelta(hours=1))
    assert "没有超过截稿时间" in page(office, "late").content.decode()
    time_machine.move_to(noon + timedelta(hours=3), tick=False)
    html = page(office, "late").content.decode()
    assert "其中1次现在还没有审完" in html and "2小时" in html
    approve_by(article, people.reviewer_credible)
    ReviewTaskState.objects.exclude(pk=step.pk).update(due_at=None)
    time_machine.move_to(noon + timedelta(hours=9), tick=False)
    ((title, _, stage, _, finished, hours),) = sheets(office, "late")["超期审核"][1:]
    assert (title, stage, hours) == ("慢的", "可信审核", 2)
    assert finished.hour == 15
    assert "都已经审完" in page(office, "late").content.decode()


def test_urgent_releases(people, office, column, time_machine):
    article = ArticleFactory(writer=people.editor, column=column, title="暴雨")
    release = urgent.request_urgent(people.publisher, article, "暴雨红色预警，须马上告诉居民")
    assert "申请特急1次，发布0次" in page(office, "urgent").content.decode()
    urgent.confirm_urgent(people.reviewer_approachable, release)
    html = page(office, "urgent").content.decode()
    assert "没有补审超期的" in html
    assert str(people.publisher) in html and str(people.reviewer_approachable) in html
    release.refresh_from_db()
    time_machine.move_to(release.review_due_at + timedelta(minutes=1), tick=False)
    assert "补审超期1次" in page(office, "urgent").content.decode()
    (row,) = sheets(office, "urgent")["特急与补审"][1:]
    assert row[-1] == "是"


def test_scraps_of_deleted_drafts_are_named_without_a_link(people, office):
    article = ArticleFactory(writer=people.editor, title="没有了")
    services.submit(people.editor, article)
    services.send_back(people.reviewer_credible, running_step(article), "不用", kind="other")
    AuditEntry.objects.filter(action="article.send_back").update(object_id="999999")
    html = page(office, "returns").content.decode()
    assert "没有了" in html and reverse("articles_desk", args=[article.pk]) not in html


def test_hostile_words_are_escaped(people, office):
    article = ArticleFactory(writer=people.editor, title="<i>题</i>")
    services.submit(people.editor, article)
    services.send_back(people.reviewer_credible, running_step(article), "<script>x</script>")
    html = page(office, "returns").content.decode()
    assert "<script>x" not in html and "&lt;script&gt;x" in html and "<i>题" not in html


# --- who, how much, and no ranking of people --------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_report_says_what_is_missing(office, key):
    response = page(office, key)
    html = response.content.decode()
    assert response.status_code == 200 and "近12个月" in html
    assert "There are no" not in html and "没有" in html
    notes = sheets(office, key)["说明"]
    assert any("没有" in (row[0] or "") for row in notes)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.key)
def test_who_may_see_them(people, client, role):
    client.force_login(getattr(people, role.key))
    allowed = "articles.view_review_report" in role.permissions
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    for key in KEYS:
        assert page(client, key).status_code == (200 if allowed else 302), key
        assert (reverse(f"articles_report_{key}") in home) == allowed, key


# Where an act needs a signature, both its names stand beside it.
SIGNED = {"urgent": {"发起人", "第二人"}}


@pytest.mark.parametrize("view", REPORTS, ids=KEYS)
def test_no_heading_names_people_or_ranks_them(view):
    headings = {str(column.label) for column in view.columns}
    headings |= {heading for heading, _, _ in view.sheet_columns}
    allowed = SIGNED.get(view.key, set())
    words = ("人", "姓名", "编辑", "作者", "排", "名次", "第一", "绩", "得分", "考核")
    assert allowed <= headings
    assert [h for h in headings - allowed if any(word in h for word in words)] == []
