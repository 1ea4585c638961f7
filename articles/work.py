"""What one person has to do: for the dashboard, and for the mail of the morning."""

from dataclasses import dataclass, field
from typing import Any

from . import queues
from .publishing import PERMISSION
from .queues import View, Waiting
from .release import waiting


@dataclass(frozen=True)
class Work:
    """``confirm`` waits for a second person, ``returned`` for changes by the one who sent it in.

    ``more`` says how many of a part of the queue were left out, where there are any.
    """

    confirm: list[Waiting]
    reviews: list[Waiting]
    ready: list[Waiting]
    returned: list[Waiting]
    more: dict[View, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.confirm or self.reviews or self.ready or self.returned)


def of(person: Any, most: int | None = None) -> Work:
    """What waits for ``person`` now, of each part of the queue the first ``most`` (all of them
    without it); requests that they may not confirm are left out."""
    more: dict[View, int] = {}

    def first(view: View) -> list[Waiting]:
        steps = queues.steps(view, person)
        if most is not None and (left_out := steps.count() - most) > 0:
            more[view] = left_out
        return queues.fill(person, steps[:most])

    return Work(
        [row for row in waiting.waiting_for(person) if not row.refusal],
        first(View.MINE),
        first(View.READY) if person.has_perm(PERMISSION) else [],
        queues.returned_to(person),
        more,
    )
