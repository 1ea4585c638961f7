"""How far an account is from its neighbours on a month's list. Pure.

An index that is only a bound gives a bound, or nothing; two indexes of different sources or methods
are never subtracted; a place that is only reported is never set against a confirmed one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..figures import AT_LEAST, AT_MOST, EXACT, difference
from ..reports.places import figure_text

# More names than this are counted, not listed.
LISTED = 3


@dataclass(frozen=True, slots=True)
class Stand:
    """One account on the list. ``origin`` tells source and method of the ``index``."""

    name: str
    rank: int
    reported: bool = False
    index: Mapping[str, Any] | None = None
    origin: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Margin:
    """``style``: ahead, tied, behind or open. ``headline`` is short, ``sentence`` whole."""

    style: str
    headline: str
    sentence: str


def margin(own: Stand | None, others: Sequence[Stand]) -> Margin:
    """The lead over the next one when first, else the distance to the next place above."""
    if own is None:
        return Margin("open", "无从比较", "本月没有能确定的名次，无从比较。")
    comparable = [each for each in others if each.reported == own.reported]
    tied = [each for each in comparable if each.rank == own.rank]
    if tied:
        return Margin("tied", "并列", f"与{_names(tied)}并列第{own.rank}名。")
    if own.rank == 1:
        return _lead(own, [each for each in comparable if each.rank > 1])
    above = [each for each in comparable if each.rank < own.rank]
    if not above:
        return Margin("open", "无从比较", f"列第{own.rank}名，上一名是谁没有资料。{_aside(own)}")
    place = max(each.rank for each in above)
    nearest = [each for each in above if each.rank == place]
    gap, why = _gap(nearest[0], own)
    where = f"上一名是第{place}名{_names(nearest)}"
    if gap is None:
        return Margin("behind", f"距第{place}名", f"{where}，{why}{_aside(own)}")
    return Margin(
        "behind", f"差 {figure_text(gap)}", f"{where}，指数差 {figure_text(gap)}。{_aside(own)}"
    )


def _lead(own: Stand, behind: Sequence[Stand]) -> Margin:
    if not behind:
        if own.reported:
            return Margin(
                "open", "无从比较", "名次只见于报道，没有当月榜单，不知道第二名是谁、差多少。"
            )
        return Margin("open", "无从比较", "当月榜单只录入了这一个公众号，录入全榜才能算领先多少。")
    place = min(each.rank for each in behind)
    nearest = [each for each in behind if each.rank == place]
    gap, why = _gap(own, nearest[0])
    where = f"第{place}名是{_names(nearest)}"
    if gap is None:
        return Margin("ahead", "领先", f"{where}，{why}{_aside(own)}")
    return Margin(
        "ahead", f"领先 {figure_text(gap)}", f"{where}，指数领先 {figure_text(gap)}。{_aside(own)}"
    )


def _gap(more: Stand, less: Stand) -> tuple[Mapping[str, Any] | None, str]:
    """The difference as a figure, or None and why there is none."""
    if not figure_text(more.index) or not figure_text(less.index):
        return None, "榜单没有印出两家的指数，算不出差距。"
    if more.origin != less.origin:
        return None, "两家的指数来源或计算方法不同，不作比较。"
    gap = difference(more.index, less.index)
    bound = gap["bound"] if gap else None
    if gap is None or bound == AT_MOST or (bound == AT_LEAST and gap["value"] <= 0):
        return None, "印出的指数只是上限或下限，算不出差距。"
    if bound == EXACT and gap["value"] < 0:
        return None, "印出的指数与名次的先后不一致，请核对榜单。"
    return gap, ""


def _names(stands: Sequence[Stand]) -> str:
    # No comma between quotation marks (GB/T 15834).
    shown = "".join(f"“{each.name}”" for each in stands[:LISTED])
    return shown if len(stands) <= LISTED else f"{shown}等{len(stands)}个公众号"


def _aside(own: Stand) -> str:
    return "（据报道，未核实）" if own.reported else ""
