"""What may help further: names that fit, single words, and titles close to what was typed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Count
from taggit.models import Tag
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from cms.search.query import Either, Phrase, Query
from cms.search.text import tokens

from ..models import ArticlePage, ArticleTag, ColumnPage
from ..public.directory import live_tags

# Titles looked at, newest first, for slips of the pen.
_LOOKED_AT = 300
_MOST = 5


@dataclass(frozen=True)
class Suggestions:
    """``corrections`` and ``words`` are other queries to try."""

    columns: list[ColumnPage] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    titles: list[Page] = field(default_factory=list)


def names(query: Query, columns: Sequence[ColumnPage]) -> Suggestions:
    """Columns and public tags whose names hold a word of the query, or are held by it."""
    fitting = [tag for tag in Tag.objects.order_by("name") if _fits(tag.name, query)][:50]
    return Suggestions(
        columns=[column for column in columns if _fits(column.title, query)][:_MOST],
        tags=list(live_tags().filter(pk__in=[tag.pk for tag in fitting])[:_MOST]),
    )


def most_used_tags(limit: int = 20) -> list[Tag]:
    """The tags of most live articles."""
    used = ArticleTag.objects.filter(content_object__live=True).values("tag")
    counted = used.annotate(uses=Count("pk")).order_by("-uses", "tag")[:limit]
    found = Tag.objects.in_bulk([row["tag"] for row in counted])
    return [found[row["tag"]] for row in counted]


def close(query: Query, columns: Sequence[ColumnPage]) -> Suggestions:
    """For a search without results: everything of `names`, and what was perhaps meant."""
    known = names(query, columns)
    wanted = query.whole.tokens
    titles = _titles_with_any(wanted)
    known_names = [column.title for column in columns] + [tag.name for tag in live_tags()]
    corrections = _corrections([*known_names, *(page.title for page in titles)], wanted)
    words = [str(word) for word in query.words if len(query.words) > 1]
    near = sorted(
        ((_likeness(page.title, wanted), page) for page in titles), key=lambda each: -each[0]
    )
    return Suggestions(
        known.columns,
        known.tags,
        words[:_MOST],
        corrections[:_MOST],
        [page for likeness, page in near if likeness >= 0.4][:_MOST],
    )


def _fits(name: str, query: Query) -> bool:
    of_name = "\0".join(tokens(name))
    words = [word for word in query.words if len(str(word)) > 1]
    return any("\0".join(word.tokens) in of_name for word in words) or (
        len(of_name) > 1 and of_name in "\0".join(query.whole.tokens)
    )


def _titles_with_any(wanted: Sequence[str]) -> list[Page]:
    """Live articles whose titles hold two neighbours of ``wanted``, or else any of them."""
    pairs = [Phrase(tuple(wanted[at : at + 2])) for at in range(len(wanted) - 1)]
    singles = [Phrase((token,)) for token in wanted]
    backend = get_search_backend()
    for phrases in (pairs, singles):
        if not phrases:
            continue
        node = phrases[0] if len(phrases) == 1 else Either(tuple(dict.fromkeys(phrases)))
        with backend.reading():
            found = list(
                Page.objects.live()
                .filter(pk__in=backend.matching_ids(ArticlePage, node, ("title",)))
                .order_by("-first_published_at", "-pk")[:_LOOKED_AT]
            )
        if found:
            return found
    return []


def _corrections(names: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Stretches of the ``names`` that differ from ``wanted`` in a single token."""
    length = len(wanted)
    if length < 2:
        return []
    found: Counter[str] = Counter()
    for name in names:
        of_name = tokens(name)
        for at in range(len(of_name) - length + 1):
            stretch = of_name[at : at + length]
            if sum(a != b for a, b in zip(stretch, wanted, strict=True)) == 1:
                found[str(Phrase(tuple(stretch)))] += 1
    return [stretch for stretch, _ in found.most_common()]


def _likeness(title: str, wanted: Sequence[str]) -> float:
    """How much of ``wanted`` stands in ``title``, 0 to 1; neighbours count as much as tokens."""
    of_title = tokens(title)
    asked = {*wanted, *pairwise(wanted)}
    held = {*of_title, *pairwise(of_title)}
    return len(asked & held) / len(asked)
