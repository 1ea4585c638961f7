"""Articles with a vocabulary like that of real text: few common words, many rare ones."""

import json
import random
from bisect import bisect
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from articles.models import ArticlePage, ColumnPage

from .site import Site

# In nearly every article (in the measured corpus 18,900 of 20,000), in one of fifty, in none.
COMMON, RARE, ABSENT = "社区", "莲蓬", "鲸鱼"
COMMON_LONG, RARE_LONG = "荷塘区", "采莲节"
_ARTICLE_CHARACTERS = 1500


def characters() -> str:
    """The 3,755 characters of the first level of GB2312, but those of `ABSENT`."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    found = "".join(each.decode("gb2312", "ignore") for each in rows)
    return "".join(each for each in found if each not in ABSENT)


def words(count: int, chance: random.Random) -> list[str]:
    """``count`` words of two and three characters; common characters make many of them."""
    known = list(characters())
    chance.shuffle(known)
    weights = [1 / (place + 20) for place in range(len(known))]
    lengths = chance.choices((2, 3), (4, 1), k=count)
    return ["".join(chance.choices(known, weights, k=length)) for length in lengths]


def texts(count: int, seed: int = 7) -> Iterator[tuple[str, list[str]]]:
    """``count`` titles, each with its paragraphs; the same every time."""
    chance = random.Random(seed)
    known = words(30_000, chance)
    totals = list(accumulate(1 / (place + 3) for place in range(len(known))))

    def word() -> str:
        return known[bisect(totals, chance.random() * totals[-1])]

    for _ in range(count):
        extra = [
            each
            for each, share in (
                (COMMON, 0.945),
                (COMMON_LONG, 0.8),
                (RARE, 0.02),
                (RARE_LONG, 0.02),
            )
            if chance.random() < share
        ]
        title = "".join(word() for _ in range(7))
        if extra and chance.random() < 0.1:
            title = chance.choice(extra) + title
        paragraphs, written = [], 0
        while written < _ARTICLE_CHARACTERS:
            sentences = ["".join(word() for _ in range(9)) + "，" for _ in range(8)]
            for each in extra:
                sentences[chance.randrange(8)] += f"{word()}{each}{word()}。"
            extra = extra if chance.random() < 0.3 else []
            paragraphs.append("".join(sentences))
            written += len(paragraphs[-1])
        yield title, paragraphs


def write(site: Site, count: int) -> list[ColumnPage]:
    """Have ``count`` live articles of `texts` in two columns, one of them of a tenth, indexed."""
    columns = [site.column, _column(site)]
    by_column: list[list[tuple[str, list[str]]]] = [[], []]
    for number, text in enumerate(texts(count)):
        by_column[number % 10 == 9].append(text)
    for column, of_column in zip(columns, by_column, strict=True):
        _insert(site, column, of_column)
    call_command("update_index", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return columns


def _column(site: Site) -> ColumnPage:
    parent = site.column.get_parent()
    return parent.add_child(instance=ColumnPage(title="教育", slug="jiaoyu", description="教育"))


def _insert(site: Site, column: ColumnPage, of_column: list[tuple[str, list[str]]]) -> None:
    column.refresh_from_db()
    began = timezone.now() - timedelta(days=3300)
    pages = []
    for number, (title, _) in enumerate(of_column, start=column.numchild + 1):
        page = site._page(number, number)
        page.path = Page._get_path(column.path, column.depth + 1, number)
        page.title = page.draft_title = title
        page.url_path = f"{column.url_path}{page.slug}/"
        page.first_published_at = began + timedelta(days=3300 * number / len(of_column))
        pages.append(page)
    Page.objects.bulk_create(pages, batch_size=500)
    Page.objects.filter(pk=column.pk).update(numchild=column.numchild + len(pages))
    keys = Page.objects.filter(path__startswith=column.path, depth=column.depth + 1)
    by_path = dict(keys.values_list("path", "pk"))
    fields = [f.column for f in ArticlePage._meta.local_concrete_fields if not f.primary_key]
    quoted = ", ".join(map(connection.ops.quote_name, fields))
    wanted = ", ".join("%s" if name == "body" else f"a.{name}" for name in fields)
    rows = (
        (
            by_path[page.path],
            json.dumps([{"type": "paragraph", "value": f"<p>{each}</p>"} for each in paragraphs]),
            site.pattern.pk,
        )
        for page, (_, paragraphs) in zip(pages, of_column, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.executemany(  # names of columns only
            f"INSERT INTO articles_articlepage (page_ptr_id, {quoted}) "  # noqa: S608
            f"SELECT %s, {wanted} FROM articles_articlepage a WHERE a.page_ptr_id = %s",
            rows,
        )
