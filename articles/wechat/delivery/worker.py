"""Takes deliveries further: lease the row, do one step, write its result, and again.

WeChat is never called in a transaction. A worker that is killed leaves a lease that runs out.
"""

import logging
import traceback

from django.db import OperationalError, transaction
from django.utils import timezone

from ...models import Delivery, DeliveryStage
from ..errors import ErrorKind, WeChatError
from . import rules
from .job import Job, LeaseLost, Run, Stopped
from .steps import STEPS

logger = logging.getLogger(__name__)

# Until here the push may still change; then nothing of the old one is sent any more.
BEFORE_DELIVERY = (
    DeliveryStage.PREFLIGHT,
    DeliveryStage.PICTURES,
    DeliveryStage.COVERS,
    DeliveryStage.DRAFT,
)
TO_READERS = (DeliveryStage.SENDING, DeliveryStage.PUBLISHING)
CHANGED = "推送在送往微信的途中有了改动，已经停下。请重新审定后再送一次。"


def advance(pk: int, run: Run | None = None) -> None:
    """Take the delivery as far as it goes now."""
    run = run or Run()
    while not run.is_over:
        job = _lease(pk, run)
        if job is None or not _step(job):
            return


@transaction.atomic
def _lease(pk: int, run: Run) -> Job | None:
    """The delivery if something is to be done about it now; nobody else has it then."""
    row = Delivery.objects.select_for_update(of=("self",)).select_related("push").get(pk=pk)
    now = timezone.now()
    if rules.is_busy(row.busy_until, now) or _close(row):
        return None
    if row.next_at is None or row.next_at > now:
        return None
    row.busy_until = now + rules.LEASE
    row.save(update_fields=["busy_until"])
    return Job(row, run)


def _close(row: Delivery) -> bool:
    """Whether the push is over, sent or dissolved, so that nothing is left to do."""
    if not (row.push.sent_at or row.push.dissolved_at):
        return False
    if row.push.sent_at:
        row.stage = DeliveryStage.SENT
    row.next_at = row.failed_at = None
    row.reason, row.detail, row.drift = "", "", []
    row.save()
    return True


def _step(job: Job) -> bool:
    """Do one step; whether there may be another one at once."""
    try:
        if job.delivery.stage in BEFORE_DELIVERY and _is_outdated(job):
            raise Stopped(CHANGED)
        STEPS[DeliveryStage(job.delivery.stage)](job)
    except WeChatError as error:
        _after_error(job, error)
    except Stopped as stop:
        job.fail(str(stop), stop.detail)
    except LeaseLost:
        logger.warning("delivery %s was taken over", job.delivery.pk)
        return False
    except OperationalError as error:
        # The database is busy: no fault of the delivery. The lease runs out, then it goes on.
        logger.warning("delivery %s postponed: %s", job.delivery.pk, error)
        return False
    except Exception as error:  # whatever it is, it must show and not stop the others
        logger.exception("delivery %s failed", job.delivery.pk)
        job.fail(f"系统错误：{error}", "".join(traceback.format_exception(error)))
    return True


def _is_outdated(job: Job) -> bool:
    return job.push.approved_digest != job.delivery.push_digest


def _after_error(job: Job, error: WeChatError) -> None:
    """Wait and try again, or stop for a person, as the kind of the error wants."""
    delivery = job.delivery
    now = timezone.localtime()
    if delivery.stage == DeliveryStage.DELIVERED:
        # Only looking: nothing has failed, and there is another look.
        logger.info("delivery %s could not be looked at: %s", delivery.pk, error)
        job.finish(next_at=rules.next_look(delivery.delivered_at or now, now))
        return
    attempts = delivery.attempts + 1
    is_sending = delivery.stage == DeliveryStage.SENDING and not delivery.msg_id
    next_at = rules.after_error(error.kind, attempts, now, is_sending=is_sending)
    technical = f"{error.code}: {error.errmsg}"
    if next_at is not None:
        job.wait(error.sentence, attempts=attempts, next_at=next_at, detail=technical)
    elif delivery.stage in TO_READERS and not _is_begun(delivery):
        # Surely not sent, and it must not go out by itself tomorrow: a person presses again.
        sentence = f"{rules.without_promise(error.sentence)}这次没有发出。"
        job.fail(sentence, technical, stage=DeliveryStage.DELIVERED)
    elif error.kind is ErrorKind.REFUSED:
        job.fail(error.sentence, technical)
    else:
        job.fail(rules.given_up(error.sentence), technical)


def _is_begun(delivery: Delivery) -> bool:
    """Whether WeChat may know of what we wanted it to do for readers."""
    return bool(delivery.attempted_at or delivery.msg_id or delivery.publish_id)
