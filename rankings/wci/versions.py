"""The published versions of WCI as rows of coefficients.

Every version has one shape: a weighted sum of logarithms, squared and scaled. It weighs four
views of a period (totals, average, headline articles, best article) and up to four counts (reads,
looks, likes, shares); see docs/wci.md for where each row comes from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple


class Views(NamedTuple):
    """What the four views of a period weigh; they add up to 1."""

    total: float
    average: float
    headline: float
    best: float


class Counts(NamedTuple):
    """What the four counts weigh; they add up to 1.

    ``looks`` is the one count of approval that versions before 14 know: 点赞, later 在看.
    """

    reads: float
    looks: float
    likes: float = 0.0
    shares: float = 0.0


@dataclass(frozen=True, slots=True)
class Version:
    """One formula.

    WCI = (Σ count Σ view  count_weight · view_weight · ln(m · x + 1))² · ``factor``, where ``m``
    is 1 for reads and ``multiplier`` for the other counts, and ``x`` is the total and the headline
    total (per day where ``per_day``), the average of an article, and the best article.
    ``since`` and ``until`` are months (``YYYY-MM``) as far as they are known, else empty.
    """

    key: str
    label: str
    views: Views
    counts: Counts
    multiplier: int
    per_day: bool
    factor: int
    since: str = ""
    until: str = ""
    note: str = ""

    def __str__(self) -> str:
        return self.label

    @property
    def uses(self) -> tuple[str, ...]:
        """The counts that weigh anything, in the order of :class:`Counts`."""
        return tuple(name for name, weight in self.counts._asdict().items() if weight)

    @property
    def formula(self) -> str:
        """The formula in one line, for people."""
        names = {"reads": "阅读", "looks": "在看/点赞", "likes": "点赞", "shares": "转发"}
        if self.counts.likes:
            names["looks"] = "在看"
        inner = " + ".join(
            f"{getattr(self.counts, name):.0%} ln({'' if self._times(name) == 1 else '10×'}"
            f"{names[name]}+1)"
            for name in self.uses
        )
        per = "日均" if self.per_day else "总数"
        views = [
            f"{weight:.0%} {text}"
            for weight, text in zip(
                self.views,
                (per, "篇均", f"头条{per}", "最高一篇"),
                strict=True,
            )
            if weight
        ]
        return f"（{' + '.join(views)}）² × {self.factor}，每一项都是 {inner}"

    def _times(self, count: str) -> int:
        return 1 if count == "reads" else self.multiplier


_OLD_VIEWS = Views(total=0.40, average=0.45, headline=0.0, best=0.15)
_OLD_COUNTS = Counts(reads=0.80, looks=0.20)
_NEW_VIEWS = Views(total=0.60, average=0.20, headline=0.10, best=0.10)

VERSIONS: dict[str, Version] = {
    version.key: version
    for version in (
        Version(
            "2.0",
            "WCI 2.0",
            _OLD_VIEWS,
            _OLD_COUNTS,
            multiplier=1,
            per_day=False,
            factor=10,
            until="2016-05",
            note="出自早期博客，书中算例能复现。停用时间是推断的：2016年5月已用 11.x。",
        ),
        Version(
            "11.x",
            "WCI 11.x",
            _OLD_VIEWS,
            _OLD_COUNTS,
            multiplier=10,
            per_day=False,
            factor=10,
            since="2016-05",
            until="2017-06",
            note="按期内总数计算，是从 12.0 的说明（11.3 不按日均）推断的；日榜算例能复现权重和"
            " 10 倍，但只有一天的数据分不出总数和日均。起止时间是推断的。",
        ),
        Version(
            "12.0",
            "WCI 12.0",
            _OLD_VIEWS,
            _OLD_COUNTS,
            multiplier=10,
            per_day=True,
            factor=10,
            until="2017-06",
            note="权重出自公开发表的论文，取代 11.3；13.0 自 2017年7月起取代它。",
        ),
        Version(
            "13.0",
            "WCI 13.0",
            Views(total=0.30, average=0.30, headline=0.30, best=0.10),
            Counts(reads=0.85, looks=0.15),
            multiplier=10,
            per_day=True,
            factor=10,
            since="2017-07",
            note="原文：“2017年7月1日之后的榜单使用该公式”。停用时间不详，2021年2月的榜单已不符合。",
        ),
        Version(
            "14.2a",
            "WCI 14.2（不含转发）",
            _NEW_VIEWS,
            Counts(reads=0.85, looks=0.09, likes=0.06),
            multiplier=10,
            per_day=True,
            factor=12,
            note="2021年11月起见于多处转载；启用时间不详，2021年2月的榜单已符合 14.x。",
        ),
        Version(
            "14.2b",
            "WCI 14.2（含转发）",
            _NEW_VIEWS,
            Counts(reads=0.70, looks=0.09, likes=0.06, shares=0.15),
            multiplier=10,
            per_day=True,
            factor=12,
            note="出自官方使用说明；各处转载对 14.2 是否含转发说法不一，所以分作两条。"
            "启用时间不详。",
        ),
    )
}

_LABEL = re.compile(
    r"(?:wci|微信传播指数|传播指数)?(?:指数)?(?:ver(?:sion)?\.?|v|版本)?"
    r"(?P<major>\d{1,2})(?:\.(?P<minor>\d{1,2}|x))?(?P<letter>[ab])?(?:版|版本)?"
    r"(?P<shares>含转发|不含转发|无转发)?"
)
# Which minor numbers a major one is known under; an unknown formula is never guessed.
_MINORS = {
    "2": {"", "0"},
    "12": {"", "0"},
    "13": {"", "0"},
    "14": {"2"},
}


def versions_of(label: str) -> tuple[Version, ...]:
    """The versions that a printed method may mean: one, both of 14.2, or none.

    ``WCI V13.0``, ``V13``, ``13.0``, ``11.3``, ``WCI14.2``, ``14.2a`` … Numbers whose formula is
    not known (10, 14.0, 14.1) and other indices are an empty tuple.
    """
    plain = unicodedata.normalize("NFKC", label).casefold()
    plain = re.sub(r"[\s()（）\[\]【】_:：-]", "", plain)
    match = _LABEL.fullmatch(plain)
    if match is None:
        return ()
    major, minor, letter = match["major"], match["minor"] or "", match["letter"] or ""
    if major != "14" and (letter or match["shares"]):
        return ()
    if major == "11":
        return (VERSIONS["11.x"],)
    if minor not in _MINORS.get(major, ()):
        return ()
    if major != "14":
        return (VERSIONS[f"{major}.0"],)
    if match["shares"] and not letter:
        letter = "b" if match["shares"] == "含转发" else "a"
    if letter:
        return (VERSIONS[f"14.2{letter}"],)
    return (VERSIONS["14.2a"], VERSIONS["14.2b"])


def version_of(label: str) -> Version | None:
    """The one version a printed method means; None when it is unknown or may be two."""
    found = versions_of(label)
    return found[0] if len(found) == 1 else None
