"""Days on which the mirror is grey, and days on which nothing new appears on it."""

from datetime import date

from .models import SpecialPeriod


def is_grey(day: date) -> bool:
    """Whether public pages are without colour on ``day`` (国务院公告的哀悼日, 国家公祭日)."""
    return SpecialPeriod.objects.filter(is_grey=True, first__lte=day, last__gte=day).exists()


def freeze_on(day: date) -> SpecialPeriod | None:
    """What keeps anything new from going onto the mirror on ``day``; None on other days."""
    return SpecialPeriod.objects.filter(is_frozen=True, first__lte=day, last__gte=day).first()
