"""The streaks of all accounts of a board by one SQL query, on SQLite and PostgreSQL.

The rules are those of ``streaks``, told to the database: states of accounts in months, and runs as
islands of neighbouring months by window functions. Only what can be part of a run becomes a row:

* in a month with a confirmed sole first everybody but the accounts that somebody calls first is
  ``N``, and nothing is read but the statements about those;
* in any other month an account is unknown unless a statement of its own says otherwise, which is
  looked up in the index ``rankings_obs_account``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from .lineage import Lineage, Segment
from .periods import Month
from .streaks import SOURCE_WEIGHT, Run, Standings, Streaks

_KINDS = " ".join(f"WHEN '{kind}' THEN {2 * weight}" for kind, weight in SOURCE_WEIGHT.items())
_WEIGHT = f"CASE o.source_kind {_KINDS} END + CASE o.edition WHEN 'final' THEN 1 ELSE 0 END"
_WORDS = {
    # As the partial indexes say it: the databases compare the texts to see that an index fits.
    "in_force": "o.is_current AND o.status IN ('confirmed', 'reported')",
    # An account's own word is never proof (docs/streak-rules.md §2, case 8).
    "proves": "o.status = 'confirmed' AND o.source_kind <> 'self'",
    "weight": _WEIGHT,
    "heavier_weight": _WEIGHT.replace("o.", "heavier."),
}

# Every month and label of a record by jumping through the index rankings_obs_method.
_NAMED = """
WITH RECURSIVE segment(board_id, first, last) AS (VALUES {segments}),
found(board_id, last, month) AS (
    SELECT s.board_id, s.last,
           (SELECT min(o.month) FROM rankings_observation o
             WHERE o.board_id = s.board_id AND o.month >= s.first AND o.month <= s.last
               AND {in_force})
      FROM segment s
    UNION ALL
    SELECT f.board_id, f.last,
           (SELECT min(o.month) FROM rankings_observation o
             WHERE o.board_id = f.board_id AND o.month > f.month AND o.month <= f.last
               AND {in_force})
      FROM found f WHERE f.month IS NOT NULL
),
named(board_id, month, label) AS (
    SELECT f.board_id, f.month,
           (SELECT min(o.method) FROM rankings_observation o
             WHERE o.board_id = f.board_id AND o.month = f.month AND {in_force})
      FROM found f WHERE f.month IS NOT NULL
    UNION ALL
    SELECT n.board_id, n.month,
           (SELECT min(o.method) FROM rankings_observation o
             WHERE o.board_id = n.board_id AND o.month = n.month AND o.method > n.label
               AND {in_force})
      FROM named n WHERE n.label IS NOT NULL
)
SELECT board_id, month, label FROM named WHERE label IS NOT NULL
"""

_STREAKS = """
WITH month(month, board_id, series) AS (VALUES {months}),

-- Accounts that somebody calls first, and all that is said of them in that month.
named(month, board_id, account_id) AS (
    SELECT DISTINCT m.month, m.board_id, o.account_id
      FROM month m JOIN rankings_observation o
        ON o.board_id = m.board_id AND o.month = m.month AND o.rank = 1 AND {in_force}
),
word(month, account_id, weight, rank, tied) AS (
    SELECT n.month, n.account_id,
           CASE WHEN {proves} AND o.state IN ('ranked', 'absent') THEN {weight} ELSE -1 END,
           o.rank, o.tied
      FROM named n JOIN rankings_observation o
        ON o.board_id = n.board_id AND o.account_id = n.account_id AND o.month = n.month
       AND {in_force}
),
heaviest(month, account_id, weight) AS (
    SELECT month, account_id, max(weight) FROM word GROUP BY month, account_id
),
-- The heaviest statements about an account together; weight -1: only reports.
held(month, account_id, weight, sole, tied, other, absent) AS (
    SELECT h.month, h.account_id, h.weight,
           max(CASE WHEN w.rank = 1 AND NOT w.tied THEN 1 ELSE 0 END),
           max(CASE WHEN w.rank = 1 AND w.tied THEN 1 ELSE 0 END),
           max(CASE WHEN w.rank > 1 THEN 1 ELSE 0 END),
           max(CASE WHEN w.rank IS NULL THEN 1 ELSE 0 END)
      FROM heaviest h JOIN word w
        ON w.month = h.month AND w.account_id = h.account_id AND w.weight = h.weight
     GROUP BY h.month, h.account_id, h.weight
),
-- Confirmed claims to first place, against each other.
claim(month, account_id, weight, tied, top) AS (
    SELECT month, account_id, weight, tied, max(weight) OVER (PARTITION BY month)
      FROM held WHERE weight >= 0 AND sole + tied > 0 AND other + absent = 0
),
contest(month, top, soles, leaders) AS (
    SELECT month, top,
           sum(CASE WHEN weight = top AND tied = 0 THEN 1 ELSE 0 END),
           sum(CASE WHEN weight = top THEN 1 ELSE 0 END)
      FROM claim GROUP BY month, top
),
-- Confirmed statements that the board was not issued, and what speaks against them.
halt(month, board_id, weight) AS (
    SELECT m.month, m.board_id, max({weight})
      FROM month m JOIN rankings_observation o
        ON o.board_id = m.board_id AND o.month = m.month AND o.account_id IS NULL
       AND o.state = 'not_issued' AND {in_force} AND {proves}
     GROUP BY m.month, m.board_id
),
refuted(month, weight) AS (
    SELECT h.month, max({weight})
      FROM halt h JOIN rankings_observation o
        ON o.board_id = h.board_id AND o.month = h.month AND o.is_current
       AND o.state IN ('ranked', 'absent') AND {proves}
     GROUP BY h.month
),
-- What a month is for everybody of whom nothing is said; E: issued or not, sources disagree.
fate(month, board_id, series, others, claimed, top, soles, leaders) AS (
    SELECT m.month, m.board_id, m.series,
           CASE WHEN h.weight > coalesce(r.weight, -1) THEN 'S'
                WHEN h.weight = r.weight THEN 'E'
                WHEN c.soles = c.leaders THEN 'N'
                ELSE '?' END,
           coalesce(c.leaders, 0), coalesce(c.top, 0), coalesce(c.soles, 0),
           coalesce(c.leaders, 0)
      FROM month m LEFT JOIN contest c ON c.month = m.month
      LEFT JOIN halt h ON h.month = m.month LEFT JOIN refuted r ON r.month = m.month
),
-- Suspended months are stepped over: the others are numbered as neighbours.
line(position, month, board_id, series, others, claimed, top, soles, leaders) AS (
    SELECT row_number() OVER (ORDER BY month), month, board_id, series, others, claimed, top,
           soles, leaders
      FROM fate WHERE others <> 'S'
),
ending(month) AS (SELECT max(month) FROM line WHERE month <= %s),

segment(board_id, first, last) AS (VALUES {segments}),
-- Months that leave it open who was first; accounts are asked for only where there are any.
undecided AS (SELECT * FROM line WHERE others IN ('?', 'E')),
account(id) AS ({accounts} AND EXISTS (SELECT 1 FROM undecided)),
-- F, T, R, and U for unknown or disputed; an account without a row in a month is N there.
cell(account_id, position, month, series, state) AS (
    SELECT h.account_id, l.position, l.month, l.series,
           CASE WHEN l.others = 'E' THEN CASE WHEN h.weight < 0 THEN 'R' ELSE 'U' END
                WHEN h.weight < 0 THEN 'R'
                WHEN h.sole + h.tied > 0 AND h.other + h.absent > 0 THEN 'U'
                WHEN h.sole + h.tied = 0 THEN 'U'
                WHEN h.weight < l.top THEN 'T'
                WHEN l.soles > 0 AND l.leaders > 1 THEN 'U'
                WHEN h.tied > 0 THEN 'T'
                ELSE 'F' END
      FROM held h JOIN line l ON l.month = h.month{of_account}
     WHERE NOT (
            l.others <> 'E' AND (
                (h.weight < 0 AND l.others = 'N')
                OR (h.weight >= 0 AND h.sole + h.tied = 0 AND (h.other > 0 OR l.claimed > 0))
                OR (h.weight >= 0 AND h.sole + h.tied > 0 AND h.other + h.absent = 0
                    AND h.weight < l.top AND (l.soles > 0 OR h.tied = 0))))
    UNION ALL
    SELECT a.id, l.position, l.month, l.series, 'U'
      FROM account a CROSS JOIN undecided l
      LEFT JOIN named n ON n.account_id = a.id AND n.month = l.month
     WHERE n.account_id IS NULL
       AND (l.others = 'E' OR NOT EXISTS (
            SELECT 1 FROM rankings_observation o
             WHERE o.board_id = l.board_id AND o.account_id = a.id AND o.month = l.month
               AND (o.rank IS NOT NULL OR (o.state = 'absent' AND l.claimed > 0))
               AND {in_force} AND {proves}
               -- Where nobody is known to be first an absence says nothing, and may outweigh.
               AND (l.claimed > 0 OR (o.source_kind = 'publisher' AND o.edition = 'final')
                    OR NOT EXISTS (
                    SELECT 1 FROM rankings_observation heavier
                     WHERE heavier.board_id = l.board_id AND heavier.account_id = a.id
                       AND heavier.month = l.month AND heavier.state = 'absent'
                       AND heavier.is_current AND heavier.status IN ('confirmed', 'reported')
                       AND heavier.status = 'confirmed' AND heavier.source_kind <> 'self'
                       AND {heavier_weight} > {weight}))))
),
possible(account_id, month, series, state, island) AS (
    SELECT account_id, month, series, state,
           position - row_number() OVER (PARTITION BY account_id, series ORDER BY position)
      FROM cell
),
proved(account_id, month, series, state, island) AS (
    SELECT account_id, month, series, state,
           position - row_number() OVER (PARTITION BY account_id, series ORDER BY position)
      FROM cell WHERE state IN ('F', 'T')
),
-- Each run twice: whole, and as far as the month at which current runs end. What is told of no
-- month of it is unknown or disputed.
run(account_id, proof, length, first, last, ties, reported, told,
    now_length, now_last, now_ties, now_reported) AS (
    SELECT account_id, 0, count(*), min(month), max(month),
           sum(CASE state WHEN 'T' THEN 1 ELSE 0 END), sum(CASE state WHEN 'R' THEN 1 ELSE 0 END),
           {told},
           sum(CASE WHEN month <= e THEN 1 ELSE 0 END), max(CASE WHEN month <= e THEN month END),
           sum(CASE WHEN state = 'T' AND month <= e THEN 1 ELSE 0 END),
           sum(CASE WHEN state = 'R' AND month <= e THEN 1 ELSE 0 END)
      FROM (SELECT p.*, (SELECT month FROM ending) AS e FROM possible p) cells
     GROUP BY account_id, series, island
    UNION ALL
    SELECT account_id, 1, count(*), min(month), max(month),
           sum(CASE state WHEN 'T' THEN 1 ELSE 0 END), 0, NULL,
           sum(CASE WHEN month <= e THEN 1 ELSE 0 END), max(CASE WHEN month <= e THEN month END),
           sum(CASE WHEN state = 'T' AND month <= e THEN 1 ELSE 0 END), 0
      FROM (SELECT p.*, (SELECT month FROM ending) AS e FROM proved p) cells
     GROUP BY account_id, series, island
),
-- Of equally long runs the later one is told.
placed AS (
    SELECT run.*,
           row_number() OVER (PARTITION BY account_id, proof ORDER BY length DESC, last DESC)
               AS place
      FROM run
)
SELECT account_id, 0, proof, length, first, last, ties, reported, told
  FROM placed WHERE place = 1
UNION ALL
SELECT account_id, 1, proof, now_length, first, now_last, now_ties, now_reported, told
  FROM run WHERE now_last = (SELECT month FROM ending)
UNION ALL
SELECT NULL, 0, 0, 0, 0, month, 0, 0, NULL FROM ending
UNION ALL
SELECT NULL, 1, 0, 0, 0, month, 0, 0, NULL FROM fate WHERE others = 'S'
"""

_ACCOUNTS = """
    SELECT a.id FROM rankings_account a
     WHERE EXISTS (
        SELECT 1 FROM segment s JOIN rankings_observation o
            ON o.board_id = s.board_id AND o.month >= s.first AND o.month <= s.last
         WHERE o.account_id = a.id AND {in_force})"""
# How each database puts the months of a group into one text.
_TOLD = {
    "sqlite": "group_concat(CASE WHEN state <> 'U' THEN month END)",
    "postgresql": "string_agg(CASE WHEN state <> 'U' THEN month::text END, ',')",
}
_NOTHING = Streaks(Run(), Run())


class AccountsOn(RawSQL):
    """The numbers of the accounts with a statement in force in ``segments``."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        values, numbers = _segments(segments)
        accounts = _ACCOUNTS.format(**_WORDS)
        super().__init__(
            f"WITH segment(board_id, first, last) AS (VALUES {values}) {accounts}", numbers
        )


def named_months(segments: Sequence[Segment]) -> list[tuple[int, int, str]]:
    """(board id, month, label of the method or "") for all that is in force in ``segments``."""
    values, numbers = _segments(segments)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(segments=values, **_WORDS), numbers)
        return cursor.fetchall()


def _segments(segments: Sequence[Segment]) -> tuple[str, list[int]]:
    values = ", ".join(["(%s, %s, %s)"] * len(segments))
    return values, [n for each in segments for n in (each.board.pk, each.first, each.last)]


def standings(
    lineage: Lineage, account_id: int | None = None, as_of: Month | None = None
) -> Standings:
    """The streaks of every account on the record of ``lineage``, or of one, by one query.

    The answers of ``streaks.standings``, but accounts without any run are left out: ``streaks_of``
    knows what they have.
    """
    if not lineage.months:
        return Standings(None, {})
    months = range(lineage.first, lineage.last + 1)
    numbers: list[Any] = []
    series = 0
    for month in months:
        series += month in lineage.cuts
        numbers += (month, lineage.months.get(month), series)
    numbers.append(lineage.last if as_of is None else as_of.index)
    segments, bounds = _segments(lineage.segments)
    one = [] if account_id is None else [account_id, account_id]
    query = _STREAKS.format(
        months=", ".join(["(%s, %s, %s)"] * len(months)),
        segments=segments,
        accounts="SELECT %s WHERE 1 = 1" if one else _ACCOUNTS.format(**_WORDS),
        of_account=" AND h.account_id = %s" if one else "",
        told=_TOLD[connection.vendor],
        **_WORDS,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, numbers + bounds + one)
        return _read(cursor, lineage.first, as_of)


def streaks_of(standings: Standings, account_id: int) -> Streaks:
    """The streaks of an account, among them nothing at all."""
    return standings.streaks.get(account_id, _NOTHING)


def _read(rows: Iterable[tuple[Any, ...]], first: int, as_of: Month | None) -> Standings:
    """Put the query's rows together: two parts of a run, two runs of an account."""
    ending: int | None = None
    suspended: list[int] = []
    # account -> possible and proved part of the longest run, then of the current one
    parts: dict[int, list[_Part | None]] = {}
    for account_id, now, proof, *part in rows:
        if account_id is None:
            if now:
                suspended.append(part[2])
            else:
                ending = part[2]
            continue
        held = parts.get(account_id)
        if held is None:
            held = parts[account_id] = [None, None, None, None]
        held[2 * now + proof] = tuple(part)
    build = _Runs(first, suspended)
    streaks = {
        account_id: Streaks(build(now, now_proved), build(longest, longest_proved))
        for account_id, (longest, longest_proved, now, now_proved) in parts.items()
    }
    return Standings(as_of if ending is None else Month.from_index(ending), streaks)


# length, first, last, ties, reported, months that are neither unknown nor disputed
_Part = tuple[int, int, int, int, int, str | None]


class _Runs:
    """Makes runs of the query's rows; equal ones are made once, most of a board's are."""

    def __init__(self, first: int, suspended: Iterable[int]) -> None:
        self._suspended = sorted(suspended)
        self._made: dict[tuple[_Part | None, _Part | None], Run] = {(None, None): Run()}
        while first in self._suspended:
            first += 1
        self._first_issued = first

    def __call__(self, possible: _Part | None, proved: _Part | None) -> Run:
        run = self._made.get((possible, proved))
        if run is None:
            run = self._made[possible, proved] = self._run(possible, proved)
        return run

    def _run(self, possible: _Part, proved: _Part | None) -> Run:
        length, first, last, ties, reported, told = possible
        known = {*map(int, told.split(","))} if told else set()
        known.update(self._suspended)
        fields: dict[str, Any] = {}
        if proved is not None:
            months, begin, end, proved_ties, _, _ = proved
            fields = {
                "proved": months,
                "proved_from": Month.from_index(begin),
                "proved_to": Month.from_index(end),
                "proved_ties": proved_ties,
                "proved_suspended": self._stepped_over(begin, end),
                "proved_open_start": begin == self._first_issued,
            }
        return Run(
            possible=length,
            start=Month.from_index(first),
            end=Month.from_index(last),
            reported=reported,
            ties=ties,
            suspended=self._stepped_over(first, last),
            unknown=tuple(
                Month.from_index(month) for month in range(first, last + 1) if month not in known
            ),
            open_start=first == self._first_issued,
            **fields,
        )

    def _stepped_over(self, first: int, last: int) -> tuple[Month, ...]:
        return tuple(Month.from_index(month) for month in self._suspended if first < month < last)
