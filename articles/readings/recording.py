"""Writing down what WeChat's statistics say."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from rankings.figures import EXACT

from ..models import (
    AccountMetric,
    AccountReading,
    PublishType,
    Push,
    Reading,
    ReadingSource,
    WeChatPost,
    Window,
)
from . import joining
from .official import PostStatistics
from .parts import in_parts

_WRITTEN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many posts the answer told of, and how many values were new or changed."""

    posts: int
    readings: int


@transaction.atomic
def record_totals(statistics: Sequence[PostStatistics]) -> Recorded:
    """Write down the posts of one publishing day and their readings day by day.

    A post is known by ``(msg_data_id, index)``. What is the same as before is left alone, so that
    ``taken_at`` tells when a value came to be known; asked again it writes nothing.
    """
    told = {(each.msg_data_id, each.index): each for each in statistics}
    posts = _posts(told)
    readings = [
        Reading(
            post=posts[key],
            metric=metric,
            window=Window.TO_DATE,
            source=ReadingSource.STATISTICS,
            stat_date=day.day,
            value=value,
            bound=EXACT,
            taken_at=timezone.now(),
        )
        for key, each in told.items()
        for day in each.days
        for metric, value in day.values.items()
    ]
    return Recorded(len(posts), write(readings))


@transaction.atomic
def record_sent(day: dt.date) -> int:
    """Make the posts of our pushes that went out on ``day``, before statistics tell of them.

    Needs the message id; how many are new. Their title is the one followers see.
    """
    sent = Push.objects.filter(sent_at__date=day).exclude(msg_data_id="")
    found = 0
    for push in sent.prefetch_related("members__article"):
        for member in push.members.all():
            _, is_new = WeChatPost.objects.get_or_create(
                msg_data_id=push.msg_data_id,
                index=member.position + 1,
                defaults={
                    "title": member.article.title[:200],
                    "url": member.wechat_url,
                    "published_on": day,
                    "publish_type": PublishType.SENT,
                    "article": member.article,
                    "member": member,
                },
            )
            found += is_new
    return found


def write(readings: Iterable[Reading]) -> int:
    """Add ``readings`` or put them in place of what was known; how many were new or changed.

    All are of one source. Of two with the same post, metric, window and day the last one counts.
    """
    wanted = {_key(each): each for each in readings}
    if not wanted:
        return 0
    source = next(iter(wanted.values())).source
    known = {
        _key(each): each
        for some in in_parts(each.post_id for each in wanted.values())
        for each in Reading.objects.filter(source=source, post__in=some)
    }
    fresh = [each for key, each in wanted.items() if _differs(each, known.get(key))]
    Reading.objects.bulk_create(
        fresh,
        batch_size=_WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["post", "metric", "window", "source", "stat_date"],
        update_fields=["value", "bound", "capped", "raw", "note", "taken_at", "imported"],
    )
    return len(fresh)


@transaction.atomic
def record_account(values: Iterable[tuple[dt.date, AccountMetric, int]]) -> int:
    """Write down values of the account by day; how many were new or changed."""
    wanted = {(day, metric): value for day, metric, value in values}
    known = {
        (each.day, each.metric): each.value
        for each in AccountReading.objects.filter(day__in={day for day, _ in wanted})
    }
    fresh = [
        AccountReading(day=day, metric=metric, value=value, taken_at=timezone.now())
        for (day, metric), value in wanted.items()
        if known.get((day, metric)) != value
    ]
    AccountReading.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["day", "metric"],
        update_fields=["value", "taken_at"],
    )
    return len(fresh)


def _posts(told: dict[tuple[str, int], PostStatistics]) -> dict[tuple[str, int], WeChatPost]:
    """A row for each, made or brought up to date, and joined to what is ours by now."""
    described = {key: joining.post(each.url, key) for key, each in told.items()}
    ours = joining.join(list(described.values()))
    known = {
        (post.msg_data_id, post.index): post
        for post in WeChatPost.objects.select_for_update().filter(
            msg_data_id__in={mid for mid, _ in told}
        )
    }
    nameless = list(
        WeChatPost.objects.select_for_update().filter(
            msg_data_id="", published_on__in={each.published_on for each in told.values()}
        )
    )
    found = {}
    for key, each in told.items():
        joined = ours.get(described[key])
        post = known.get(key) or _same(nameless, described[key], joined) or WeChatPost()
        post.msg_data_id, post.index = key
        post.title, post.published_on = each.title, each.published_on
        post.publish_type = each.publish_type
        if described[key].address is not None:
            post.url = described[key].address.url
        if joined is not None:
            post.article_id = joined.article
            post.member_id = joined.member or post.member_id
        post.save()
        found[key] = post
    return found


def _same(
    nameless: list[WeChatPost], told: joining.Post, joined: joining.Joined | None
) -> WeChatPost | None:
    """The post of that day that came in by a sheet or by hand, without its message id.

    The same address, or the same article of ours: an article is sent once a day.
    """
    for post in nameless:
        same_url = told.address is not None and post.url == told.address.url
        same_article = joined is not None and post.article_id == joined.article
        if same_url or same_article:
            nameless.remove(post)
            return post
    return None


def _key(reading: Reading) -> tuple[int, str, str, dt.date]:
    return (reading.post_id, reading.metric, reading.window, reading.stat_date)


def _differs(reading: Reading, known: Reading | None) -> bool:
    return known is None or (reading.value, reading.bound, reading.capped) != (
        known.value,
        known.bound,
        known.capped,
    )
