"""演示榜: an invented monthly board, large enough to show the dashboards at full size.

Every place, account and number here is made up and belongs to nobody; each screen that shows them
must carry the mark 示例. The figures obey the laws of a real list: the index is WCI 13.0 over the
figures printed beside it, and the ranks follow the index. The same call always gives the same
rows: each account draws from its own seeded generator, so nothing depends on the order of calls.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterable
from functools import lru_cache
from typing import TypedDict

MARK = "示例"
BOARD = {
    "key": "demo-board",
    "name": "演示榜",
    "publisher": "示例机构（虚构）",
    "scope": "县级（示例）",
    "method": "13.0",
}
OUR_ACCOUNT_KEY = "demo-001"
RIVAL_KEY = "demo-010"

FIRST_MONTH = (2023, 11)
MONTH_COUNT = 36
# Lists go on after the history that is loaded, so that a demo can be shown in later months too.
HORIZON = MONTH_COUNT + 120
NOT_ISSUED = (2025, 2)
LOST_FIRST = (2025, 8)
TIED_FIRST = (2026, 2)

# WCI counts every month as 30 days, whatever its length.
DAYS = 30
# A board writes 100001 for an article that shows 10万+.
ARTICLE_CAP = 100_001
SEED = "演示榜-1"

# Verb and noun, as in a poem; no county or district is called so.
_VERBS = "听映枕眠衔拂拾倚邀问踏沐濯揽"
_NOUNS = "荷月鹭蝉萤蓑笛霞桐"
_KINDS = ("县", "区", "市")
_NAMES = (
    "{}发布",
    "{}融媒",
    "掌上{}",
    "{}在线",
    "今日{}",
    "微观{}",
    "{}之声",
    "爱在{}",
)
_ACCOUNT_COUNT = 122

# Where our account stood before its runs; everywhere else it is first.
_EARLY_RANKS = (6, 5, 5, 4, 3, 3, 2, 3, 2)

# Account number -> first and last month index in which it is listed.
_LISTED = {
    9: (7, HORIZON - 1),
    23: (12, HORIZON - 1),
    41: (18, HORIZON - 1),
    77: (24, HORIZON - 1),
    104: (30, HORIZON - 1),
    15: (0, 10),
    58: (0, 20),
    96: (0, 28),
}


class ExampleAccount(TypedDict):
    """An invented account."""

    key: str
    name: str
    wechat_id: str
    unit: str


class ExampleRow(TypedDict):
    """One line of the list; a ``*_bound`` is ``exact`` or ``at_least``."""

    rank: int
    tied: bool
    account_key: str
    articles: int
    reads: int
    reads_bound: str
    headline_reads: int
    headline_reads_bound: str
    average_reads: int
    average_reads_bound: str
    max_reads: int
    max_reads_bound: str
    max_reads_raw: str
    likes: int
    looks: int
    headline_looks: int
    max_looks: int
    index: float


class _Figures(TypedDict):
    articles: int
    reads: int
    headline_reads: int
    max_reads: int
    likes: int
    looks: int
    headline_looks: int
    max_looks: int


def wci_13(
    *,
    articles: int,
    reads: float,
    headline_reads: float,
    max_reads: float,
    looks: float,
    headline_looks: float,
    max_looks: float,
    days: int = DAYS,
) -> float:
    """WCI 13.0 of one account's month, unrounded.

    Source: the published formula in force for lists after 2017-07-01, 10 x (0.3 f(R/d, Z/d)
    + 0.3 f(R/n, Z/n) + 0.3 f(Rt/d, Zt/d) + 0.1 f(Rmax, Zmax))^2 with
    f(r, z) = 0.85 ln(r + 1) + 0.15 ln(10 z + 1).
    Raises ``ValueError`` when there is no article: the index is then not defined.
    """
    if articles < 1 or days < 1:
        raise ValueError("没有文章或没有天数，无法计算指数")

    def part(r: float, z: float) -> float:
        return 0.85 * math.log(r + 1) + 0.15 * math.log(10 * z + 1)

    total = (
        0.3 * part(reads / days, looks / days)
        + 0.3 * part(reads / articles, looks / articles)
        + 0.3 * part(headline_reads / days, headline_looks / days)
        + 0.1 * part(max_reads, max_looks)
    )
    return 10 * total**2


@lru_cache(maxsize=1)
def _accounts() -> tuple[ExampleAccount, ...]:
    out: list[ExampleAccount] = []
    for number in range(1, _ACCOUNT_COUNT + 1):
        # 14 and 9 have no common factor: the diagonal meets every pair once in 126 steps.
        place = _VERBS[(number - 1) % len(_VERBS)] + _NOUNS[(number - 1) % len(_NOUNS)]
        out.append(
            {
                "key": f"demo-{number:03d}",
                "name": _NAMES[(number - 1) % len(_NAMES)].format(place),
                "wechat_id": f"demo-{number:03d}",
                "unit": f"{place}{_KINDS[number % len(_KINDS)]}（{MARK}）",
            }
        )
    return tuple(out)


def accounts() -> list[ExampleAccount]:
    """The 122 invented accounts; the first is the example account whose history is told."""
    return [account.copy() for account in _accounts()]


def months() -> list[tuple[int, int]]:
    """The 36 statistics months as (year, month), oldest first; the last is 2026-10."""
    start = FIRST_MONTH[0] * 12 + FIRST_MONTH[1] - 1
    return [((start + i) // 12, (start + i) % 12 + 1) for i in range(MONTH_COUNT)]


def is_issued(year: int, month: int) -> bool:
    """Whether the list of this month came out. Raises ``ValueError`` outside the horizon."""
    _index(year, month)
    return (year, month) != NOT_ISSUED


def published_on(year: int, month: int) -> dt.date:
    """The day the month's list came out: the eighth of the following month."""
    _index(year, month)
    return dt.date(year + month // 12, month % 12 + 1, 8)


def our_rank(year: int, month: int) -> int | None:
    """The place the example account is given in this month; ``None`` when no list came out."""
    if not is_issued(year, month):
        return None
    if (year, month) == LOST_FIRST:
        return 2
    position = _index(year, month)
    return _EARLY_RANKS[position] if position < len(_EARLY_RANKS) else 1


def rows(year: int, month: int) -> list[ExampleRow]:
    """The list of one month, best first; empty when it was not issued.

    Raises ``ValueError`` for a month outside the horizon.
    """
    _index(year, month)
    return [row.copy() for row in _rows(year, month)]


def _index(year: int, month: int) -> int:
    position = (year - FIRST_MONTH[0]) * 12 + month - FIRST_MONTH[1]
    if not 1 <= month <= 12 or not 0 <= position < HORIZON:
        raise ValueError(f"演示榜没有{year}年{month}月这一期")
    return position


def _is_listed(number: int, position: int) -> bool:
    first, last = _LISTED.get(number, (0, HORIZON - 1))
    return first <= position <= last


@lru_cache(maxsize=MONTH_COUNT)
def _rows(year: int, month: int) -> tuple[ExampleRow, ...]:
    wanted = our_rank(year, month)
    if wanted is None:
        return ()
    position = _index(year, month)
    figures = {
        number: _figures(number, position)
        for number in range(2, _ACCOUNT_COUNT + 1)
        if _is_listed(number, position)
    }
    taken: set[float] = set()
    for number in sorted(figures):
        figures[number] = _apart(figures[number], taken)
        taken.add(_score(figures[number]))
    others = sorted(taken, reverse=True)
    figures[1] = _our_figures(position, wanted, others, tied=(year, month) == TIED_FIRST)
    scores = {number: _score(numbers) for number, numbers in figures.items()}
    order = sorted(figures, key=lambda number: (-scores[number], number))
    values = list(scores.values())
    out = []
    for number in order:
        score = scores[number]
        rank = 1 + sum(value > score for value in values)
        out.append(_row(number, rank, values.count(score) > 1, figures[number], score))
    return tuple(out)


def _index_of(figures: _Figures) -> float:
    """The unrounded index; likes do not enter WCI 13.0."""
    return wci_13(
        articles=figures["articles"],
        reads=figures["reads"],
        headline_reads=figures["headline_reads"],
        max_reads=figures["max_reads"],
        looks=figures["looks"],
        headline_looks=figures["headline_looks"],
        max_looks=figures["max_looks"],
    )


def _score(figures: _Figures) -> float:
    """The printed index: two decimals."""
    return round(_index_of(figures), 2)


def _row(number: int, rank: int, tied: bool, figures: _Figures, score: float) -> ExampleRow:
    capped = figures["max_reads"] >= ARTICLE_CAP
    bound = "at_least" if capped else "exact"
    return {
        "rank": rank,
        "tied": tied,
        "account_key": _accounts()[number - 1]["key"],
        "articles": figures["articles"],
        "reads": figures["reads"],
        "reads_bound": bound,
        "headline_reads": figures["headline_reads"],
        "headline_reads_bound": bound,
        "average_reads": round(figures["reads"] / figures["articles"]),
        "average_reads_bound": bound,
        "max_reads": figures["max_reads"],
        "max_reads_bound": bound,
        "max_reads_raw": "10万+" if capped else str(figures["max_reads"]),
        "likes": figures["likes"],
        "looks": figures["looks"],
        "headline_looks": figures["headline_looks"],
        "max_looks": figures["max_looks"],
        "index": score,
    }


@lru_cache(maxsize=_ACCOUNT_COUNT)
def _walk(number: int) -> tuple[float, ...]:
    """The account's strength month by month: the logarithm of its average reads.

    Drift is pulled back towards the account's own level, so that strong accounts stay strong.
    """
    dice = random.Random(f"{SEED}:walk:{number}")
    level = math.log(23_000) - 4.6 * ((number - 1) / _ACCOUNT_COUNT) ** 0.72
    level += dice.gauss(0, 0.12)
    slope = dice.gauss(0, 0.006)
    drift = 0.0
    out = []
    for position in range(HORIZON):
        drift = 0.86 * drift + dice.gauss(0, 0.10)
        out.append(level + drift + slope * (position - MONTH_COUNT / 2))
    return tuple(out)


def _figures(number: int, position: int, scale: float = 1.0) -> _Figures:
    """One account's month; ``scale`` lifts or lowers its reads without new dice."""
    dice = random.Random(f"{SEED}:month:{number}:{position}")
    calendar_month = (FIRST_MONTH[1] - 1 + position) % 12 + 1
    # People read less over the New Year and more in the rainy season.
    season = {1: -0.06, 2: -0.16, 6: 0.05, 7: 0.09, 8: 0.06}.get(calendar_month, 0.0)
    habit = random.Random(f"{SEED}:habit:{number}")
    usual_articles = habit.randint(45, 150)
    if number == 1:
        usual_articles = 118
    headline_share = habit.uniform(0.42, 0.68)
    looks_share = habit.uniform(0.003, 0.008)
    articles = max(12, round(usual_articles * dice.uniform(0.88, 1.12)))
    average = math.exp(_walk(number)[position] + season + dice.gauss(0, 0.07)) * scale
    reads = round(average * articles)
    peak = min(average * dice.uniform(3.2, 7.5), reads * 0.45)
    max_reads = min(round(peak), ARTICLE_CAP)
    headline_reads = max(max_reads, round(reads * headline_share * dice.uniform(0.94, 1.06)))
    looks = max(1, round(reads * looks_share * dice.uniform(0.85, 1.15)))
    max_looks = max(1, min(looks, round(looks * dice.uniform(0.06, 0.16))))
    headline_looks = max(max_looks, round(looks * dice.uniform(0.5, 0.7)))
    return {
        "articles": articles,
        "reads": reads,
        "headline_reads": headline_reads,
        "max_reads": max_reads,
        "likes": round(looks * dice.uniform(1.2, 2.1)),
        "looks": looks,
        "headline_looks": min(headline_looks, looks),
        "max_looks": max_looks,
    }


def _apart(figures: _Figures, taken: Iterable[float]) -> _Figures:
    """The same figures, a read or two richer while the index is another account's already."""
    while _score(figures) in taken:
        figures = {**figures, "reads": figures["reads"] + 1 + figures["reads"] // 2000}
    return figures


def _our_figures(position: int, rank: int, others: list[float], *, tied: bool) -> _Figures:
    """The example account's figures, lifted to the place its story gives it."""
    dice = random.Random(f"{SEED}:lead:{position}")
    if tied:
        target = others[0]
    elif rank == 1:
        target = others[0] + dice.uniform(2.5, 21)
    else:
        above, below = others[rank - 2], others[rank - 1]
        target = below + (above - below) * dice.uniform(0.35, 0.65)
    low, high = 0.05, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        if _index_of(_figures(1, position, middle)) < target:
            low = middle
        else:
            high = middle
    figures = _figures(1, position, high)
    if tied:
        figures = _match(figures, target)
    return figures


def _match(figures: _Figures, target: float) -> _Figures:
    """Figures whose printed index is exactly ``target``, found by moving the total reads.

    Raises ``ValueError`` when no whole number of reads gives it.
    """
    low, high = round(figures["reads"] * 0.9), round(figures["reads"] * 1.1)
    while low < high:
        middle = (low + high) // 2
        if _index_of({**figures, "reads": middle}) < target:
            low = middle + 1
        else:
            high = middle
    found: _Figures = {**figures, "reads": low}
    if _score(found) != target:
        raise ValueError("演示榜的并列第一凑不出相同的指数")
    return found
