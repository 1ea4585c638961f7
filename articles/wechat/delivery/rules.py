"""When a delivery is taken up, when it waits, and when a person has to act. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from ..backoff import next_delay
from ..errors import ErrorKind

# Longer than any single call with its pauses, and than the queue lets a task run.
LEASE = timedelta(minutes=6)
A_MINUTE = timedelta(minutes=1)
# A minute after midnight every phone asks for something; WeChat counts days from midnight.
NEXT_DAY_AT = time(0, 5)
# A 群发 is what somebody waits for: it never goes out by itself hours after the button.
MOST_TRIES_TO_SEND = 5
# A draft that a person has yet to send is looked at: often at first, for two weeks in all.
LOOK_OFTEN, LOOK_SELDOM = timedelta(minutes=30), timedelta(hours=3)
LOOK_OFTEN_FOR, LOOK_FOR = timedelta(days=1), timedelta(days=14)
# After so many looks a 群发 is probably waiting for the administrator's phone.
LOOKS_BEFORE_CONFIRMING = 4
CLIENT_MESSAGE_DIGITS = 16
SEND_WORD = "群发"
NOT_ALLOWED = "设置里没有开放从工作台群发。请在公众号后台按“群发”，再到这里登记。"
# What sentences of errors promise while there is another try to come.
_PROMISE = re.compile(r"[，,](?:[^，。；]*会自动再试)")


def is_busy(busy_until: datetime | None, now: datetime) -> bool:
    """Whether a worker has the delivery. One that was killed left this behind; it runs out."""
    return busy_until is not None and busy_until > now


def after_error(
    kind: ErrorKind, attempts: int, now: datetime, *, is_sending: bool = False
) -> datetime | None:
    """When to try again after the ``attempts``-th error in a row (from 1); None: a person's turn.

    ``now`` is local: what is spent today comes back after midnight in Shanghai.
    ``is_sending``: it is a 群发 that WeChat has not confirmed yet.
    """
    if kind == ErrorKind.REFUSED:
        return None
    if is_sending and (kind == ErrorKind.QUOTA or attempts > MOST_TRIES_TO_SEND):
        return None
    if kind == ErrorKind.QUOTA:
        day = now.date() + timedelta(days=1)
        return datetime.combine(day, NEXT_DAY_AT, tzinfo=now.tzinfo)
    if kind == ErrorKind.RATE:
        return now + A_MINUTE
    pause = next_delay(attempts)
    return now + pause if pause else None


def without_promise(sentence: str) -> str:
    """``sentence`` of an error after which nothing is tried again by itself."""
    return _PROMISE.sub("", sentence)


def given_up(sentence: str) -> str:
    """The same, for what goes on when a person asks for it."""
    return without_promise(sentence) + "已经停止自动重试，请过后点“重试”。"


def next_look(delivered_at: datetime, now: datetime) -> datetime | None:
    """When to see again whether a delivered draft is still in the box; None: no more."""
    age = now - delivered_at
    if age >= LOOK_FOR:
        return None
    return now + (LOOK_OFTEN if age < LOOK_OFTEN_FOR else LOOK_SELDOM)


def client_message_id(push: int, digest: str, earlier: str) -> str:
    """The name under which WeChat sends a push once (``clientmsgid``, at most 64 bytes).

    ``earlier`` is the one that WeChat refused for good, empty if none: under it nothing would be
    sent any more, so the next one is numbered.
    """
    name = f"push-{push}-{digest[:CLIENT_MESSAGE_DIGITS]}"
    if not earlier.startswith(name):
        return name
    number = earlier.removeprefix(name).removeprefix("-")
    return f"{name}-{int(number) + 1 if number else 2}"


def why_not_send(
    *,
    is_allowed: bool,
    typed: str,
    title: str,
    obstacles: Sequence[str],
) -> str:
    """Why a 群发 is refused; empty when it may go. ``typed`` is what confirms it."""
    if not is_allowed:
        return NOT_ALLOWED
    if obstacles:
        return "现在不能群发：" + "".join(obstacles)
    if typed.strip() not in (SEND_WORD, title):
        return f"为防误按，请在框里输入“{SEND_WORD}”两个字再按。"
    return ""
