"""When may one say 首个, 唯一 or 全省第一? Pure functions over plain values.

A superlative speaks of everybody else, so it needs the full board of every month it looks at
(docs/streak-rules.md §2, case 19). What stands against it is listed; nothing is guessed in its
favour: another account counts with its *possible* run, reports and unknown months included.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from .. import streaks
from ..periods import Month

FIRST_EVER, ONLY, WHOLE_PROVINCE = "first_ever", "only", "whole_province"
LABELS = {FIRST_EVER: "首个", ONLY: "唯一", WHOLE_PROVINCE: "全省第一"}

_COUNTED = frozenset(
    {streaks.FIRST, streaks.TIED, streaks.REPORTED, streaks.UNKNOWN, streaks.DISPUTED}
)
# A scope with one of these words is narrower than the province.
_NARROWER = (
    *"县市区州乡镇街村类",
    "部门",
    "系统",
    "行业",
    "机构",
    "单位",
    "高校",
    "学校",
    "医院",
    "公安",
    "检察",
    "法院",
    "税务",
)


@dataclass(frozen=True, slots=True)
class MonthList:
    """The confirmed places of one month from its heaviest source.

    ``places`` are (rank, tied) in any order, ``sizes`` the list sizes its rows state,
    ``board_size`` the board's own: either tells that the list was cut after N.
    """

    places: tuple[tuple[int, bool], ...] = ()
    sizes: frozenset[int] = frozenset()
    board_size: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A run of ``length`` months from ``start`` to ``end`` (indexes) and what surrounds it.

    ``states`` are its letters. ``first`` and ``last`` bound the board's record, ``first_issue`` is
    the month of its first list where that is known. ``lists`` holds every recorded month,
    ``suspended`` those that were not issued. ``rivals`` maps the other accounts' names to their
    letters from ``first`` on.
    """

    start: int
    end: int
    length: int
    states: str
    first: int
    last: int
    first_issue: int | None
    board: str
    scope: str
    lists: Mapping[int, MonthList]
    suspended: Collection[int]
    rivals: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Objection:
    """What stands against a superlative; ``start`` and ``end`` are None when it is no month."""

    start: int | None
    end: int | None
    message: str

    def __str__(self) -> str:
        if self.start is None:
            return self.message
        first = Month.from_index(self.start).label
        if self.start == self.end:
            return f"{first}：{self.message}"
        return f"{first}至{Month.from_index(self.end).label}：{self.message}"


def objections(kind: str, case: Case) -> list[Objection]:
    """Everything that stands against saying ``kind`` of the run; empty when it may be said."""
    if kind == FIRST_EVER:
        return _first_ever(case)
    if kind == ONLY:
        return [*_gaps(case, range(case.first, case.last + 1)), *_rivals(case, case.last)]
    if kind == WHOLE_PROVINCE:
        return _whole_province(case)
    raise ValueError(f"No such superlative: {kind!r}")


def clause(kind: str, case: Case) -> str:
    """What is added to the sentence before its full stop."""
    row = f"连续{case.length}个月列第一的公众号"
    if kind == FIRST_EVER:
        return f"，是该榜{Month.from_index(case.first_issue).label}创办以来首个{row}"
    if kind == ONLY:
        first, last = Month.from_index(case.first).label, Month.from_index(case.last).label
        return f"，是该榜{first}至{last}唯一{row}"
    return "，每月均为全省第一"


def added(sentence: str, clause: str) -> str:
    """The sentence with a clause before its full stop."""
    return f"{sentence.removesuffix('。')}{clause}。" if clause else sentence


def not_full(month: MonthList) -> str:
    """Why a month's list is not the full board, as a Chinese sentence; ``""`` when it is.

    Full are all places from the first to the last in competition ranking (1, 1, 3), of a list
    that was not cut.
    """
    if not month.places:
        return "没有已核实的名次"
    count = len(month.places)
    if month.board_size is not None:
        return f"榜单只公布前{month.board_size}名，不是全榜"
    if cut := [size for size in month.sizes if size != count]:
        return f"榜单公布{max(cut)}名，只录有{count}名"
    expected = 1
    for rank, places in groupby(sorted(month.places), key=lambda place: place[0]):
        group = list(places)
        if rank != expected:
            return f"缺第{expected}名" if rank > expected else f"第{rank}名多出{len(group)}个"
        if len(group) > 1 and not all(tied for _, tied in group):
            return f"第{rank}名有{len(group)}个，没有注明并列"
        expected += len(group)
    return ""


def reached(letters: str, length: int) -> int | None:
    """The position at which a possible run first counts ``length`` months; None for never."""
    count = 0
    for position, letter in enumerate(letters):
        if letter in _COUNTED:
            count += 1
            if count == length:
                return position
        elif letter != streaks.SUSPENDED:
            count = 0
    return None


def covers_province(board: str, scope: str) -> bool:
    """Whether the board's scope says that it ranks the whole province and nothing less."""
    told = scope or board
    return "全省" in told and not any(word in told for word in _NARROWER)


def _first_ever(case: Case) -> list[Objection]:
    found = []
    if case.first_issue is None:
        found.append(Objection(None, None, "不知道榜单从哪个月办起，请先在榜单里填写首期统计月。"))
    elif case.first > case.first_issue:
        found.append(Objection(case.first_issue, case.first - 1, "榜单已经创办，没有记录"))
    return [*found, *_gaps(case, range(case.first, case.end + 1)), *_rivals(case, case.end)]


def _whole_province(case: Case) -> list[Objection]:
    found = []
    if not covers_province(case.board, case.scope):
        told = f"榜单的范围是“{case.scope}”" if case.scope else "榜单没有写明范围是全省"
        honest = f"可以写“列{case.scope.removesuffix('榜')}榜第一”" if case.scope else "请照榜单写"
        found.append(Objection(None, None, f"{told}，不能说全省第一；{honest}。"))
    found += _grouped(
        (month, "并列第一，不能说全省第一" if letter == streaks.TIED else "没有核实列第一")
        for month, letter in enumerate(case.states, start=case.start)
        if letter not in (streaks.FIRST, streaks.SUSPENDED)
    )
    return [*found, *_gaps(case, range(case.start, case.end + 1))]


def _gaps(case: Case, months: Iterable[int]) -> list[Objection]:
    """The months whose list is not full."""
    return _grouped(
        (month, reason)
        for month in months
        if month not in case.suspended and (reason := not_full(case.lists.get(month, MonthList())))
    )


def _grouped(reasons: Iterable[tuple[int, str]]) -> list[Objection]:
    """Neighbouring months with one reason are told as one."""
    found: list[Objection] = []
    for month, reason in reasons:
        last = found[-1] if found else None
        if last is not None and last.message == reason and last.end == month - 1:
            found[-1] = Objection(last.start, month, reason)
        else:
            found.append(Objection(month, month, reason))
    return found


def _rivals(case: Case, until: int) -> list[Objection]:
    """The other accounts that reached the length by ``until``, or may have."""
    found = []
    span = until - case.first + 1
    for name, letters in sorted(case.rivals.items()):
        at = reached(letters[:span], case.length)
        if at is not None:
            month = case.first + at
            run = _letters_of(letters, at, case.length)
            sure = all(letter in (streaks.FIRST, streaks.TIED) for letter in run)
            words = "已经" if sure else "可能已经"
            found.append(Objection(month, month, f"“{name}”{words}连续{case.length}个月列第一"))
    return found


def _letters_of(letters: str, at: int, length: int) -> Sequence[str]:
    """The counted letters of the run that reached ``length`` at position ``at``."""
    counted = [letter for letter in letters[: at + 1] if letter in _COUNTED]
    return counted[-length:]
