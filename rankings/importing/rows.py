"""Cells to plain rows: every value checked, every fault of a row named. No database."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..figures import ARTICLE_CAP, AT_LEAST, BOUNDS, parse_figure, squeeze
from ..models import Edition, SourceKind, State, Status
from ..periods import Period, PeriodError
from .columns import FIGURE_LABELS, FIGURES, Columns, Lines

BLANKS = frozenset({"", "-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "n/a"})
_YES = frozenset({"1", "是", "y", "yes", "true", "t", "√", "✓", "并列", "tied", "有"})
_NO = BLANKS | {"0", "否", "n", "no", "false", "f", "×", "不并列"}
_RANK = re.compile(r"(并列)?(?:第|no\.?|top)?(\d{1,9})(?:\.0+)?(?:名|位)?[(（]?(并列)?[)）]?", re.I)
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?")
_KEY = re.compile(r"[-A-Za-z0-9_]{1,64}")

STATES = {
    State.RANKED: ("有名次", "上榜", "已上榜"),
    State.ABSENT: ("未上榜", "缺席", "不在榜", "未进榜", "落榜"),
    State.NOT_ISSUED: ("未发布", "停发", "未发榜", "榜单未发布", "notissued"),
    State.UNKNOWN: ("不详", "未知", "不明"),
}
STATUSES = {
    Status.CONFIRMED: ("已核实", "核实", "确认", "已确认"),
    Status.REPORTED: ("据报道", "报道", "未核实", "待核实"),
    Status.PROPOSED: ("待复核",),
    Status.REJECTED: ("已退回", "退回"),
}
SOURCE_KINDS = {
    SourceKind.PUBLISHER: ("发布机构", "发布方", "官方", "主办方"),
    SourceKind.OFFICIAL_REPOST: ("官方转载",),
    SourceKind.MEDIA: ("媒体", "媒体报道", "报纸"),
    SourceKind.MIRROR: ("镜像", "转载", "转载镜像"),
    SourceKind.SELF: ("自述", "本账号", "自己"),
}
EDITIONS = {
    Edition.FINAL: ("正式", "最终", "定稿"),
    Edition.PRELIMINARY: ("初步", "初版", "预发布"),
}
CAPPED = "capped"
_BOUND_WORDS = {
    "exact": ("精确", "准确"),
    "at_least": ("至少", "以上", "≥", "+"),
    "at_most": ("至多", "以下", "≤"),
    "about": ("约", "大约", "左右"),
    CAPPED: ("封顶",),
}

Choice = TypeVar("Choice")


def _lookup(table: dict[Any, tuple[str, ...]]) -> dict[str, Any]:
    known = {}
    for value, words in table.items():
        known[str(value)] = value
        known.update(dict.fromkeys(words, value))
    return known


_STATE_WORDS = _lookup(STATES)
_STATUS_WORDS = _lookup(STATUSES)
_KIND_WORDS = _lookup(SOURCE_KINDS)
_EDITION_WORDS = _lookup(EDITIONS)
_BOUNDS_BY_WORD = _lookup(_BOUND_WORDS)


def state_named(text: str) -> State | None:
    """The state that a word such as 未上榜 means, None for any other text."""
    return _STATE_WORDS.get(squeeze(text).casefold())


@dataclass(slots=True)
class ImportRow:
    """A checked row; ``board`` and ``account`` are still the texts of the file."""

    line: int
    board: str
    period: Period
    account: str
    state: str
    rank: int | None
    tied: bool
    status: str
    source_kind: str
    source_name: str
    source_url: str
    edition: str
    unit: str
    published: dt.date | None
    list_size: int | None
    method: str
    figures: dict[str, dict[str, Any]]
    note: str
    wechat_id: str
    version: int | None
    reason: str
    evidence_sha256: str
    board_key: str = ""
    account_key: str = ""
    rejection: str = ""


@dataclass(slots=True)
class BadRow:
    """A row that cannot be imported, with every reason."""

    line: int
    errors: list[str] = field(default_factory=list)
    place: str = ""

    @property
    def where(self) -> str:
        """第 5 行, or the cell of a wide table."""
        return self.place or f"第 {self.line} 行"

    @property
    def reasons(self) -> str:
        """Every fault in one sentence."""
        return f"{'；'.join(text.rstrip('。') for text in self.errors)}。"

    def __str__(self) -> str:
        return f"{self.where}：{self.reasons}"


class RowReader:
    """Reads the rows of one table.

    ``board`` stands in where the table does not name one, and so does each text in ``defaults``,
    by field, for cells that are blank or missing.
    """

    def __init__(
        self,
        table: Lines,
        columns: Columns,
        board: str = "",
        defaults: Mapping[str, str] | None = None,
    ) -> None:
        self._table = table
        self._columns = columns
        self._defaults = {**(defaults or {}), **({"board": board} if board else {})}
        # Most tables have few of the figures there are.
        known = columns.positions.keys() | self._defaults.keys()
        self._figure_names = [n for n in FIGURES if not known.isdisjoint((n, f"{n}_bound"))]

    def rows(self) -> Iterator[ImportRow | BadRow]:
        """Every row under the heading, checked. Raises ``UnreadableFile``."""
        for line in self._table.lines():
            if line.number <= self._columns.heading_line:
                continue
            cells = {
                name: line.cells[at] if at < len(line.cells) else ""
                for name, at in self._columns.positions.items()
            }
            for name, text in self._defaults.items():
                if not cells.get(name):
                    cells[name] = text
            yield self._row(line.number, cells)

    def _row(self, number: int, cells: dict[str, str]) -> ImportRow | BadRow:
        errors: list[str] = []
        get = cells.get
        period = _period(get("period", ""), errors)
        rank, tied_by_rank = _rank(get("rank", ""), errors)
        state = _choice(_STATE_WORDS, get("state", ""), None, "状态", errors)
        account_key = _key(get("account_key", ""), "公众号编号", errors)
        account = _name(get("account", "")) or account_key
        tied = tied_by_rank or _tied(get("tied", ""), errors)
        if state is None:
            state = State.RANKED if rank is not None else None
        if rank is None and state is None and not errors:
            errors.append("没有名次，也没有写状态（未上榜、未发布或不详）")
        elif rank is None and state == State.RANKED:
            errors.append("状态是有名次，却没有写名次")
        elif rank is not None and state != State.RANKED:
            errors.append("写了名次，状态就不能是未上榜、未发布或不详")
        elif rank is None and tied:
            errors.append("没有名次，不能写并列")
        if state == State.NOT_ISSUED and account:
            errors.append("“未发布”说的是整个榜单，公众号一栏请留空")
        elif state not in (State.NOT_ISSUED, None) and not account:
            errors.append("没有写公众号")
        board_key = _key(get("board_key", ""), "榜单编号", errors)
        board = get("board", "") or board_key
        if not board:
            errors.append("没有写榜单")
        row = ImportRow(
            line=number,
            board=board,
            period=period or _NO_PERIOD,
            account=account,
            state=state or State.UNKNOWN,
            rank=rank,
            tied=tied,
            status=_choice(_STATUS_WORDS, get("status", ""), Status.REPORTED, "核实情况", errors),
            source_kind=_choice(
                _KIND_WORDS, get("source_kind", ""), SourceKind.MEDIA, "来源种类", errors
            ),
            source_name=get("source_name", ""),
            source_url=get("source_url", ""),
            edition=_choice(_EDITION_WORDS, get("edition", ""), Edition.FINAL, "版次", errors),
            unit=get("unit", ""),
            published=_day(get("published", ""), errors),
            list_size=_whole(get("list_size", ""), "公布名次数", errors),
            method=get("method", ""),
            figures=self._figures(cells, errors),
            note=get("note", ""),
            wechat_id=get("wechat_id", ""),
            version=_whole(get("version", ""), "版本号", errors),
            reason=get("reason", ""),
            evidence_sha256=_sha256(get("evidence_sha256", ""), errors),
            board_key=board_key,
            account_key=account_key,
            rejection=get("rejection", ""),
        )
        supersedes = _whole(get("supersedes", ""), "取代版本", errors)
        if supersedes is not None and row.version != supersedes + 1:
            errors.append("新版本只能取代它的前一版，请核对“版本”和“取代版本”两栏")
        return BadRow(number, errors) if errors else row

    def _figures(self, cells: dict[str, str], errors: list[str]) -> dict[str, dict[str, Any]]:
        figures = {}
        for name in self._figure_names:
            text = cells.get(name, "")
            bound = cells.get(f"{name}_bound", "")
            if text.casefold() in BLANKS:
                if bound:
                    errors.append(f"{FIGURE_LABELS[name]}写了界限，却没有数值")
                continue
            figure = parse_figure(
                text,
                single_article=name == "max_reads",
                factor=self._columns.factors.get(name, 1),
            )
            if figure is None or figure.value < 0:
                errors.append(f"看不懂{FIGURE_LABELS[name]}“{text[:20]}”")
                continue
            kind, capped = figure.bound, figure.capped
            if bound:
                kind = _BOUNDS_BY_WORD.get(squeeze(bound).casefold())
                if kind is None:
                    errors.append(
                        f"看不懂{FIGURE_LABELS[name]}的界限“{bound[:20]}”，"
                        f"可写：{'、'.join(BOUNDS)}"
                    )
                    continue
                # The ceiling of one article needs no word of its own where it is plain.
                capped = kind == CAPPED or (
                    name == "max_reads" and kind == AT_LEAST and figure.value == ARTICLE_CAP
                )
                kind = AT_LEAST if kind == CAPPED else kind
            figures[name] = {
                "value": figure.value,
                "bound": kind,
                "capped": capped,
                "raw": cells.get(f"{name}_raw", "") or figure.raw,
            }
        return figures


_NO_PERIOD = Period(dt.date(2000, 1, 1), dt.date(2000, 1, 1))


def _period(text: str, errors: list[str]) -> Period | None:
    if not text:
        errors.append("没有写统计期")
        return None
    try:
        return Period.parse(text)
    except PeriodError as error:
        errors.append(str(error))
        return None


def _rank(text: str, errors: list[str]) -> tuple[int | None, bool]:
    """The rank and whether the cell itself says 并列."""
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text):
        return int(text), False
    plain = squeeze(text)
    if plain.casefold() in BLANKS:
        return None, False
    match = _RANK.fullmatch(plain)
    if match is None or not int(match[2]):
        errors.append(f"名次“{text[:20]}”不是 1 以上的整数")
        return None, False
    return int(match[2]), bool(match[1] or match[3])


def _tied(text: str, errors: list[str]) -> bool:
    plain = text.casefold()
    if plain in _YES:
        return True
    if plain not in _NO:
        errors.append(f"看不懂并列一栏的“{text[:20]}”，请写 是 或 否")
    return False


def _choice(words: dict[str, Choice], text: str, blank: Any, label: str, errors: list[str]) -> Any:
    if not text:
        return blank
    value = words.get(text) or words.get(squeeze(text).casefold())
    if value is None:
        options = "、".join(dict.fromkeys(str(each.label) for each in words.values()))
        errors.append(f"看不懂{label}“{text[:20]}”，可写：{options}")
        return blank
    return value


def _whole(text: str, label: str, errors: list[str]) -> int | None:
    if not text:
        return None
    plain = squeeze(text)
    if plain.casefold() in BLANKS:
        return None
    match = _WHOLE.fullmatch(plain)
    if match is None or not int(match[1]):
        errors.append(f"{label}“{text[:20]}”不是 1 以上的整数")
        return None
    return int(match[1])


def _day(text: str, errors: list[str]) -> dt.date | None:
    if text.casefold() in BLANKS:
        return None
    try:
        period = Period.parse(text)
    except PeriodError:
        period = None
    if period is None or period.start != period.end:
        errors.append(f"发布日期“{text[:20]}”应写成 2019-09-17 这样的日期")
        return None
    return period.start


def _sha256(text: str, errors: list[str]) -> str:
    plain = text.casefold()
    if plain and not re.fullmatch(r"[0-9a-f]{64}", plain):
        errors.append("存证校验值应为 64 位十六进制数")
    return plain


def _key(text: str, label: str, errors: list[str]) -> str:
    if text and not _KEY.fullmatch(text):
        errors.append(f"{label}“{text[:20]}”只能有英文字母、数字和连字符")
        return ""
    return text


def _name(text: str) -> str:
    """A name as printed, less the quotes and @ around it."""
    return text.strip(' \u3000"“”「」『』《》@')
