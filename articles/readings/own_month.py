"""This month's sums of our own account, for 指数试算 in the rankings.

A board counts reads, not readers; so do these sums. A sum is given only when every post has a value
of that metric: one that lacks some would be computed with as if it were whole.
"""

from collections.abc import Sequence

from django.utils import timezone

from rankings.figures import AT_LEAST, Figure
from rankings.own_month import OwnMonth
from rankings.periods import Month

from ..models import Metric, PublishType, Reading
from . import queries
from .words import CAPPED, total

#: What an index calls them; the official statistics name 爱心赞 what was 在看.
_METRICS = {"reads": Metric.READS, "looks": Metric.HEARTS, "likes": Metric.LIKES}


def own_month(month: Month) -> OwnMonth | None:
    """Posts, total, headline and highest reads, looks and likes; None without a post."""
    posts = [post for post in queries.of_month(month) if post.publish_type != PublishType.PUBLISHED]
    if not posts:
        return None
    known = queries.latest(posts, list(_METRICS.values()))
    figures = {"articles": Figure(len(posts), "exact", False, str(len(posts)))}
    notes, days = [], [timezone.localdate()]
    for name, metric in _METRICS.items():
        found = {post.pk: known[post.pk][metric] for post in posts if metric in known[post.pk]}
        if len(found) < len(posts):
            lacks = len(posts) - len(found)
            notes.append(f"有 {lacks} 篇没有{metric.label}，所以没有填这一项的合计。")
            continue
        figures[name] = _sum(list(found.values()))
        if all(post.has_place for post in posts):
            headlines = [found[post.pk] for post in posts if post.is_headline]
            figures[f"headline_{name}"] = _sum(headlines)
        figures[f"max_{name}"] = _highest(list(found.values()))
        days += [each.stat_date for each in found.values()]
        sources = "、".join(sorted({each.get_source_display() for each in found.values()}))
        notes.append(f"{metric.label}来自{sources}。")
    if not all(post.has_place for post in posts):
        notes.append("有的文章不知道是第几条，所以没有填头条的合计。")
    return OwnMonth(figures, max(min(days), month.first_day), tuple(notes))


def _sum(readings: Sequence[Reading]) -> Figure:
    """A sum over a capped value is a lower bound."""
    counted = total(readings)
    return Figure(counted.value, counted.bound, False, counted.words)


def _highest(readings: Sequence[Reading]) -> Figure:
    best = max(readings, key=lambda each: each.value)
    if best.capped:
        return Figure(int(best.value), AT_LEAST, True, CAPPED)
    return Figure(int(best.value), best.bound, False, best.raw or str(int(best.value)))
