"""What the health report says about publishing."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from cms.ops.registry import HealthResult, Level

from .models import PublishFailure

# One tick comes every minute and the queue looks for schedules every half minute.
OVERDUE_AFTER = timedelta(minutes=2)


def publishing() -> list[HealthResult]:
    """Failed publications, and due ones that nobody has taken up."""
    results = [
        HealthResult(
            Level.ALARM,
            f"《{failure.page}》没有按时发布：{failure.reason}",
            reverse("articles_desk", args=[failure.page_id]),
        )
        for failure in PublishFailure.objects.select_related("page")
    ]
    overdue = Revision.page_revisions.filter(
        approved_go_live_at__lt=timezone.now() - OVERDUE_AFTER, publish_failure__isnull=True
    )
    results += [
        HealthResult(
            Level.ALARM,
            f"《{revision.object_str}》已过定时时间还没有发布，请检查后台任务是否在运行。",
            reverse("articles_desk", args=[revision.object_id]),
        )
        for revision in overdue.only("object_str", "object_id")[:20]
    ]
    return results
