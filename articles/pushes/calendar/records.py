"""When posts went out and when the next are to come, as the silence counts them.

Only what really went out in WeChat counts: pushes noted as sent, and posts of the account that
WeChat or its back office names as sent to followers. The mirror does not count. Imported past
articles do not either: nobody knows whether the import reaches up to today, and a history that
ends years ago would raise a false alarm.
"""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from ...models import PublishType, Push, PushSettings, WeChatPost
from . import silence


def outlook() -> silence.Outlook:
    """The silence as it stands and as it is planned. Four queries."""
    settings = PushSettings.load()
    limits = silence.Limits(settings.warn_days, settings.alarm_days, settings.breach_days)
    return silence.outlook(_posted(), _coming(), timezone.localdate(), limits)


def unnoticed() -> int:
    """How many pushes have had their minute and were not noted as sent."""
    found = Push.objects.standing().filter(sent_at=None, go_live_at__lt=timezone.now())
    return found.count()


def _posted() -> set[date]:
    sent = Push.objects.standing().filter(sent_at__isnull=False)
    posts = WeChatPost.objects.filter(publish_type=PublishType.SENT).order_by()
    return {
        *(timezone.localtime(at).date() for at in sent.values_list("sent_at", flat=True)),
        *posts.values_list("published_on", flat=True).distinct(),
    }


def _coming() -> set[date]:
    """Days of what is to be sent; one that has passed is left out by `silence.outlook`."""
    to_come = Push.objects.standing().filter(
        Q(go_live_at__isnull=False) | Q(planned_for__isnull=False), sent_at=None
    )
    return {
        timezone.localtime(at).date() if at else planned
        for at, planned in to_come.values_list("go_live_at", "planned_for")
    }
