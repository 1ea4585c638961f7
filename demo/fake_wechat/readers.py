"""Readers who never were: figures that are the same each time they are asked for.

Everything follows from the message, its place and the day.
"""

import datetime as dt
import hashlib
from typing import Any

from .sendings import day_of
from .state import Sending, State

COUNTED_DAYS = 30
SCENES = ("公众号消息", "聊天会话", "朋友圈", "公众号主页", "其他", "推荐", "搜一搜")
SHARES = (0.42, 0.2, 0.16, 0.07, 0.05, 0.09, 0.04)  # more than one together: people count twice
FOLLOWERS = 86_000
FIRST_FOLLOWERS = dt.date(2025, 11, 1)


def chance(*parts: object) -> float:
    """A number from 0 to 1 that belongs to ``parts``."""
    made = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(made[:6], "big") / 2**48


def msgid(sending: Sending, number: int) -> str:
    """The statistics' name of an article; ``number`` from 1."""
    return f"{sending.msg_data_id}_{number}"


def readers_on(sending: Sending, number: int, day: dt.date) -> int:
    """How many people read it on one day: half of all on the first, then ever fewer."""
    age = (day - day_of(sending)).days
    if not 0 <= age < COUNTED_DAYS:
        return 0
    name = msgid(sending, number)
    told = 1.0 if sending.kind == "mass" else 0.02
    place = 1.0 if number == 1 else 0.35 / number
    everyone = (4_000 + 22_000 * chance(name, "size") ** 2) * told * place
    return int(everyone * 0.5 * 0.5**age * (0.8 + 0.4 * chance(name, age)))


def scenes(name: str, readers: int) -> list[dict[str, Any]]:
    """Where they came from; the first line is everyone."""
    parts = []
    for scene, share in zip(SCENES, SHARES, strict=True):
        people = int(readers * share * (0.9 + 0.2 * chance(name, scene)))
        parts.append({"scene_desc": scene, "user_count": people})
    return [{"scene_desc": "全部", "user_count": readers}, *parts]


def totals(state: State, sending: Sending, number: int, day: dt.date) -> dict[str, Any]:
    """Everything from its publication to the end of ``day``."""
    name, start = msgid(sending, number), day_of(sending)
    days = (start + dt.timedelta(age) for age in range((day - start).days + 1))
    readers = sum(readers_on(sending, number, each) for each in days)

    def part(what: str, share: float) -> int:
        return int(readers * share * (0.7 + 0.6 * chance(name, what)))

    comments = [each for each in sending.comments if each.index == number - 1]
    figures = {
        "stat_date": str(day),
        "read_user": readers,
        "read_user_source": scenes(name, readers),
        "share_user": part("share", 0.06),
        "zaikan_user": part("heart", 0.011),
        "like_user": part("like", 0.018),
        "comment_count": len(comments),
        "collection_user": part("collection", 0.008),
        "praise_money": 0,
        "read_subscribe_user": part("subscribe", 0.003),
        "read_delivery_rate": round(0.04 + 0.06 * chance(name, "delivery"), 4),
        "read_finish_rate": round(0.35 + 0.3 * chance(name, "finish"), 4),
        "read_avg_activetime": round(0.6 + 1.5 * chance(name, "time"), 2),
        "read_jump_position": [
            {"position": place, "rate": rate}
            for place, rate in enumerate((0.31, 0.24, 0.18, 0.15, 0.12), start=1)
        ],
    }
    return figures | state.figures.get(name, {}).get(str(day), {})


def of_one_day(state: State, sending: Sending, number: int, day: dt.date) -> dict[str, int]:
    """Readers and sharers of one day alone."""
    now = totals(state, sending, number, day)
    before = {"read_user": 0, "share_user": 0}
    if day > day_of(sending):
        before = totals(state, sending, number, day - dt.timedelta(1))
    return {name: max(0, now[name] - before[name]) for name in ("read_user", "share_user")}


def followers_of(day: dt.date) -> dict[str, int]:
    """Who came and who went on one day."""
    return {
        "new_user": 20 + int(120 * chance("new", day)),
        "cancel_user": 10 + int(45 * chance("gone", day)),
    }


def followers_at(day: dt.date) -> int:
    """How many there are at the end of ``day``."""
    growth = 0
    for age in range((day - FIRST_FOLLOWERS).days + 1):
        moved = followers_of(FIRST_FOLLOWERS + dt.timedelta(age))
        growth += moved["new_user"] - moved["cancel_user"]
    return FOLLOWERS + growth
