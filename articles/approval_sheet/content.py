"""What stands on a 发布审批单, as plain values, and the words it is printed in.

Pure: nothing here asks the database. `reading.sheet` fills the values in, `rows` words them once
for the page and for Word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..review.stages import Dimension
from ..timeline.sentences import moment_words

OPEN = "未完成"
NONE = "无"
ANSWERS = {"yes": "是", "no": "否", "na": "不适用"}


@dataclass(frozen=True)
class Source:
    name: str
    url: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Answer:
    """One answered question; ``answer`` is yes, no or na."""

    text: str
    answer: str
    note: str = ""
    is_secrecy: bool = False


@dataclass(frozen=True)
class Fact:
    """One fact of the text that a reviewer looked up."""

    text: str
    source: str = ""
    checked: bool = False
    false_find: bool = False


@dataclass(frozen=True)
class Opinion:
    """An approval of exactly this text. ``deputy_for`` is the name of the one it stands for."""

    dimension: str
    person: str
    at: datetime
    text: str = ""
    deputy_for: str = ""
    slips: int | None = None
    answers: Sequence[Answer] = ()
    facts: Sequence[Fact] = ()

    @property
    def signed(self) -> str:
        """Name and time, as they stand under the opinion."""
        in_place = f"（代{self.deputy_for}）" if self.deputy_for else ""
        return f"{self.person}{in_place}　{moment_words(self.at)}"


@dataclass(frozen=True)
class Urgent:
    """特急: who asked, who agreed, why, and by when the three reviews had to follow."""

    reason: str
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    review_due_at: datetime | None
    status: str


@dataclass(frozen=True)
class Push:
    """The push that carries the text to WeChat; ``place`` counts from 1, the headline."""

    title: str
    place: int
    approved_by: str = ""
    approved_at: datetime | None = None
    go_live_at: datetime | None = None
    sent_at: datetime | None = None
    address: str = ""


@dataclass(frozen=True)
class Note:
    """A correction or a withdrawal: what was said, by whom, when."""

    text: str
    people: str
    at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """The 发布审批单 of one saved draft. ``number`` counts the drafts of the article from 1.

    ``opinions`` are approvals of this very digest and of no other; ``newer`` is the number of the
    latest draft when that is not this one.
    """

    title: str
    kind: str
    column: str
    author: str
    writers: Sequence[str]
    editor_in_charge: str
    number: int
    saved_at: datetime
    digest: str
    newer: int | None = None
    is_machine_made: bool = False
    sources: Sequence[Source] = ()
    opinions: Sequence[Opinion] = ()
    address: str = ""
    original_address: str = ""
    is_imported: bool = False
    scheduled_for: datetime | None = None
    published_at: datetime | None = None
    published_by: str = ""
    urgent: Urgent | None = None
    push: Push | None = None
    corrections: Sequence[Note] = ()
    withdrawals: Sequence[Note] = ()

    @property
    def by_dimension(self) -> dict[str, Opinion]:
        return {opinion.dimension: opinion for opinion in self.opinions}

    @property
    def missing(self) -> list[str]:
        """The reviews that this text has not passed."""
        return [d.label for d in Dimension if d.value not in self.by_dimension]

    @property
    def is_complete(self) -> bool:
        """Whether all three reviews stand behind the text and it is public."""
        return not self.missing and self.published_at is not None


@dataclass(frozen=True)
class Cell:
    """One field of the sheet; ``signed`` stands at the right below, ``is_open`` marks a gap."""

    label: str
    lines: Sequence[str]
    signed: str = ""
    is_open: bool = False


# One row of the sheet holds one wide field or two narrow ones.
Row = tuple[Cell, ...]


def heading(sheet: Sheet) -> list[str]:
    """What the sheet says of itself above the table: how far the text has come."""
    said = []
    if sheet.is_imported:
        said.append("历史导入：文章在使用本系统之前已经发布，没有经过本系统的三审。")
    elif sheet.urgent and sheet.missing:
        said.append(f"特急发布，三审未补完：还差{'、'.join(sheet.missing)}审核。")
    elif sheet.missing:
        said.append(f"未完成：还差{'、'.join(sheet.missing)}审核。")
    elif sheet.published_at is None:
        said.append("未完成：三审已通过，还没有发布。")
    else:
        said.append("三审已完成，已发布。")
    if sheet.newer:
        said.append(
            f"这是第{sheet.number}稿，不是最新的一稿（第{sheet.newer}稿）。本单只说这一稿。"
        )
    if sheet.withdrawals:
        said.append("本文有撤稿记录，见下。")
    return said


def rows(sheet: Sheet) -> list[Row]:
    """The table of the sheet, top to bottom. Texts are plain: whoever prints them escapes them."""
    found: list[Row] = [
        (Cell("标题", [sheet.title]),),
        (Cell("体裁", [sheet.kind]), Cell("栏目", [sheet.column])),
        (_names("署名", [sheet.author]), _names("撰稿", sheet.writers)),
        (
            _names("责任编辑", [sheet.editor_in_charge]),
            Cell("版本", [f"第{sheet.number}稿", f"{moment_words(sheet.saved_at)}保存"]),
        ),
        (_sources(sheet.sources),),
        *((_opinion(sheet, dimension),) for dimension in Dimension),
        (_facts(sheet),),
        (_secrecy(sheet),),
        (_slips(sheet),),
    ]
    if sheet.urgent:
        found.append((_urgent(sheet.urgent),))
    found.append((_channels(sheet),))
    found.append((_scheduled(sheet), _published(sheet)))
    found += [(_notes(label, notes),) for label, notes in _happened(sheet)]
    if sheet.is_machine_made:
        found.append((Cell("标明", ["含人工智能生成内容，公开页面已按规定标明。"]),))
    found.append((Cell("内容摘要值", [sheet.digest]),))
    return found


def file_name(sheet: Sheet, day: date) -> str:
    """``发布审批单-标题-2026-11-23.docx``, without what file systems do not take."""
    title = "".join(
        each for each in sheet.title if each.isprintable() and each not in '\\/:*?"<>|'
    ).strip(". ")
    return f"发布审批单-{title[:40] or '无题'}-{day.isoformat()}.docx"


def _names(label: str, names: Iterable[str]) -> Cell:
    said = [name for name in names if name]
    return Cell(label, ["、".join(said)]) if said else Cell(label, [OPEN], is_open=True)


def _open(label: str) -> Cell:
    return Cell(label, [OPEN], is_open=True)


def _sources(sources: Sequence[Source]) -> Cell:
    if not sources:
        return Cell("信源", ["没有写信源"], is_open=True)
    lines = []
    for number, source in enumerate(sources, start=1):
        day = f"（{source.day.year}年{source.day.month}月{source.day.day}日）" if source.day else ""
        lines.append(f"{number}．{source.name}{day}{'　' + source.url if source.url else ''}")
    return Cell("信源", lines)


def _opinion(sheet: Sheet, dimension: Dimension) -> Cell:
    label = f"{dimension.label}审核"
    opinion = sheet.by_dimension.get(dimension.value)
    if opinion is None:
        if sheet.is_imported:
            return Cell(label, ["历史导入，未经本系统审核"])
        return _open(label)
    return Cell(
        label, [opinion.text.strip() or "通过。", *_checklist(opinion.answers)], opinion.signed
    )


def _said(answer: Answer) -> str:
    """``问题？　是（说明）``."""
    note = f"（{answer.note}）" if answer.note else ""
    return f"{answer.text}　{ANSWERS.get(answer.answer, answer.answer)}{note}"


def _checklist(answers: Sequence[Answer]) -> list[str]:
    """How many questions were answered how, then every answer that says more than 是."""
    if not answers:
        return []
    counted = Counter(answer.answer for answer in answers)
    summary = "，".join(f"{words}{counted[key]}" for key, words in ANSWERS.items() if counted[key])
    lines = [f"审核清单{len(answers)}项：{summary}。"]
    lines += [_said(answer) for answer in answers if answer.note and not answer.is_secrecy]
    return lines


def _facts(sheet: Sheet) -> Cell:
    facts = [fact for opinion in sheet.opinions for fact in opinion.facts]
    if Dimension.CREDIBLE.value not in sheet.by_dimension:
        return Cell("事实核对", [NONE]) if sheet.is_imported else _open("事实核对")
    if not facts:
        return Cell("事实核对", ["文中没有列出需要核对的数字、日期、姓名职务和引语"])
    checked = sum(fact.checked for fact in facts)
    false_finds = sum(fact.false_find for fact in facts)
    lines = [
        f"列出{len(facts)}项，已核对{checked}项"
        + (f"，不是事实{false_finds}项" * bool(false_finds))
    ]
    sources = list(dict.fromkeys(f.source.strip() for f in facts if f.checked and f.source.strip()))
    if sources:
        lines.append("核对依据：" + "；".join(sources))
    return Cell("事实核对", lines)


def _secrecy(sheet: Sheet) -> Cell:
    lines = [
        f"{_said(answer)}——{opinion.signed}"
        for opinion in sheet.opinions
        for answer in opinion.answers
        if answer.is_secrecy
    ]
    if lines:
        return Cell("保密审查", lines)
    return Cell("保密审查", [NONE]) if sheet.is_imported else _open("保密审查")


def _slips(sheet: Sheet) -> Cell:
    given = sheet.by_dimension
    counts = [
        (d.label, given[d.value].slips)
        for d in Dimension
        if d.value in given and given[d.value].slips is not None
    ]
    if not counts:
        return Cell("校对", [NONE]) if sheet.is_imported else _open("校对")
    words = "，".join(f"{label}校出差错{slips}处" for label, slips in counts)
    if sheet.missing:
        return Cell("校对", [f"{words}；{'、'.join(sheet.missing)}{OPEN}"], is_open=True)
    return Cell("校对", [f"{words}，共{sum(slips for _, slips in counts)}处"])


def _urgent(urgent: Urgent) -> Cell:
    lines = [
        f"理由：{urgent.reason}",
        f"发起：{urgent.requested_by}　{moment_words(urgent.requested_at)}",
        f"第二人同意：{urgent.decided_by}　{moment_words(urgent.decided_at)}",
    ]
    if urgent.review_due_at:
        lines.append(f"补审截止：{moment_words(urgent.review_due_at)}；现在：{urgent.status}")
    return Cell("特急发布", lines)


def _channels(sheet: Sheet) -> Cell:
    lines = []
    if sheet.original_address:
        lines.append(f"微信公众号（历史）　{sheet.original_address}")
    if sheet.published_at:
        lines.append(f"网页镜像　{sheet.address}")
    elif sheet.scheduled_for or (sheet.push and sheet.push.go_live_at):
        lines.append("网页镜像（已定时）")
    if sheet.push:
        lines += _push(sheet.push)
    return Cell("发布渠道", lines) if lines else _open("发布渠道")


def _push(push: Push) -> list[str]:
    place = "头条" if push.place == 1 else f"第{push.place}条"
    how = f"{moment_words(push.sent_at)}发出" if push.sent_at else "还没有发出"
    lines = [f"微信推送　{push.title}{place}，{how}" + (f"　{push.address}" * bool(push.address))]
    if push.approved_at:
        lines.append(f"推送审定：{push.approved_by}　{moment_words(push.approved_at)}")
    return lines


def _scheduled(sheet: Sheet) -> Cell:
    if sheet.scheduled_for:
        return Cell("定时", [moment_words(sheet.scheduled_for)])
    if sheet.push and sheet.push.go_live_at:
        return Cell("定时", [f"{moment_words(sheet.push.go_live_at)}（随推送）"])
    return Cell("定时", ["没有定时"])


def _published(sheet: Sheet) -> Cell:
    if sheet.published_at is None:
        return _open("发布时间")
    lines = [moment_words(sheet.published_at)]
    if sheet.published_by:
        lines.append(sheet.published_by)
    return Cell("发布时间", lines)


def _happened(sheet: Sheet) -> list[tuple[str, Sequence[Note]]]:
    found = (("更正", sheet.corrections), ("撤稿", sheet.withdrawals))
    return [(label, notes) for label, notes in found if notes]


def _notes(label: str, notes: Sequence[Note]) -> Cell:
    return Cell(label, [f"{note.text}（{note.people}　{moment_words(note.at)}）" for note in notes])
