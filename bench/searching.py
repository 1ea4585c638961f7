"""The public search by Wagtail's stock search and by LIKE, on one site; the query alone."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone

from articles.models import ArticlePage
from articles.searching.query import PAGE_SIZE, Asked, find
from cms.search import query as asking

from . import corpus
from .harness import DEFAULT, FULL, TINY, Line, number
from .scratch import Scratch
from .site import Site

TITLE = "公开搜索：只计查询"
# Articles, rounds.
SIZES = {TINY: (30, 1), DEFAULT: (2000, 5), FULL: (20_000, 9)}
LIMIT = 50.0  # milliseconds: the median over all queries, at the full size
STOCK = {"default": {"BACKEND": "wagtail.search.backends.database"}}


def queries() -> dict[str, Asked]:
    """What is searched for, by what the lines call it."""

    def asked(typed: str, **filters: object) -> Asked:
        query = asking.parse(typed)
        assert query
        return Asked(query, **filters)

    sentence = next(corpus.texts(1))[1][0][:6]
    month = timezone.localdate() - timedelta(days=400)
    return {
        "两字，少见": asked(corpus.RARE),
        "两字，常见": asked(corpus.COMMON),
        "两字，没有": asked(corpus.ABSENT),
        "三字，常见": asked(corpus.COMMON_LONG),
        "三字，少见": asked(corpus.RARE_LONG),
        "引号里的短句": asked(f"“{sentence}”"),
        "两个常见词": asked(f"{corpus.COMMON} {corpus.COMMON_LONG}"),
        "常见词和少见词": asked(f"{corpus.COMMON} {corpus.RARE}"),
        "常见词，限一个月": asked(corpus.COMMON, since=month, until=month + timedelta(days=30)),
        "常见词，最新在前": asked(corpus.COMMON, newest_first=True),
    }


def run(size: str, databases: Scratch) -> Iterator[Line]:
    articles, rounds = SIZES[size]
    site = Site()
    corpus.write(site, articles)
    plain = _plain_table()
    asked = queries()
    label = databases.label

    taken, totals = {}, {}
    for name, each in asked.items():
        totals[name] = find(each).total
        taken[name] = _milliseconds(lambda each=each: find(each), rounds)
    for name, milliseconds in taken.items():
        yield Line(
            label,
            f"搜索 {articles} 篇，{name}（毫秒）",
            milliseconds,
            detail=f"{totals[name]} 篇",
        )
    like = {
        name: _milliseconds(lambda word=word: _like(plain, word), rounds)
        for name, word in (("两字，少见", corpus.RARE), ("两字，常见", corpus.COMMON))
    }
    for name, milliseconds in like.items():
        yield Line(
            label,
            f"搜索 {articles} 篇，{name}：本系统 ÷ LIKE 数篇数",
            taken[name] / milliseconds,
            detail=f"{number(taken[name])} ÷ {number(milliseconds)} ms",
        )
    with databases.on_copy(), override_settings(WAGTAILSEARCH_BACKENDS=STOCK):
        call_command("update_index", verbosity=0)
        for name, word in (("两字，少见", corpus.RARE), ("两字，常见", corpus.COMMON)):
            found = ArticlePage.objects.live().search(word).count()
            milliseconds = _milliseconds(lambda word=word: _stock(word), rounds)
            yield Line(
                label,
                f"搜索 {articles} 篇，{name}：本系统 ÷ 自带搜索",
                taken[name] / milliseconds,
                detail=f"{number(taken[name])} ÷ {number(milliseconds)} ms，"
                f"查到 {totals[name]} 比 {found} 篇",
            )
    yield Line(
        label,
        f"搜索 {articles} 篇：各种查询的中位数（毫秒）",
        statistics.median(taken.values()),
        LIMIT,
        detail=f"最慢 {number(max(taken.values()))}",
    )


def _milliseconds(act: Callable[[], object], rounds: int) -> float:
    """The median of ``rounds``, after one that does not count.

    SQLite works in this process: there it is processor time, which neighbours do not lengthen.
    """
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    act()
    taken = []
    for _ in range(rounds):
        began = clock()
        act()
        taken.append(1000 * (clock() - began))
    return statistics.median(taken)


def _stock(word: str) -> None:
    found = ArticlePage.objects.live().search(word)
    list(found[:PAGE_SIZE])
    found.count()


def _plain_table() -> str:
    """A table of plain texts, as LIKE would need it: the body is kept as escaped JSON."""
    name = "bench_plain"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (id integer primary key, text text)")
        count = ArticlePage.objects.count() - 1
        rows = (
            (at, title + "".join(paragraphs))
            for at, (title, paragraphs) in enumerate(corpus.texts(count), 1)
        )
        cursor.executemany(f"INSERT INTO {name} VALUES (%s, %s)", rows)  # noqa: S608
    return name


def _like(table: str, word: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE text LIKE %s", [f"%{word}%"])  # noqa: S608
        return cursor.fetchone()[0]
