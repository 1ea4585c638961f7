"""People who have acted stay on record: their accounts are deactivated, never deleted.

Deleting an account would take its name off the texts it wrote and the approvals it gave, and
with that the proof that nobody approved their own words.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_delete
from wagtail.models import Page, Revision, TaskState

from cms.ops.models import AuditEntry

from .models import User


class UserKept(PermissionDenied):
    """The account must stay; the message says why, and what to do instead, in Chinese."""


def connect() -> None:
    """Called once, when the app is ready."""
    pre_delete.connect(_before_delete, sender=User, dispatch_uid="users.keeping")


def why_not_delete(user: User) -> str:
    """Why ``user`` may not be deleted; empty for an account that never did anything."""
    acted = (
        AuditEntry.objects.filter(actor=user).exists()
        or Revision.objects.filter(user=user).exists()
        or TaskState.objects.filter(finished_by=user).exists()
        or Page.objects.filter(owner=user).exists()
    )
    if not acted:
        return ""
    return (
        f"{user}在工作台写过稿、审过稿或办过事，账号不能删除，否则查不到是谁写的、谁审的。"
        "人员调离时，请编辑这个账号，取消“启用”。"
    )


def _before_delete(instance: User, **_: Any) -> None:
    if refusal := why_not_delete(instance):
        raise UserKept(refusal)
