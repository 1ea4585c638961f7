"""What the health report says about ranks."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from .models import BoardLink, Claim, ClaimStatus, LinkStatus, Observation
from .services import alert_mail

CLAIM_UNVERIFIED = dt.timedelta(days=3)


def check() -> list[HealthResult]:
    """Statements that wait for the second person count for nothing until they are looked at."""
    page = reverse("rankings:review")
    results = []
    if waiting := Observation.objects.waiting().count():
        message = f"有 {waiting} 条名次等另一位同事复核，复核前不计入名次。"
        results.append(HealthResult(Level.WARNING, message, page))
    if links := BoardLink.objects.filter(status=LinkStatus.PROPOSED).count():
        message = f"有 {links} 条榜单衔接等另一位同事复核，复核前连续在那里断开。"
        results.append(HealthResult(Level.WARNING, message, page))
    return results


def check_mails() -> list[HealthResult]:
    """Alerts that could not be mailed: somebody may be waiting for them."""
    return alert_mail.MAILS.findings(reverse("rankings:alert_preferences"))


def check_claims() -> list[HealthResult]:
    """Claims that no longer hold, or were not looked at for days, may stand in articles."""
    results = []
    doubtful = Claim.objects.filter(status=ClaimStatus.REVIEW).count()
    if doubtful:
        message = f"有 {doubtful} 条结论需复核，请核实后恢复或撤回，引用它的文章正印着说明。"
        page = f"{reverse('rankings:claims')}?status={ClaimStatus.REVIEW}"
        results.append(HealthResult(Level.WARNING, message, page))
    late = timezone.now() - CLAIM_UNVERIFIED
    if Claim.objects.holding().filter(verified_at__lt=late).exists():
        message = "有结论三天没有自动核验，请检查后台任务是否在运行。"
        results.append(HealthResult(Level.WARNING, message, reverse("rankings:claims")))
    return results
