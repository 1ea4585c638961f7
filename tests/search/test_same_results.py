"""The same articles in the same order, on whichever database the tests run."""

from datetime import date

import pytest

from articles.models import ColumnPage
from articles.searching.query import PAGE_SIZE, Asked, find
from cms.search import query as asking
from tests import scenes

from .articles import live_article, publish_all
from .test_query import HOSTILE

# What is typed, and the first page of what is found.
EXPECTED: list[tuple[str, str]] = [
    ("荷塘月色", "pond apart night far"),
    ("荷塘 月色", "pond apart night far"),
    ("月色荷塘", "apart pond far night"),
    ("“荷塘月色”", "pond night"),
    ("荷塘", "apart gov trad pond far night hall gov3 gov2 hidden"),
    ("荷花", "lotus pond"),
    ("莲蓬", "seeds lotus"),
    ("采莲", "lotus"),
    ("经济", "farm economy"),
    ("农村教育", "rural farm teacher"),
    ("农村经济", "farm"),
    ("教育", "rural farm teacher"),
    ("下岗职工", "workers workers2"),
    ("国有企业", "workers workers2"),
    ("国有企业下岗职工", "workers2 workers"),
    ("5G", "5g"),
    ("５ｇ", "5g"),
    ("5g网络", "5g"),
    ("网络", "5g g20"),
    ("wifi", ""),
    ("Wi-Fi", "g20"),
    ("app", "g20"),
    ("10万", "reads"),
    ("10万+", "reads"),
    ("2026年", "year year2"),
    ("２０２６年", "year year2"),
    ("2026", "year number year2"),
    ("王晓明", "wang wang3"),
    ("王曉明", "wang wang3"),
    ("台湾", "trad history"),
    ("臺灣", "trad history"),
    ("歷史館", "history trad"),
    ("历史", "history trad"),
    ("荷塘区人民政府", "gov gov3 gov2"),
    ("荷塘区", "gov gov3 gov2"),
    ("塘区", "hall gov gov3 gov2"),
    ("人民政府", "gov gov3 gov2"),
    ("论语", "quote2 quote"),
    ("《论语》", "quote2 quote"),
    ("200亿元", "money"),
    ("200", "money2 money"),
    ("1,000人", "money"),
    ("3.5%", "money2"),
    ("停水通知", "water3 water2 water power"),
    ("停水", "power water3 water2 water"),
    ("停水 停电", "power"),
    ("cafe", "cafe"),
    ("CAFÉ", "cafe"),
    ("lotus leaf", "cafe"),
    ("leaf lotus", "cafe"),
    ("coffee", "cafe"),
    ("𠮷野", "rare"),
    ("龘", "rare"),
    ("标签", "html"),
    ("script", "html"),
    ("荷", "apart gov trad cafe pond far night hall gov3 gov2"),
    ("的", "far apart year teacher workers2 reads seeds gov2 wang2 wang"),
    ("融媒体", "far apart night year2 year seeds hall gov3 gov2 gov"),
    ("零宽", "hidden"),
    ("学校", "teacher rural"),
    ("数字", "g20 5g"),
    ("身边事", ""),
    ("没有这个词", ""),
    ("飞碟", ""),
    ("荷糖月色", ""),
    ("荷塘的月色", "apart pond far night"),
    ("有朋自远方来", "quote"),
    ("远方 孔子", "quote"),
    ("2026荷塘", ""),
    ("乡村教师", "teacher"),
    ("草稿", ""),
]

made = scenes.fixture(publish_all)


def ask(typed: str, page: int = 1, **filters):
    return find(Asked(asking.parse(typed), **filters), page)


def keys(found, made) -> str:
    known = {article.pk: key for key, article in made.items()}
    return " ".join(known[pk] for pk in found.keys)


@pytest.mark.parametrize(("typed", "expected"), EXPECTED)
def test_the_same_articles_in_the_same_order(made, db, typed, expected):
    found = ask(typed)
    assert keys(found, made) == expected
    assert found.total == len(found.keys) or len(found.keys) == PAGE_SIZE


def test_the_newest_first(made, db):
    assert keys(ask("荷塘月色", newest_first=True), made) == "far apart night pond"
    # On one day the later one.
    assert keys(ask("停水", newest_first=True), made) == "power water3 water2 water"


def test_only_in_a_column(made, db):
    school = ColumnPage.objects.get(slug="jiaoyu")
    assert keys(ask("农村教育", column=school), made) == "rural teacher"


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2024-07-07", None, "power water3 water2"),
        ("2024-07-07", "2024-07-07", "water3 water2"),
        (None, "2024-07-06", "water"),
        ("2024-07-09", "2026-01-01", ""),
    ],
)
def test_only_on_certain_days(made, db, since, until, expected):
    days = {
        name: date.fromisoformat(day) for name, day in (("since", since), ("until", until)) if day
    }
    assert keys(ask("停水", **days), made) == expected


def test_pages_follow_each_other_and_end(made, db):
    first, second = ask("荷"), ask("荷", 2)
    assert first.total == second.total > PAGE_SIZE
    assert second.first == PAGE_SIZE + 1
    assert not set(first.keys) & set(second.keys)
    assert len(first.keys + second.keys) == first.total
    beyond = ask("荷", 50)
    assert (beyond.keys, beyond.total) == ([], first.total)


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
def test_hostile_queries_are_answered(made, db, typed):
    if query := asking.parse(typed):
        assert find(Asked(query)).total >= 0


def test_a_page_of_results_is_one_query_of_articles(made, db, django_assert_max_num_queries):
    ask("荷塘")  # content types
    with django_assert_max_num_queries(5):  # PostgreSQL: savepoint, two settings
        ask("荷塘 月色")


def test_all_of_a_long_article_is_found(made, db):
    """PostgreSQL keeps no place beyond 16383."""
    article = live_article(
        ColumnPage.objects.get(slug="jiaoyu"),
        "长文",
        paragraphs=("水乡水" * 6000, "王老五在最后", "水乡" * 5400, "真的最后一句"),
    )
    for typed in ("“王老五在最后”", "“真的最后一句”", "水乡"):
        assert ask(typed).keys == [article.pk]
