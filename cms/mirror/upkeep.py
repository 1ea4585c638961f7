"""What administrators ask of the mirror: everything anew, a comparison, an alarm settled."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit

from . import release, verifying
from .models import Alteration, MirrorJob

PERMISSION = "mirror.rebuild_mirror"
REBUILD, VERIFY, SEEN = "mirror.rebuild", "mirror.verify", "mirror.seen"
TASKS = {False: "cms.mirror.tasks.verify_quickly", True: "cms.mirror.tasks.verify_fully"}


class UpkeepRefused(PermissionDenied):
    """It cannot be done; the message is a Chinese sentence."""


@transaction.atomic
def rebuild(actor: Any) -> int:
    """Request every page; how many are waiting now.

    Raises:
        UpkeepRefused: no permission.
    """
    _demand(actor)
    release.request_everything("管理员重建全部")
    waiting = MirrorJob.objects.values("address").distinct().count()
    audit.record(actor, REBUILD, None, {"number": waiting})
    return waiting


@transaction.atomic
def verify(actor: Any) -> None:
    """Have all files compared with fresh pages, beginning now.

    Raises:
        UpkeepRefused: no permission.
    """
    _demand(actor)
    verifying.request_round(is_full=True)
    audit.record(actor, VERIFY)
    transaction.on_commit(lambda: async_task(TASKS[True], task_name="mirror verify"))


@transaction.atomic
def acknowledge(actor: Any, note: str) -> int:
    """Somebody has found out who altered the files; how many alterations that settles.

    Raises:
        UpkeepRefused: no permission, or no word on what was found out.
    """
    _demand(actor)
    note = " ".join(note.split())[:300]
    if not note:
        raise UpkeepRefused("请写明查到了什么、怎样处理的。")
    number = Alteration.objects.filter(seen_at=None).update(seen_by=actor, seen_at=timezone.now())
    if not number:
        raise UpkeepRefused("没有等着确认的改动，可能已经有人确认。请刷新页面。")
    audit.record(actor, SEEN, None, {"number": number, "note": note})
    return number


def _demand(actor: Any) -> None:
    if not actor.has_perm(PERMISSION):
        raise UpkeepRefused("您没有重建和核对镜像的权限，请联系管理员。")
