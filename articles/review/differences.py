"""What differs between two texts of an article, told as an editor would tell it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

from .digest import digest_of
from .snapshots import Leaf, Part, Parts, Picture, Snapshot, Table, Text, snapshot
from .text_runs import Run, excerpt, replacements, runs

if TYPE_CHECKING:
    from articles.models import ArticlePage


class Kind(StrEnum):
    """What happened to it; the value is what people read."""

    ADDED = "新加"
    REMOVED = "删去"
    MOVED = "移动"
    CHANGED = "改动"


@dataclass(frozen=True)
class Row:
    """A row of a table; ``number`` counts from 1 (the header) in the table that has the row."""

    kind: Kind | None
    number: int
    cells: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Detail:
    """One thing in it that differs: words, a picture before and after, rows of a table, or a
    ``note`` that says it."""

    label: str = ""
    runs: tuple[Run, ...] = ()
    pictures: tuple[Picture | None, Picture | None] | None = None
    rows: tuple[Row, ...] = ()
    note: str = ""

    @property
    def excerpt(self) -> tuple[Run, ...]:
        """The words around what differs; a book is not printed to show one comma."""
        return excerpt(self.runs)


@dataclass(frozen=True)
class Change:
    """``where`` is a field's name or 第3段, counted over the blocks of the newer text."""

    where: str
    kind: Kind
    details: tuple[Detail, ...] = ()
    note: str = ""

    @property
    def sentence(self) -> str:
        """The change in one line, long words shortened."""
        said = [piece for detail in self.details for piece in _pieces(detail)]
        if self.kind in (Kind.ADDED, Kind.REMOVED):
            words = _quoted(self.note) if self.note else ""
            return f"{self.where}：{self.kind}{words}"
        more = f"等{len(said)}处" if len(said) > PIECES else ""
        told = "；".join([*([self.note] if self.note else []), *said[:PIECES]])
        return f"{self.where}：{told}{more}"


# How much of a change its sentence tells; the whole stands in the comparison itself.
PIECES = 3
WORDS = 30
SENTENCES = 40
# Rows of a table compared one with another, and blocks without an id looked through.
ROWS = 500
NEAR = 20


def changes(old: "ArticlePage", new: "ArticlePage") -> list[Change]:
    """What differs in everything reviewers approve; empty exactly when the digests are equal.

    Both stand in memory (rows or revisions' objects). A picture replaced under its id counts in
    the digest that was approved, but both texts show the new file now: see `since_approval`.
    """
    return compare(snapshot(old), snapshot(new))


def sentences(found: Sequence[Change]) -> list[str]:
    """Each change in a line; after the fortieth only how many more there are."""
    told = [change.sentence for change in found[:SENTENCES]]
    if len(found) > SENTENCES:
        told.append(f"另有{len(found) - SENTENCES}处改动")
    return told


def since_approval(old: "ArticlePage", new: "ArticlePage") -> list[str]:
    """Why an approval of ``old`` is no longer for ``new``, in sentences; never empty.

    For texts whose approved and present digests are known to differ.
    """
    return sentences(changes(old, new)) or ["文章用到的图片、附件或它们的说明在资料库里改过"]


def compare(old: Snapshot, new: Snapshot) -> list[Change]:
    """What differs between two snapshots, fields first, then the body in its order. Pure."""
    if digest_of(old.values) == digest_of(new.values):
        return []
    found = [
        Change(b.label, Kind.CHANGED, (Detail(runs=runs(a.text, b.text)),))
        for a, b in zip(old.fields, new.fields, strict=True)
        if a != b
    ]
    if old.cover != new.cover:
        found.append(Change("封面", Kind.CHANGED, tuple(_of_pictures(old.cover, new.cover))))
    if (old.values["body"], old.values["files"]) != (new.values["body"], new.values["files"]):
        found += _of_body(old.parts, new.parts)
    found += _of_sources(old.values["sources"], new.values["sources"])
    found += _of_tags(old.values["tags"], new.values["tags"])
    found += _of_files(old, new)
    # A value that differs although all words are the same; better said vaguely than not at all.
    return found or [Change("其他", Kind.CHANGED, note="内容有细小改动，文字没有变")]


# --- the body ---------------------------------------------------------------------------------


def _of_body(old: Sequence[Part], new: Sequence[Part]) -> list[Change]:
    return [change for _, change in sorted(_placed(old, new), key=lambda each: each[0])]


def _placed(old: Sequence[Part], new: Sequence[Part]) -> Iterator[tuple[float, Change]]:
    """Each change with its place in the newer text; what was taken out stands where it was."""
    pairs = _matched(old, new)
    stayed = _in_order(pairs)
    came_from = {j: i for i, j in pairs}
    went_to = dict(pairs)
    for j, part in enumerate(new):
        where = _where(j, part)
        if j not in came_from:
            yield j, Change(where, Kind.ADDED, tuple(_whole(part, "ins")), part.words)
            continue
        i = came_from[j]
        details = tuple(_of_part(old[i], part))
        if i not in stayed:
            yield j, Change(where, Kind.MOVED, details, f"从原第{i + 1}段的位置移来")
        elif details:
            yield j, Change(where, Kind.CHANGED, details)
    place = -0.5
    for i, part in enumerate(old):
        if i in went_to:
            place = went_to[i] + 0.5
        else:
            where = f"原{_where(i, part)}"
            yield place, Change(where, Kind.REMOVED, tuple(_whole(part, "del")), part.words)


def _where(index: int, part: Part) -> str:
    return f"第{index + 1}段（{part.label}）" if part.label else f"第{index + 1}段"


def _matched(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[int, int]]:
    """``(index in old, index in new)`` of blocks that are the same one, in the newer order.

    By id; then, for a text that was brought in anew, by equal content, then by likeness.
    """
    pairs: dict[int, int] = {}
    free = dict(enumerate(old))

    def take(j: int, i: int | None) -> None:
        if i is not None:
            pairs[j] = i
            del free[i]

    by_id = {(part.id, part.kind): i for i, part in reversed(free.items()) if part.id}
    for j, part in enumerate(new):
        i = by_id.pop((part.id, part.kind), None)
        take(j, i)
    by_value: dict[str, list[int]] = {}
    for i in reversed(free):
        by_value.setdefault(_key(old[i]), []).append(i)
    for j, part in enumerate(new):
        if j not in pairs and (same := by_value.get(_key(part))):
            take(j, same.pop())
    for j, part in enumerate(new):
        if j not in pairs:
            take(j, _likest(part, free))
    return [(i, j) for j, i in sorted(pairs.items())]


def _key(part: Part) -> str:
    return digest_of({"kind": part.kind, "value": part.value})


def _likest(part: Part, free: dict[int, Part]) -> int | None:
    """The next blocks of the same kind that share most of their characters with ``part``."""
    near = [(i, each) for i, each in free.items() if each.kind == part.kind][:NEAR]
    mine = Counter(part.words)
    best, found = 0.5, None
    for i, each in near:
        theirs = Counter(each.words)
        total = mine.total() + theirs.total()
        likeness = 2 * (mine & theirs).total() / total if total else 0.0
        if likeness > best:
            best, found = likeness, i
    return found


def _in_order(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """The longest run of old indexes that kept their order; the others were moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for i, _ in pairs:
        at = bisect_left(tails, i)
        before[i] = ends[at - 1] if at else None
        if at == len(tails):
            tails.append(i)
            ends.append(i)
        else:
            tails[at] = ends[at] = i
    kept: set[int] = set()
    at_end = ends[-1] if ends else None
    while at_end is not None:
        kept.add(at_end)
        at_end = before[at_end]
    return kept


def _of_part(old: Part, new: Part) -> Iterator[Detail]:
    """What differs inside a block; nothing only when it is the same for readers."""
    if (old.value, old.leaves) == (new.value, new.leaves):
        return
    told = False
    for a, b in zip_longest(old.leaves, new.leaves):
        for detail in _of_leaf(a, b):
            told = True
            yield detail
    if not told:
        yield Detail(note="格式有细小改动，文字没有变")


def _of_leaf(old: Leaf | None, new: Leaf | None) -> Iterator[Detail]:
    if old == new:
        return
    if isinstance(old, Text) and isinstance(new, Text):
        yield from _of_texts(old, new)
    elif isinstance(old, Picture) and isinstance(new, Picture):
        yield from _of_pictures(old, new)
    elif isinstance(old, Table) and isinstance(new, Table):
        yield Detail(new.label, rows=tuple(_of_rows(old.rows, new.rows)))
    elif isinstance(old, Parts) and isinstance(new, Parts):
        yield from _of_items(old, new)


def _of_texts(old: Text, new: Text) -> Iterator[Detail]:
    if old.text != new.text:
        yield Detail(new.label, runs=runs(old.text, new.text))
    if old.links != new.links:
        before, after = "\n".join(old.links), "\n".join(new.links)
        # Addresses are no prose: one that changed is told as a whole.
        yield Detail("链接", runs=_swap(before, after))
    if old.marks != new.marks:
        yield Detail(new.label, note="加粗、列表等格式有改动")


def _of_pictures(old: Picture, new: Picture) -> Iterator[Detail]:
    pair = (old if old.pk else None, new if new.pk else None)
    if old.pk != new.pk:
        note = "换了一张" if all(pair) else "加上了" if new.pk else "去掉了"
        yield Detail(new.label, pictures=pair, note=note)
        return
    if old.file != new.file:
        yield Detail(new.label, pictures=pair, note="的文件换过，编号没有变")
    if old.words != new.words:
        yield Detail("图片自带的说明", runs=runs(old.words, new.words))


def _of_items(old: Parts, new: Parts) -> Iterator[Detail]:
    """The pictures of a 组图 and the like, told one by one."""
    for change in _of_body(old.items, new.items):
        where = change.where.replace("段", "张" if "图片" in change.where else "项", 1)
        where = where.partition("（")[0]
        if change.kind is Kind.MOVED or not change.details:
            yield Detail(where, note=change.note.replace("段", "张", 1) or str(change.kind))
        for detail in change.details:
            label = f"{where} {detail.label}".strip()
            said = change.kind if change.kind in (Kind.ADDED, Kind.REMOVED) else detail.note
            yield replace(detail, label=label, note=str(said))


def _of_rows(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> Iterator[Row]:
    """The rows that differ, cell by cell."""
    if len(old) + len(new) > ROWS:
        steps = [("replace", 0, len(old), 0, len(new))]
    else:
        steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for step, a, b, c, d in steps:
        if step == "equal":
            continue
        for at, (before, after) in enumerate(zip_longest(old[a:b], new[c:d])):
            if before == after:
                continue
            if before is None:
                yield Row(Kind.ADDED, c + at + 1, tuple(_swap("", cell) for cell in after))
            elif after is None:
                yield Row(Kind.REMOVED, a + at + 1, tuple(_swap(cell, "") for cell in before))
            else:
                cells = zip_longest(before, after, fillvalue="")
                yield Row(Kind.CHANGED, c + at + 1, tuple(runs(x, y) for x, y in cells))


def _whole(part: Part, op: str) -> Iterator[Detail]:
    """All of a block that came or went."""
    for leaf in part.leaves:
        if isinstance(leaf, Text) and leaf.text:
            yield Detail(leaf.label, runs=(Run(op, leaf.text),))
        elif isinstance(leaf, Picture) and leaf.pk:
            yield Detail(leaf.label, pictures=(leaf, None) if op == "del" else (None, leaf))
        elif isinstance(leaf, Table):
            kind = Kind.REMOVED if op == "del" else Kind.ADDED
            yield Detail(
                leaf.label,
                rows=tuple(
                    Row(kind, number, tuple((Run(op, cell),) for cell in row))
                    for number, row in enumerate(leaf.rows, 1)
                ),
            )
        elif isinstance(leaf, Parts):
            for item in leaf.items:
                yield from _whole(item, op)


# --- beside the body --------------------------------------------------------------------------


def _of_sources(old: list[list], new: list[list]) -> Iterator[Change]:
    lines = [["，".join(str(v) for v in source if v) for source in side] for side in (old, new)]
    for step, a, b, c, d in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if step == "equal":
            continue
        for at, (before, after) in enumerate(zip_longest(lines[0][a:b], lines[1][c:d])):
            if before is None:
                yield Change("信源", Kind.ADDED, (Detail(runs=_swap("", after)),), after)
            elif after is None:
                yield Change("信源", Kind.REMOVED, (Detail(runs=_swap(before, "")),), before)
            else:
                where = f"信源第{c + at + 1}条"
                yield Change(where, Kind.CHANGED, (Detail(runs=runs(before, after)),))


def _of_tags(old: list[str], new: list[str]) -> Iterator[Change]:
    if old != new:
        yield Change("标签", Kind.CHANGED, (Detail(runs=_swap("、".join(old), "、".join(new))),))


def _of_files(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Files replaced or described anew where no picture block tells it: links in a text."""
    told = {picture.pk for side in (old, new) for picture in _pictures(side)}
    before = {(model, pk): rest for model, pk, *rest in old.values["files"]}
    for model, pk, *rest in new.values["files"]:
        was = before.get((model, pk))
        is_picture = model == "media.CustomImage"
        if was is None or was == rest or (is_picture and pk in told):
            continue
        where = f"{'图片' if is_picture else '附件'}（编号{pk}）"
        note = "文件换过，编号没有变" if was[0] != rest[0] else "自带的说明改过"
        yield Change(where, Kind.CHANGED, note=note)


def _pictures(side: Snapshot) -> Iterator[Picture]:
    yield side.cover
    waiting = list(side.parts)
    while waiting:
        for leaf in waiting.pop().leaves:
            if isinstance(leaf, Picture):
                yield leaf
            elif isinstance(leaf, Parts):
                waiting += leaf.items


# --- words ------------------------------------------------------------------------------------


def _swap(old: str, new: str) -> tuple[Run, ...]:
    return tuple(run for run in (Run("del", old), Run("ins", new)) if run.text)


def _pieces(detail: Detail) -> Iterator[str]:
    name = f"{detail.label}" if detail.label else ""
    if detail.note:
        yield f"{name}{detail.note}"
        return
    if detail.runs:
        yield from (f"{name}{piece}" for piece in _of_runs(detail.runs))
    for row in detail.rows:
        if row.kind is not Kind.CHANGED:
            yield f"{row.kind}第{row.number}行"
            continue
        for number, cell in enumerate(row.cells, 1):
            for piece in _of_runs(cell):
                yield f"第{row.number}行第{number}格{piece}"


def _of_runs(found: Sequence[Run]) -> Iterator[str]:
    old = "".join(run.text for run in found if run.op != "ins")
    new = "".join(run.text for run in found if run.op != "del")
    if old == new:
        return
    if len(old) <= WORDS and len(new) <= WORDS:
        yield _piece(old, new)
    else:
        yield from (_piece(*pair) for pair in replacements(found))


def _piece(gone: str, come: str) -> str:
    if gone and come:
        return f"{_quoted(gone)}改为{_quoted(come)}"
    return f"加了{_quoted(come)}" if come else f"删去{_quoted(gone)}"


def _quoted(words: str) -> str:
    """In quotation marks, on one line, shortened in the middle of nothing but its end."""
    line = " ".join(words.split()) or words.replace("\n", "换行")
    return f"“{line[:WORDS]}…”" if len(line) > WORDS else f"“{line}”"
