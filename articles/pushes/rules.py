"""The rules of pushes as pure functions over plain values.

People and pushes are their ids; days and times are local.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

# WeChat: draft/add takes one to eight articles.
MOST = 8

QUIET, REST = "quiet", "rest"


@dataclass(frozen=True)
class Holding:
    """What a standing push takes of a day: its slot, and when ``is_firm`` one of the day's turns.

    ``slot`` is None for a plan without a time. ``words`` say which push it is, who put it there
    and when it is for.
    """

    push: int
    day: date
    slot: time | None
    is_firm: bool
    words: str


@dataclass(frozen=True)
class Calendar:
    """What holds on the day asked for: the settings, and what kind of day it is.

    ``slots`` are sorted. ``kind`` is of `cms.ops.models.DayKind`, empty for an ordinary day.
    """

    slots: Sequence[time]
    allowance: int = 1
    kind: str = ""
    day_name: str = ""
    sends_on_holidays: bool = True


def slot_of(minute: time, slots: Sequence[time]) -> time:
    """The slot a minute belongs to: the last one that has begun; before the first, the first."""
    return max((slot for slot in slots if slot <= minute), default=slots[0])


def why_not_join(
    count: int, *, in_push: str = "", is_ready: bool, has_time: bool, lacks: Sequence[str] = ()
) -> str:
    """Why an article may not join a push of ``count`` articles; empty when it may.

    ``in_push`` names the push that holds it already, ``lacks`` are the sentences of what speaks
    against publishing its text.
    """
    if in_push:
        return f"已经编入推送{in_push}，一篇文章只能在一个推送里。"
    if has_time:
        return "已经单独定时。请先在“审核与发布”页取消定时，再编入推送。"
    if lacks:
        return "还不能编入推送：" + "".join(lacks)
    if not is_ready:
        return "不在“待发布”。只有三审通过、正在等待发布的文章才能编入推送。"
    if count >= MOST:
        return f"一个推送最多{MOST}篇。请先移出一篇，或另建一个推送。"
    return ""


def why_not_order(wanted: Sequence[int], members: Collection[int]) -> str:
    """Why ``wanted`` is no order of the ``members``; empty when each is there exactly once."""
    if len(wanted) == len(members) and set(wanted) == set(members):
        return ""
    return "推送里的文章刚刚有变动，次序没有保存。请刷新页面后重新排列。"


def why_not_approve(
    person: int, assemblers: Collection[int], count: int, problems: Sequence[str]
) -> str:
    """Why ``person`` may not approve the push of ``count`` articles; empty when they may.

    A push is approved by someone who had no hand in putting it together.
    """
    if person in assemblers:
        return "您参与过这次组稿，不能审定自己组的推送。请没有参与组稿的同事审定。"
    if not count:
        return "推送里还没有文章，不能审定。"
    if problems:
        return "还不能审定：" + "".join(problems)
    return ""


def why_not_go(*, is_approved: bool, is_same: bool, problems: Sequence[str]) -> list[str]:
    """What speaks against letting a push out; ``is_same``: it is as it was when approved."""
    if not is_approved:
        return ["这次推送还没有审定，或改动后还没有重新审定。请没有参与组稿的同事审定。"]
    if not is_same:
        return ["审定之后文章、次序或设置有变动，请重新审定。", *problems]
    return list(problems)


def clash(day: date, slot: time | None, others: Iterable[Holding]) -> Holding | None:
    """Who has ``slot`` of ``day`` already; a plan without a time clashes with nobody."""
    if slot is None:
        return None
    return next((each for each in others if (each.day, each.slot) == (day, slot)), None)


def turns_used(day: date, others: Iterable[Holding]) -> list[Holding]:
    """The pushes that are committed for ``day``, or went out on it."""
    return [each for each in others if each.day == day and each.is_firm]


def why_not_plan(
    day: date, slot: time | None, today: date, calendar: Calendar, others: Collection[Holding]
) -> str:
    """Why a push may not be planned for ``slot`` (or any time) of ``day``; empty when it may."""
    if day < today:
        return "这一天已经过去，请选择今天或以后的日期。"
    if refusal := _why_not_day(day, calendar):
        return refusal
    if slot is not None and slot not in calendar.slots:
        named = "、".join(f"{each:%H:%M}" for each in calendar.slots)
        return f"{slot:%H:%M}不是推送时段。可以选：{named}。"
    if other := clash(day, slot, others):
        return _taken(day, slot, other)
    return ""


def plan_warning(day: date, calendar: Calendar, others: Collection[Holding]) -> str:
    """What to know of a day on which more is planned than may be sent; empty when there is room."""
    there = [each for each in others if each.day == day]
    if len(there) < calendar.allowance:
        return ""
    named = "；".join(each.words for each in there)
    return f"{_day(day)}每天{calendar.allowance}次的推送已经排满：{named}。到时只能发出其中一部分。"


def why_not_commit(
    at: datetime, now: datetime, calendar: Calendar, others: Collection[Holding]
) -> str:
    """Why a push may not be committed to the local minute ``at``; empty when it may."""
    if at <= now:
        return "定时的时间已经过去，请选择以后的时间，或使用“立即发布”。"
    return why_not_send_at(at, calendar, others)


def why_not_send_at(at: datetime, calendar: Calendar, others: Collection[Holding]) -> str:
    """Why no push may go out at the local minute ``at``, were it now; empty when one may."""
    day = at.date()
    if refusal := _why_not_day(day, calendar):
        return refusal
    if calendar.kind == REST and not calendar.sends_on_holidays:
        return (
            f"{_day(day)}是{calendar.day_name or '节假日'}，按设置不推送。请换一天，"
            "或请管理员在“推送设置”里勾选“节假日照常推送”。"
        )
    slot = slot_of(at.time(), calendar.slots)
    if other := clash(day, slot, others):
        return _taken(day, slot, other)
    used = turns_used(day, others)
    if len(used) >= calendar.allowance:
        named = "；".join(each.words for each in used)
        return (
            f"{_day(day)}的{calendar.allowance}次推送已经用完：{named}。请换一天，或先取消那一次。"
        )
    return ""


def _why_not_day(day: date, calendar: Calendar) -> str:
    if calendar.kind == QUIET:
        why = f"（{calendar.day_name}）" if calendar.day_name else ""
        return f"{_day(day)}是静默日{why}，不推送。请换一天。"
    return ""


def _taken(day: date, slot: time | None, other: Holding) -> str:
    return f"{_day(day)} {slot:%H:%M}这个时段已有推送{other.words}。请换一个时段，或先改那一次。"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
