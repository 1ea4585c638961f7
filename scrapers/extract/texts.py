"""The text of one element: its lines, and what else it shows (pictures, links, marks)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from .contract import Movement
from .folding import INVISIBLE, fold
from .movement import class_kind, from_class
from .name_lines import is_kind

_BLOCK_WORDS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul "
)
BLOCKS = frozenset(_BLOCK_WORDS.split())

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_EDGE = " \u00a0\u2007\u202f\u3000"
_MARK_TEXT = re.compile(
    r"\s*(?:[(\[]?[+\-↑↓▲▼△▽⬆⬇—–→=]?\s*\d{0,4}\s*[)\]]?|NEW|新)\s*", re.IGNORECASE
)
_TAG_CLASS = re.compile(
    r"(?:^|[\s_-])(?:tag|badge|label|type|cate?|category|kind|field|icon)s?(?:$|[\s_-])",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"\s*\+?\s*(?:加?关注|收藏|订阅|查看|详情|查看详情)\s*[>»]*\s*")
_INLINE_MARKS = frozenset(("i", "em", "span", "b", "font", "sup", "sub", "small", "strong", "s"))


@dataclass(slots=True)
class Flat:
    """An element's text as lines, with each line's runs (one run per text node)."""

    lines: list[str] = field(default_factory=list)
    runs: list[list[str]] = field(default_factory=list)
    marks: list[Movement] = field(default_factory=list)
    alt: str = ""
    linked: int = 0
    length: int = 0

    @property
    def text(self) -> str:
        """All lines as one text."""
        return " ".join(self.lines)

    @property
    def is_link(self) -> bool:
        """Whether (nearly) all of the text is link text."""
        return self.length > 0 and self.linked >= 0.9 * self.length


def flatten(element: HtmlElement, *, take_marks: bool = False) -> Flat:
    """Read ``element``; ``take_marks`` takes a movement told by a class name out of the text.

    Inline elements join (``<b>1,</b>967`` is one number); block elements and ``<br>`` part lines.
    """
    if len(element) == 0:
        return _simple(element)
    flat = Flat()
    line: list[str] = []
    links = 0
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            if take_marks and node is not element and (_take_mark(node, flat) or is_tag(node)):
                walker.skip_subtree()
                continue
            if node.tag in BLOCKS or node.tag == "br":
                _break(flat, line)
            elif node.tag == "img":
                flat.alt = flat.alt or (node.get("alt") or node.get("title") or "").strip()
            links += node.tag == "a"
            _add(flat, line, node.text, links)
        else:
            links -= node.tag == "a"
            if node.tag in BLOCKS:
                _break(flat, line)
            if node is not element:
                _add(flat, line, node.tail, links)
    _break(flat, line)
    return flat


def plain_text(element: HtmlElement) -> str:
    """The text of an element that holds no other, white space collapsed."""
    return _clean(element.text or "")


def _simple(element: HtmlElement) -> Flat:
    text = plain_text(element)
    if not text:
        return Flat()
    linked = len(text) if element.tag == "a" else 0
    return Flat([text], [[text]], linked=linked, length=len(text))


def _clean(text: str) -> str:
    return _SPACES.sub(" ", INVISIBLE.sub("", text)).strip(_EDGE)


def _add(flat: Flat, line: list[str], text: str | None, links: int) -> None:
    if text:
        text = _SPACES.sub(" ", INVISIBLE.sub("", text))
        if text:
            line.append(text)
            size = len(text.strip())
            flat.length += size
            flat.linked += size if links else 0


def _break(flat: Flat, line: list[str]) -> None:
    text = _SPACES.sub(" ", "".join(line)).strip(_EDGE)
    if text:
        flat.lines.append(text)
        flat.runs.append([run.strip() for run in line if run.strip()])
    line.clear()


def _take_mark(node: HtmlElement, flat: Flat) -> bool:
    if node.tag not in _INLINE_MARKS and not (node.tag in ("div", "p") and len(node) == 0):
        return False
    kind = class_kind(node.get("class") or "")
    if kind is None or len(node) > 2:
        return False
    text = fold("".join(node.itertext()))
    if len(text) > 12 or not _MARK_TEXT.fullmatch(text):
        return False
    movement = from_class(kind, text)
    if movement is None:
        return False
    flat.marks.append(movement)
    return True


def arrow_of(node: HtmlElement) -> str | None:
    """A bare number whose class tells a move (``<i class="up">2</i>``), with its arrow."""
    if len(node) or node.tag not in _INLINE_MARKS or not node.get("class"):
        return None
    kind, text = class_kind(node.get("class")), (node.text or "").strip()
    arrow = {"up": "↑", "down": "↓"}.get(kind or "")
    return f" {arrow}{text} " if arrow and text.isdecimal() and len(text) < 4 else None


def is_tag(node: HtmlElement) -> bool:
    """Whether the element is a button beside a name, or a tag that tells the kind of account."""
    if len(node):
        return False
    if node.tag in ("a", "button") and _BUTTON.fullmatch(fold(node.text or "")):
        return True
    if not _TAG_CLASS.search(node.get("class") or ""):
        return False
    return is_kind(node.text or "")


def own_mark(element: HtmlElement) -> Movement | None:
    """The movement told by the class names of a cell itself (``<td class="up">2</td>``)."""
    kind = class_kind(element.get("class") or "")
    text = fold("".join(element.itertext()))
    if kind is None or len(text) > 12 or not _MARK_TEXT.fullmatch(text):
        return None
    return from_class(kind, text)


def short_text(element: HtmlElement, limit: int = 600, pieces: int = 120) -> str | None:
    """All text of ``element``, or ``None`` when it holds more than a card or a line would."""
    parts: list[str] = []
    size = 0
    for count, part in enumerate(_pieces(element)):
        size += len(part)
        if size > limit or count > pieces:
            return None
        parts.append(part)
    return " ".join(parts)


def _pieces(element: HtmlElement) -> Iterator[str]:
    for part in element.itertext():
        if part and not part.isspace():
            yield part


def place_of(element: HtmlElement) -> str:
    """Where ``element`` stands: its source line and its path in the visible document."""
    return f"line {element.sourceline}"
