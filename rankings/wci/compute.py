"""Computing WCI from complete figures, and bounding it from incomplete ones.

A figure is a pair ``(low, high)``: exact numbers are ``(v, v)``, 10万+ is ``(100001, inf)``. The
index grows with every count and falls with the number of articles, so the two ends of a range are
found at the corners: no search is needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..figures import ABOUT, ARTICLE_CAP, AT_LEAST, AT_MOST, Figure
from ..periods import Period
from .versions import Version

INFINITE = math.inf
DAYS_IN_MONTH = 30
DAYS_IN_WEEK = 7
DAYS_IN_YEAR = 365

Pair = tuple[float, float]

_COUNTS = {"reads": "阅读数", "looks": "在看数", "likes": "点赞数", "shares": "转发数"}
_VIEWS = {"": "总", "headline_": "头条", "max_": "单篇最高", "average_": "平均"}
#: What people call the inputs; the keys are those of an observation's figures and more.
LABELS = {"articles": "发布篇数"} | {
    f"{view}{count}": f"{word}{label}"
    for count, label in _COUNTS.items()
    for view, word in _VIEWS.items()
}
INPUTS = tuple(LABELS)

# The boards' own sums use averages rounded to one decimal (docs/wci.md §3).
_AVERAGE_ROUNDING = 0.05


class WciError(ValueError):
    """An index that cannot be computed; the message is a Chinese sentence."""


class MissingInput(WciError):
    """A figure that the version needs is not given."""


class Contradiction(WciError):
    """The figures cannot all be true at once."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An index that lies between ``low`` and ``high``; ``assumptions`` say under what."""

    low: float
    high: float
    assumptions: tuple[str, ...] = field(default=(), compare=False)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def open(self) -> bool:
        """Whether nothing bounds it from above."""
        return self.high == INFINITE

    def contains(self, low: float, high: float) -> bool:
        """Whether the printed value, itself the range ``low`` to ``high``, is possible."""
        return low <= self.high and high >= self.low

    def text(self, places: int = 2) -> str:
        """``862.50``, ``≥862.50`` or ``839.98～1114.09``; ends are rounded outwards."""
        if self.exact:
            return f"{self.low:.{places}f}"
        scale = 10**places
        low = f"{math.floor(self.low * scale) / scale:.{places}f}"
        if self.open:
            return f"≥{low}"
        return f"{low}～{math.ceil(self.high * scale) / scale:.{places}f}"

    def __str__(self) -> str:
        return self.text()


def days_of(period: Period) -> int:
    """The days by which a list divides: month 30, week 7, whole year 365, else the real number."""
    if period.month is not None:
        return DAYS_IN_MONTH
    first, last = period.start, period.end
    if first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return DAYS_IN_YEAR
    return period.days


def truth_of(figure: Figure | float) -> Pair | None:
    """What a printed figure says about the true number; None for 约, which bounds nothing.

    10万+ is at least 100,001: a bound, never a value.
    """
    if not isinstance(figure, Figure):
        return (float(figure), float(figure))
    if figure.bound == ABOUT:
        return None
    if figure.capped or figure.bound == AT_LEAST:
        return (float(figure.value), INFINITE)
    if figure.bound == AT_MOST:
        return (0.0, float(figure.value))
    return (float(figure.value), float(figure.value))


def index(
    version: Version, inputs: Mapping[str, Figure | float | Pair], *, days: int = DAYS_IN_MONTH
) -> Interval | None:
    """The index of complete figures; None where there is no article, which defines no index.

    ``inputs`` is keyed by :data:`INPUTS`. Averages may be given (the boards round them), else they
    are totals by articles. A capped or bounded figure gives a bound. Raises ``MissingInput``,
    ``Contradiction`` and ``WciError``.
    """
    pairs: dict[str, Pair] = {}
    capped = []
    for name, value in inputs.items():
        pair = value if isinstance(value, tuple) else truth_of(value)
        if pair is None:
            raise MissingInput(f"{LABELS[name]}只有约数，算不出指数，请填准确的数。")
        if pair[1] == INFINITE:
            capped.append(name)
        pairs[name] = pair
    for name in capped:
        # A sum that holds a capped article is itself a lower bound.
        count = name.rpartition("_")[2]
        for other in (count, f"headline_{count}", f"average_{count}"):
            if other in pairs:
                pairs[other] = (pairs[other][0], INFINITE)
    if pairs.get("articles", (1.0, 1.0))[1] < 1:
        return None
    missing = [LABELS[name] for name in _needed(version) if name not in pairs]
    if missing:
        raise MissingInput(f"缺少{'、'.join(missing)}，算不出 {version} 指数，请补上。")
    result = bounds(version, pairs, days=days)
    notes = []
    if capped:
        notes.append(
            f"{'、'.join(LABELS[name] for name in capped)}封顶或只知下限，算出的指数是下限。"
        )
    return None if result is None else Interval(result.low, result.high, tuple(notes))


def _needed(version: Version) -> list[str]:
    names = ["articles"]
    for count in version.uses:
        names += [count, f"max_{count}"]
        if version.views.headline:
            names.append(f"headline_{count}")
    return names


def bounds(
    version: Version,
    inputs: Mapping[str, Pair],
    *,
    days: int = DAYS_IN_MONTH,
    ceiling: float = INFINITE,
    rounded_averages: bool = False,
) -> Interval | None:
    """The hard range of the index when only some of :data:`INPUTS` are known.

    ``ceiling`` is the most that one article can show (100,001 on a board). ``rounded_averages``
    allows for a publisher who computes with averages rounded to one decimal. What is missing is
    bounded by the laws of docs/wci.md §3, and the result names those it used; its ``high`` is
    infinite where nothing bounds it. None where there is no article. Raises ``Contradiction``.
    """
    if days < 1:
        raise WciError("统计天数至少是 1 天，请检查起止日期。")
    for name, (low, high) in inputs.items():
        if not 0 <= low <= high:
            raise WciError(f"{LABELS[name]}不能是负数，请检查。")
    region = _Region(inputs, ceiling, rounded_averages)
    if region.articles[1] < 1:
        return None
    return region.index(version, days)


def corner(
    version: Version,
    inputs: Mapping[str, Pair],
    side: int,
    *,
    days: int = DAYS_IN_MONTH,
    ceiling: float = INFINITE,
) -> dict[str, float]:
    """Complete inputs at the low (``side`` 0) or high (1) end of the range: what gives that end.

    Every value is finite only where ``bounds`` is. Raises as ``bounds`` does; there must be an
    article.
    """
    region = _Region(inputs, ceiling, rounded=False)
    region.index(version, days)
    # More articles mean a lower index: the low end has most of them.
    values = {"articles": region.articles[1 - side]}
    for name, count in region.counts.items():
        values |= {
            name: count.total[side],
            f"average_{name}": count.average[side],
            f"headline_{name}": count.headline[side],
            f"max_{name}": count.best[side],
        }
    return values


@dataclass(slots=True)
class _Count:
    """The four views of one count, each a pair."""

    total: Pair
    average: Pair
    headline: Pair
    best: Pair


class _Region:
    """Everything the given figures allow, and the assumptions that went in."""

    def __init__(self, inputs: Mapping[str, Pair], ceiling: float, rounded: bool) -> None:
        self.inputs = inputs
        self.ceiling = ceiling
        self.rounding = _AVERAGE_ROUNDING if rounded else 0.0
        self.notes: dict[str, None] = {}
        self.counts: dict[str, _Count] = {}
        self.articles = inputs.get("articles", (1.0, INFINITE))
        if self.articles[1] < 1:
            return
        low, high = max(1.0, self.articles[0]), self.articles[1]
        total = self._total("reads", (0.0, INFINITE))
        # How many articles there are follows from the reads, where they are not printed.
        if "articles" not in inputs:
            self._note("篇数未知，只知道至少 1 篇")
            most = min(self._given("max_reads")[1], self._given("average_reads")[1], ceiling)
            if most > 0 and total[0] > 0:
                low = max(low, float(math.ceil(total[0] / most - 1e-9)))
            least = self._given("average_reads")[0]
            if least > 0 and total[1] < INFINITE:
                high = max(low, math.floor(total[1] / least + 1e-9))
        self.articles = (low, high)

    def index(self, version: Version, days: int) -> Interval:
        divisor = days if version.per_day else 1
        low = high = 0.0
        views = version.views
        reads = self._count("reads", (0.0, INFINITE))
        looks: _Count | None = None
        for name, weight in version.counts._asdict().items():
            if not weight:
                continue
            if name == "reads":
                count = reads
            elif name == "looks":
                count = looks = self._looks(version, reads)
            elif name == "likes":
                count = self._likes(reads, looks)
            else:
                if name not in self.inputs:
                    self._note("转发数未知：0 ≤ 转发 ≤ 总阅读")
                count = self._count(name, (0.0, reads.total[1]))
            self.counts[name] = count
            times = 1 if name == "reads" else version.multiplier
            for side, add in ((0, False), (1, True)):
                part = weight * (
                    views.total * math.log1p(times * count.total[side] / divisor)
                    + views.average * math.log1p(times * count.average[side])
                    + views.headline * math.log1p(times * count.headline[side] / divisor)
                    + views.best * math.log1p(times * count.best[side])
                )
                if add:
                    high += part
                else:
                    low += part
        return Interval(version.factor * low * low, version.factor * high * high, tuple(self.notes))

    def _looks(self, version: Version, reads: _Count) -> _Count:
        """The approval count. Before 14 there is only one, which was 点赞 until 2018-12."""
        most = reads.total[1]
        if not version.counts.likes:
            name = "looks" if "looks" in self.inputs or "likes" not in self.inputs else "likes"
            if name not in self.inputs:
                self._note("在看（点赞）数未知：0 ≤ 在看 ≤ 总阅读")
            elif name == "likes":
                self._note("没有在看数，以点赞数代替（2018年12月以前只有点赞）")
            return self._count(name, (0.0, most))
        least = 0.0
        if "looks" not in self.inputs:
            self._note("在看数未知：点赞的十分之一 ≤ 在看 ≤ 总阅读")
            least = self._given("likes", 0.0)[0] / 10
        return self._count("looks", (least, max(least, most)))

    def _likes(self, reads: _Count, looks: _Count | None) -> _Count:
        most = reads.total[1]
        if "likes" not in self.inputs and looks is not None:
            self._note("点赞数未知：0 ≤ 点赞 ≤ 在看的 10 倍")
            most = min(most, 10 * looks.total[1])
        return self._count("likes", (0.0, most))

    def _total(self, name: str, otherwise: Pair) -> Pair:
        """The total, narrowed by whatever of it is printed."""
        if name in self.inputs:
            return self.inputs[name]
        low, high = otherwise
        best, headline = self._given(f"max_{name}"), self._given(f"headline_{name}")
        average = self._given(f"average_{name}")
        articles = self.articles
        low = max(low, best[0], headline[0], average[0] * max(1.0, articles[0]))
        high = min(high, _times(average[1], articles[1]), _times(best[1], articles[1]))
        return (low, max(low, high))

    def _count(self, name: str, otherwise: Pair) -> _Count:
        inputs, (fewest, most) = self.inputs, self.articles
        total = self._total(name, otherwise)
        label = _COUNTS[name]
        per_article = (total[0] / most, total[1] / fewest)
        if name == "reads" and name not in inputs:
            self._note("总阅读数未知")
        if average := inputs.get(f"average_{name}"):
            if self.rounding and name in inputs and "articles" in inputs:
                # Whether the publisher went on with the printed or the true average is not said.
                average = (
                    min(average[0], per_article[0] - self.rounding),
                    max(average[1], per_article[1] + self.rounding),
                )
        else:
            average = (per_article[0] - self.rounding, per_article[1] + self.rounding)
        average = (max(0.0, average[0]), average[1])

        ceiling = self.ceiling if name == "reads" else INFINITE
        best = inputs.get(f"max_{name}")
        if best is None:
            best = (per_article[0], max(per_article[0], min(total[1], ceiling)))
            note = f"单篇最高{label}未知：平均 ≤ 最高 ≤ 总数"
            self._note(f"{note}，且不超过 {ARTICLE_CAP}" if ceiling < INFINITE else note)
        headline = inputs.get(f"headline_{name}")
        if headline is None:
            least = per_article[0] if name == "reads" else 0.0
            headline = (least, total[1])
            self._note(f"头条{label}未知：{'平均' if least else '0'} ≤ 头条 ≤ 总数")
        for pair, word in ((best, "单篇最高"), (headline, "头条")):
            if pair[0] > total[1]:
                raise Contradiction(f"{word}{label}大于总{label}，请核对。")
        if best[1] + 1 < per_article[0] - self.rounding:
            raise Contradiction(f"单篇最高{label}小于平均{label}，请核对。")
        return _Count(total, average, headline, best)

    def _given(self, name: str, low: float = 0.0) -> Pair:
        return self.inputs.get(name, (low, INFINITE))

    def _note(self, text: str) -> None:
        self.notes[text] = None


def _times(one: float, other: float) -> float:
    """A product in which infinity times nothing is nothing known."""
    return INFINITE if INFINITE in (one, other) else one * other
