"""The backend in Wagtail: indexing, the admin's lists, and writing the index anew."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry
from wagtail.search.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.search.utils import parse_query_string

from articles.models import ArticlePage
from cms.ops.models import SearchIndex
from cms.search import building
from media.models import CustomImage
from tests.factories.articles import ColumnFactory
from tests.factories.media import ImageFactory
from tests.factories.users import one_of_each

from .articles import index, live_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def column():
    return ColumnFactory(title="身边事")


@pytest.fixture
def articles(column):
    return [
        live_article(column, "荷塘夜市开张", paragraphs=("县域经济学的讲座。",)),
        live_article(column, "经济工作会议", paragraphs=("在荷塘召开。",)),
        live_article(column, "臺灣同胞來訪"),
    ]


def titles(found) -> list[str]:
    return [each.title for each in found]


def test_pages_are_found_by_words_inside_them_titles_first(articles):
    assert titles(ArticlePage.objects.live().search("经济")) == ["经济工作会议", "荷塘夜市开张"]
    assert titles(ArticlePage.objects.search("荷塘")) == ["荷塘夜市开张", "经济工作会议"]
    assert titles(Page.objects.search("夜市", fields=["title"])) == ["荷塘夜市开张"]
    assert titles(Page.objects.search("台湾")) == ["臺灣同胞來訪"]
    assert ArticlePage.objects.search("经济").count() == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (PlainText("荷塘 经济"), 2),
        (PlainText("夜市 会议", operator="or"), 2),
        (Phrase("经济工作"), 1),
        (And([PlainText("荷塘"), Not(PlainText("夜市"))]), 1),
        (Or([PlainText("夜市"), PlainText("台湾")]), 2),
        (Boost(PlainText("夜市"), 2.0), 1),
        (Fuzzy("夜市 没有"), 1),
        (MATCH_ALL, 3),
        (Not(MATCH_ALL), 0),
        (PlainText('"'), 0),
        (Or([PlainText('"'), PlainText("夜市")]), 1),
        (And([PlainText('"'), PlainText("夜市")]), 0),
        (parse_query_string('荷塘 "夜市"', operator="and")[1], 1),
    ],
    ids=repr,
)
def test_every_kind_of_query(articles, query, expected):
    assert len(ArticlePage.objects.search(query)) == expected


def test_order_score_and_facets_of_wagtail_s_interface(articles):
    by_title = ArticlePage.objects.order_by("title").search("荷塘", order_by_relevance=False)
    assert titles(by_title) == sorted(["荷塘夜市开张", "经济工作会议"])
    scored = ArticlePage.objects.search("荷塘").annotate_score("score")
    assert [each.score for each in scored] == [1.0, 0.0]
    assert ArticlePage.objects.search("荷塘").facet("kind") == {"story": 2}


def test_completion_goes_by_beginnings(articles, column):
    live_article(column, "Lotus Festival")
    assert titles(Page.objects.autocomplete("lot")) == ["Lotus Festival"]
    assert titles(Page.objects.autocomplete("荷塘夜")) == ["荷塘夜市开张"]
    assert titles(Page.objects.autocomplete("夜市 开")) == ["荷塘夜市开张"]
    # What stands in the text comes after what the title says.
    assert titles(ArticlePage.objects.autocomplete("荷")) == ["荷塘夜市开张", "经济工作会议"]
    assert not Page.objects.autocomplete("estival")
    assert not Page.objects.autocomplete('"')


def test_the_admin_finds_chinese_in_pages_and_images(articles, client):
    client.force_login(one_of_each().administrator)
    picture = ImageFactory(title="夏日荷塘的清晨")
    get_search_backend().add(CustomImage.objects.get(pk=picture.pk))
    pages = client.get(reverse("wagtailadmin_pages:search"), {"q": "夜市"}).content.decode()
    assert "荷塘夜市开张" in pages and "臺灣同胞來訪" not in pages
    inside = client.get(reverse("wagtailadmin_pages:search"), {"q": "经济学"}).content.decode()
    assert "荷塘夜市开张" in inside
    assert (
        "夏日荷塘的清晨"
        in client.get(reverse("wagtailimages:index"), {"q": "清晨"}).content.decode()
    )
    for hostile in ('"', "%", "*", "AND", "😀"):
        for view in ("wagtailadmin_pages:search", "wagtailimages:index", "articles:index"):
            assert client.get(reverse(view), {"q": hostile}).status_code == 200


def test_indexing_one_object_looks_at_no_other(articles, django_assert_max_num_queries):
    article = articles[0]
    insert_or_update_object_task.call("articles", "articlepage", str(article.pk))
    seen = []

    def note(execute, sql, *rest):
        seen.append(sql.upper())
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        insert_or_update_object_task.call("articles", "articlepage", str(article.pk))
    touched = [sql for sql in seen if "INDEXENTRY" in sql]
    assert len(touched) == 1 and touched[0].startswith("INSERT")
    assert not any("AVG" in sql for sql in seen)
    assert IndexEntry.objects.filter(object_id=str(article.pk)).count() == 1


def test_changed_and_deleted_texts_are_followed(articles):
    article = articles[0]
    ArticlePage.objects.filter(pk=article.pk).update(title="换了题目")
    index(ArticlePage.objects.filter(pk=article.pk))
    assert titles(Page.objects.search("题目")) == ["换了题目"]
    assert not Page.objects.search("夜市")
    get_search_backend().delete(article)
    assert not Page.objects.search("题目")


def test_update_index_writes_everything_anew(articles):
    IndexEntry.objects.all().delete()
    assert not Page.objects.search("夜市")
    call_command("update_index", verbosity=0)
    assert titles(Page.objects.search("夜市")) == ["荷塘夜市开张"]


# --- after migrate ------------------------------------------------------------------------------


def test_the_index_is_written_anew_only_when_its_rules_have_changed(articles, monkeypatch):
    assert not building.build_if_needed(using="default"), "migrate has just done it"
    IndexEntry.objects.all().delete()
    assert not building.build_if_needed(using="default")
    monkeypatch.setattr("cms.search.text.VERSION", 99)
    assert building.build_if_needed(using="default", out=io.StringIO())
    assert titles(Page.objects.search("夜市")) == ["荷塘夜市开张"]
    assert SearchIndex.objects.get().version.startswith("99-")
    assert not building.build_if_needed(using="default")


def test_a_new_search_field_is_a_new_rule(monkeypatch):
    before = building.version()
    monkeypatch.setattr(ArticlePage, "search_fields", ArticlePage.search_fields[:-1])
    assert building.version() != before


def test_long_work_tells_of_itself(articles, monkeypatch):
    monkeypatch.setattr(building, "WORTH_TELLING", 1)
    monkeypatch.setattr(building, "CHUNK", 1)
    out = io.StringIO()
    done = building.build(out)
    lines = out.getvalue().splitlines()
    assert lines[0] == f"正在为搜索重建索引（{done} 项）……"
    assert "已完成 100%" in lines
    assert lines[-1].startswith("搜索索引已重建")


def test_migrate_itself_does_it(articles, monkeypatch):
    monkeypatch.setattr("cms.search.text.VERSION", 98)
    IndexEntry.objects.all().delete()
    call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())
    assert titles(Page.objects.search("夜市")) == ["荷塘夜市开张"]


@pytest.mark.only_on("sqlite")
def test_sqlite_reads_keys_from_an_index_of_their_own(articles):
    from articles.searching.query import Asked, ranked
    from cms.search.query import parse

    plan = ranked(Asked(parse("荷塘"))).explain()
    assert "VIRTUAL TABLE" in plan and "zai_hetang_search_keys" in plan


@pytest.mark.only_on("postgresql")
def test_postgresql_reads_its_gin_index(articles):
    from articles.searching.query import Asked, ranked
    from cms.search.query import parse

    with get_search_backend().reading():
        plan = ranked(Asked(parse("荷塘"))).explain()
    assert "Seq Scan on wagtailsearch_indexentry" not in plan
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("order", [{}, {"newest_first": True}])
def test_postgresql_looks_up_each_word_once(articles, order):
    """Joined by AND, or in a nested loop, hits would be unpacked or gone through again."""
    from articles.searching.query import Asked, ranked
    from cms.search.query import parse

    with get_search_backend().reading():
        plan = ranked(Asked(parse("荷塘 月色"), **order)).explain()
    assert "Intersect" in plan and "Nested Loop" not in plan


def test_a_text_of_very_many_long_words_is_found_by_its_beginning(articles):
    page = ArticlePage.objects.live().first()
    page.title = "荷塘 " + " ".join(f"{number:064}" for number in range(50_000))
    index([page])
    assert page in ArticlePage.objects.search("荷塘")
    assert page in ArticlePage.objects.search(f"{7:064}")
