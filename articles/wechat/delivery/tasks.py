"""What the queue calls: one delivery at once when somebody asks, all that are due every minute."""

from django.db.models import Q
from django.utils import timezone

from ...models import Delivery, DeliveryStage
from .job import Run
from .worker import advance


def advance_one(pk: int) -> None:
    """Take one delivery further; what is left is found by the next `advance_all`."""
    advance(pk)


def advance_all() -> str:
    """Take up every delivery whose time has come; the sentence is kept as the task's result."""
    run = Run()
    # Somebody may have noticed the sending while nothing was planned for the delivery.
    over = Q(push__sent_at__isnull=False) & ~Q(stage=DeliveryStage.SENT)
    due = list(
        Delivery.objects.filter(Q(next_at__lte=timezone.now()) | over)
        .order_by("next_at", "pk")
        .values_list("pk", flat=True)
    )
    for pk in due:
        if run.is_over:
            break
        advance(pk, run)
    return f"处理了{len(due)}个送往微信的推送"
