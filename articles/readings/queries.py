"""What the screens ask of readings, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models import Window as Over
from django.db.models.functions import RowNumber

from rankings.periods import Month

from ..models import ColumnPage, Metric, Push, Reading, ReadingSource, WeChatPost
from ..models import Window as Counted
from .parts import in_parts
from .words import LARGE, Total, printed, total

#: Windows that count from publishing on: the latest one says most.
SINCE_PUBLISHED = (Counted.TO_DATE, Counted.AT_EXPORT)
#: Of two values of one day the first source is shown.
_SOURCES = (ReadingSource.STATISTICS, ReadingSource.EXPORT, ReadingSource.TYPED)
RANKED = (Metric.READERS, Metric.READS)
BESIDE = (Metric.SHARERS, Metric.FINISH_RATE)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A post in a list by one metric; posts with the same value have the same place.

    ``place`` None: nothing is known of the metric. 10万+ is a ceiling: all that are capped tie.
    """

    place: int | None
    post: WeChatPost
    reading: Reading | None
    column: str
    beside: dict[str, Reading] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return printed(self.reading) if self.reading else "—"

    @property
    def basis(self) -> str:
        """Where the value comes from, and until when it was counted."""
        return basis(self.reading) if self.reading else ""

    def beside_words(self, metric: str) -> str:
        reading = self.beside.get(metric)
        return printed(reading) if reading else "—"

    @property
    def sharers(self) -> str:
        return self.beside_words(Metric.SHARERS)

    @property
    def finished(self) -> str:
        return self.beside_words(Metric.FINISH_RATE)


def basis(reading: Reading) -> str:
    """``人工录入（手机上的文章页），截至 2026年11月20日``."""
    day, seen = reading.stat_date, f"（{reading.note}）" if reading.note else ""
    return f"{reading.get_source_display()}{seen}，截至 {day.year}年{day.month}月{day.day}日"


def latest(posts: Iterable[WeChatPost], metrics: Sequence[str]) -> dict[int, dict[str, Reading]]:
    """For each post (by id) and metric the value that was counted last. A query for each 500."""
    order = Case(
        *(When(source=source, then=Value(at)) for at, source in enumerate(_SOURCES)),
        default=Value(len(_SOURCES)),
    )
    found: dict[int, dict[str, Reading]] = defaultdict(dict)
    for some in in_parts(post.pk for post in posts):
        rows = (
            Reading.objects.filter(post__in=some, metric__in=metrics, window__in=SINCE_PUBLISHED)
            .annotate(
                newest=Over(
                    RowNumber(),
                    partition_by=[F("post"), F("metric")],
                    order_by=[F("stat_date").desc(), order],
                )
            )
            .filter(newest=1)
        )
        for each in rows:
            found[each.post_id][each.metric] = each
    return found


def of_month(month: Month) -> QuerySet[WeChatPost]:
    """What was published in ``month``, with the article and the push joined."""
    return _with_what_is_shown(
        WeChatPost.objects.filter(published_on__range=(month.first_day, month.last_day))
    )


def of_push(push: Push) -> QuerySet[WeChatPost]:
    """What became of the members of ``push`` in WeChat."""
    return WeChatPost.objects.filter(member__push=push)


def large(metric: Metric) -> list[Ranked]:
    """Every post of all times that is 10万+ by ``metric``, the newest first."""
    reached = Reading.objects.filter(
        metric=metric, value__gte=LARGE, window__in=SINCE_PUBLISHED
    ).values("post")
    posts = list(_with_what_is_shown(WeChatPost.objects.filter(pk__in=reached)))
    found = {each.post.pk: each for each in ranked(posts, metric)}
    return [found[post.pk] for post in posts]


def ranked(posts: Sequence[WeChatPost], metric: Metric) -> list[Ranked]:
    """``posts`` by what is known of ``metric``, the most first; those without a value last."""
    known = latest(posts, [metric, *BESIDE])
    columns = dict(ColumnPage.objects.values_list("path", "title"))
    with_value = [post for post in posts if metric in known[post.pk]]
    with_value.sort(key=lambda post: -known[post.pk][metric].value)
    rows, place, before = [], 0, None
    for at, post in enumerate(with_value, start=1):
        reading = known[post.pk][metric]
        if reading.value != before:
            place, before = at, reading.value
        rows.append(Ranked(place, post, reading, _column(post, columns), known[post.pk]))
    rows += [
        Ranked(None, post, None, _column(post, columns), known[post.pk])
        for post in posts
        if metric not in known[post.pk]
    ]
    return rows


def in_column(rows: Iterable[Ranked], column: str) -> list[Ranked]:
    """Those of the column with this title, their places kept."""
    return [row for row in rows if row.column == column]


def sum_of(rows: Iterable[Ranked]) -> Total:
    """The values of a list added up; posts without one are not counted in."""
    return total(row.reading for row in rows if row.reading)


def months() -> list[Month]:
    """The months in which something was published, the newest first."""
    days = WeChatPost.objects.order_by().dates("published_on", "month", order="DESC")
    return [Month.of(day) for day in days]


def _with_what_is_shown(posts: QuerySet[WeChatPost]) -> QuerySet[WeChatPost]:
    return (
        posts.select_related("article", "member__push")
        .defer("article__body")
        .order_by("-published_on", "msg_data_id", "index")
    )


def _column(post: WeChatPost, columns: dict[str, Any]) -> str:
    return columns.get(post.article.path[: -post.article.steplen], "") if post.article else ""
