"""What the health report says about fetching readings."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from ..models import StatisticsDay, WeChatPost
from ..wechat.client import is_configured
from . import fetching, noticing

# A day that was not fetched for so long has been tried for a whole morning at least.
LATE = timedelta(hours=36)
LOOKED_BACK = timedelta(days=7)


def findings() -> list[HealthResult]:
    """Statistics that did not come, each reason once, and sendings only a person can tell apart."""
    if not is_configured():
        return []
    return [*_missing(), *_undecided()]


def _missing() -> list[HealthResult]:
    wanted = {(each.subject, each.day) for each in fetching.current()}
    reasons: dict[str, list[StatisticsDay]] = {}
    for row in StatisticsDay.objects.exclude(reason=""):
        if (row.subject, row.day) in wanted:
            reasons.setdefault(row.reason, []).append(row)
    now = timezone.now()
    found = []
    for reason, rows in reasons.items():
        is_late = all(row.fetched_at is None or now - row.fetched_at > LATE for row in rows)
        found.append(
            HealthResult(
                Level.ALARM if is_late else Level.WARNING,
                f"有{len(rows)}项微信统计没有取到：{reason}可以在“阅读数据”里点“重新取数”。",
                reverse("readings_index"),
            )
        )
    return found


def _undecided() -> list[HealthResult]:
    """Messages of the last days that may be one of our pushes, without it being certain which."""
    since = timezone.localdate() - LOOKED_BACK
    days = (
        WeChatPost.objects.filter(published_on__gte=since, member=None)
        .exclude(msg_data_id="")
        .order_by("published_on")
        .values_list("published_on", flat=True)
        .distinct()
    )
    return [
        HealthResult(
            Level.WARNING,
            f"{each.message.day:%m月%d日}微信发出的《{each.message.titles[0]}》可能是工作台的推送，"
            "但不能确定是哪一个。请打开推送页，核对后登记发出。",
            reverse("pushes_show", args=[each.pushes[0]]),
        )
        for day in days
        for each in noticing.open_questions(day)
    ]
