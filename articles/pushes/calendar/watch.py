"""Watching that the account does not go silent: the health report and the notices."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cms.ops import audit, notices
from cms.ops.models import AuditEntry, DayKind, SpecialDay
from cms.ops.registry import HealthResult, Level, NoticeFamily
from cms.users.holders import holders
from cms.users.models import User

from ...models import Push
from ..base import PLAN, lock_days
from . import records
from .silence import Outlook, Quiet, sentences

ACTION = "account.silent"
FAMILY = NoticeFamily(
    "silence",
    "推送间隔",
    "公众号多天没有推送时提醒；告急和违规时发邮件",
    frozenset({ACTION}),
)
ADMINISTER = "articles.change_pushsettings"
# Nobody is woken by it.
FROM_HOUR = 8


def findings() -> list[HealthResult]:
    """The silence, once it is long enough to be warned of."""
    found = records.outlook()
    if not found.now:
        return []
    level = Level.WARNING if found.now == Quiet.WARN else Level.ALARM
    words = "".join(sentences(found, records.unnoticed()))
    return [HealthResult(level, f"公众号{words}", _calendar())]


def on_quiet_days() -> list[HealthResult]:
    """Pushes that stand on a day that became quiet after they were put there.

    Nothing takes them off by itself: whether to wait or to go on is for a person to say.
    """
    today = timezone.localdate()
    quiet = SpecialDay.objects.filter(kind=DayKind.QUIET, day__gte=today)
    names = dict(quiet.values_list("day", "name"))
    if not names:
        return []
    results = []
    for push in Push.objects.open().prefetch_related("members__article").order_by("pk"):
        day = timezone.localtime(push.go_live_at).date() if push.go_live_at else push.planned_for
        if day in names:
            how = "定时发布" if push.go_live_at else "计划推送"
            results.append(
                HealthResult(
                    Level.ALARM if push.go_live_at else Level.WARNING,
                    f"推送{push.title}{how}的{day.month}月{day.day}日是静默日（{names[day]}），"
                    "请在日历里改到别的日子。",
                    reverse("pushes_show", args=[push.pk]),
                )
            )
    return results


@transaction.atomic
def tell() -> str:
    """Tell of the silence, each level once until there is a post again; answers what was told.

    Planners read it in the workbench; from the alarm on they and the administrators get a mail.
    """
    if timezone.localtime().hour < FROM_HOUR:
        return "早上八点以后提醒"
    lock_days()
    found = records.outlook()
    if not found.now:
        notices.settle({ACTION}, _calendar())
        return "不用提醒"
    if _told(found.last) >= found.now:
        return "已经提醒过"
    detail = {
        "date": found.last,
        "days": found.days_on(found.today),
        "level": found.now.label,
    }
    audit.record(None, ACTION, None, detail)
    message = f"公众号{''.join(sentences(found, records.unnoticed()))}"
    is_grave = found.now >= Quiet.ALARM
    notices.send_to(_people(found), ACTION, message, _calendar(), by_mail=is_grave)
    return f"提醒：{found.now.label}"


def _told(last: date) -> Quiet:
    """The gravest level that was told of the silence since ``last``."""
    entries = AuditEntry.objects.filter(action=ACTION, detail__date=last.isoformat())
    levels = {level.label: level for level in Quiet}
    told = [levels[detail["level"]] for detail in entries.values_list("detail", flat=True)]
    return max(told, default=Quiet.NONE)


def _people(found: Outlook) -> list:
    wanted = [PLAN, ADMINISTER] if found.now >= Quiet.ALARM else [PLAN]
    ids = Q()
    for permission in wanted:
        ids |= Q(pk__in=holders(permission, superusers=False).values("pk"))
    return list(User.objects.filter(ids).order_by("pk"))


def _calendar() -> str:
    return reverse("pushes_calendar")
