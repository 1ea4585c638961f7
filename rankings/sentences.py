"""The Chinese sentence of a streak.

Wordings follow docs/streak-rules.md §3: proved, partial and reported. A reported month is never
worded as proved, months without any word are never counted as a row, and a proved run that begins
where the record does says 至少 (docs/streak-rules.md §2, case 18).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .periods import Month
from .streaks import Run

# More months than this are counted, not listed.
LISTED_MONTHS = 3


class Proof(StrEnum):
    """How far a sentence is proved."""

    PROVED = "proved"
    PARTIAL = "partial"
    REPORTED = "reported"
    NONE = "none"


class ChangeKind(StrEnum):
    """What changed about a board while its series went on by a written link."""

    NAME = "name"
    METHOD = "method"


@dataclass(frozen=True, slots=True)
class Change:
    """A linked renaming or change of method; ``month`` (``Month.index``) is the first one after it.

    ``before`` and ``after`` are names without book-title marks, or labels of methods.
    """

    month: int
    kind: ChangeKind
    before: str
    after: str

    @property
    def words(self) -> str:
        """What a sentence must add when its run crosses the change (case 4)."""
        if self.kind == ChangeKind.METHOD:
            return f"期间榜单计算方法由 {self.before} 改为 {self.after}"
        if self.before == self.after:
            return f"期间榜单由另一份同名榜单《{self.after}》接续"
        return f"期间榜单由《{self.before}》改名为《{self.after}》"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What may be said, and how far it is proved."""

    proof: Proof
    text: str


def proof_of(run: Run) -> Proof:
    """Whether all of a run is confirmed, a part of it, or it is only reported.

    The longest proved run may lie outside the longest possible one; then it stands for itself.
    """
    if run.proved and (run.proved == run.possible or not _within(run)):
        return Proof.PROVED
    if run.confirmed:
        return Proof.PARTIAL
    return Proof.REPORTED if run.reported else Proof.NONE


def _within(run: Run) -> bool:
    return run.start <= run.proved_from and run.proved_to <= run.end


def streak_sentence(
    run: Run,
    *,
    board: str,
    publisher: str,
    account: str,
    scope: str = "",
    sources: Sequence[str] = (),
    changes: Sequence[Change] = (),
) -> Sentence:
    """The sentence of ``run``.

    ``board`` without book-title marks, ``scope`` such as 县级, ``sources`` the sources of the
    reported months with their dates (株洲日报2019年9月17日), in the order to be named. Of
    ``changes`` those are told that the run crosses.
    """
    proof = proof_of(run)
    where = f"《{board}》（{publisher}）" if publisher else f"《{board}》"
    place = f"列{scope.removesuffix('榜')}榜第一" if scope else "列第一"
    who = f"“{account}”"
    if proof == Proof.NONE:
        return Sentence(proof, f"现存资料不能说明{who}在{where}列第一。")
    named = "、".join(dict.fromkeys(sources)) or "有关方面"
    if proof == Proof.PROVED:
        crossed = _crossed(changes, run.proved_from, run.proved_to)
    else:
        crossed = _crossed(changes, run.start, run.end)
    if proof == Proof.REPORTED:
        return Sentence(proof, _reported(run, who, where, place, named, crossed))
    if proof == Proof.PROVED or (run.proved and not run.reported):
        text = f"据{where}逐月公布结果，{who}{_proved(run, place)}"
        if proof == Proof.PARTIAL:
            text += f"；若{_months(run.unknown)}补证，则为连续{run.possible}个月"
        return Sentence(proof, f"{text}{crossed}。")
    if not run.unknown:
        text = (
            f"据{named}报道，{who}在{where}{_bounds(run.start, run.end)}{_row(run.possible)}"
            f"{place}{_aside(run.ties, run.suspended)}；现存证据可核实其中{run.confirmed}个月，"
            f"其余{run.possible - run.confirmed}个月待补{crossed}。"
        )
        return Sentence(proof, text)
    reported = f"据{named}报道的有{run.reported}个月，" if run.reported else ""
    text = (
        f"{who}在{where}{_bounds(run.start, run.end)}的{run.possible}个月里，现存证据可核实"
        f"{place}的有{run.confirmed}个月，{reported}没有定论的有{len(run.unknown)}个月，"
        f"尚不能说明是否连续{crossed}。"
    )
    return Sentence(proof, text)


def _crossed(changes: Sequence[Change], start: Month | None, end: Month | None) -> str:
    """The words of the changes between two months of a run, a comma before each."""
    if start is None or end is None:
        return ""
    told = [change.words for change in changes if start.index < change.month <= end.index]
    return "".join(f"，{words}" for words in dict.fromkeys(told))


def _reported(run: Run, who: str, where: str, place: str, named: str, crossed: str) -> str:
    span = f"{who}在{where}{_bounds(run.start, run.end)}"
    aside = _aside(0, run.suspended)
    if not run.unknown:
        row = f"{_row(run.possible)}{place}{aside}{crossed}"
        return f"据{named}报道，{span}{row}（本系统未逐月核实）。"
    return (
        f"据{named}报道，{span}有{run.reported}个月{place}{aside}，另有{len(run.unknown)}个月"
        f"没有定论，不能说明是否连续{crossed}（本系统未逐月核实）。"
    )


def _proved(run: Run, place: str) -> str:
    at_least = "至少" if run.proved_open_start and run.proved > 1 else ""
    return (
        f"{_bounds(run.proved_from, run.proved_to)}{at_least}{_row(run.proved)}{place}"
        f"{_aside(run.proved_ties, run.proved_suspended)}"
    )


def _bounds(start: Month | None, end: Month | None) -> str:
    if start is None or end is None:
        return ""
    return start.label if start == end else f"{start.label}至{end.label}"


def _row(months: int) -> str:
    """One month is no row."""
    return f"连续{months}个月" if months > 1 else ""


def _aside(ties: int, suspended: Sequence[Month]) -> str:
    parts = []
    if ties:
        parts.append(f"其中并列{ties}个月")
    if suspended:
        parts.append(f"其间榜单停发{len(suspended)}期，不计入")
    return f"（{'，'.join(parts)}）" if parts else ""


def _months(months: Sequence[Month]) -> str:
    if len(months) <= LISTED_MONTHS:
        return "、".join(month.label for month in months)
    return f"其余{len(months)}个月"
