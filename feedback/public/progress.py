"""How far a message is, in the five steps of the feedback loop: pure functions."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .. import rules
from ..models import Deed, State


class Stage(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    # What the office knows itself is given to nobody.
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Row:
    """A step: its limit in working days, when it was done, or until when it is due."""

    name: str
    means: str
    days: int
    stage: Stage
    at: dt.datetime | None = None
    due: dt.datetime | None = None


# Each step: its name, what it means, the state in which it waits, the deed that ends it.
FIVE = (
    ("收集", "看过留言，受理", State.RECEIVED, Deed.ACCEPT),
    ("交办", "交给承办单位", State.ACCEPTED, Deed.ASSIGN),
    ("落实", "承办单位去办", State.ASSIGNED, Deed.REPORT),
    ("督查", "核对办得怎样", State.REPORTED, Deed.SUPERVISE_PASS),
    ("反馈", "审定答复，告诉您", State.SUPERVISED, Deed.APPROVE_ANSWER),
)
_AT = {state: number for number, (_, _, state, _) in enumerate(FIVE)}
_AT |= {State.DRAFTED: 4, State.ANSWERED: 5, State.CLOSED: 5}
ENDED = (State.REFUSED, State.MERGED)

WORDS = {
    State.RECEIVED: "已经收到，正等工作人员受理。",
    State.ACCEPTED: "已经受理，正在安排由谁来办。",
    State.ASSIGNED: "已经交给承办单位，正在办理。",
    State.REPORTED: "承办单位已经报告办理情况，正在核对。",
    State.SUPERVISED: "办理情况已经核对，正在写答复。",
    State.DRAFTED: "答复已经写好，正在审定。",
    State.ANSWERED: "已经答复，请看下面的答复，并告诉我们您是否满意。",
    State.CLOSED: "已经办结。",
    State.REFUSED: "这条留言没有受理。",
    State.MERGED: "这条留言和另一条说的是同一件事，一起办理。",
}


def rows(
    state: State,
    done: Mapping[Deed, dt.datetime],
    step_due: dt.datetime,
    has_long_limit: bool,
    limits: rules.Limits,
) -> list[Row]:
    """The five steps; ``done`` says when each deed was done last."""
    position = max_done(done) if state in ENDED else _AT[state]
    found = []
    for number, (name, means, waiting, deed) in enumerate(FIVE):
        at = due = None
        if number < position:
            at = done.get(deed)
            stage = Stage.DONE if at else Stage.SKIPPED
        elif state in ENDED:
            stage = Stage.SKIPPED
        elif number == position:
            stage, due = Stage.NOW, step_due
        else:
            stage = Stage.LATER
        days = rules.days_of_step(waiting, has_long_limit, limits)
        found.append(Row(name, means, days, stage, at, due))
    return found


def max_done(deeds: Iterable[Deed]) -> int:
    """How many steps, from the first, had come to their end."""
    known = set(deeds)
    return max((n + 1 for n, (*_, deed) in enumerate(FIVE) if deed in known), default=0)
