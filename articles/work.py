"""What one person has to do: for the dashboard, and for the mail of the morning."""

from dataclasses import dataclass
from typing import Any

from . import queues
from .queues import Waiting
from .release import waiting


@dataclass(frozen=True)
class Work:
    """``confirm`` waits for a second person, ``returned`` for changes by the one who sent it in."""

    confirm: list[Waiting]
    reviews: list[Waiting]
    ready: list[Waiting]
    returned: list[Waiting]

    def __bool__(self) -> bool:
        return bool(self.confirm or self.reviews or self.ready or self.returned)


def of(person: Any) -> Work:
    """What waits for ``person`` now; requests that they may not confirm are left out."""
    return Work(
        [row for row in waiting.waiting_for(person) if not row.refusal],
        queues.for_review(person),
        queues.for_publishing(person),
        queues.returned_to(person),
    )
