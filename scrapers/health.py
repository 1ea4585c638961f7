"""What the health report says about sources and runs."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from . import services
from .due import month_to_fetch
from .models import OPEN_STATES, STALE_AFTER, Run, RunState, Source

# The worker polls every five minutes; later than this it is not running.
GRACE = timedelta(minutes=30)


def check() -> list[HealthResult]:
    """Overdue sources are an alarm; failures and waiting runs are for a person to look at."""
    now = timezone.now()
    results = [
        HealthResult(
            Level.ALARM,
            f"来源“{source}”{month.label}的榜单早该抓取而没有抓取，请检查后台任务是否在运行。",
            reverse("scrapers_source:index"),
        )
        for source, month in services.due_sources(now - GRACE)
        # A source set up just now was not due then.
        if source.changed_at <= now - GRACE
    ]
    results += [
        HealthResult(
            Level.ALARM,
            f"“{run}”的抓取停在“{run.get_step_display() or run.get_state_display()}”，"
            "请检查后台任务是否在运行。",
            reverse("scrapers_run:show", args=[run.pk]),
        )
        for run in Run.objects.stale(now - STALE_AFTER).select_related("source")
    ]
    target = month_to_fetch(now)
    for source in Source.objects.filter(active=True):
        last = source.runs.for_month(target).exclude(state__in=OPEN_STATES).first()
        if last is not None and last.state == RunState.FAILED:
            results.append(
                HealthResult(
                    Level.WARNING,
                    f"“{last}”抓取失败：{last.reason}",
                    reverse("scrapers_run:show", args=[last.pk]),
                )
            )
    waiting = Run.objects.waiting().count()
    if waiting:
        results.append(
            HealthResult(
                Level.WARNING,
                f"有 {waiting} 条抓取结果等待人工核对或转录，请到“抓取记录”处理。",
                reverse("scrapers_run:index") + "?state=review&state=transcription",
            )
        )
    return results
