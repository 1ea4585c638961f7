"""What-if: our own month so far, where it may end, and what one more usual article would do.

Pure functions over what was typed or imported. There are no targets here: one step is computed,
never how many articles somebody would have to write (docs/wci.md §5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from ..figures import ARTICLE_CAP, Figure
from ..periods import Month
from .compute import INFINITE, Contradiction, Interval, Pair, WciError, bounds, corner
from .printed import as_computed
from .versions import Version

#: A board counts an article on its seventh day; younger ones still grow.
GROWING_DAYS = 7
COUNTS = ("reads", "looks", "likes", "shares")


@dataclass(frozen=True, slots=True)
class Article:
    """One article of ours; ``headline`` None where nobody said."""

    day: dt.date
    reads: Figure
    looks: Figure | None = None
    likes: Figure | None = None
    shares: Figure | None = None
    headline: bool | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Usual:
    """An article as usual: ``figures`` of the kind ``words`` names, by count."""

    words: str
    headline: bool
    figures: Mapping[str, float]
    basis: str


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """The month's figures up to ``as_of``, counted as a board would count them."""

    month: Month
    as_of: dt.date
    articles: float
    inputs: Mapping[str, Pair]
    usual: tuple[Usual, ...] = ()
    growing: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Days of the month that are over, the last one counted."""
        return min(self.as_of, self.month.last_day).day

    @property
    def days_left(self) -> int:
        return self.month.last_day.day - self.days


def from_articles(articles: Sequence[Article], month: Month, as_of: dt.date) -> MonthSoFar:
    """Add up ``articles``, all of ``month`` and none after ``as_of``."""
    inputs: dict[str, Pair] = {"articles": (float(len(articles)),) * 2}
    notes = []
    marked = bool(articles) and all(each.headline is not None for each in articles)
    capped = sum(each.reads.value > ARTICLE_CAP for each in articles)
    shown: dict[str, list[Pair]] = {}
    for name in COUNTS:
        pairs = [_as_counted(getattr(each, name), name) for each in articles]
        if not pairs or any(pair is None for pair in pairs):
            continue
        shown[name] = pairs
        inputs[name] = _sum(pairs)
        inputs[f"max_{name}"] = (max(low for low, _ in pairs), max(high for _, high in pairs))
        if marked:
            inputs[f"headline_{name}"] = _sum(
                pair for pair, each in zip(pairs, articles, strict=True) if each.headline
            )
    if capped:
        notes.append(f"有 {capped} 篇阅读超过 10 万，榜单只按 {ARTICLE_CAP} 计，这里也这样计。")
    growing = sum((as_of - each.day).days < GROWING_DAYS for each in articles)
    usual = _usual_kinds(articles, shown, marked=marked)
    return MonthSoFar(month, as_of, len(articles), inputs, tuple(usual), growing, tuple(notes))


def from_totals(figures: Mapping[str, Figure], month: Month, as_of: dt.date) -> MonthSoFar:
    """The month from its sums. ``figures`` is keyed as ``compute.INPUTS``."""
    inputs: dict[str, Pair] = {}
    for name, figure in figures.items():
        pair = as_computed(figure, name)
        if pair is not None:
            inputs[name] = pair
    notes = []
    best = inputs.get("max_reads", (0.0, 0.0))
    if best[1] > ARTICLE_CAP:
        _cap_sums(inputs, best[1])
        notes.append(
            f"最高一篇超过 10 万，榜单只按 {ARTICLE_CAP} 计；总数里要减去多少只能估出上下限。"
        )
    articles = inputs.get("articles", (0.0, 0.0))[0]
    usual = []
    if articles >= 1:
        means = {
            name: sum(inputs[name]) / 2 / articles
            for name in COUNTS
            if name in inputs and inputs[name][1] < INFINITE
        }
        if "reads" in means:
            usual.append(Usual("一篇（不是头条）", False, means, "篇均"))
    return MonthSoFar(month, as_of, articles, inputs, tuple(usual), None, tuple(notes))


def _as_counted(figure: Figure | None, name: str) -> Pair | None:
    """An own reading as a board counts it: no article has more than 100,001 reads."""
    if figure is None:
        return None
    pair = as_computed(figure, name)
    if pair is None or name != "reads":
        return pair
    return (min(pair[0], ARTICLE_CAP), min(pair[1], ARTICLE_CAP))


def _sum(pairs: Iterable[Pair]) -> Pair:
    lows, highs = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
    return (float(sum(lows)), float(sum(highs)))


def _usual_kinds(
    articles: Sequence[Article], shown: Mapping[str, Sequence[Pair]], *, marked: bool
) -> list[Usual]:
    """The medians of the headlines and of the others; of all where nobody said which is which."""
    groups = (
        (("头条一篇", True), [at for at, each in enumerate(articles) if each.headline]),
        (("非头条一篇", False), [at for at, each in enumerate(articles) if not each.headline]),
    )
    if not marked:
        groups = ((("一篇（不是头条）", False), list(range(len(articles)))),)
    kinds = []
    for (words, headline), members in groups:
        if not members:
            continue
        figures = {
            name: median(sum(pairs[at]) / 2 for at in members) for name, pairs in shown.items()
        }
        if "reads" in figures:
            kinds.append(Usual(words, headline, figures, f"{len(members)} 篇的中位数"))
    return kinds


def _cap_sums(inputs: dict[str, Pair], best: float) -> None:
    """Replace sums that hold articles beyond the cap by what a board would have counted."""
    inputs["max_reads"] = (
        min(inputs["max_reads"][0], ARTICLE_CAP),
        float(ARTICLE_CAP),
    )
    over = best - ARTICLE_CAP
    for name in ("reads", "headline_reads"):
        if name not in inputs:
            continue
        low, high = inputs[name]
        # How many articles lie beyond the cap is not known: at most what the sum has room for.
        beyond = int(high // ARTICLE_CAP) if high < INFINITE else 0
        lost = max(
            (min(count * over, high - count * ARTICLE_CAP) for count in range(1, beyond + 1)),
            default=0.0,
        )
        certain = over if name == "reads" else 0.0
        inputs[name] = (max(0.0, low - lost), max(low - lost, high - certain))
    inputs.pop("average_reads", None)


# --- scenarios --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """What one more usual article changes: the index after it, and the difference."""

    usual: Usual
    index: Interval
    change: Interval


@dataclass(frozen=True, slots=True)
class Trial:
    """The month under one version.

    ``nothing_more``: no further article and no further read. ``as_so_far``: the remaining days
    bring as much a day as the days so far. Neither is a forecast; ``assumptions`` say so.
    """

    version: Version
    so_far: MonthSoFar
    nothing_more: Interval
    as_so_far: Interval
    steps: tuple[Step, ...] = ()
    assumptions: tuple[str, ...] = field(default=())

    @property
    def range(self) -> Interval:
        """From the lower end of the one scenario to the higher end of the other."""
        low = min(self.nothing_more.low, self.as_so_far.low)
        return Interval(low, max(self.nothing_more.high, self.as_so_far.high))


def trial(version: Version, so_far: MonthSoFar) -> Trial | None:
    """The index so far and what may become of it; None without an article.

    Raises ``WciError`` where the figures contradict each other or no total is known.
    """
    if so_far.articles < 1:
        return None
    if "reads" not in so_far.inputs:
        raise WciError("还缺总阅读数，没有它算不出指数，请补上。")
    nothing = _bounds(version, so_far.inputs)
    scale = so_far.month.last_day.day / so_far.days
    grown = {
        name: pair if name.startswith(("max_", "average_")) else (pair[0] * scale, pair[1] * scale)
        for name, pair in so_far.inputs.items()
    }
    on = _bounds(version, grown)
    notes = dict.fromkeys((*so_far.notes, *nothing.assumptions))
    return Trial(
        version,
        so_far,
        nothing,
        on,
        tuple(_step(version, so_far.inputs, usual) for usual in so_far.usual),
        tuple(notes),
    )


def _bounds(version: Version, inputs: Mapping[str, Pair]) -> Interval:
    found = bounds(version, inputs, ceiling=float(ARTICLE_CAP))
    if found is None:
        raise Contradiction("篇数是 0，指数没有定义。")
    return found


def _step(version: Version, inputs: Mapping[str, Pair], usual: Usual) -> Step:
    """Add the article at both ends of what is known: the unknown stays what it was."""
    ends = []
    for side in (0, 1):
        before = corner(version, inputs, side, ceiling=float(ARTICLE_CAP))
        after = _with_article(before, usual)
        ends.append(
            [
                _exactly(version, values)
                for values in ({k: v for k, v in before.items() if "average" not in k}, after)
            ]
        )
    (low_before, low_after), (high_before, high_after) = ends
    changes = sorted((low_after - low_before, high_after - high_before))
    return Step(
        usual,
        Interval(min(low_after, high_after), max(low_after, high_after)),
        Interval(changes[0], changes[1]),
    )


def _exactly(version: Version, values: Mapping[str, float]) -> float:
    found = bounds(version, {name: (value, value) for name, value in values.items()})
    if found is None:
        raise Contradiction("篇数是 0，指数没有定义。")
    return found.low


def _with_article(values: Mapping[str, float], usual: Usual) -> dict[str, float]:
    articles = values["articles"]
    after = {"articles": articles + 1}
    for name in COUNTS:
        if name not in values:
            continue
        # A count that nobody gave grows by its own average, whatever that is.
        extra = usual.figures.get(name, values[name] / articles)
        headline = extra if usual.headline else 0.0
        after[name] = values[name] + extra
        after[f"headline_{name}"] = values[f"headline_{name}"] + headline
        after[f"max_{name}"] = max(values[f"max_{name}"], extra)
    return after


# --- beside the list --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """One account of the list compared with: its place and the range of its printed index."""

    rank: int
    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an index would stand: between places ``best`` and ``worst``, below ``above``.

    ``gap`` is what is missing to the account right above, None where nobody is certain to be.
    """

    best: int
    worst: int
    above: Rung | None
    gap: Interval | None

    @property
    def words(self) -> str:
        """第3名 or 第3至5名."""
        return f"第{self.best}名" if self.best == self.worst else f"第{self.best}至{self.worst}名"


def standing(index: Interval, rungs: Sequence[Rung]) -> Standing:
    """Where ``index`` would stand among ``rungs`` (without our own)."""
    best = 1 + sum(rung.low > index.high for rung in rungs)
    worst = 1 + sum(rung.high > index.low for rung in rungs)
    higher = [rung for rung in rungs if rung.low > index.low]
    above = min(higher, key=lambda rung: (rung.low, -rung.rank), default=None)
    if above is None:
        return Standing(best, max(best, worst), None, None)
    gap = Interval(max(0.0, above.low - index.high), above.high - index.low)
    return Standing(best, max(best, worst), above, gap)
