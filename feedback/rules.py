"""What may happen to a message, and until when: pure functions over plain values.

Time limits: 国办发〔2017〕47号 《政府网站发展指引》, useful messages within 7 working days, complex
ones within 15; 国办秘函〔2019〕19号, a valid message unanswered for three months fails the site.
"""

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from .models import Category, Deed, Difficulty, Publication, State

# A day counts until its end.
END_OF_DAY = dt.time(23, 59, 59)
VETO_MONTHS = 3
# So many days before a veto the alarm goes.
VETO_ALARM_DAYS = 30


# --- who may do what ------------------------------------------------------------------------------

WORKING = frozenset({State.ACCEPTED, State.ASSIGNED, State.REPORTED, State.SUPERVISED})
# From which states a deed is possible, and where it leads; None: the state stays.
PATHS: dict[Deed, tuple[frozenset[State], State | None]] = {
    Deed.ACCEPT: (frozenset({State.RECEIVED}), State.ACCEPTED),
    Deed.REFUSE: (frozenset({State.RECEIVED, State.ACCEPTED}), State.REFUSED),
    Deed.MERGE: (frozenset({State.RECEIVED, State.ACCEPTED, State.ASSIGNED}), State.MERGED),
    Deed.ASSIGN: (
        frozenset({State.ACCEPTED, State.ASSIGNED, State.SUPERVISED}),
        State.ASSIGNED,
    ),
    Deed.REPORT: (frozenset({State.ASSIGNED}), State.REPORTED),
    Deed.SUPERVISE_PASS: (frozenset({State.REPORTED}), State.SUPERVISED),
    Deed.SUPERVISE_RETURN: (frozenset({State.REPORTED}), State.ASSIGNED),
    # What the office knows itself needs no unit: it may answer what it has accepted.
    Deed.ANSWER: (frozenset({State.ACCEPTED, State.SUPERVISED, State.DRAFTED}), State.DRAFTED),
    Deed.RETURN_ANSWER: (frozenset({State.DRAFTED}), State.SUPERVISED),
    Deed.APPROVE_ANSWER: (frozenset({State.DRAFTED}), State.ANSWERED),
    Deed.ASK_EXTENSION: (WORKING, None),
    # The answer may be written while nobody has decided yet.
    Deed.ALLOW_EXTENSION: (WORKING | {State.DRAFTED}, None),
    Deed.DENY_EXTENSION: (WORKING | {State.DRAFTED}, None),
    Deed.VERIFY_CONTACT: (frozenset(State) - {State.REFUSED, State.MERGED}, None),
    Deed.RATE: (frozenset({State.ANSWERED}), State.CLOSED),
    Deed.CLOSE: (frozenset({State.ANSWERED}), State.CLOSED),
    Deed.PREPARE_PUBLIC: (frozenset({State.ANSWERED, State.CLOSED}), None),
    Deed.PUBLISH: (frozenset({State.ANSWERED, State.CLOSED}), None),
    Deed.UNPUBLISH: (frozenset(State), None),
}

OFFICE = frozenset(
    {
        Deed.ACCEPT,
        Deed.REFUSE,
        Deed.MERGE,
        Deed.ASSIGN,
        Deed.SUPERVISE_PASS,
        Deed.SUPERVISE_RETURN,
        Deed.ANSWER,
        Deed.VERIFY_CONTACT,
        Deed.PREPARE_PUBLIC,
    }
)
APPROVERS = frozenset(
    {
        Deed.RETURN_ANSWER,
        Deed.APPROVE_ANSWER,
        Deed.ALLOW_EXTENSION,
        Deed.DENY_EXTENSION,
        Deed.PUBLISH,
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A message as the rules see it; people are their ids.

    ``unit_has_people``: somebody of the unit can sign in, so that the unit reports itself.
    """

    state: State = State.RECEIVED
    difficulty: Difficulty = Difficulty.ORDINARY
    is_overdue: bool = False
    unit: int | None = None
    unit_has_people: bool = False
    reported_by: int | None = None
    answer_by: int | None = None
    extension_asked: bool = False
    extension_decided: bool = False
    extension_asked_by: int | None = None
    has_contact: bool = False
    contact_verified: bool = False
    is_public_wish: bool = False
    publication: Publication = Publication.NONE
    public_by: int | None = None
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to act: permissions, and the units (ids) they are a contact of."""

    pk: int
    handles: bool = False
    approves: bool = False
    carries_out: bool = False
    units: frozenset[int] = frozenset()


def why_not(deed: Deed, facts: Facts, actor: Actor) -> str:
    """Why ``actor`` may not do ``deed`` now, a Chinese sentence; empty when they may.

    RATE and CLOSE are done by the sender and by the system, never by a person of the house.
    """
    return (
        _why_no_right(deed, facts, actor)
        or why_not_now(deed, facts)
        or _why_not_this_person(deed, facts, actor)
    )


def allowed(facts: Facts, actor: Actor) -> list[Deed]:
    """What ``actor`` may do now, in the order of the steps."""
    return [deed for deed in PATHS if not why_not(deed, facts, actor)]


def next_state(deed: Deed, state: State) -> State:
    """Where ``deed`` leads from ``state``.

    Raises:
        ValueError: it is not possible from there.
    """
    sources, target = PATHS[deed]
    if state not in sources:
        raise ValueError(f"{deed} is not possible in {state}")
    return target or state


def _why_no_right(deed: Deed, facts: Facts, actor: Actor) -> str:
    of_the_unit = actor.carries_out and facts.unit is not None and facts.unit in actor.units
    if deed in OFFICE and not actor.handles:
        return "留言由留言办理人员处理，您没有这个权限。"
    if deed in APPROVERS and not actor.approves:
        return "这一步由审定人员来做，您没有这个权限。"
    if deed == Deed.REPORT and not of_the_unit:
        if not actor.handles:
            return "落实情况由承办单位的联系人填报。"
        if facts.unit_has_people:
            return "这个单位有联系人，落实情况由他们自己填报。"
    if deed == Deed.ASK_EXTENSION and not (actor.handles or of_the_unit):
        return "延期由留言办理人员或承办单位申请。"
    if deed == Deed.UNPUBLISH and not (actor.handles or actor.approves):
        return "您没有撤下公开答复的权限。"
    if deed in (Deed.RATE, Deed.CLOSE):
        return "评价由留言人自己做。"
    return ""


def why_not_now(deed: Deed, facts: Facts) -> str:
    """Why nobody can do ``deed`` to the message as it is; empty when somebody could."""
    sources, _ = PATHS[deed]
    if facts.state not in sources:
        return f"这条留言{facts.state.label}，不能再{deed.label}。请刷新页面查看。"
    if deed == Deed.ASK_EXTENSION:
        return _why_no_extension(facts)
    if deed in (Deed.ALLOW_EXTENSION, Deed.DENY_EXTENSION) and (
        not facts.extension_asked or facts.extension_decided
    ):
        return "现在没有等待审定的延期申请。"
    if deed == Deed.VERIFY_CONTACT:
        if facts.erased or not facts.has_contact:
            return "留言人没有留联系方式，或者已按期限删除。"
        if facts.contact_verified:
            return "联系方式已经核实过了。"
    if deed in (Deed.PREPARE_PUBLIC, Deed.PUBLISH):
        if not facts.is_public_wish:
            return "留言人没有同意公开，不能公开。"
        if facts.erased:
            return "原文已按期限删除，不能再公开。"
    if deed == Deed.PREPARE_PUBLIC and facts.publication == Publication.PUBLIC:
        return "已经公开。要改文字，请先撤下公开。"
    if deed == Deed.PUBLISH and facts.publication != Publication.PREPARED:
        return "请先起草公开文字，再由另一位同事审定公开。"
    if deed == Deed.UNPUBLISH and facts.publication != Publication.PUBLIC:
        return "这条留言没有公开。"
    return ""


def _why_no_extension(facts: Facts) -> str:
    if facts.difficulty == Difficulty.HARD:
        return "疑难留言的期限已经是最长的，不能再延期。"
    if facts.extension_asked:
        return "一条留言只能申请一次延期。"
    if facts.is_overdue:
        return "答复期限已经过了，不能再申请延期，请尽快办理。"
    return ""


def _why_not_this_person(deed: Deed, facts: Facts, actor: Actor) -> str:
    """Four eyes: nobody judges what they did themselves."""
    if deed in (Deed.SUPERVISE_PASS, Deed.SUPERVISE_RETURN) and facts.reported_by == actor.pk:
        return "落实情况是您填报的，请另一位同事督查。"
    if deed == Deed.APPROVE_ANSWER and facts.answer_by == actor.pk:
        return "答复是您起草的，请另一位同事审定。"
    if deed == Deed.ALLOW_EXTENSION and facts.extension_asked_by == actor.pk:
        return "延期是您申请的，请另一位同事审定。"
    if deed == Deed.PUBLISH and facts.public_by == actor.pk:
        return "公开文字是您起草的，请另一位同事审定公开。"
    return ""


# --- until when -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """Working days after the day something began; from `FeedbackSettings`."""

    ordinary: int = 7
    hard: int = 15
    error: int = 3
    accept: int = 1
    assign: int = 1
    carry_out: int = 4
    supervise: int = 1
    answer: int = 1


def days_in_all(
    category: Category, difficulty: Difficulty, is_extended: bool, limits: Limits
) -> int:
    """How many working days the answer may take."""
    if difficulty == Difficulty.HARD or is_extended:
        return limits.hard
    return limits.error if category == Category.ERROR else limits.ordinary


def days_of_step(state: State, has_long_limit: bool, limits: Limits) -> int:
    """How many working days the step may take that begins with ``state``.

    What a hard (or extended) message has in addition goes to carrying out.
    """
    carry_out = limits.carry_out + (limits.hard - limits.ordinary if has_long_limit else 0)
    return {
        State.RECEIVED: limits.accept,
        State.ACCEPTED: limits.assign,
        State.ASSIGNED: carry_out,
        State.REPORTED: limits.supervise,
    }.get(state, limits.answer)


def working_day_after(day: dt.date, count: int, is_workday: Callable[[dt.date], bool]) -> dt.date:
    """The ``count``-th working day after ``day``, which itself does not count.

    Raises:
        ValueError: ``count`` is below one.
    """
    if count < 1:
        raise ValueError("count begins with 1")
    while count:
        day += dt.timedelta(days=1)
        count -= is_workday(day)
    return day


def step_due_on(own: dt.date, whole: dt.date, today: dt.date) -> dt.date:
    """When a step ends: after its own days, but with the whole, unless that is over already."""
    return min(own, whole) if whole > today else own


def working_days_between(
    first: dt.date, last: dt.date, is_workday: Callable[[dt.date], bool]
) -> int:
    """How many working days after ``first`` up to ``last``; zero on the same day."""
    days = (last - first).days
    return sum(is_workday(first + dt.timedelta(days=n)) for n in range(1, days + 1))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later, or the last of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )


def veto_on(received: dt.date) -> dt.date:
    """The day from which a message without answer fails the account."""
    return months_after(received, VETO_MONTHS)
