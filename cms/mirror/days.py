"""Days on which the mirror is grey, and days on which nothing new appears on it."""

from datetime import date, timedelta

from django.utils import timezone

from .models import SpecialPeriod

LONGEST = 366  # days looked ahead for the end of periods that touch each other


def is_grey(day: date) -> bool:
    """Whether public pages are without colour on ``day`` (国务院公告的哀悼日, 国家公祭日)."""
    return SpecialPeriod.objects.filter(is_grey=True, first__lte=day, last__gte=day).exists()


def freeze_on(day: date) -> SpecialPeriod | None:
    """What keeps anything new from going onto the mirror on ``day``; None on other days.

    Of several the one that lasts longest.
    """
    frozen = SpecialPeriod.objects.filter(is_frozen=True, first__lte=day, last__gte=day)
    return frozen.order_by("-last").first()


def freeze_now() -> SpecialPeriod | None:
    """What keeps anything new from going onto the mirror today."""
    return freeze_on(timezone.localdate())


def goes_on(freeze: SpecialPeriod) -> date:
    """The first day after ``freeze`` on which things are published again."""
    day = freeze.last
    for _ in range(LONGEST):
        day += timedelta(days=1)
        if (next_one := freeze_on(day)) is None:
            return day
        day = next_one.last
    return day


def words(freeze: SpecialPeriod) -> str:
    """That publishing has stopped, and until when."""
    return f"镜像停止发布（{freeze.name}），到{_day(goes_on(freeze))}自动发布"


def why_not_publish(day: date) -> str:
    """Why nothing new may go onto the mirror on ``day``; empty when it may."""
    if (freeze := freeze_on(day)) is None:
        return ""
    return (
        f"{_day(day)}在停止发布的日子里（{freeze.name}），{_day(goes_on(freeze))}起才能发布。"
        "请换一天；急稿可以走特急。"
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
