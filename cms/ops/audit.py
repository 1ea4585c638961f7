"""Writing to the audit log."""

import json
import logging
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.dispatch import Signal

from .models import AuditEntry

logger = logging.getLogger("audit")

SYSTEM = "系统"

# Sent in the transaction of the deed with ``entry`` and ``obj``, the object as the caller has it.
recorded = Signal()


def record(actor: Any, action: str, obj: Model | None = None, detail: dict | None = None) -> None:
    """Add an entry in the caller's transaction, so that it stands or falls with the deed.

    ``actor`` is a user or None for the system itself; ``action`` a dotted verb such as
    ``article.publish``; ``detail`` plain values, dates allowed.
    """
    entry = AuditEntry.objects.create(
        actor=actor,
        actor_name=str(actor) if actor else SYSTEM,
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_label=str(obj)[:255] if obj is not None else "",
        detail=json.loads(json.dumps(detail or {}, cls=DjangoJSONEncoder)),
    )
    logger.info("%s %s %s", entry.actor_name, action, entry.object_label)
    recorded.send(AuditEntry, entry=entry, obj=obj)
