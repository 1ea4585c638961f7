"""How an account stands in one month, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import streaks
from ..figures import ABOUT, AT_LEAST, AT_MOST
from ..models import Observation, SourceKind, Status

# A proposal counts for nothing, nor does one that was sent back.
_COUNTED = frozenset({Status.CONFIRMED, Status.REPORTED})
_BOUND_SIGNS = {AT_LEAST: "≥", AT_MOST: "≤", ABOUT: "约"}


@dataclass(frozen=True, slots=True)
class StateWords:
    """How a month state is shown: a short mark for cells, words, and a name for its style."""

    letter: str
    mark: str
    words: str
    style: str


# In the order of the legend.
STATE_WORDS = {
    words.letter: words
    for words in (
        StateWords(streaks.FIRST, "1", "已核实第一", "first"),
        StateWords(streaks.TIED, "并", "已核实并列第一", "tied"),
        StateWords(streaks.REPORTED, "报", "据报道第一，未核实", "reported"),
        StateWords(streaks.DISPUTED, "争", "来源有分歧，尚无定论", "disputed"),
        StateWords(streaks.UNKNOWN, "?", "没有可用的资料", "unknown"),
        StateWords(streaks.SUSPENDED, "停", "榜单停发，不计入", "suspended"),
        StateWords(streaks.NOT_FIRST, "×", "已核实不是第一", "lost"),
    )
}


def figure_text(figure: Mapping[str, Any] | None) -> str:
    """A stored figure as people read it: ``≥100,001``, ``约3,000``; empty for none."""
    if not figure or figure.get("value") is None:
        return ""
    value = figure["value"]
    number = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return f"{_BOUND_SIGNS.get(figure.get('bound', ''), '')}{number}"


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an account in a month as far as it is known.

    ``rank`` None: not known or contested. ``reported`` says that only a report, or the account
    itself, gives the rank. ``source`` is the statement it rests on.
    """

    rank: int | None = None
    tied: bool = False
    reported: bool = False
    source: Observation | None = None

    @property
    def words(self) -> str:
        """第3名, 第1名（并列）, or nothing."""
        if self.rank is None:
            return ""
        return f"第{self.rank}名（并列）" if self.tied else f"第{self.rank}名"


def place_of(state: str, observations: Iterable[Observation]) -> Place:
    """The place that the weightiest statements about an account and month agree on.

    ``state`` is the month's state letter. Proposals and superseded versions count for nothing;
    where sources contradict each other, or a place contradicts the state, no place is shown.
    """
    weighty: dict[int, list[Observation]] = {}
    reports: list[Observation] = []
    for row in observations:
        if not row.is_current or row.status not in _COUNTED or row.rank is None:
            continue
        if row.status == Status.CONFIRMED and row.source_kind != SourceKind.SELF:
            weight = 2 * streaks.SOURCE_WEIGHT[row.source_kind] + (row.edition == "final")
            weighty.setdefault(weight, []).append(row)
        else:
            reports.append(row)
    if state in (streaks.SUSPENDED, streaks.DISPUTED):
        return Place()
    if weighty:
        place = _agreed(weighty[max(weighty)], reported=False)
    else:
        place = _agreed(reports, reported=True)
    contradicts = state == streaks.NOT_FIRST and place.rank == 1
    return Place() if contradicts else place


def _agreed(rows: Sequence[Observation], *, reported: bool) -> Place:
    ranks = {row.rank for row in rows}
    if len(ranks) != 1:
        return Place()
    tied = any(row.tied for row in rows)
    # A row with evidence says more than one without.
    source = min(rows, key=lambda row: (row.capture_id is None, row.pk))
    return Place(ranks.pop(), tied, reported, source)
