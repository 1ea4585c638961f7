"""Events that were told: each kept once, for the worker to deal with."""

from django.db import transaction
from django_q.tasks import async_task

from ...models import CallbackEvent
from .messages import Event

DEAL_WITH = "articles.wechat.callback.dealing.deal_with"


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
