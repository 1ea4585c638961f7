"""The public search page as a reader gets it."""

import re
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.html import strip_tags

from cms.mirror.models import Closing
from cms.search.query import MOST_CHARACTERS
from tests import scenes
from tests.factories.users import UserFactory
from tests.search.articles import publish_all
from tests.search.test_query import HOSTILE

made = scenes.fixture(publish_all)
pytestmark = pytest.mark.usefixtures("made", "db")


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def get(client, **query):
    query = {name.rstrip("_"): value for name, value in query.items()}
    return client.get("/search/", query)


def main(response) -> str:
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def text(response) -> str:
    return re.sub(r"\s+", " ", strip_tags(main(response)))


def titles(response) -> list[str]:
    found = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", main(response))
    return [strip_tags(each) for each in found]


def test_results_are_counted_marked_and_linked(client, made):
    response = get(client, q="荷塘月色")
    page = main(response)
    assert response.status_code == 200
    assert "“荷塘月色”共找到 4 篇" in page
    assert titles(response)[0] == "荷塘月色又一年"
    assert "<mark>荷塘月色</mark>又一年" in page
    assert made["pond"].url in page
    assert "今晚的<mark>荷塘</mark>很静。" in page
    assert "草稿" not in page


def test_it_is_no_file_leaves_no_cookie_and_is_not_for_search_engines(client):
    for query in ({"q": "荷塘"}, {"q": "没有这样的词"}, {}, {"q": "荷塘", "from": "x"}):
        response = get(client, **query)
        assert response["Cache-Control"] == "no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in response.content.decode()
        assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.post("/search/").status_code == 405
    assert client.head("/search/", {"q": "荷塘"}).status_code == 200


def test_the_form_keeps_what_was_typed_and_works_without_script(client):
    page = main(get(client, q='荷塘"<b>', column="jiaoyu", from_="2020-01-01", to="2026-12-31"))
    assert 'role="search" action="/search/" method="get"' in page
    assert 'value="荷塘&quot;&lt;b&gt;"' in page
    assert '<option value="jiaoyu" selected>' in page
    assert 'name="from" value="2020-01-01"' in page and 'name="to" value="2026-12-31"' in page
    for field in re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page):
        assert f'<label for="{field}">' in page


def test_column_dates_and_order_narrow_and_sort(client):
    assert titles(get(client, q="农村教育", column="jiaoyu")) == ["办好农村教育", "乡村教师的一天"]
    assert titles(get(client, q="停水", from_="2024-07-08")) == ["停电又停水怎么办"]
    assert titles(get(client, q="停水", to="2023年12月31日")) == ["停水通知"]
    newest = get(client, q="荷塘月色", order="newest")
    assert titles(newest)[0] == "散步的人多了"
    assert 'order=newest" aria-current="true">最新' in main(newest)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"from_": "昨天"}, "开始日期“昨天”看不懂，请写成 2026-11-01 这样。"),
        ({"to": "2026-02-30"}, "结束日期“2026-02-30”不是一个日子，请写成 2026-11-01 这样。"),
        ({"to": "9999-12-31"}, "不在 1949 年到 2100 年之间，请改正。"),
        ({"from_": "0001-01-01"}, "不在 1949 年到 2100 年之间，请改正。"),
        (
            {"from_": "2026-02-02", "to": "2026-02-01"},
            "开始日期晚于结束日期，请把两个日期对调。",
        ),
    ],
)
def test_wrong_dates_are_told_and_nothing_is_lost(client, query, sentence):
    response = get(client, q="荷塘", **query)
    assert response.status_code == 200
    assert sentence in text(response)
    assert 'value="荷塘"' in main(response)
    assert not titles(response)


def test_an_unknown_column_is_told_and_all_are_searched(client):
    response = get(client, q="采莲", column="nothing")
    assert "没有这个栏目，已在全部栏目里查找。" in text(response)
    assert titles(response) == ["采莲节开幕"]


def test_pages_can_be_turned(client):
    first = get(client, q="荷")
    assert 'aria-label="翻页"' in main(first)
    address = re.search(r'href="(\?[^"]*page=2)"', main(first))[1].replace("&amp;", "&")
    second = client.get(f"/search/{address}")
    assert "第 2 页" in text(second)
    assert '<ol class="search-list" start="11">' in main(second)
    assert not set(titles(first)) & set(titles(second))
    # A page beyond the last is the last, and nonsense is the first.
    assert titles(get(client, q="荷", page="50")) == titles(second)
    for page in ("0", "-1", "x", "", "99999999999999999999", "²"):
        expected = second if page.startswith("9") else first
        assert titles(get(client, q="荷", page=page)) == titles(expected)


def test_only_so_many_pages_can_be_turned(client, monkeypatch):
    monkeypatch.setattr("articles.searching.query.MOST_PAGES", 1)
    monkeypatch.setattr("articles.searching.views.MOST_PAGES", 1)
    assert "只能翻看前 10 篇。" in text(get(client, q="荷"))


def test_names_that_fit_are_offered(client):
    page = main(get(client, q="农村教育"))
    assert ">教育（栏目）</a>" in page
    assert ">荷花（标签）</a>" in main(get(client, q="荷花"))


def test_nothing_found_helps_further(client):
    response = get(client, q="荷塘飞碟", column="shenbian", to="2026-01-31")
    page = main(response)
    assert "没有找到“荷塘飞碟”" in page
    assert "只查了栏目“身边事”至2026年1月31日的文章。" in text(response)
    assert 'href="?q=%E8%8D%B7%E5%A1%98%E9%A3%9E%E7%A2%9F">在全部文章里查找' in page
    assert '<a href="?q=%E8%8D%B7%E5%A1%98">荷塘</a>' in page
    assert "到栏目里看看" in page and ">教育</a>" in page
    assert "最新文章" in page and "散步的人多了" in page


def test_a_slip_of_the_pen_is_put_right(client):
    response = get(client, q="荷糖月色")
    assert '您是不是要找：<a href="?q=%E8%8D%B7%E5%A1%98%E6%9C%88%E8%89%B2">荷塘月色</a>' in main(
        response
    )
    assert "标题相近的文章" in main(response)
    assert "荷塘月色又一年" in main(response)


def test_an_empty_search_offers_tags_and_columns(client):
    for query in ({}, {"q": ""}, {"q": "  "}):
        page = main(get(client, **query))
        assert ">荷花</a>" in page and ">身边事</a>" in page
        assert "没有找到" not in page
    assert "里没有可以查找的字，请输入汉字、字母或数字。" in text(get(client, q="！？😀"))


def test_a_long_query_is_cut_and_told(client):
    response = get(client, q="荷塘" * 5000)
    assert f"搜索词太长，只按前 {MOST_CHARACTERS} 个字查找。" in text(response)
    assert len(re.search(r'name="q" value="([^"]*)"', main(response))[1]) == MOST_CHARACTERS


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)


@pytest.mark.parametrize("typed", [*HOSTILE, "<script>alert(1)</script>", '" onfocus="x'])
def test_hostile_queries_get_a_page(client, settings, typed):
    settings.SEARCH_RATE = "none"
    response = get(client, q=typed.encode("utf-8", "replace").decode())
    assert response.status_code == 200
    parser = _Tags()
    parser.feed(main(response))
    assert "script" not in parser.names and "onfocus=" not in re.sub(
        r'value="[^"]*"|“[^”]*”', "", main(response)
    )


def test_hostile_texts_are_escaped(client):
    page = main(get(client, q="标签 script"))
    assert "&lt;b&gt;<mark>标签</mark>&lt;/b&gt;" in page
    assert "&lt;<mark>script</mark>&gt;alert(1)" in page


# --- the limit ----------------------------------------------------------------------------------


def test_too_many_searches_from_one_address_wait(client, settings):
    settings.SEARCH_RATE = "2/min"
    assert get(client, q="荷塘").status_code == get(client, q="荷花").status_code == 200
    response = get(client, q="月色")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert "您搜索得太快了" in text(response)
    assert response["Cache-Control"] == "no-store"
    assert client.get("/search/").status_code == 200, "the form costs nothing"
    other = client.get("/search/", {"q": "荷塘"}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200


def test_the_limit_ends(client, settings, time_machine):
    settings.SEARCH_RATE = "1/min"
    time_machine.move_to("2026-11-01 08:00:00+08:00", tick=False)
    assert get(client, q="荷塘").status_code == 200
    assert get(client, q="荷塘").status_code == 429
    time_machine.move_to("2026-11-01 08:01:01+08:00", tick=False)
    assert get(client, q="荷塘").status_code == 200


def test_a_search_server_that_is_down_is_told(client, monkeypatch):
    from wagtail.search.backends import get_search_backend

    backend = type(get_search_backend())
    monkeypatch.setattr(backend, "failures", (ConnectionError,))

    def down(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(backend, "matching_ids", down)
    response = get(client, q="荷塘")
    assert response.status_code == 503
    assert "搜索暂时不能用" in text(response)


def close(address: str) -> Closing:
    return Closing.objects.create(address=address, reason="试", closed_by=UserFactory())


def test_what_was_taken_down_by_hand_is_not_found(client, made):
    assert made["pond"].title in titles(get(client, q="荷塘月色"))
    close(made["pond"].url)
    response = get(client, q="荷塘月色")
    assert made["pond"].title not in titles(response) and titles(response)


def test_while_the_whole_mirror_is_down_nothing_is_found(client, made):
    closing = close("")
    response = get(client, q="荷塘月色")
    assert response.status_code == 503 and "月色" not in response.content.decode()
    closing.restored_at = timezone.now()
    closing.save()
    assert get(client, q="荷塘月色").status_code == 200
