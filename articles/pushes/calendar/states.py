"""What stands on a day of the calendar, and how far it has come. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

# What is on record where there was or is no planned day.
NO_DAY = "没有计划"


class State(StrEnum):
    """How far something has come; the value is the address and the look, the label is read."""

    IDEA = "idea"
    PLANNED = "planned"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    LIVE = "live"
    SENT = "sent"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _LABELS[self][0]

    @property
    def mark(self) -> str:
        """A sign that tells it apart without colour."""
        return _LABELS[self][1]


_LABELS = {
    State.IDEA: ("稿件计划", "◇"),
    State.PLANNED: ("计划", "○"),
    State.COMMITTED: ("定时", "◎"),
    State.DELIVERED: ("草稿已送达", "▷"),
    State.LIVE: ("镜像已发布", "◐"),
    State.SENT: ("已发出", "●"),
    State.FAILED: ("失败", "✕"),
}


def of_push(
    *,
    is_sent: bool = False,
    has_failed: bool = False,
    is_public: bool = False,
    is_delivered: bool = False,
    is_committed: bool = False,
) -> State:
    """The one state of a push: what has gone out counts first, then what needs a person."""
    if is_sent:
        return State.SENT
    if has_failed:
        return State.FAILED
    if is_public:
        return State.LIVE
    if is_delivered:
        return State.DELIVERED
    return State.COMMITTED if is_committed else State.PLANNED


@dataclass(frozen=True)
class Entry:
    """One thing on one day, as plain values.

    ``key`` is ``push-12``, ``article-34`` or ``post-56`` (sent in the back office, without a push
    of ours). ``day`` is None for what has none yet; ``at`` its minute, if it has one. ``members``
    are the titles of a push. ``notes`` say what else is so, ``columns`` are ids of columns.
    ``may_move`` says that its day may still be changed, not that this person may. ``changed_at`` is
    when its text or composition was last saved, as far as the row tells.
    """

    key: str
    state: State
    day: date | None
    title: str
    at: datetime | None = None
    url: str = ""
    members: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    columns: frozenset[int] = frozenset()
    may_move: bool = False
    changed_at: datetime | None = None

    @property
    def takes_a_turn(self) -> bool:
        """Whether it uses one of the day's sendings: pushes and what went out without us."""
        return not self.key.startswith("article-")
