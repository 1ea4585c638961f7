"""What every measurement shares: interleaved rounds, ratios, lines and how they are printed."""

import gc
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

TINY, DEFAULT, FULL = "tiny", "default", "full"


@dataclass(frozen=True)
class Line:
    """One figure and the bar it is held to.

    ``limit`` None: no bar, only told. ``least`` says that the figure must reach the limit instead
    of staying within it. ``detail`` holds what the ratio was made of.
    """

    database: str
    what: str
    figure: float
    limit: float | None = None
    least: bool = False
    detail: str = ""

    @property
    def met(self) -> bool | None:
        if self.limit is None:
            return None
        return self.figure >= self.limit if self.least else self.figure <= self.limit

    @property
    def bar(self) -> str:
        return "" if self.limit is None else f"{'≥' if self.least else '≤'} {self.limit:g}"

    @property
    def verdict(self) -> str:
        return {None: "", True: "达标", False: "未达标"}[self.met]

    def __str__(self) -> str:
        held = f"（目标 {self.bar}，{self.verdict}）" if self.bar else ""
        return f"  {self.what}：{number(self.figure)}{held}  {self.detail}".rstrip()


@dataclass(frozen=True)
class Work:
    """Something to time: ``act`` is timed, ``prepare`` before and ``clean`` after it are not."""

    act: Callable[[], Any]
    prepare: Callable[[], Any] = lambda: None
    clean: Callable[[], Any] = lambda: None

    def run(self, clock: Callable[[], float] = time.perf_counter) -> float:
        """Do it once; the seconds it took."""
        self.prepare()
        gc.collect()
        began = clock()
        self.act()
        taken = clock() - began
        self.clean()
        return taken


def interleaved(
    works: dict[str, Work], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds of every work in every round.

    Each round runs all of them, beginning with another one each time, so that a slow spell of
    the machine or a warm cache favours none. The first one runs once before, untimed: what a
    process does only once belongs to nobody.
    """
    names = list(works)
    works[names[0]].run()
    taken: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            taken[name].append(works[name].run(clock))
    return taken


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """The median over the rounds of ours by the peer's in the same round."""
    return statistics.median(one / other for one, other in zip(ours, peer, strict=True))


def ms(seconds: Sequence[float]) -> str:
    """The median, for the detail of a line."""
    return f"{number(statistics.median(seconds) * 1000)} ms"


def number(value: float) -> str:
    """Three figures, without an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(lines: Iterable[Line]) -> str:
    """The lines in columns; Chinese characters are two columns wide."""
    rows = [("数据库", "项目", "数值", "目标", "结果")]
    rows += [(li.database, li.what, number(li.figure), li.bar, li.verdict) for li in lines]
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
