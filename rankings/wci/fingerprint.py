"""The method fingerprint: which versions a published index can have come from.

Under each version the printed figures allow a range of indexes. A published index outside all
ranges is wrong or of another method; one that fits only other versions contradicts the method
that the list names. Where too little is printed the check stays silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..figures import ARTICLE_CAP, Figure
from .compute import DAYS_IN_MONTH, INPUTS, Contradiction, Interval, Pair, bounds
from .printed import as_computed, figure_from, published_range
from .versions import VERSIONS, Version, versions_of


class Verdict(StrEnum):
    FITS_DECLARED = "fits_declared"
    FITS_OTHER = "fits_other"
    FITS_NONE = "fits_none"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Which versions allow a published index.

    ``ranges`` maps version keys to the hard range, ``fits`` are those that contain ``published``,
    ``declared`` what the list's own method may mean. ``why`` says in a sentence why nothing can be
    told. Without a declared method the verdict is ``fits_other`` where some version is excluded.
    """

    verdict: Verdict
    fits: tuple[Version, ...] = ()
    ranges: Mapping[str, Interval] = field(default_factory=dict)
    declared: tuple[Version, ...] = ()
    published: Pair | None = None
    assumptions: tuple[str, ...] = ()
    why: str = ""

    @property
    def flagged(self) -> bool:
        """Whether a person should look: fits nothing, or not what the list declares."""
        return self.verdict == Verdict.FITS_NONE or (
            self.verdict == Verdict.FITS_OTHER and bool(self.declared)
        )

    @property
    def excluded(self) -> tuple[Version, ...]:
        return tuple(VERSIONS[key] for key in self.ranges if VERSIONS[key] not in self.fits)

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        names = _names(self.fits)
        if self.verdict == Verdict.CANNOT_TELL:
            return self.why
        if self.verdict == Verdict.FITS_NONE:
            return (
                "按印出的阅读、点赞等数值，已知各版 WCI 都算不出这个指数：可能是指数或数值印错，"
                "或榜单用了别的算法。请对照原件核对。"
            )
        if self.verdict == Verdict.FITS_DECLARED:
            if self.excluded:
                return (
                    f"与所注方法（{_names(self.declared)}）相符，与 {_names(self.excluded)} 不符。"
                )
            return f"与所注方法（{_names(self.declared)}）不矛盾，但数值太少，排除不了其他版本。"
        if self.declared:
            return (
                f"按印出的数值，所注的 {_names(self.declared)} 算不出这个指数，只与 {names} 相符："
                "可能是方法注错，或数值印错。请对照原件核对。"
            )
        return f"没有注明方法；按印出的数值只与 {names} 相符。"


def fingerprint(
    published: Mapping[str, Any] | Figure | float,
    figures: Mapping[str, Mapping[str, Any] | Figure | float],
    *,
    days: int = DAYS_IN_MONTH,
    declared: str = "",
    quick: bool = False,
) -> Fingerprint:
    """Compare a published index with what its printed figures allow.

    ``figures`` is keyed by :data:`INPUTS` (other keys count for nothing), each a stored figure, a
    :class:`Figure` or a number; ``declared`` the method as the list names it. ``quick`` asks no
    more versions once the declared one fits, for long lists in which only doubts are shown. Never
    raises for what is printed: contradictions among the figures are told in ``why``.
    """
    methods = versions_of(declared)
    index = figure_from(published)
    value = None if index is None else published_range(index)
    if value is None:
        return _silent("没有印出可以核对的指数。", methods)
    inputs: dict[str, Pair] = {}
    for name in INPUTS:
        if name not in figures:
            continue
        figure = figure_from(figures[name])
        pair = None if figure is None or figure.value < 0 else as_computed(figure, name)
        if pair is not None:
            inputs[name] = pair
    if inputs.get("articles", (1.0, 1.0))[1] < 1:
        return _silent("篇数是 0，指数没有定义。", methods)
    if declared and not methods:
        return _silent(f"所注方法“{declared}”不是已知的 WCI 版本，无法核对。", methods)
    if not inputs.keys() - {"articles"}:
        return _silent("没有印出阅读等数值，无法核对。", methods)
    ranges: dict[str, Interval] = {}
    notes: dict[str, None] = {}
    try:
        for version in sorted(VERSIONS.values(), key=lambda each: each not in methods):
            found = bounds(
                version, inputs, days=days, ceiling=float(ARTICLE_CAP), rounded_averages=True
            )
            if found is None:
                return _silent("篇数是 0，指数没有定义。", methods)
            ranges[version.key] = found
            notes.update(dict.fromkeys(found.assumptions))
            if quick and version in methods and found.contains(*value):
                break
    except Contradiction as error:
        return _silent(f"印出的数值互相矛盾，无法核对：{error}", methods)
    ranges = {key: ranges[key] for key in VERSIONS if key in ranges}
    fits = tuple(VERSIONS[key] for key, each in ranges.items() if each.contains(*value))
    verdict = _verdict(fits, methods, ranges)
    why = "" if verdict != Verdict.CANNOT_TELL else "印出的数值太少，哪个版本都排除不了。"
    return Fingerprint(verdict, fits, ranges, methods, value, tuple(notes), why)


def _verdict(
    fits: tuple[Version, ...], declared: tuple[Version, ...], ranges: Mapping[str, Interval]
) -> Verdict:
    if not fits:
        return Verdict.FITS_NONE
    if declared:
        return Verdict.FITS_DECLARED if set(declared) & set(fits) else Verdict.FITS_OTHER
    return Verdict.CANNOT_TELL if len(fits) == len(ranges) else Verdict.FITS_OTHER


def _silent(why: str, declared: tuple[Version, ...]) -> Fingerprint:
    return Fingerprint(Verdict.CANNOT_TELL, (), {}, declared, why=why)


def _names(versions: tuple[Version, ...]) -> str:
    return "、".join(str(version) for version in versions)
