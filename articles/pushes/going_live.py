"""A push's articles go onto the mirror together: all of them in one transaction, or none.

The push's row is the truth: what is due and not marked failed is taken up by `publish_due`.
"""

import logging
import traceback
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from cms.mirror import days as mirror_days
from cms.ops import audit
from cms.tasks import sent_together

from .. import gate
from ..models import Push
from ..review import approvals
from . import members, rules
from .digest import push_digest
from .refusals import PushRefused

logger = logging.getLogger(__name__)

AT_MINUTE = "at_minute"


def due(now: datetime) -> QuerySet[Push]:
    """Pushes whose time on the mirror has come, marked failed or not, oldest first.

    With the setting ``MIRROR_PUBLISH`` on ``when_sent`` the time is the sending; so it is for a
    push that went out without a minute of its own.
    """
    time_has_come = Q(sent_at__lte=now, go_live_at=None)
    if settings.MIRROR_PUBLISH == AT_MINUTE:
        time_has_come |= Q(go_live_at__lte=now)
    else:
        time_has_come |= Q(sent_at__lte=now)
    return Push.objects.holding().filter(time_has_come).order_by("go_live_at", "pk")


def overdue(now: datetime) -> QuerySet[Push]:
    """Those of `due` that nobody has taken up; none on days on which publishing has stopped."""
    if mirror_days.freeze_on(timezone.localdate(now)):
        return Push.objects.none()
    return due(now).filter(publish_failed_at=None)


def why_not_go(push: Push, loaded: Iterable[members.Loaded] | None = None) -> list[str]:
    """What speaks against letting ``push`` out as it is now; empty when nothing does.

    ``loaded`` are its articles where they were read just now.
    """
    loaded = members.load(push) if loaded is None else loaded
    return rules.why_not_go(
        is_approved=push.approved_at is not None,
        is_same=push.approved_digest == push_digest(push),
        problems=[why for each in loaded for why in each.problems],
    )


def lock_with_articles(push: Push) -> Push:
    """``push`` read again with its row and its articles' rows locked, the articles by their id.

    Articles first: whoever works on one article locks it before the push that holds it.

    Raises:
        OperationalError: its articles changed while the locks were taken; try again.
    """
    ids = _article_ids(push)
    list(Page.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    push = Push.objects.select_for_update().get(pk=push.pk)
    if _article_ids(push) != ids:
        raise OperationalError("the push was put together anew meanwhile")
    return push


def _article_ids(push: Push) -> list[int]:
    return sorted(push.members.values_list("article_id", flat=True))


def publish(push: Push, actor: Any, action: str) -> None:
    """Put all articles of the locked ``push`` on the mirror and record it as ``action``.

    The headline last, so that it is the newest and stands first in lists.

    Raises:
        PushRefused: it is not approved as it is now; the message names the article.
        Exception: whatever an article's publication raises; its title is noted on it.
    """
    loaded = members.load(push)
    if reasons := why_not_go(push, loaded):
        raise PushRefused("".join(reasons))
    articles = [each.article for each in loaded]
    with gate.going_together(a.pk for a in articles), approvals.read_ahead(articles):
        for each in reversed(loaded):
            revision = each.member.revision
            revision.content_object = each.article  # known, and so not read again
            try:
                revision.publish(
                    user=actor, log_action="wagtail.publish.scheduled", skip_permission_checks=True
                )
            except Exception as error:
                error.add_note(f"《{each.title}》")
                raise
    push.published_at = timezone.now()
    push.publish_failed_at, push.publish_failure, push.publish_failure_detail = None, "", ""
    push.save(
        update_fields=[
            "published_at",
            "publish_failed_at",
            "publish_failure",
            "publish_failure_detail",
        ]
    )
    audit.record(actor, action, push, {"articles": [each.title for each in loaded]})


def publish_one(pk: int, now: datetime) -> bool:
    """Publish the push ``pk`` if it is still due; False when another worker was quicker."""
    with sent_together(), transaction.atomic():
        push = lock_with_articles(Push(pk=pk))
        if not overdue(now).filter(pk=pk).exists():
            return False
        publish(push, None, "push.publish")
    return True


@transaction.atomic
def mark_failed(pk: int, error: Exception, now: datetime) -> str:
    """Record why nothing of the push went out, for people to see, and answer the reason."""
    push = Push.objects.select_for_update().get(pk=pk)
    push.publish_failure = reason_of(error)[:300]
    push.publish_failed_at = now
    push.publish_failure_detail = "".join(traceback.format_exception(error))
    push.save(update_fields=["publish_failed_at", "publish_failure", "publish_failure_detail"])
    audit.record(None, "push.publish_failed", push, {"reason": push.publish_failure})
    return push.publish_failure


def reason_of(error: Exception) -> str:
    """``error`` as a sentence that names the article."""
    said = str(error) if isinstance(error, PermissionDenied) else f"系统错误：{error}"
    return "".join([*getattr(error, "__notes__", ()), said])
