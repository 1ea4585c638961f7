"""Whether messages are taken in now, and from whom.

Nobody signs in and no cookie is set, so there is no session that a foreign page could ride on, and
no token of Django's against that. What a foreign page could do is have its visitors' browsers send
messages; those browsers say where the form stood (``Sec-Fetch-Site``, ``Origin``).
"""

import datetime as dt
from enum import Enum, auto
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone

from cms.ops import rates

from ..models import FeedbackSettings, Message

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# A message with all fields is a tenth of this; whoever pastes a book is told, not cut off.
MOST_BYTES = 1024 * 1024
FLOODED = "feedback.flooded"


class Door(Enum):
    """How messages are taken in now."""

    OPEN = auto()
    # Half of what an hour may bring is there: a small question is asked.
    BUSY = auto()
    FULL = auto()
    # The office has closed it.
    CLOSED = auto()


class Unreadable(Exception):
    """What was posted is no form, or too large; the message is a Chinese sentence."""


def door() -> Door:
    """How messages are taken in now; when it is full this is noted for the health report."""
    if not FeedbackSettings.load().is_open:
        return Door.CLOSED
    count = received_within(HOUR)
    if count >= settings.FEEDBACK_CEILING:
        cache.set(FLOODED, timezone.now().isoformat(), int(DAY.total_seconds()))
        return Door.FULL
    return Door.BUSY if count * 2 >= settings.FEEDBACK_CEILING else Door.OPEN


def received_within(time: dt.timedelta) -> int:
    """How many messages came in that time."""
    return Message.objects.filter(received_at__gt=timezone.now() - time).count()


def posted(request: HttpRequest) -> QueryDict:
    """The fields of the form.

    Raises:
        Unreadable: too many bytes, or not a form.
    """
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        size = 0
    if size > MOST_BYTES:
        raise Unreadable("内容太长了，没有收下。请返回上一页，把内容缩短到 3000 字以内再提交。")
    try:
        return request.POST
    except (
        BadRequest,
        MultiPartParserError,
        SuspiciousOperation,
        UnicodeError,
        UnreadablePostError,
    ) as error:
        raise Unreadable("没有收到完整的内容。请返回上一页，再提交一次。") from error


def is_from_here(request: HttpRequest) -> bool:
    """Whether the form stood on a page of ours.

    Browsers that say neither are too old to know; a script may say what it likes, so nothing else
    rests on this.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    if (origin := request.headers.get("Origin")) is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and host in (urlsplit(settings.SITE_URL).netloc, request.get_host())


def wait_to_try(request: Any) -> int:
    """Seconds until this client may post again, whatever it posts; 0 for now."""
    return rates.wait(request, "feedback.try", settings.FEEDBACK_TRIES)


def wait_to_send(request: Any) -> int:
    """Seconds until this client may send another message; 0 for now."""
    return rates.wait(request, "feedback.hour", settings.FEEDBACK_RATE) or rates.wait(
        request, "feedback.day", settings.FEEDBACK_RATE_DAY
    )


def same_text_today(text: str) -> Message | None:
    """The first message of the last day with just this text."""
    since = timezone.now() - DAY
    return Message.objects.filter(received_at__gt=since, text=text).order_by("pk").first()


def in_words(seconds: int) -> str:
    """``seconds`` as people say it: 20 秒, 3 分钟, 2 小时; rounded up."""
    for size, name in ((3600, "小时"), (60, "分钟")):
        if seconds > size:
            return f"{-(-seconds // size)} {name}"
    return f"{seconds} 秒"
