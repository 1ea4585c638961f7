"""The sentences of a brief: one plain sentence for each finding, worded no stronger than it is.

Pure functions over plain values. What is only reported says 据报道 and 未核实; what is a lower
bound says “≥”; where nothing can be compared, nothing is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..figures import EXACT, difference
from ..reports.places import figure_text

# More names than this in one sentence are counted, not listed.
LISTED = 5
# ``note`` says what is not there; there is nothing in it to prove.
PROVED, REPORTED, OPEN, NOTE = "proved", "reported", "open", "note"


@dataclass(frozen=True, slots=True)
class Standing:
    """One account in one month as the brief compares it.

    ``index`` is a figure as stored (value, bound). Indexes are compared only where ``origin``
    (source and method) is the same. ``movement`` is in words, ``step`` places up or None.
    """

    key: str
    name: str
    rank: int
    tied: bool = False
    reported: bool = False
    index: Mapping[str, Any] | None = None
    origin: tuple[Any, ...] = ()
    movement: str = ""
    step: int | None = None


def finding(key: str, text: str, proof: str) -> dict[str, str]:
    """A line of the summary. ``proof``: proved, reported, open or note."""
    return {"key": key, "text": text, "proof": proof}


def quoted(names: Sequence[str]) -> str:
    """“甲”“乙”, at most ``LISTED`` of them; no comma between quotation marks (GB/T 15834)."""
    shown = "".join(f"“{name}”" for name in names[:LISTED])
    return shown if len(names) <= LISTED else f"{shown}等{len(names)}个账号"


def lead(ahead: Standing, behind: Standing) -> dict | None:
    """By how much the index of ``ahead`` is higher; None where that cannot be said.

    A difference that its bounds allow to be nothing or less is no lead.
    """
    if ahead.origin != behind.origin:
        return None
    gap = difference(ahead.index, behind.index)
    if gap is None or gap["value"] < 0 or (gap["value"] == 0 and gap["bound"] != EXACT):
        return None
    return gap


def movement_words(own: Standing) -> str:
    """，较上期升2位; nothing where it cannot be compared."""
    return f"，较上期{own.movement}" if own.movement else ""


def margin(own: Standing, ranked: Sequence[Standing]) -> dict[str, str] | None:
    """Our lead over the next one when we are first, our distance to the first one otherwise."""
    if own.rank == 1:
        behind = [each for each in ranked if each.rank > 1]
        if not behind:
            return None
        place = min(each.rank for each in behind)
        others = [each for each in behind if each.rank == place]
        words = f"比第{place}名{quoted([each.name for each in others])}"
        gap = lead(own, others[0])
        turn = "高"
    else:
        others = [each for each in ranked if each.rank == 1]
        if not others:
            return None
        words = f"比第一名{quoted([each.name for each in others])}"
        gap = lead(others[0], own)
        turn = "低"
    reported = own.reported or any(each.reported for each in others)
    if own.index is None or figure_text(own.index) == "":
        text = "本月榜单没有公布本账号的指数，与其他账号的差距无法计算。"
        return finding("margin", text, NOTE)
    start = f"本月指数{figure_text(own.index)}，"
    if gap is None:
        why = "两者出自不同来源或计算方法" if own.origin != others[0].origin else "公布的数值"
        tail = "，不作比较" if own.origin != others[0].origin else "不足以算出差距"
        return finding("margin", f"{start}{words}的指数{why}{tail}。", NOTE)
    theirs = figure_text(others[0].index)
    amount = "相同" if gap["value"] == 0 else f"{turn}{figure_text(gap)}"
    aside = "（据报道，未核实）" if reported else ""
    return finding(
        "margin",
        f"{start}{words}（{theirs}）{amount}{aside}。",
        REPORTED if reported else PROVED,
    )


def neighbours(
    own: Standing, ranked: Sequence[Standing], before: Mapping[str, Standing]
) -> dict[str, str] | None:
    """Who stands right before and right behind us, and whether the distance grew.

    ``before`` holds the month compared with, by account key.
    """
    parts: list[str] = []
    shown: list[Standing] = []
    above = [each for each in ranked if each.rank < own.rank]
    below = [each for each in ranked if each.rank > own.rank]
    for label, others, place in (
        ("前面一位是", above, max((each.rank for each in above), default=0)),
        ("后面一位是", below, min((each.rank for each in below), default=0)),
    ):
        near = [each for each in others if each.rank == place]
        if not near:
            continue
        shown += near
        text = f"{label}第{place}名{quoted([each.name for each in near])}"
        if len(near) == 1:
            text += _narrowing(own, near[0], before)
        parts.append(text)
    if not parts:
        return None
    reported = own.reported or any(each.reported for each in shown)
    aside = "（据报道，未核实）" if reported else ""
    return finding("close", "；".join(parts) + f"{aside}。", REPORTED if reported else PROVED)


def _narrowing(own: Standing, other: Standing, before: Mapping[str, Standing]) -> str:
    """，指数差距由上期的50.1缩小到34.5: only between exact figures that can be compared."""
    now = _gap(own, other)
    was = None
    if own.key in before and other.key in before:
        was = _gap(before[own.key], before[other.key])
    if now is None:
        return ""
    if was is None or before[own.key].origin[-1:] != own.origin[-1:]:
        return f"，指数相差{_number(abs(now))}"
    if (was > 0) != (now > 0) and was and now:
        return f"，上期位置相反，现在指数相差{_number(abs(now))}"
    change = abs(now) - abs(was)
    if not change:
        return f"，指数差距与上期相同（{_number(abs(now))}）"
    turn = "扩大" if change > 0 else "缩小"
    return f"，指数差距由上期的{_number(abs(was))}{turn}到{_number(abs(now))}"


def _gap(own: Standing, other: Standing) -> Decimal | None:
    if own.origin != other.origin:
        return None
    gap = difference(own.index, other.index)
    return Decimal(str(gap["value"])) if gap and gap["bound"] == EXACT else None


def _number(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return figure_text({"value": int(amount) if whole else float(amount), "bound": EXACT})


def ties(own: Standing | None, ranked: Sequence[Standing]) -> dict[str, str] | None:
    """Who shares our place, and who shares the first place; None when nobody does."""
    texts, involved = [], []
    if own is not None and own.tied:
        partners = [each for each in ranked if each.rank == own.rank and each.key != own.key]
        involved += [own, *partners]
        whom = f"与{quoted([each.name for each in partners])}" if partners else "与其他账号"
        texts.append(f"本账号本月{whom}并列第{own.rank}名")
    if own is None or own.rank != 1:
        first = [each for each in ranked if each.rank == 1]
        if len(first) > 1:
            involved += first
            texts.append(f"本月{quoted([each.name for each in first])}并列第一")
    if not texts:
        return None
    reported = any(each.reported for each in involved)
    aside = "（据报道，未核实）" if reported else ""
    return finding("ties", "；".join(texts) + f"{aside}。", REPORTED if reported else PROVED)


def first_places(
    ranked: Sequence[Standing], before: Sequence[Standing], places: int = 10
) -> dict[str, str]:
    """What changed among the first ``places`` against the month compared with."""
    now = {each.key: each for each in ranked if each.rank <= places}
    was = {each.key: each for each in before if each.rank <= places}
    if not was:
        text = f"没有可比的上期名次，前{places}名的变化不作比较。"
        return finding("ten", text, NOTE)
    if min(len(now), len(was)) < places:
        text = f"本系统没有收全两期的前{places}名，变化不作比较。"
        return finding("ten", text, NOTE)
    if {each.reported for each in now.values()} != {each.reported for each in was.values()}:
        text = f"本期与上期的核实程度不同，前{places}名的变化不作比较。"
        return finding("ten", text, NOTE)
    parts = []
    leaders = [each.name for each in now.values() if each.rank == 1]
    old_leaders = [each.name for each in was.values() if each.rank == 1]
    if leaders and old_leaders and sorted(leaders) != sorted(old_leaders):
        parts.append(f"第一名由{quoted(old_leaders)}变为{quoted(leaders)}")
    came = [each.name for key, each in now.items() if key not in was]
    left = [each.name for key, each in was.items() if key not in now]
    if came:
        parts.append(f"{quoted(came)}进入")
    if left:
        parts.append(f"{quoted(left)}退出")
    climbers = [each for each in now.values() if (each.step or 0) > 1]
    if climbers:
        best = max(climbers, key=lambda each: (each.step, -each.rank))
        parts.append(f"升幅最大的是“{best.name}”（{best.movement}，现列第{best.rank}名）")
    still = sum(key in was and was[key].rank == each.rank for key, each in now.items())
    parts.append(f"{still}个账号名次不变" if still < len(now) else "名次与上期完全相同")
    reported = any(each.reported for each in now.values())
    aside = "（据报道，未核实）" if reported else ""
    return finding(
        "ten", f"前{places}名中，{'，'.join(parts)}{aside}。", REPORTED if reported else PROVED
    )


def head_to_head(rows: Sequence[Mapping[str, Any]], months: int) -> dict[str, str] | None:
    """近12期与关注账号相比: how often we stood before each."""
    parts = [
        f"对“{row['name']}”{row['ahead']}期在前、{row['behind']}期在后"
        + (f"、{row['level']}期相同" if row["level"] else "")
        for row in rows
        if row["ahead"] + row["behind"] + row["level"]
    ][:LISTED]
    if not parts:
        return None
    text = f"近{months}期都已核实名次的月份里，{'；'.join(parts)}。"
    return finding("compared", text, PROVED)


def missing(
    states: Mapping[str, Sequence[str]], months: int, *, no_evidence: bool, waiting: int
) -> dict[str, str]:
    """What is not there: months by state letter ``? R D S`` as labels, evidence, second word."""
    parts = []
    for letter, words in (
        ("?", "没有资料的有{}"),
        ("R", "只有报道、未核实的有{}"),
        ("D", "来源有分歧、尚无定论的有{}"),
        ("S", "榜单停发、不计入的有{}"),
    ):
        labels = states.get(letter, ())
        if labels:
            parts.append(words.format(_months(labels)))
    if no_evidence:
        parts.append("本月名次没有存证原件，建议补证")
    if waiting:
        parts.append(f"本账号另有{waiting}条记录待复核，复核前不计入")
    if not parts:
        return finding("missing", f"近{months}期名次齐全，均已核实，本月有存证。", NOTE)
    return finding("missing", f"近{months}期中，{'；'.join(parts)}。", NOTE)


def _months(labels: Sequence[str]) -> str:
    if len(labels) <= LISTED:
        return "、".join(labels)
    return f"{labels[0]}至{labels[-1]}间的{len(labels)}个月"
