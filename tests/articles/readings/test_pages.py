"""The screens: readers and reads apart, sources named, no draft shown, few queries."""

import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from articles.models import (
    AccountMetric,
    ArticlePage,
    Metric,
    PublishType,
    Reading,
    ReadingSource,
    WeChatPost,
    Window,
)
from articles.readings import own_month, queries, recording, typing_in
from articles.readings.typing_in import TypedRefused
from cms.ops.models import AuditEntry
from rankings.figures import AT_LEAST
from rankings.periods import Month
from tests.factories.articles import ArticleFactory, ColumnFactory

from .conftest import long_url, make_post

pytestmark = pytest.mark.django_db

NOVEMBER = Month(2026, 11)
DAY = dt.date(2026, 11, 2)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)):
        yield


def give(post, metric, value, day=DAY, source=ReadingSource.STATISTICS, **more) -> Reading:
    window = Window.AT_EXPORT if source == ReadingSource.EXPORT else Window.TO_DATE
    fields = {"window": window, "source": source, "stat_date": day, "taken_at": timezone.now()}
    return Reading.objects.create(post=post, metric=metric, value=Decimal(value), **(fields | more))


def capped(post, **more) -> Reading:
    return give(post, Metric.READS, 100001, bound=AT_LEAST, capped=True, raw="10万+", **more)


def page(client, **asked) -> str:
    return client.get(reverse("readings_index"), asked).content.decode()


@pytest.fixture
def office(people, client):
    client.force_login(people.office)
    return client


# --- which value counts ---------------------------------------------------------------------------


def test_the_value_counted_last_is_shown(post) -> None:
    give(post, Metric.READERS, 10, DAY)
    give(post, Metric.READERS, 20, DAY + dt.timedelta(3))
    give(post, Metric.READERS, 15, DAY + dt.timedelta(1), ReadingSource.EXPORT)
    assert queries.latest([post], [Metric.READERS])[post.pk][Metric.READERS].value == 20


def test_of_one_day_the_official_value_is_shown(post) -> None:
    give(post, Metric.READERS, 15, source=ReadingSource.TYPED)
    give(post, Metric.READERS, 14, source=ReadingSource.EXPORT)
    give(post, Metric.READERS, 13)
    assert queries.latest([post], [Metric.READERS])[post.pk][Metric.READERS].value == 13


def test_a_single_days_count_is_not_the_total(post) -> None:
    give(post, Metric.READERS, 10)
    give(post, Metric.READERS, 3, DAY + dt.timedelta(5), window=Window.DAY)
    assert queries.latest([post], [Metric.READERS])[post.pk][Metric.READERS].value == 10


def test_readers_and_reads_are_two_lists() -> None:
    by_people, by_times = make_post(1), make_post(2)
    give(by_people, Metric.READERS, 10)
    give(by_times, Metric.READS, 999, source=ReadingSource.EXPORT)
    rows = queries.ranked([by_people, by_times], Metric.READERS)
    assert [(row.place, row.words) for row in rows] == [(1, "10"), (None, "—")]
    rows = queries.ranked([by_people, by_times], Metric.READS)
    assert [(row.place, row.post, row.words) for row in rows] == [
        (1, by_times, "999"),
        (None, by_people, "—"),
    ]


def test_all_that_are_capped_tie() -> None:
    posts = [make_post(n) for n in (1, 2, 3)]
    for post in posts[:2]:
        capped(post)
    give(posts[2], Metric.READS, 99_999)
    assert [row.place for row in queries.ranked(posts, Metric.READS)] == [1, 1, 3]


# --- the list -------------------------------------------------------------------------------------


def test_the_month_and_its_sum(office) -> None:
    give(make_post(1), Metric.READS, 20_000, source=ReadingSource.EXPORT)
    capped(make_post(2))
    make_post(3, published_on=dt.date(2026, 10, 30))
    said = page(office, month="2026-11", metric="reads")
    assert "2026年11月共发表2篇，2篇有阅读次数，合计 ≥120,001。" in said
    assert "10万+</strong>" in said
    assert "100,001" not in said
    assert "后台导出表，截至 2026年11月2日" in said
    assert "身边事3" not in said


def test_every_capped_article_of_all_times_is_listed(office) -> None:
    capped(make_post(9, title="多年以前", published_on=dt.date(2019, 5, 1)))
    said = page(office, month="2026-11", metric="reads")
    assert "多年以前" in said[said.index("历来的 10万+") :]
    assert "多年以前" not in page(office, month="2026-11", metric="readers")


def test_the_column_filter_keeps_the_places(office, people) -> None:
    mine = ColumnFactory(title="一门式服务")
    article = ArticleFactory(writer=people.editor, column=mine, live=True)
    give(make_post(1), Metric.READERS, 50)
    give(make_post(2, article=article), Metric.READERS, 10)
    said = page(office, column="一门式服务")
    assert "身边事2-1" in said
    assert "身边事1-1" not in said
    assert '<td class="rd-number">2</td>' in said


def test_nonsense_in_the_address_shows_the_newest_month(office, post) -> None:
    for asked in ({"month": "2026-13"}, {"month": "<b>"}, {"metric": "wages"}, {"column": "'"}):
        assert office.get(reverse("readings_index"), asked).status_code == 200


def test_titles_are_text(office, post) -> None:
    WeChatPost.objects.update(title="<script>alert(1)</script>")
    give(post, Metric.READERS, 1)
    for url in (reverse("readings_index"), reverse("readings_post", args=[post.pk])):
        assert "<script>alert(1)" not in office.get(url).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_posts(office, people) -> None:
    def asked(count: int) -> int:
        for n in range(count):
            article = ArticleFactory(writer=people.editor, live=True)
            post = make_post(1000 + WeChatPost.objects.count(), article=article)
            give(post, Metric.READERS, n)
            capped(post)
        with CaptureQueriesContext(connection) as found:
            assert page(office, metric="reads")
        return len(found)

    page(office)
    few = asked(2)
    assert asked(12) == few


def test_the_workbook(office, people) -> None:
    capped(make_post(1, title="=HYPERLINK(1)"))
    give(make_post(2), Metric.READS, 7, source=ReadingSource.EXPORT)
    response = office.get(reverse("readings_index"), {"metric": "reads", "export": "xlsx"})
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["2026-11", "历来10万+", "说明"]
    heads, first, second = book["2026-11"].iter_rows(values_only=True)
    told = dict(zip(heads, first, strict=True))
    assert (told["标题"], told["阅读次数"], told["界限"]) == ("'=HYPERLINK(1)", "10万+", "至少")
    assert (told["来源"], told["口径"]) == ("官方统计接口", "发布至当日累计")
    assert second[heads.index("阅读次数")] == 7
    notes = [row[0] for row in book["说明"].iter_rows(values_only=True)]
    assert any("≥100,008" in note for note in notes)


def test_who_may_not_see_readings(people, client, post) -> None:
    for role in ("contributor", "auditor"):
        client.force_login(getattr(people, role))
        for name, args in (
            ("readings_index", []),
            ("readings_account", []),
            ("readings_post", [post.pk]),
            ("readings_upload", []),
        ):
            assert client.get(reverse(name, args=args)).status_code in (302, 403)
    client.force_login(people.reviewer_readable)
    assert client.get(reverse("readings_index")).status_code == 200
    assert client.get(reverse("readings_upload")).status_code in (302, 403)


def test_no_unpublished_word_is_shown_to_who_may_not_read_drafts(people, office) -> None:
    article = ArticleFactory(writer=people.editor, live=True, title="公开的标题")
    article.title = "没有公开的新标题"
    article.save_revision(user=people.editor)
    post = make_post(1, article=ArticlePage.objects.get(pk=article.pk), title="微信里的标题")
    give(post, Metric.READERS, 5)
    for url in (reverse("readings_index"), reverse("readings_post", args=[post.pk])):
        said = office.get(url).content.decode()
        assert "微信里的标题" in said
        assert "没有公开的新标题" not in said
        assert reverse("articles_desk", args=[article.pk]) not in said


# --- one post -------------------------------------------------------------------------------------


def test_the_page_names_window_source_and_time(office, post) -> None:
    for n in range(3):
        give(post, Metric.READERS, 100 + n, DAY + dt.timedelta(n))
    give(post, Metric.READS, 300, source=ReadingSource.EXPORT)
    give(post, Metric.FINISH_RATE, "0.4321")
    said = office.get(reverse("readings_post", args=[post.pk])).content.decode()
    for words in ("发布至当日累计", "导出时累计", "官方统计接口", "后台导出表", "43.2%"):
        assert words in said
    assert said.count("ch-line") == 1


def test_people_and_times_have_curves_of_their_own(office, post) -> None:
    for n in range(2):
        give(post, Metric.READERS, 100 + n, DAY + dt.timedelta(n))
        give(post, Metric.READS, 300 + n, DAY + dt.timedelta(n), ReadingSource.TYPED)
    said = office.get(reverse("readings_post", args=[post.pk])).content.decode()
    assert said.count("ch-line") == 2


def test_a_value_is_typed_in_and_again(people, client, post) -> None:
    client.force_login(people.publisher)
    url = reverse("readings_post", args=[post.pk])
    typed = {
        "action": "type_in",
        "metric": "reads",
        "value": "9万",
        "day": "2026-11-05",
        "where": "手机",
    }
    assert "已录入阅读次数 90,000" in client.post(url, typed, follow=True).content.decode()
    client.post(url, typed | {"value": "10w+"})
    reading = Reading.objects.get()
    assert (reading.value, reading.capped, reading.raw) == (100001, True, "10w+")
    assert (reading.source, reading.note, reading.stat_date) == (
        ReadingSource.TYPED,
        "手机",
        dt.date(2026, 11, 5),
    )
    entry = AuditEntry.objects.filter(action="reading.type_in").first()
    assert (entry.detail["from"], entry.detail["to"]) == ("90,000", "10万+")
    wrong = client.post(url, typed | {"value": "很多"})
    assert "看不懂" in wrong.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "近3万"}, "约数"),
        ({"day": dt.date(2026, 11, 21)}, "还没有到"),
        ({"day": dt.date(2026, 11, 1)}, "早于发表日期"),
        ({"where": " "}, "在哪里看到"),
    ],
)
def test_what_cannot_be_typed_in(people, post, changes, said) -> None:
    typed = {"text": "10", "day": DAY, "where": "手机"} | changes
    with pytest.raises(TypedRefused, match=said):
        typing_in.type_in(people.office, post, Metric.READS, **typed)
    with pytest.raises(TypedRefused, match="没有录入阅读数据的权限"):
        typing_in.type_in(people.editor, post, Metric.READS, "10", DAY, "手机")


def test_an_article_is_registered_from_its_desk(people, client) -> None:
    article = ArticleFactory(writer=people.editor, live=True)
    client.force_login(people.publisher)
    desk = reverse("articles_desk", args=[article.pk])
    assert "还不知道这篇在微信里的地址" in client.get(desk).content.decode()
    answer = {
        "action": "register_wechat",
        "url": "https://example.com",
        "published_on": "2026-11-02",
    }
    assert "这不是微信文章的地址" in client.post(desk, answer).content.decode()
    client.post(desk, answer | {"url": long_url(5, 2)})
    post = WeChatPost.objects.get()
    assert (post.article_id, post.msg_data_id, post.index) == (article.pk, "5", 2)
    give(post, Metric.READERS, 12)
    said = client.get(desk).content.decode()
    assert reverse("readings_post", args=[post.pk]) in said
    assert "阅读人数 <strong>12</strong>" in said


def test_an_address_of_another_article_is_refused(people) -> None:
    first, second = (ArticleFactory(writer=people.editor, live=True) for _ in range(2))
    typing_in.register(people.publisher, first, long_url(5), DAY)
    with pytest.raises(TypedRefused, match="另一篇"):
        typing_in.register(people.publisher, second, long_url(5), DAY)
    ArticlePage.objects.filter(pk=second.pk).update(original_url=long_url(6))
    with pytest.raises(TypedRefused, match="另一篇"):
        typing_in.register(people.publisher, first, long_url(6), DAY)


def test_a_post_that_a_sheet_brought_gets_its_address(people) -> None:
    article = ArticleFactory(writer=people.editor, live=True)
    brought = make_post("", url="", article=article)
    assert typing_in.register(people.publisher, article, long_url(5), DAY) == brought


# --- the account ----------------------------------------------------------------------------------


def test_followers_by_month(office) -> None:
    for day, followers in ((1, 86_000), (2, 86_040)):
        at = dt.date(2026, 11, day)
        recording.record_account(
            [
                (at, AccountMetric.FOLLOWERS, followers),
                (at, AccountMetric.NEW_FOLLOWERS, 50),
                (at, AccountMetric.LOST_FOLLOWERS, 10),
            ]
        )
    url = reverse("readings_account")
    said = office.get(url).content.decode()
    assert "2026年11月有2天的数据：新关注100人，取消关注20人，净增80人。" in said
    assert "86,040" in said
    assert "ch-line" in said
    book = load_workbook(io.BytesIO(office.get(url, {"export": "xlsx"}).content))
    rows = list(book["2026-11"].iter_rows(values_only=True))
    assert rows[2][1:4] == (86_040, 50, 10)
    assert office.get(url, {"month": "2020-01"}).status_code == 200


# --- for the index trial --------------------------------------------------------------------------


def test_the_months_sums_are_of_reads_and_say_where_from() -> None:
    first, second = make_post(1), make_post(1, 2)
    make_post(2, publish_type=PublishType.PUBLISHED)
    give(first, Metric.READERS, 7)
    capped(first)
    give(second, Metric.READS, 50, source=ReadingSource.EXPORT)
    told = own_month.own_month(NOVEMBER)
    assert told.figures["articles"].value == 2
    assert (told.figures["reads"].value, told.figures["reads"].bound) == (100_051, AT_LEAST)
    assert told.figures["headline_reads"].raw == "≥100,001"
    assert told.figures["max_reads"].capped
    assert "likes" not in told.figures
    assert any("2 篇没有拇指赞人数" in note for note in told.notes)
    assert any("后台导出表、官方统计接口" in note for note in told.notes)


def test_a_sum_with_a_hole_is_not_given() -> None:
    give(make_post(1), Metric.READS, 50)
    make_post(2)
    told = own_month.own_month(NOVEMBER)
    assert "reads" not in told.figures
    assert own_month.own_month(Month(2026, 10)) is None


def test_the_trial_is_filled_and_computes(office) -> None:
    capped(make_post(1))
    give(make_post(1, 2), Metric.READS, 50)
    url = reverse("rankings:what_if")
    response = office.get(url, {"fill": "1"})
    said = response.content.decode()
    assert "已填入2026年11月的合计" in said
    form = response.context["form"]
    filled = {name: form[name].value() or "" for name in form.fields if name != "file"}
    assert filled["total_reads"] == "≥100,051"
    posted = office.post(url, filled | {"version": "14.2a", "board": ""})
    assert posted.status_code == 200
    assert posted.context["trial"].so_far.inputs["max_reads"] == (100_001.0, 100_001.0)


def test_without_posts_the_trial_says_so(office) -> None:
    said = office.get(reverse("rankings:what_if"), {"fill": "1"}).content.decode()
    assert "还没有2026年11月的阅读数据" in said
