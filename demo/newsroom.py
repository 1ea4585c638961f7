"""What people arranged around the demo's texts under review: a plan, a claim, a deputy to come."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import TaskState

from articles.models import Priority, ReviewTaskState
from articles.review import claiming, deadlines, deputies
from articles.review.stages import Dimension
from cms.users.models import User


def arrange(people: dict[str, User]) -> int:
    """Plan one text, claim another, and appoint a deputy for next week; how much that was."""
    running = {
        step.task.reviewtask.dimension: step
        for step in ReviewTaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
        .select_related("task__reviewtask", "workflow_state")
        .order_by("-pk")
    }
    now = timezone.localtime().replace(second=0, microsecond=0)
    deadlines.set_plan(
        people["editor"],
        running[Dimension.CREDIBLE].workflow_state.content_object.specific,
        now + timedelta(hours=6),
        Priority.TOP,
        "明早推送头条，请优先看。",
    )
    claiming.claim(people["reviewer_readable"], running[Dimension.READABLE])
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    deputies.appoint(
        people["reviewer_approachable"],
        Dimension.APPROACHABLE,
        people["reviewer_approachable"],
        people["editor_2"],
        monday,
        monday + timedelta(days=4),
        "外出培训",
    )
    return 3
