"""The pieces of a cell that holds a name: which of them is the name, which stand beside it."""

from __future__ import annotations

import re
from itertools import takewhile

from .folding import fold
from .movement import parse_mark
from .names import has_label, is_authority, is_id

_BRACKETED = re.compile(r"\s*[(\[【].*[)\]】]\s*")
_ID_LINE = re.compile(r"(?:微信号|微信ID|公众号ID|ID)?[:\s]*@?[A-Za-z][\w-]*", re.IGNORECASE)
#: Ids are written small; a first line such as ``ZAKER`` may begin a name.
_SMALL_ID = re.compile(r"[a-z][a-z0-9_-]{4,}")
_ARROW = "↑↓▲▼△▽⬆⬇+([→"
#: What a tag may go on with: an id that began before it.
_OPEN_ID = re.compile(r"[:(]\s*[\w-]*$", re.ASCII)
_BAR = re.compile(r"\s*[|｜丨]\s*|\s+[/／]\s+")
#: What kind an account is, printed beside its name.
_KIND = re.compile(
    r"政务|媒体|传媒|资讯|时政|政法|民生|教育|健康|医疗|文旅|旅游|文化|生活|财经|体育|美食|情感|娱乐|汽车|房产|科技|企业|社会"
    r"|党建|群团|区县|镇街|部门|高校|官方|认证|已认证|原创|订阅号|服务号|推荐|官媒|党媒"
)


def is_kind(text: str) -> bool:
    """Whether a piece says but what kind of account stands beside it (``政务``)."""
    return _KIND.fullmatch(fold(text).strip(" ()[]【】#·|")) is not None


def is_small_id(text: str) -> bool:
    """Whether a text has the form that ids have and names hardly ever."""
    return _SMALL_ID.fullmatch(fold(text).strip()) is not None


def name_and_second(lines: list[str], runs: list[list[str]]) -> tuple[str, str]:
    """The printed name and the id or unit on its second line.

    Where more stands beside the name, it is put in brackets behind it, as some pages print it.
    A further Chinese line that is no public body is the rest of a name broken by a narrow column.
    """
    cut = [(piece, part) for at, line in enumerate(lines) for piece, part in _cut(line, runs[at])]
    lines, runs = [piece for piece, _ in cut], [part for _, part in cut]
    first, second = _of_line(lines[0], runs[0])
    if len(lines) == 1:
        return _told(first, second)
    pieces: list[tuple[str, bool]] = []
    for line, cut in zip(lines, runs, strict=True):
        text, beside = _of_line(line, cut)
        pieces += [(text, stands_beside(text)), *((piece, True) for piece in beside)]
    return _put_together(pieces)


def _cut(line: str, runs: list[str]) -> list[tuple[str, list[str]]]:
    """A line cut at its bars (``在荷塘 | zaihetang | 荷塘区融媒体中心``), or as it is."""
    parts = [part for part in _BAR.split(line) if part.strip()]
    names = sum(not stands_beside(part) for part in parts)
    if len(parts) < 2 or names > 1 or (names == 0 and not is_id(parts[0])):
        return [(line, runs)]
    return [(part.strip(), [part.strip()]) for part in parts]


def _put_together(pieces: list[tuple[str, bool]]) -> tuple[str, str]:
    """The name and what stands beside it; the first piece is the name unless it plainly is not."""
    texts = [text for text, _ in pieces]
    start = next((i for i, (text, _) in enumerate(pieces) if not _is_apart(text)), 0)
    if start and not any(not beside for _, beside in pieces[start:]):
        start = next((i for i, text in enumerate(texts) if not _is_mark_or_label(text)), 0)
    rest = list(takewhile(lambda piece: not piece[1], pieces[start + 1 :]))
    end = start + 1 + len(rest)
    name = "".join(texts[start:end])
    beside = texts[:start] + texts[end:]
    if not all(map(stands_beside, beside)):
        return "".join(texts), ""
    return _told(name, beside)


def _told(name: str, beside: list[str]) -> tuple[str, str]:
    if len(beside) == 1 and not fold(beside[0]).startswith(("(", "[")):
        return name, beside[0]
    return name + bracketed(beside), ""


def _of_line(line: str, runs: list[str]) -> tuple[str, list[str]]:
    """The name in a line and what stands in tags of its own at its ends."""
    rest, beside = list(runs), []
    while len(rest) > 1 and _is_tail(rest[-1], rest[-2]):
        beside.insert(0, rest.pop())
    while len(rest) > 1 and rest[0][:1] in _ARROW and parse_mark(rest[0]) is not None:
        beside.append(rest.pop(0))
    return ("".join(rest), beside) if beside else (line, [])


def _is_tail(last: str, before: str) -> bool:
    if parse_mark(last) is not None:
        return not last.isdigit() and last not in "-—"
    if is_id(last):
        return len(last) > 4 and not (before.isascii() or _OPEN_ID.search(fold(before)))
    return has_label(fold(last)) or _BRACKETED.fullmatch(fold(last)) is not None


def stands_beside(text: str) -> bool:
    """Whether a piece is an id, a unit or a mark."""
    folded = fold(text)
    return bool(
        _ID_LINE.fullmatch(folded)
        or folded.startswith(("(", "["))
        or has_label(folded)
        or parse_mark(folded) is not None
        or is_authority(text)
    )


def _is_mark_or_label(text: str) -> bool:
    """Whether a piece can be no name: a mark, in brackets, or behind a label."""
    folded = fold(text)
    return bool(_BRACKETED.fullmatch(folded) or has_label(folded) or parse_mark(folded) is not None)


def _is_apart(text: str) -> bool:
    return _is_mark_or_label(text) or is_small_id(text)


def bracketed(beside: list[str]) -> str:
    """The pieces in brackets, one behind the other."""
    return "".join(
        text if fold(text).startswith(("(", "[")) else f"({text.strip('()（） ')})"
        for text in beside
    )
