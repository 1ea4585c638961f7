"""What the health report says about the mirror."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from . import closing, release
from .models import Alteration, MirrorFile, MirrorJob, VerificationRound

LATE, VERY_LATE = timedelta(minutes=2), timedelta(minutes=10)
# A whole build takes minutes; as long as it goes on, its pages wait behind what people do.
LEAST_FREE = 500 * 1024 * 1024
NEARLY_FULL = 100 * 1024 * 1024
NAMED = 5
ROUND_LATE = timedelta(days=3)


def check() -> list[HealthResult]:
    """Pages that wait or fail, files others altered, closings, room on the disk."""
    return [*_closings(), *_altered(), *_empty(), *_waiting(), *_failing(), *_rounds(), *_room()]


def _here() -> str:
    return reverse("mirror_status")


def _closings() -> list[HealthResult]:
    results = []
    for each in closing.in_force():
        at = timezone.localtime(each.closed_at)
        level = Level.WARNING if each.address else Level.ALARM
        who = f"由{each.closed_by}在{at:%m月%d日 %H:%M}紧急撤下"
        results.append(
            HealthResult(level, f"{each}{who}（{each.reason}），处理完请恢复。", _here())
        )
    return results


def _altered() -> list[HealthResult]:
    found = Alteration.objects.filter(seen_at=None)
    if not (number := found.count()):
        return []
    named = "、".join(map(str, found[:NAMED]))
    more = "等" if number > NAMED else ""
    return [
        HealthResult(
            Level.ALARM,
            f"镜像文件被改动，共 {number} 处：{named}{more}。页面已自动换回，"
            "请查服务器被谁登录过，查清后在“公开镜像”里确认。",
            _here(),
        )
    ]


def _empty() -> list[HealthResult]:
    if settings.MIRROR_LIVE or MirrorFile.objects.filter(status=200).exists():
        return []
    return [
        HealthResult(
            Level.ALARM,
            "公开镜像是空的，公众看不到页面。请在“公开镜像”里点“重建全部”。",
            _here(),
        )
    ]


def _waiting() -> list[HealthResult]:
    # Of what people did: a rebuilding of everything waits behind it.
    first = MirrorJob.objects.filter(attempts=0).order_by("pk").first()
    if first is None:
        return []
    waited = timezone.now() - first.requested_at
    if waited < LATE or _is_moving():
        return []
    number = MirrorJob.objects.values("address").distinct().count()
    minutes = int(waited.total_seconds() // 60)
    return [
        HealthResult(
            Level.ALARM if waited >= VERY_LATE else Level.WARNING,
            f"镜像有 {number} 页等着更新，最早的已等 {minutes} 分钟。请检查后台任务是否在运行。",
            _here(),
        )
    ]


def _is_moving() -> bool:
    """Whether files were written within the last moments: it is at work, and much is to do."""
    return MirrorFile.objects.filter(written_at__gte=timezone.now() - LATE).exists()


def _failing() -> list[HealthResult]:
    failing = MirrorJob.objects.filter(attempts__gt=0).order_by("-attempts")
    found: dict[str, MirrorJob] = {}
    for job in failing[:200]:
        found.setdefault(job.address, job)
    return [
        HealthResult(
            Level.ALARM if job.attempts >= 5 else Level.WARNING,
            f"页面{job.address}不能更新，已试 {job.attempts} 次：{job.error}。旧页面保持原样，"
            "后台会再试；一直不行请找维护人员。",
            _here(),
        )
        for job in list(found.values())[:NAMED]
    ]


def _rounds() -> list[HealthResult]:
    if settings.MIRROR_LIVE or not release.is_built():
        return []
    since = timezone.now() - ROUND_LATE
    if not MirrorFile.objects.filter(written_at__lt=since).exists():
        return []
    if VerificationRound.objects.filter(is_full=True, finished_at__gte=since).exists():
        return []
    return [
        HealthResult(
            Level.WARNING, "镜像已经三天没有完整核对过，请检查后台任务是否在运行。", _here()
        )
    ]


def _room() -> list[HealthResult]:
    root = Path(settings.MIRROR_ROOT)
    if not root.exists():
        return []
    free = shutil.disk_usage(root).free
    if free >= LEAST_FREE:
        return []
    return [
        HealthResult(
            Level.ALARM if free < NEARLY_FULL else Level.WARNING,
            f"镜像所在的磁盘只剩 {free // 1024**2} MB，写满后页面不能更新。请清理或扩大磁盘。",
            _here(),
        )
    ]
