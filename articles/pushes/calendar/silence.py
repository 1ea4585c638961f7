"""How long the account goes without a post, now and by what is planned. Pure.

Source of the limits: the national inspection of government websites and new media fails an
account that was not updated for two weeks.
"""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise


class Quiet(IntEnum):
    """How grave a silence is; what is greater is graver."""

    NONE = 0
    WARN = 1
    ALARM = 2
    BREACH = 3

    @property
    def label(self) -> str:
        return ("正常", "提醒", "告急", "违规")[self]


@dataclass(frozen=True)
class Limits:
    """From how many days without a post on a silence is what it is."""

    warn: int = 7
    alarm: int = 10
    breach: int = 14

    def level(self, days: int) -> Quiet:
        """What ``days`` without a post are."""
        return Quiet(sum(days >= limit for limit in (self.warn, self.alarm, self.breach)))

    def least(self, level: Quiet) -> int:
        """How many days without a post make ``level`` (not ``NONE``)."""
        return (self.warn, self.alarm, self.breach)[level - 1]


@dataclass(frozen=True)
class Outlook:
    """The days with a post up to today, and those from today on by what is planned.

    Both sorted; made by `outlook`. A plan for today is no post: until it has gone out, today is as
    silent as it was.
    """

    today: date
    posted: tuple[date, ...]
    coming: tuple[date, ...]
    limits: Limits

    @property
    def last(self) -> date | None:
        """The latest day with a post."""
        return self.posted[-1] if self.posted else None

    @property
    def next(self) -> date | None:
        """The first day with a post to come."""
        return self.coming[0] if self.coming else None

    def days_on(self, day: date) -> int:
        """Days without a post up to and with ``day``; 0 on a day with one, and before the first.

        From tomorrow on what is planned counts as if it had gone out.
        """
        days = self.posted if day <= self.today else self._all
        found = bisect_right(days, day)
        return (day - days[found - 1]).days if found else 0

    def level_on(self, day: date) -> Quiet:
        return self.limits.level(self.days_on(day))

    @property
    def now(self) -> Quiet:
        """The level today."""
        return self.level_on(self.today)

    def first_day_of(self, level: Quiet) -> date | None:
        """The first day after today on which ``level`` or worse holds by the plan.

        None only where there is neither a post nor a plan: what comes after the last plan is
        silence.
        """
        need = timedelta(days=self.limits.least(level))
        for start, following in pairwise([*self._all, None]):
            reached = max(start + need, self.today + timedelta(days=1))
            if following is None or reached < following:
                return reached
        return None

    @property
    def _all(self) -> tuple[date, ...]:
        return tuple(sorted({*self.posted, *self.coming}))


def outlook(
    posted: Collection[date], coming: Collection[date], today: date, limits: Limits
) -> Outlook:
    """What ``posted`` days and ``coming`` ones make; what was planned before today did not come."""
    return Outlook(
        today,
        tuple(sorted({day for day in posted if day <= today})),
        tuple(sorted({day for day in coming if day >= today})),
        limits,
    )


def sentences(found: Outlook, unnoticed: int = 0) -> list[str]:
    """What people read: how it stands today, and what the plan leads to.

    ``unnoticed`` counts pushes whose minute has passed and that nobody has noted as sent.
    """
    said = [_today(found)]
    if unnoticed:
        said.append(f"有{unnoticed}个推送已经到了时间，还没有登记发出，请先核对是否已在微信群发。")
    if found.now:
        said.append(_until_breach(found))
    if found.next:
        said.append(f"下一次计划在{_day(found.next)}。")
    if not found.now and (warned := found.first_day_of(Quiet.WARN)):
        breached = found.first_day_of(Quiet.BREACH)
        said.append(
            f"按现有计划，{_day(warned)}起将连续{found.limits.warn}天没有推送，"
            f"{_day(breached)}起满{found.limits.breach}天。请在此之前安排推送。"
        )
    return said


def _today(found: Outlook) -> str:
    if found.last is None:
        return "还没有推送记录，所以不知道已经多久没有推送。登记一次发出的推送以后，从那一天算起。"
    days = found.days_on(found.today)
    return f"已经{days}天没有推送，上一次是{_day(found.last)}。" if days else "今天已经推送。"


def _until_breach(found: Outlook) -> str:
    limit = found.limits.breach
    if found.now == Quiet.BREACH:
        return f"已满{limit}天，按检查指标属于不更新，请马上推送。"
    breach = found.last + timedelta(days=limit)
    return f"到{_day(breach)}满{limit}天，检查即不合格，请尽快推送。"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
