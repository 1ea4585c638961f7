"""Which months are at risk, and which paper each of them lacks. Pure over the strip's cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .. import streaks
from ..models import Observation, SourceKind, State, Status
from ..periods import Month
from ..reports import MonthCell, span

ORIGINAL = "缺榜单原件"
# Sources by whose word a month may be confirmed, but which only repeat what the publisher printed.
_SECOND_HAND = frozenset({SourceKind.MEDIA, SourceKind.MIRROR})
_KIND_WORDS = {
    SourceKind.PUBLISHER: "榜单",
    SourceKind.OFFICIAL_REPOST: "转载",
    SourceKind.MEDIA: "报道",
    SourceKind.MIRROR: "镜像",
    SourceKind.SELF: "自述",
}
# More sources than this are counted, not listed.
LISTED = 3


@dataclass(frozen=True, slots=True)
class Need:
    """What one month lacks. ``open`` months do not count as proved; the others rest on little.

    ``have`` names what there is (株洲当地报纸 2019-09-17 报道), ``in_run`` says that the month is
    part of the current possible run.
    """

    cell: MonthCell
    lacks: str
    have: str
    # The same without dates: monthly lists of one publisher are one source.
    sources: str
    open: bool
    in_run: bool

    @property
    def month(self) -> Month:
        return self.cell.month

    @property
    def sentence(self) -> str:
        """2018年3月：缺榜单原件（现有：株洲当地报纸 2019-09-17 报道）。"""
        return f"{self.month.label}：{self.lacks}（现有：{self.have}）。"


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """Months that lack the same and have the same, earliest first."""

    lacks: str
    have: str
    open: bool
    in_run: bool
    needs: tuple[Need, ...]

    @property
    def spans(self) -> str:
        """2017年9月至2018年2月、2018年4月."""
        months = [need.month for need in self.needs]
        starts = [months[0], *(later for one, later in pairwise(months) if later - one != 1)]
        ends = [*(one for one, later in pairwise(months) if later - one != 1), months[-1]]
        return "、".join(span(start, end) for start, end in zip(starts, ends, strict=True))


def needs_of(cells: Iterable[MonthCell], run: streaks.Run) -> list[Need]:
    """What the months lack for a defence of first place, in order; ``run`` is the current one."""
    found = []
    for cell in cells:
        lack = _lack(cell)
        if lack is not None:
            in_run = run.start is not None and run.start <= cell.month <= run.end
            have, sources = _have(cell, dated=True), _have(cell, dated=False)
            found.append(Need(cell, lack, have, sources, cell.state in "R?D", in_run))
    return found


def group_needs(needs: Sequence[Need]) -> list[NeedGroup]:
    """Those that count as open first, the current run before earlier months, large groups first."""
    groups: dict[tuple[str, str, bool, bool], list[Need]] = {}
    for need in needs:
        groups.setdefault((need.lacks, need.sources, need.open, need.in_run), []).append(need)
    found = []
    for (lacks, sources, is_open, in_run), each in groups.items():
        same = all(need.have == each[0].have for need in each)
        have = each[0].have if same else sources
        found.append(NeedGroup(lacks, have, is_open, in_run, tuple(each)))
    found.sort(key=lambda group: (not group.open, not group.in_run, -len(group.needs)))
    return found


def _lack(cell: MonthCell) -> str | None:
    """What a month lacks; None for a month that is lost or well proved."""
    if cell.state == streaks.REPORTED:
        return ORIGINAL
    if cell.state == streaks.DISPUTED:
        return "来源互相矛盾，缺更高一级来源的榜单原件"
    if cell.state == streaks.UNKNOWN:
        rows = _counted(cell)
        if any(_confirmed(row) and row.state == State.ABSENT for row in rows):
            return "缺能看到第一名是谁的完整榜单"
        return ORIGINAL
    if cell.state == streaks.NOT_FIRST:
        return None
    speaking = _speaking(cell)
    if not any(row.capture_id for row in speaking):
        what = "停发" if cell.state == streaks.SUSPENDED else "榜单原件"
        return f"已核实但没有存证，缺{what}的存证"
    if cell.state != streaks.SUSPENDED and all(row.source_kind in _SECOND_HAND for row in speaking):
        return "只凭转述核实，缺发布机构的榜单原件"
    return None


def _counted(cell: MonthCell) -> list[Observation]:
    counted = (Status.CONFIRMED, Status.REPORTED)
    return [row for row in cell.observations if row.is_current and row.status in counted]


def _confirmed(row: Observation) -> bool:
    return row.status == Status.CONFIRMED and row.source_kind != SourceKind.SELF


def _speaking(cell: MonthCell) -> list[Observation]:
    """The confirmed statements that the state of a proved month rests on."""
    rows = [row for row in _counted(cell) if _confirmed(row)]
    if cell.state == streaks.SUSPENDED:
        return [row for row in rows if row.state == State.NOT_ISSUED]
    return [row for row in rows if row.rank == 1]


def _have(cell: MonthCell, *, dated: bool) -> str:
    """The sources there are: 株洲当地报纸 2019-09-17 报道."""
    words = []
    for row in _counted(cell):
        parts = [row.source_name or row.get_source_kind_display()]
        if dated and row.published:
            parts.append(row.published.isoformat())
        parts.append(_KIND_WORDS[SourceKind(row.source_kind)])
        text = " ".join(parts)
        if cell.state in (streaks.DISPUTED, streaks.UNKNOWN):
            text += f"说{row.standing}"
        words.append(text)
    named = list(dict.fromkeys(words))
    if not named:
        return "没有任何资料"
    shown = "；".join(named[:LISTED])
    return shown if len(named) <= LISTED else f"{shown}等{len(named)}个来源"
