"""What the health report says about sources and runs."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from . import services
from .due import month_to_fetch
from .models import (
    OPEN_STATES,
    STALE_AFTER,
    WAITING_STATES,
    Candidate,
    CandidateState,
    Run,
    RunState,
    Source,
)

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
        for run in Run.objects.stale(now, 2 * STALE_AFTER).select_related("source")
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
    offered = Candidate.objects.filter(state=CandidateState.WAITING).count()
    if offered:
        results.append(
            HealthResult(
                Level.WARNING,
                f"在目录页上找到 {offered} 篇像榜单的文章，请到“发现的文章”确认是不是。",
                reverse("scrapers_candidate:index") + "?state=waiting",
            )
        )
    waiting = Run.objects.waiting().count()
    if waiting:
        waiting_states = "&".join(f"state={state}" for state in WAITING_STATES)
        results.append(
            HealthResult(
                Level.WARNING,
                f"有 {waiting} 条抓取结果等待人工核对或转录，请到“抓取记录”处理。",
                f"{reverse('scrapers_run:index')}?{waiting_states}",
            )
        )
    return results
