"""Events that were told: each kept once, for the worker to deal with."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from ...models import CallbackEvent
from .messages import Event

DEAL_WITH = "articles.wechat.callback.dealing.deal_with"
# As long as the record of our own calls.
KEPT_FOR = timedelta(days=90)


@transaction.atomic
def take_in(event: Event) -> bool:
    """Keep ``event`` and have it dealt with; False when it was told before."""
    row, is_new = CallbackEvent.objects.get_or_create(
        key=event.key, defaults={"event": event.name, "payload": event.as_json()}
    )
    if row.handled_at is None:
        number = row.pk
        transaction.on_commit(lambda: async_task(DEAL_WITH, number, task_name=f"微信通知 {number}"))
    return is_new


def prune() -> int:
    """Forget events too old to be told again or to help anybody; answers how many."""
    old = CallbackEvent.objects.filter(received_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]
