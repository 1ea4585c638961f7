"""datacube: the family that is alive, and the one that only says it is not.

Days are Shanghai's. A day's figures are out at 08:00 of the next; asked earlier, the answer says
``is_delay`` and lacks that day.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from .. import readers
from ..asking import Asked, Refused
from ..sendings import day_of
from ..state import Sending, State

FIRST_DAY = dt.date(2025, 11, 1)
OUT_AT = 8
# With fewer readers, sharers and others than this, an article is not reported.
FEWEST = 3


def _day(text: Any) -> dt.date:
    try:
        if not isinstance(text, str) or len(text) != 10:
            raise ValueError(text)
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refused(61500) from error


def _days(state: State, asked: Asked, most: int) -> list[dt.date]:
    """Every day asked for. Raises Refused(61500 or 61501)."""
    begin, end = _day(asked.data.get("begin_date")), _day(asked.data.get("end_date"))
    yesterday = state.clock.today() - dt.timedelta(1)
    if not FIRST_DAY <= begin <= end <= yesterday or (end - begin).days >= most:
        raise Refused(61501)
    return [begin + dt.timedelta(n) for n in range((end - begin).days + 1)]


def _last_day_out(state: State) -> dt.date:
    now = state.clock.now()
    return now.date() - dt.timedelta(1 if now.hour >= OUT_AT else 2)


def _posts(state: State) -> Iterator[tuple[Sending, int]]:
    """What followers or the web have, with each article's number from 1."""
    for sending in state.sendings:
        if sending.status == "done":
            for number in range(1, len(sending.articles) + 1):
                yield sending, number


def _answer(rows: list[dict[str, Any]], is_delay: bool) -> dict[str, Any]:
    return {"list": rows, "is_delay": is_delay}


def _few(figures: dict[str, Any]) -> bool:
    names = ("read_user", "share_user", "zaikan_user", "like_user", "comment_count")
    return sum(figures[name] for name in names) < FEWEST


def total_detail(state: State, asked: Asked) -> dict[str, Any]:
    """POST /datacube/getarticletotaldetail: what was published on one day, and its 30 days."""
    (day,) = _days(state, asked, 1)
    last = day + dt.timedelta(readers.COUNTED_DAYS - 1)
    out = _last_day_out(state)
    wanted = min(last, state.clock.today() - dt.timedelta(1))
    rows = []
    for sending, number in _posts(state):
        if day_of(sending) != day:
            continue
        days = (day + dt.timedelta(n) for n in range((min(last, out) - day).days + 1))
        figures = [readers.totals(state, sending, number, each) for each in days]
        if not figures or _few(figures[-1]):
            continue
        rows.append(
            {
                "ref_date": str(day),
                "msgid": readers.msgid(sending, number),
                "publish_type": 0 if sending.kind == "mass" else 1,
                "title": sending.articles[number - 1]["title"],
                "content_url": sending.urls[number - 1],
                "detail_list": figures,
            }
        )
    return _answer(rows, wanted > out)


def _one_day(state: State, asked: Asked, name: str) -> dict[str, Any]:
    (day,) = _days(state, asked, 1)
    if day > _last_day_out(state):
        return _answer([], True)
    rows = []
    for sending, number in _posts(state):
        if not 0 <= (day - day_of(sending)).days < readers.COUNTED_DAYS:
            continue
        people = readers.of_one_day(state, sending, number, day)
        if sum(people.values()) < FEWEST:
            continue
        post = readers.msgid(sending, number)
        detail: dict[str, Any] = {name: people[name]}
        if name == "read_user":
            detail["read_user_source"] = readers.scenes(post, people[name])
        rows.append({"ref_date": str(day), "msgid": post, "detail": detail})
    return _answer(rows, False)


def article_read(state: State, asked: Asked) -> dict[str, Any]:
    """POST /datacube/getarticleread: who read on one day."""
    return _one_day(state, asked, "read_user")


def article_share(state: State, asked: Asked) -> dict[str, Any]:
    """POST /datacube/getarticleshare: who shared on one day."""
    return _one_day(state, asked, "share_user")


def account_summary(state: State, asked: Asked) -> dict[str, Any]:
    """POST /datacube/getbizsummary: the account day by day."""
    days = _days(state, asked, 30)
    out = _last_day_out(state)
    rows = []
    for day in days:
        if day > out:
            continue
        people = [readers.of_one_day(state, *post, day) for post in _posts(state)]
        read = sum(each["read_user"] for each in people)
        detail = {
            "read_user": read,
            "read_user_source": readers.scenes(str(day), read),
            "share_user": sum(each["share_user"] for each in people),
            "zaikan_user": int(read * 0.01),
            "like_user": int(read * 0.016),
            "comment_count": 0,
            "collection_user": int(read * 0.007),
            "redirect_ori_page_user": int(read * 0.05),
            "send_page_count": sum(
                1 for sending, _ in _posts(state) if sending.is_sent and day_of(sending) == day
            ),
        }
        rows.append({"ref_date": str(day), "detail": detail})
    return _answer(rows, days[-1] > out)


def user_summary(state: State, asked: Asked) -> dict[str, Any]:
    """POST /datacube/getusersummary: followers who came and went, a line for each way."""
    rows = []
    for day in _days(state, asked, 7):
        moved = readers.followers_of(day)
        searched = moved["new_user"] // 3
        rows += [
            {
                "ref_date": str(day),
                "user_source": 0,
                "new_user": moved["new_user"] - searched,
                "cancel_user": moved["cancel_user"],
            },
            {"ref_date": str(day), "user_source": 1, "new_user": searched, "cancel_user": 0},
        ]
    return {"list": rows}


def user_cumulate(state: State, asked: Asked) -> dict[str, Any]:
    """POST /datacube/getusercumulate: followers at the end of each day."""
    days = _days(state, asked, 7)
    return {
        "list": [
            {"ref_date": str(day), "user_source": 0, "cumulate_user": readers.followers_at(day)}
            for day in days
        ]
    }


def retired(state: State, asked: Asked) -> dict[str, Any]:
    """The statistics of old, which every older library still asks for."""
    raise Refused(47009)


RETIRED = (
    "getarticlesummary",
    "getarticletotal",
    "getuserread",
    "getuserreadhour",
    "getusershare",
    "getusersharehour",
)
