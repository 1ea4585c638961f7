"""A leased delivery: what a step of it reads, and how it writes its result.

The row is the truth. A lease is a moment in ``busy_until``: whoever holds it may write, whoever
lost it may not, and one that was left behind runs out.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ...models import Delivery, Push
from ...pushes import members
from ..client import Client
from . import rules
from .plan import Entry
from .uploads import Files

# Seconds after which a run begins no new step: the queue lets a task run for 300.
BUDGET = 150.0


class LeaseLost(Exception):
    """Another worker, or a person, has taken the delivery over meanwhile."""


class Stopped(Exception):
    """The delivery cannot go on until a person has done something; the message is a sentence."""

    def __init__(self, sentence: str, detail: Sequence[str] = ()) -> None:
        self.detail = "\n".join(detail)
        super().__init__(sentence)


class Run:
    """One run of a worker: what it has read, and how long it may go on."""

    def __init__(self) -> None:
        self.files = Files()
        self._ends = time.monotonic() + BUDGET
        self._loaded: dict[tuple[int, str], list[members.Loaded]] = {}

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._ends

    def loaded(self, push: Push, digest: str) -> list[members.Loaded]:
        """The articles of ``push``; their texts are those of ``digest``."""
        key = push.pk, digest
        if key not in self._loaded:
            self._loaded[key] = members.load(push)
        return self._loaded[key]


def entries_of(delivery: Delivery) -> list[Entry]:
    """What is known of the articles of its draft."""
    return [Entry(**known) for known in delivery.stored]


def titles_of(delivery: Delivery) -> tuple[str, ...]:
    """The titles of its draft as WeChat had them when it was delivered."""
    return tuple(str((entry.article or {}).get("title", "")) for entry in entries_of(delivery))


@dataclass
class Job:
    """A leased delivery. ``about`` begins the sentence should the next call fail."""

    delivery: Delivery
    run: Run
    about: str = ""
    _client: Client | None = field(default=None, repr=False)

    @property
    def push(self) -> Push:
        return self.delivery.push

    @property
    def client(self) -> Client:
        if self._client is None:
            self._client = Client(push=self.push)
        return self._client

    @property
    def loaded(self) -> list[members.Loaded]:
        return self.run.loaded(self.push, self.delivery.push_digest)

    @property
    def entries(self) -> list[Entry]:
        return entries_of(self.delivery)

    def note(self, **changes: Any) -> None:
        """Write ``changes`` and keep the lease, for as long again."""
        self._write(changes, timezone.now() + rules.LEASE)

    def finish(self, action: str = "", detail: dict | None = None, **changes: Any) -> None:
        """Write ``changes`` (a new ``next_at`` among them) and give the lease back.

        What went wrong before is forgotten; ``action`` is recorded in the same transaction.
        """
        fresh = {"attempts": 0, "failed_at": None, "reason": "", "detail": ""}
        self._write(fresh | changes, None, action, detail)

    def fail(self, sentence: str, detail: str = "", **changes: Any) -> None:
        """Stop here with a reason until a person acts."""
        sentence = _fitting(f"{self.about}{sentence}")
        changes |= {"failed_at": timezone.now(), "reason": sentence, "detail": detail}
        changes |= {"next_at": None}
        self._write(changes, None, "push.delivery_failed", {"reason": sentence})

    def wait(self, sentence: str, **changes: Any) -> None:
        """Try the same step again at ``next_at``; people read why."""
        self._write(changes | {"reason": _fitting(f"{self.about}{sentence}")}, None)

    @transaction.atomic
    def _write(
        self, changes: dict, busy_until: Any, action: str = "", detail: dict | None = None
    ) -> None:
        row = (
            Delivery.objects.select_for_update()
            .filter(
                pk=self.delivery.pk,
                busy_until=self.delivery.busy_until,
                stage=self.delivery.stage,
            )
            .first()
        )
        if row is None:
            raise LeaseLost(self.delivery.pk)
        changes = changes | {"busy_until": busy_until}
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(update_fields=list(changes))
        if action:
            audit.record(None, action, self.push, detail)
        row.push = self.push
        self.delivery = row


def _fitting(sentence: str) -> str:
    longest = Delivery._meta.get_field("reason").max_length
    return sentence if len(sentence) <= longest else sentence[: longest - 1] + "…"
