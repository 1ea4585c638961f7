"""What a change of the record is news of.

Every rule gets the resolved months before and after one transaction and answers drafts. The
states are those of ``rankings.streaks``; nothing here looks at single statements.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .. import streaks
from ..periods import Month
from .drafts import (
    ALARM,
    COMPETITOR,
    INFO,
    LOST_FIRST,
    MILESTONE,
    MONTH_OUT,
    STREAK_CHANGED,
    TIE,
    WARNING,
    AccountInfo,
    AlertDraft,
    BoardInfo,
    Listed,
)

MILESTONE_STEP = 12
# A transaction that touches more months than this brings the past in, not news.
BULK_MONTHS = 3
# Only the newest lists are news, and only while they are.
NEWEST_LISTS = 2
FRESH_MONTHS = 3
FRESH_DAYS = 60

_FIRST = frozenset(streaks.FIRST + streaks.TIED)
_DEFINITE = frozenset(streaks.FIRST + streaks.TIED + streaks.NOT_FIRST + streaks.SUSPENDED)
_LISTED_MONTHS = 3
NOTHING_KNOWN = Listed()


@dataclass(frozen=True, slots=True)
class Change:
    """The record of a board before and after one transaction.

    ``months`` are the month indexes in which something was recorded, ``id`` tells this change from
    every other: the number of the newest statement in it.
    """

    board: BoardInfo
    before: streaks.Record
    after: streaks.Record
    months: frozenset[int]
    id: str


def fresh_months(
    after: streaks.Record,
    changed: Iterable[int],
    today: dt.date,
    published: Mapping[int, dt.date] | None = None,
) -> list[int]:
    """The changed months that are news: of the newest lists, and out recently.

    ``published`` gives the day a list is dated, where it is; without it a list counts as recent in
    the ``FRESH_MONTHS`` months after its own. The past that is brought in is no news.
    """
    changed = set(changed)
    if not changed or len(changed) > BULK_MONTHS:
        return []
    newest = max(changed | ({after.last} if after.months else set()))
    this_month = Month.of(today).index
    fresh = []
    for month in sorted(changed):
        if month <= newest - NEWEST_LISTS or month > this_month:
            continue
        day = (published or {}).get(month)
        recent = day is not None and 0 <= (today - day).days <= FRESH_DAYS
        if recent or this_month - month <= FRESH_MONTHS:
            fresh.append(month)
    return fresh


def month_out(
    change: Change,
    month: int,
    account: AccountInfo | None,
    listed: Listed = NOTHING_KNOWN,
    days_late: int = 0,
) -> AlertDraft | None:
    """新一期出榜: our place, and what it does to the streak; also a month that is not issued.

    None while nothing of the month is on record.
    """
    after = change.after
    if month not in after.months:
        return None
    when, late = Month.from_index(month).label, f"（比通常晚 {days_late} 天）" if days_late else ""
    if after.months[month].suspended:
        text = f"{change.board.title}{when}没有发布，不计入连续月数，也不打断。"
    elif account is None:
        text = f"{change.board.title}{when}出榜{late}。"
    else:
        state = after.state(account.pk, month)
        text = (
            f"{change.board.title}{when}出榜{late}：{account.quoted}{_place(state, listed)}"
            f"{_streak_words(after, account, month)}。"
        )
    key = f"month_out:{change.board.pk}:{month}"
    return AlertDraft(MONTH_OUT, key, INFO, text, month, account and account.pk)


def lost_first(
    change: Change, month: int, account: AccountInfo, listed: Listed = NOTHING_KNOWN
) -> AlertDraft | None:
    """失去第一: a new list confirms another place after a month at the first.

    Only a month confirmed as ``N`` loses the first place; one that is unknown, reported, disputed
    or suspended never does. A month that had counted as first before is a correction, and told by
    ``streak_changed``.
    """
    before, after = change.before, change.after
    if after.state(account.pk, month) != streaks.NOT_FIRST:
        return None
    if before.state(account.pk, month) in _DEFINITE:
        return None
    last = _last_known(after, account, month)
    if last is None:
        return None
    run = _run_at(after, account, last)
    if after.state(account.pk, last) in _FIRST:
        held = f"此前已核实连续 {run.proved} 个月第一" if run.proved > 1 else "上一次已核实列第一"
        held += f"，至 {Month.from_index(last).label}"
    else:
        held = f"{Month.from_index(last).label}据报道列第一（未核实）"
    unknown = sum(after.state(account.pk, m) != streaks.SUSPENDED for m in range(last + 1, month))
    gap = f"，其间 {unknown} 个月没有定论" if unknown else ""
    text = (
        f"{change.board.title}{Month.from_index(month).label}：{account.quoted}"
        f"{_place(streaks.NOT_FIRST, listed)}，失去第一；{held}{gap}。"
    )
    key = f"lost_first:{change.board.pk}:{account.pk}:{month}"
    return AlertDraft(LOST_FIRST, key, ALARM, text, month, account.pk)


def tie(
    change: Change, month: int, account: AccountInfo, names: Mapping[int, str] | None = None
) -> AlertDraft | None:
    """并列第一; ``names`` are those of other accounts, to say with whom."""
    if change.after.state(account.pk, month) != streaks.TIED:
        return None
    if change.before.state(account.pk, month) == streaks.TIED:
        return None
    others = [
        (names or {}).get(other, "")
        for other, state in change.after.months[month].of.items()
        if state == streaks.TIED and other != account.pk
    ]
    others = [name for name in others if name]
    partner = f"与“{others[0]}”{'等' if len(others) > 1 else ''}" if others else ""
    text = (
        f"{change.board.title}{Month.from_index(month).label}：{account.quoted}{partner}并列第一，"
        "计入连续月数，另记并列。"
    )
    key = f"tie:{change.board.pk}:{account.pk}:{month}"
    return AlertDraft(TIE, key, WARNING, text, month, account.pk)


def milestones(change: Change, account: AccountInfo, fresh: Sequence[int]) -> list[AlertDraft]:
    """里程碑: a proved run has come to 12, 24, 36 … months, by a new list or by proof for old ones.

    At most one a transaction. Past months that are merely appended reach nothing now.
    """
    known = change.before.last
    if not fresh and (known is None or all(month > known for month in change.months)):
        return []
    now, then = _streaks(change.after, account), _streaks(change.before, account)
    for run, old in zip(now, then, strict=True):
        reached = run.proved // MILESTONE_STEP * MILESTONE_STEP
        if not reached or old.proved >= reached:
            continue
        least = "至少" if run.proved_open_start else ""
        ties = f"（其中并列 {run.proved_ties} 个月）" if run.proved_ties else ""
        text = (
            f"{change.board.title}：{account.quoted}{run.proved_from.label}至"
            f"{run.proved_to.label}已核实{least}连续 {run.proved} 个月列第一{ties}，"
            f"达到 {reached} 个月。"
        )
        key = f"milestone:{change.board.pk}:{account.pk}:{run.proved_from}:{reached}"
        return [AlertDraft(MILESTONE, key, INFO, text, run.proved_to.index, account.pk)]
    return []


def streak_changed(change: Change, account: AccountInfo) -> AlertDraft | None:
    """更正改变连续月数: the months recorded before now say something else.

    The two records are compared up to the last month there was before, so that a new list is no
    correction. Proof for months that were open until now only adds to a streak: that is told when
    a milestone is reached. A run that gets shorter is always told.
    """
    known = change.before.last
    if known is None:
        return None
    after = _up_to(change.after, known)
    changed = [
        month
        for month in sorted(change.months)
        if month <= known
        and change.before.state(account.pk, month) != after.state(account.pk, month)
    ]
    then, now = _streaks(change.before, account), _streaks(after, account, known)
    pairs = [
        pair
        for old, new in zip(then, now, strict=True)
        for pair in zip(_counted(old), _counted(new), strict=True)
    ]
    shrunk = any(new < old for old, new in pairs)
    corrected = any(change.before.state(account.pk, month) in _DEFINITE for month in changed)
    if all(old == new for old, new in pairs) or not (shrunk or corrected):
        return None
    parts = [
        f"{label}由{_lengths(old)}变为{_lengths(new)}"
        for label, old, new in (
            ("当前连续第一", then.current, now.current),
            ("最长连续第一", then.longest, now.longest),
        )
        if _counted(old) != _counted(new)
    ]
    what = _months(changed) + "的名次更正后" if changed else "榜单记录变动后"
    text = f"{change.board.title}{what}，{account.quoted}{'；'.join(parts)}。"
    worst = ALARM if account.ours else WARNING
    level = worst if shrunk else INFO
    key = f"streak:{change.board.pk}:{account.pk}:{change.id}"
    month = changed[0] if changed else None
    return AlertDraft(STREAK_CHANGED, key, level, text, month, account.pk)


def close_competitor(
    change: Change,
    month: int,
    ours: AccountInfo,
    other: AccountInfo,
    margin: Decimal | None,
    standing: tuple[Listed, Listed],
    before: tuple[Listed, Listed] | None,
) -> AlertDraft | None:
    """对手接近: a watched account came past us, or within ``margin`` of our index.

    ``standing`` and ``before`` hold our place and theirs in this list and in the one right before
    it (None when there is none to compare with). Reported places are set against nothing, and only
    exact indexes have a distance.
    """
    mine, theirs = standing
    if mine.reported or theirs.reported:
        return None
    parts = []
    if mine.rank is not None and theirs.rank is not None and theirs.rank < mine.rank:
        known = before is not None and not (before[0].reported or before[1].reported)
        was_behind = (
            known
            and before[0].rank is not None
            and (before[1].rank is not None and before[1].rank > before[0].rank)
        )
        if was_behind:
            parts.append(f"由第 {before[1].rank} 名升到第 {theirs.rank} 名，排到{ours.quoted}之前")
    if margin is not None and mine.index is not None and theirs.index is not None:
        distance = mine.index - theirs.index
        if abs(distance) <= margin:
            side = "低" if distance > 0 else "高" if distance < 0 else ""
            gap = f"{side} {abs(distance)}" if side else "相同"
            parts.append(f"指数 {theirs.index}，比{ours.quoted}的 {mine.index} {gap}")
    if not parts:
        return None
    text = (
        f"{change.board.title}{Month.from_index(month).label}：{other.quoted}{'；'.join(parts)}。"
    )
    key = f"competitor:{change.board.pk}:{other.pk}:{month}"
    return AlertDraft(COMPETITOR, key, WARNING, text, month, other.pk)


# --- words ----------------------------------------------------------------------------------------


def _place(state: str, listed: Listed) -> str:
    """The place in words no stronger than the state."""
    if state == streaks.FIRST:
        return "列第一"
    if state == streaks.TIED:
        return "并列第一"
    if state == streaks.DISPUTED:
        return "的名次各来源说法不一，尚无定论"
    if state == streaks.REPORTED:
        return "据报道列第一（未核实）"
    if listed.rank is not None and listed.reported:
        return f"据报道列第 {listed.rank} 名（未核实）"
    if listed.rank is not None:
        return f"{'并列' if listed.tied else '列'}第 {listed.rank} 名"
    return "不在第一，名次还没有录入" if state == streaks.NOT_FIRST else "的名次还没有录入"


def _streak_words(record: streaks.Record, account: AccountInfo, month: int) -> str:
    run = _run_at(record, account, month)
    if not run.possible or not (run.proved or run.reported):
        return ""
    anew = "；计算方法变了，还没有衔接说明，从这个月重新算起" if month in record.cuts else ""
    return f"，连续第一{_lengths(run)}{anew}"


def _lengths(run: streaks.Run) -> str:
    if run.proved == run.possible:
        return f"已核实 {run.proved} 个月" if run.proved else " 0 个月"
    return f"已核实 {run.proved} 个月（最多可能 {run.possible} 个月）"


def _counted(run: streaks.Run) -> tuple[int, int]:
    """Proved and possible months; a run of which nobody says anything is none."""
    return (run.proved, run.possible) if run.proved or run.reported else (0, 0)


def _months(months: Sequence[int]) -> str:
    labels = [Month.from_index(month).label for month in months[:_LISTED_MONTHS]]
    more = f"等 {len(months)} 个月" if len(months) > _LISTED_MONTHS else ""
    return "、".join(labels) + more


# --- reading the record ---------------------------------------------------------------------------


def _streaks(
    record: streaks.Record, account: AccountInfo, as_of: int | None = None
) -> streaks.Streaks:
    month = None if as_of is None else Month.from_index(as_of)
    return streaks.standings(record, [account.pk], month).streaks[account.pk]


def _run_at(record: streaks.Record, account: AccountInfo, month: int) -> streaks.Run:
    return _streaks(record, account, month).current


def _up_to(record: streaks.Record, last: int) -> streaks.Record:
    return replace(record, months={m: s for m, s in record.months.items() if m <= last})


def _last_known(record: streaks.Record, account: AccountInfo, month: int) -> int | None:
    """The last month before ``month`` whose place is known, if the account was first in it.

    Not across a cut: what began anew has no first place to lose.
    """
    for earlier in range(month - 1, record.first - 1, -1):
        if earlier + 1 in record.cuts:
            return None
        state = record.state(account.pk, earlier)
        if state == streaks.NOT_FIRST:
            return None
        if state in _FIRST or state == streaks.REPORTED:
            return earlier
    return None
