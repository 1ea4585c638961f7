"""What the health report says about evidence."""

from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from . import rounds
from .models import Round

SHOWN = 5


def check() -> list[HealthResult]:
    """Lost or changed evidence is an alarm until it is put back; so is a store that is away."""
    results = []
    last = Round.objects.first()
    faults = sorted(last.faults.items(), key=lambda item: int(item[0])) if last else []
    results += [
        HealthResult(Level.ALARM, fault["message"], reverse("rankings:evidence", args=[int(pk)]))
        for pk, fault in faults[:SHOWN]
    ]
    if len(faults) > SHOWN:
        results.append(
            HealthResult(
                Level.ALARM,
                f"另有至少 {len(faults) - SHOWN} 份存证有问题，"
                "请管理员执行 manage.py verify_evidence 查看全部。",
            )
        )
    if last is not None and last.problem:
        results.append(HealthResult(Level.ALARM, f"存证没有核对下去：{last.problem}"))
    elif rounds.is_late(timezone.now()):
        results.append(
            HealthResult(Level.WARNING, "两周没有核对过全部存证，请检查后台任务是否在运行。")
        )
    return results
