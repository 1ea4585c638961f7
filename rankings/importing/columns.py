"""Headings to fields: the documented names and what tables in the wild call them."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from ..resolve import matching_form
from .reading import Line

FIGURES = (
    "index",
    "articles",
    "posts",
    "reads",
    "headline_reads",
    "average_reads",
    "max_reads",
    "likes",
    "looks",
    "shares",
)
FIGURE_LABELS = {
    "index": "指数",
    "articles": "发布篇数",
    "posts": "发布次数",
    "reads": "总阅读数",
    "headline_reads": "头条阅读数",
    "average_reads": "平均阅读数",
    "max_reads": "最高阅读数",
    "likes": "点赞数",
    "looks": "在看数",
    "shares": "转发数",
}
PLAIN = {
    "board": ("榜单", "榜单名称", "榜名"),
    "period": ("统计期", "期", "月份", "统计月份", "期次", "时间", "统计时间"),
    "account": (
        "公众号", "微信公众号", "微信名称", "公众号名称", "账号", "账号名称", "帐号", "名称",
    ),
    "rank": ("排名", "名次", "位次", "序号", "#"),
    "tied": ("并列", "是否并列"),
    "state": ("状态", "上榜情况"),
    "status": ("核实情况", "核实", "核实状态", "是否核实"),
    "source_name": ("来源", "来源名称", "信源", "出处"),
    "source_url": ("来源网址", "网址", "链接", "来源链接", "url"),
    "note": ("备注", "说明", "注"),
    "source_kind": ("来源种类", "来源类型"),
    "edition": ("版次",),
    "published": ("发布日期", "公布日期"),
    "list_size": ("公布名次数", "榜单长度"),
    "method": ("计算方法", "方法", "算法"),
    "wechat_id": ("微信号", "公众号id", "id"),
    "unit": ("单位", "主体", "运营主体", "主办单位", "主管单位", "主体单位"),
    "version": ("版本", "版本号"),
    "supersedes": ("取代版本", "取代"),
    "reason": ("更正理由", "理由"),
    "evidence_sha256": ("存证", "存证sha256", "存证校验值"),
    "board_key": ("榜单编号",),
    "account_key": ("公众号编号",),
    "rejection": ("退回理由",),
}  # fmt: skip
_FIGURE_SYNONYMS = {
    "index": (
        "wci", "wci指数", "微信传播指数", "新榜指数", "综合得分", "综合指数", "影响力指数", "指数",
    ),
    "articles": (
        "发布篇数", "篇数", "文章数", "文章总数", "发文", "发文数", "发文量", "发布数",
    ),
    "posts": ("发布次数", "推送次数"),
    "reads": ("总阅读数", "阅读总数", "阅读总量", "总阅读量", "总阅读", "阅读数", "阅读量"),
    "headline_reads": ("头条阅读", "头条阅读数", "头条总阅读数"),
    "average_reads": ("平均阅读", "平均阅读数", "篇均阅读", "篇均阅读数"),
    "max_reads": ("最高阅读", "最高阅读数", "最大阅读", "最大阅读数", "单篇最高阅读"),
    "likes": ("点赞", "点赞数", "点赞总数", "总点赞数"),
    "looks": ("在看", "在看数", "在看总数", "总在看数"),
    "shares": ("转发", "转发数", "转发总数"),
}  # fmt: skip
_SUFFIXES = {"bound": "界限", "raw": "原文"}
# A heading is looked for this far down: tables often carry a title above it.
HEADING_LINES = 10
_UNIT = re.compile(r"[(（](万|w)?[次篇点分个]*[)）]")


class UnusableTable(ValueError):
    """The headings do not allow an import; the message is a Chinese sentence."""


def _heading_form(text: str) -> str:
    plain = _UNIT.sub("", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"\s+", "", matching_form(plain))


def _known() -> dict[str, str]:
    known = {}
    for name, synonyms in {**PLAIN, **_FIGURE_SYNONYMS}.items():
        for text in (name, name.replace("_", ""), *synonyms):
            known[text] = name
    for name, label in FIGURE_LABELS.items():
        for suffix, word in _SUFFIXES.items():
            known[f"{name}_{suffix}"] = f"{name}_{suffix}"
            known[f"{label}{word}"] = f"{name}_{suffix}"
    return known


KNOWN = _known()


def field_of(text: str) -> str | None:
    """The field that a heading names, None for an unknown heading."""
    return KNOWN.get(_heading_form(text)) if text else None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands. ``factors`` holds the unit of a figure's column, 10000 for (万)."""

    heading_line: int
    positions: dict[str, int]
    factors: dict[str, int]
    ignored: list[str]

    def cell(self, line: Line, name: str) -> str:
        """The text of a field, ``""`` where the column or the cell is missing."""
        at = self.positions.get(name)
        return line.cells[at] if at is not None and at < len(line.cells) else ""

    @property
    def given(self) -> frozenset[str]:
        return frozenset(self.positions)


class Lines(Protocol):
    """What columns are looked for in: a table, or a wide one read as a long one."""

    def lines(self) -> Iterator[Line]: ...

    def where(self, number: int) -> str: ...


def match(
    table: Lines, *, board_given: bool = False, given: Collection[str] = frozenset()
) -> Columns:
    """Find the heading line and the columns.

    ``board_given`` allows a table without a board column; ``given`` names fields that need no
    column because a form says them once for all rows. Raises ``UnusableTable`` naming what is
    missing, or two columns of one meaning, and ``UnreadableFile``.
    """
    given = {*given, "board"} if board_given else set(given)
    best: Columns | None = None
    for seen, line in enumerate(table.lines()):
        if seen == HEADING_LINES:
            break
        columns = _columns(line)
        if best is None or len(columns.positions) > len(best.positions):
            best = columns
        if not _missing(columns, given):
            return columns
    missing = _missing(best, given) if best is not None else ["period"]
    raise UnusableTable(
        f"缺少这些列：{'、'.join(missing)}。第一行应为列名，例如 board、period、account、rank"
        "（或 榜单、统计期、公众号、名次）。"
    )


def _columns(line: Line) -> Columns:
    positions: dict[str, int] = {}
    factors: dict[str, int] = {}
    ignored = []
    for at, text in enumerate(line.cells):
        if not text:
            continue
        name = field_of(text)
        if name is None:
            ignored.append(text)
            continue
        if name in positions:
            other = line.cells[positions[name]]
            raise UnusableTable(f"“{other}”和“{text}”是同一种内容的两列，请只留一列。")
        positions[name] = at
        if name in FIGURES and re.search(r"[(（](万|w)", text.casefold()):
            factors[name] = 10_000
    return Columns(line.number, positions, factors, ignored)


def _missing(columns: Columns, given: Collection[str]) -> list[str]:
    there = {*columns.positions, *given}
    wanted = (
        ({"board", "board_key"}, "board（榜单）"),
        ({"period"}, "period（统计期）"),
        ({"account", "account_key"}, "account（公众号）"),
        ({"rank", "state"}, "rank（名次）"),
    )
    return [label for names, label in wanted if not names & there]


def labels(names: Iterable[str]) -> list[str]:
    """What people call these fields."""
    return [FIGURE_LABELS.get(name) or PLAIN.get(name, (name,))[0] for name in names]
