"""Streak rules: from statements to month states, from month states to runs.

Pure functions over plain values. Two layers:

* ``resolve`` turns the statements of one board into the state of each account and month;
* ``measure`` turns one account's states into the current and the longest run.

States (docs/streak-rules.md §1): ``F`` confirmed alone in first place, ``T`` confirmed tied
first, ``N`` confirmed elsewhere, ``S`` the board was not issued, ``R`` first by report only, ``?``
nothing known, ``D`` sources conflict. F and T continue a run, N breaks it, S is stepped over; R, ?
and D split the *proved* run and count only in the *possible* one. No run crosses a *cut*, the month
with which another series begins (``lineage``).

``streak_sql`` says the same in SQL; this module is the one that is right.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from .periods import Month

FIRST, TIED, NOT_FIRST, SUSPENDED, REPORTED, UNKNOWN, DISPUTED = "FTNSR?D"

# The higher kind wins (docs/streak-rules.md §2, case 8).
SOURCE_WEIGHT = {"publisher": 4, "official_repost": 3, "media": 2, "mirror": 1, "self": 0}
_COUNTED = frozenset({"confirmed", "reported"})


class Statement(NamedTuple):
    """What one source says about an account in one month.

    ``month`` is ``Month.index``; ``account`` any hashable id, None only for ``not_issued``;
    ``state`` ranked | absent | not_issued | unknown; ``status`` confirmed | proposed | reported;
    ``source_kind`` a key of ``SOURCE_WEIGHT``; ``edition`` final | preliminary.
    """

    month: int
    account: Hashable
    state: str
    rank: int | None = None
    tied: bool = False
    status: str = "confirmed"
    source_kind: str = "publisher"
    edition: str = "final"


@dataclass(slots=True)
class MonthStates:
    """One month of a board: a state for accounts that differ, ``others`` for all the rest."""

    others: str = UNKNOWN
    of: dict[Hashable, str] = field(default_factory=dict)
    suspended: bool = False


@dataclass(slots=True)
class Record:
    """The resolved months of one board. ``months`` maps month indexes; gaps are unknown months.

    ``cuts`` are the months with which another series begins: no run crosses one.
    """

    months: dict[int, MonthStates] = field(default_factory=dict)
    accounts: set[Hashable] = field(default_factory=set)
    cuts: frozenset[int] = frozenset()

    @property
    def first(self) -> int | None:
        """The first recorded month."""
        return min(self.months, default=None)

    @property
    def last(self) -> int | None:
        """The last recorded month."""
        return max(self.months, default=None)

    def state(self, account: Hashable, month: int) -> str:
        """The state of ``account`` in ``month``; a month without a row is unknown."""
        states = self.months.get(month)
        return UNKNOWN if states is None else states.of.get(account, states.others)

    def states(self, account: Hashable) -> str:
        """One letter a month, from the first to the last recorded month."""
        if not self.months:
            return ""
        months = self.months
        letters = []
        for month in range(self.first, self.last + 1):
            states = months.get(month)
            letters.append(UNKNOWN if states is None else states.of.get(account, states.others))
        return "".join(letters)

    def ending(self, as_of: int | None = None) -> int | None:
        """The month at which current runs end, None when the board has no such month.

        The last recorded month that was issued, or ``as_of`` clipped to it and stepped back over
        suspended months.
        """
        if not self.months:
            return None
        month = self.last if as_of is None else min(as_of, self.last)
        while month >= self.first and month in self.months and self.months[month].suspended:
            month -= 1
        return month if month >= self.first else None


# --- first layer: statements to states ---------------------------------------------------------


def resolve(
    statements: Iterable[Statement | tuple[Any, ...]], cuts: frozenset[int] = frozenset()
) -> Record:
    """The states of every account in every month with a statement.

    ``statements`` are current rows only, in any order, as ``Statement`` or plain tuples of the
    same shape. Proposals count for nothing, not even as a record of the month; so does what was
    sent back. ``cuts`` are months with which another series begins.
    """
    record = Record(cuts=cuts)
    by_month: dict[int, list[tuple[Any, ...]]] = {}
    accounts = record.accounts
    for row in statements:
        if row[5] not in _COUNTED:
            continue
        rows = by_month.get(row[0])
        if rows is None:
            by_month[row[0]] = [row]
        else:
            rows.append(row)
        if row[1] is not None:
            accounts.add(row[1])
    for month, rows in by_month.items():
        record.months[month] = _resolve_month(rows)
    return record


# What an account's own confirmed statements come to.
_SAYS_FIRST, _SAYS_TIED, _SAYS_OTHER, _SAYS_ABSENT, _SAYS_BOTH = range(5)


def _resolve_month(rows: Sequence[tuple[Any, ...]]) -> MonthStates:
    """Resolve one month; ``rows`` are not proposals."""
    not_issued = -1
    reported_first: list[Hashable] = []
    # account -> (weight, verdict); weight orders source kinds and, within one, editions.
    standing: dict[Hashable, tuple[int, int]] = {}
    for _month, account, state, rank, tied, status, kind, edition in rows:
        if status != "confirmed" or kind == "self":
            # An account's own word is never proof (docs/streak-rules.md §2, case 8).
            if rank == 1:
                reported_first.append(account)
            continue
        if state == "unknown":
            continue
        weight = 2 * SOURCE_WEIGHT[kind] + (edition == "final")
        if state == "not_issued":
            not_issued = max(not_issued, weight)
            continue
        if rank is None:
            verdict = _SAYS_ABSENT
        elif rank > 1:
            verdict = _SAYS_OTHER
        else:
            verdict = _SAYS_TIED if tied else _SAYS_FIRST
        held = standing.get(account)
        if held is None or held[0] < weight:
            standing[account] = (weight, verdict)
        elif held[0] == weight and held[1] != verdict:
            standing[account] = (weight, _combine(held[1], verdict))

    if not_issued >= 0:
        heaviest = max((weight for weight, _ in standing.values()), default=-1)
        if not_issued > heaviest:
            return MonthStates(others=SUSPENDED, suspended=True)
        if not_issued == heaviest:
            # Issued or not? Sources of one weight disagree: nothing is known of anyone.
            return MonthStates(
                of=dict.fromkeys(reported_first, REPORTED) | dict.fromkeys(standing, DISPUTED)
            )
    return _resolve_standings(standing, reported_first)


def _combine(one: int, two: int) -> int:
    """Two statements of one weight about one account. The order does not matter."""
    if _SAYS_BOTH in (one, two):
        return _SAYS_BOTH
    pair = {one, two}
    if pair == {_SAYS_FIRST, _SAYS_TIED}:
        return _SAYS_TIED
    if pair == {_SAYS_OTHER, _SAYS_ABSENT}:
        return _SAYS_OTHER
    return _SAYS_BOTH


def _resolve_standings(
    standing: dict[Hashable, tuple[int, int]], reported_first: list[Hashable]
) -> MonthStates:
    """Weigh the claims to first place against each other and fill in everyone else."""
    claims = {
        account: held for account, held in standing.items() if held[1] in (_SAYS_FIRST, _SAYS_TIED)
    }
    result: dict[Hashable, str] = {}
    others = UNKNOWN
    if claims:
        top = max(weight for weight, _ in claims.values())
        leaders = [account for account, (weight, _) in claims.items() if weight == top]
        soles = [account for account in leaders if claims[account][1] == _SAYS_FIRST]
        contested = bool(soles) and len(leaders) > 1
        for account, (weight, verdict) in claims.items():
            if weight == top:
                sole = verdict == _SAYS_FIRST
                result[account] = DISPUTED if contested else FIRST if sole else TIED
            else:
                # A lighter source stands only where it agrees: tied beside tied.
                agrees = not soles and verdict == _SAYS_TIED
                result[account] = TIED if agrees else NOT_FIRST
        # Whoever of two sole firsts is right, a third account was not first; a tie leaves room
        # for partners nobody named.
        if soles and len(soles) == len(leaders):
            others = NOT_FIRST
    for account, (_, verdict) in standing.items():
        if verdict == _SAYS_OTHER:
            result[account] = NOT_FIRST
        elif verdict == _SAYS_BOTH:
            result[account] = DISPUTED
        elif verdict == _SAYS_ABSENT:
            # Absence breaks only where somebody else is known to be first (case 7).
            result[account] = NOT_FIRST if claims else UNKNOWN
    if others == UNKNOWN:
        for account in reported_first:
            result.setdefault(account, REPORTED)
    else:
        # Whoever is as everyone else needs no entry: full boards stay small.
        result = {account: state for account, state in result.items() if state != others}
    return MonthStates(others, result)


# --- second layer: states to runs --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A streak. ``proved`` and ``possible`` count months; months are ``YYYY-MM``.

    ``reported``, ``ties``, ``suspended`` and ``unknown`` (with disputed) describe the possible
    run; ``open_start`` says that it begins where the record does, so it may be longer in truth.
    The fields ``proved_…`` say the same of the proved run, for the wording of sentences.
    """

    proved: int = 0
    proved_from: Month | None = None
    proved_to: Month | None = None
    possible: int = 0
    start: Month | None = None
    end: Month | None = None
    reported: int = 0
    ties: int = 0
    suspended: tuple[Month, ...] = ()
    unknown: tuple[Month, ...] = ()
    open_start: bool = False
    proved_ties: int = 0
    proved_suspended: tuple[Month, ...] = ()
    proved_open_start: bool = False

    @property
    def confirmed(self) -> int:
        """Months of the possible run that are confirmed as first, in a row or not."""
        return self.possible - self.reported - len(self.unknown)

    def as_json(self) -> dict[str, Any]:
        """The RUN object of ``streaks --json``."""
        return {
            "proved": self.proved,
            "proved_from": _text(self.proved_from),
            "proved_to": _text(self.proved_to),
            "possible": self.possible,
            "from": _text(self.start),
            "to": _text(self.end),
            "reported": self.reported,
            "ties": self.ties,
            "suspended": [str(month) for month in self.suspended],
            "unknown": [str(month) for month in self.unknown],
            "open_start": self.open_start,
        }


class Streaks(NamedTuple):
    """The run that ends at the as-of month, and the longest on record."""

    current: Run
    longest: Run


def _text(month: Month | None) -> str | None:
    return None if month is None else str(month)


class _Span(NamedTuple):
    """Positions in a string of states, both counted; ``length`` leaves suspended ones out."""

    length: int
    first: int
    last: int


_NOTHING = _Span(0, -1, -1)
_PROVED = FIRST + TIED
_POSSIBLE = FIRST + TIED + REPORTED + UNKNOWN + DISPUTED


def measure(
    states: str, first: int, ending: int | None, cuts: frozenset[int] = frozenset()
) -> Streaks:
    """The streaks of one account.

    ``states`` holds a letter a month from month index ``first``; ``ending`` is the month at which
    the current run ends (``Record.ending``), None when there is none; no run reaches from before
    a month in ``cuts`` into it.
    """
    breaks = frozenset(month - first for month in cuts)
    if ending is None or ending < first:
        current = Run()
    else:
        at = ending - first
        current = _run(
            states, first, _back(states, at, _PROVED, breaks), _back(states, at, _POSSIBLE, breaks)
        )
    longest = _run(
        states, first, _longest(states, _PROVED, breaks), _longest(states, _POSSIBLE, breaks)
    )
    return Streaks(current, longest)


def _back(states: str, at: int, counted: str, breaks: frozenset[int]) -> _Span:
    """The run of ``counted`` letters that ends exactly at ``at``."""
    length, start = 0, -1
    for position in range(at, -1, -1):
        letter = states[position]
        if letter in counted:
            length += 1
            start = position
        elif letter != SUSPENDED or not length:
            break
        if position in breaks:
            break
    return _Span(length, start, at) if length else _NOTHING


def _longest(states: str, counted: str, breaks: frozenset[int]) -> _Span:
    """The longest run of ``counted`` letters; of equal ones the later."""
    best = _NOTHING
    length, start = 0, -1
    for position, letter in enumerate(states):
        if position in breaks:
            length = 0
        if letter in counted:
            if not length:
                start = position
            length += 1
            if length >= best.length:
                best = _Span(length, start, position)
        elif letter != SUSPENDED:
            length = 0
    return best


def _run(states: str, first: int, proved: _Span, possible: _Span) -> Run:
    def month(position: int) -> Month:
        return Month.from_index(first + position)

    def months(span: _Span, letters: str) -> tuple[Month, ...]:
        return tuple(
            month(position)
            for position in range(span.first, span.last + 1)
            if states[position] in letters
        )

    def opens(span: _Span) -> bool:
        """Whether every earlier month of the record was suspended.

        A run that begins at a cut is not open: the months before it are known, as another series.
        """
        return not states[: span.first].strip(SUSPENDED)

    if not possible.length:
        return Run()
    part = states[possible.first : possible.last + 1]
    run = Run(
        possible=possible.length,
        start=month(possible.first),
        end=month(possible.last),
        reported=part.count(REPORTED),
        ties=part.count(TIED),
        suspended=months(possible, SUSPENDED),
        unknown=months(possible, UNKNOWN + DISPUTED),
        open_start=opens(possible),
    )
    if not proved.length:
        return run
    return replace(
        run,
        proved=proved.length,
        proved_from=month(proved.first),
        proved_to=month(proved.last),
        proved_ties=states.count(TIED, proved.first, proved.last + 1),
        proved_suspended=months(proved, SUSPENDED),
        proved_open_start=opens(proved),
    )


@dataclass(frozen=True, slots=True)
class Standings:
    """Streaks of the accounts of one board; ``as_of`` is where the current runs end."""

    as_of: Month | None
    streaks: dict[Hashable, Streaks]


def standings(
    record: Record, accounts: Iterable[Hashable] | None = None, as_of: Month | None = None
) -> Standings:
    """The streaks of ``accounts`` (default: all with a statement) at ``as_of``.

    ``as_of`` after the last recorded month is clipped to it; a suspended month is never the bound
    of a streak. Before the first recorded month every current run is empty.
    """
    wanted = record.accounts if accounts is None else list(accounts)
    ending = record.ending(None if as_of is None else as_of.index)
    shown = as_of if ending is None else Month.from_index(ending)
    if not record.months:
        empty = Streaks(Run(), Run())
        return Standings(None, dict.fromkeys(wanted, empty))
    first = record.first
    # Most accounts of a full board are never first: they share one line of states.
    distinct = set().union(*(states.of for states in record.months.values()))
    silent: Streaks | None = None
    result: dict[Hashable, Streaks] = {}
    for account in wanted:
        if account in distinct:
            result[account] = measure(record.states(account), first, ending, record.cuts)
        else:
            if silent is None:
                silent = measure(record.states(account), first, ending, record.cuts)
            result[account] = silent
    return Standings(shown, result)
