"""Who may be sent previews on the phone."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.ops import audit

from ..models import PhoneReader


@transaction.atomic
def save_reader(actor: Any, reader: PhoneReader) -> PhoneReader:
    """Add ``reader``, or keep how it was changed.

    Raises:
        PermissionDenied: ``actor`` may not.
    """
    deed = "change" if reader.pk else "add"
    _check(actor, deed)
    reader.save()
    audit.record(actor, f"phone_reader.{deed}", reader)
    return reader


@transaction.atomic
def remove_reader(actor: Any, reader: PhoneReader) -> None:
    """Take ``reader`` off the list. Raises as `save_reader`."""
    _check(actor, "delete")
    audit.record(actor, "phone_reader.remove", reader)
    reader.delete()


def _check(actor: Any, deed: str) -> None:
    if not actor.has_perm(f"articles.{deed}_phonereader"):
        raise PermissionDenied("您没有管理手机预览人的权限。")
