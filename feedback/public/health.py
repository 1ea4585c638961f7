"""What the health report says of floods."""

import datetime as dt

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from .doors import FLOODED, HOUR, received_within


def findings() -> list[HealthResult]:
    """An alarm for a day after the form had to close, a warning at half of the ceiling."""
    ceiling = settings.FEEDBACK_CEILING
    if at := cache.get(FLOODED):
        moment = timezone.localtime(dt.datetime.fromisoformat(at))
        words = (
            f"{moment:%m月%d日 %H:%M}一小时内的留言达到上限 {ceiling} 条，留言页面暂停接收。"
            "请看留言列表里是不是有人刷留言；一小时内的条数降下来后会自动恢复。"
        )
        return [HealthResult(Level.ALARM, words)]
    count = received_within(HOUR)
    if count * 2 >= ceiling:
        words = (
            f"一小时内收到 {count} 条留言，已过上限 {ceiling} 条的一半，"
            "留言人要先答一道小题。请看是不是有人刷留言。"
        )
        return [HealthResult(Level.WARNING, words)]
    return []
