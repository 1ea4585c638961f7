"""Making a Word document ready to be read: what the reader would silently lose is put where it is
kept, and what nobody is meant to see is taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from .numbering import MAX_STYLES_DEEP, Numbering, text_run

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
OFFICE = "urn:schemas-microsoft-com:office:office"
VML = "urn:schemas-microsoft-com:vml"
NUMBERING = "/word/numbering.xml"
# What of a run's look is kept; the mark of a deleted paragraph end stands there too.
_LOOKS = {
    qn(f"w:{name}") for name in ("b", "i", "vertAlign", "rStyle", "strike", "dstrike", "del", "ins")
}
_HEADING = re.compile(r"(?:heading|标题|标题样式)\s*([1-9])", re.IGNORECASE)
_NAMED = {"title": 1, "标题": 1, "大标题": 1, "主标题": 1, "subtitle": 2, "副标题": 2}
_LEVELS = {"一级标题": 1, "二级标题": 2, "三级标题": 3, "四级标题": 4, "小标题": 2}


@dataclass(slots=True)
class Found:
    """How often the document holds what an editor must be told of."""

    changes: int = 0
    comments: int = 0
    text_boxes: int = 0
    formulas: int = 0
    drawings: int = 0
    hidden: int = 0
    embedded: int = 0


def prepare(document: Document) -> Found:
    """Change ``document`` in memory so that all its text is read; say what was met."""
    body = document.element.body
    found = Found()
    for element in _all(body, "w:commentReference"):
        found.comments += 1
        _drop(element)
    _take_out(body, found)
    _choose(body)
    _drawings(body, found)
    _unwrap(body, found)
    styles = {
        style.get(qn("w:styleId"), ""): style
        for style in document.styles.element.findall(qn("w:style"))
    }
    paragraphs = list(body.iter(qn("w:p")))
    headings = {p: level for p in paragraphs if (level := _heading_level(p, styles))}
    _numbering(document, styles).write_into(paragraphs, set(headings))
    for paragraph, level in headings.items():
        _name_heading(paragraph, level)
    _slim(body)
    return found


def _all(body: Any, *names: str) -> list[Any]:
    return list(body.iter(*(qn(name) for name in names)))


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _take_out(body: Any, found: Found) -> None:
    """Changes count as accepted; hidden text stays out."""
    found.changes += len(_all(body, "w:ins", "w:moveTo"))
    for element in _all(body, "w:del", "w:moveFrom"):
        found.changes += 1
        # The mark on the end of a paragraph is its reader's own matter.
        if element.getparent() is not None and element.getparent().tag != qn("w:rPr"):
            _drop(element)
    for mark in _all(body, "w:vanish"):
        run = mark.getparent().getparent()
        shown = mark.get(qn("w:val"), "true") not in ("false", "0", "off")
        if shown and run is not None and run.tag == qn("w:r"):
            found.hidden += bool(run.findall(qn("w:t")))
            _drop(run)


def _choose(body: Any) -> None:
    """Of two ways to say the same, the newer one where it holds text or pictures."""
    for both in list(body.iter(f"{{{COMPATIBILITY}}}AlternateContent")):
        parent = both.getparent()
        if parent is None:
            continue
        ways = [
            *both.findall(f"{{{COMPATIBILITY}}}Choice"),
            *both.findall(f"{{{COMPATIBILITY}}}Fallback"),
        ]
        best = next((way for way in ways if _has_something(way)), ways[0] if ways else None)
        at = parent.index(both)
        for offset, child in enumerate(list(best) if best is not None else ()):
            parent.insert(at + offset, child)
        parent.remove(both)


def _has_something(element: Any) -> bool:
    return any(True for _ in element.iter(qn("w:t"), qn("a:blip"), f"{{{VML}}}imagedata"))


def _drawings(body: Any, found: Found) -> None:
    """Text boxes and pictures in groups, put where the reader looks for them."""
    for drawing in _all(body, "w:drawing"):
        if drawing.getparent() is None:
            continue
        boxes = _outermost(drawing, qn("w:txbxContent"))
        for box in boxes:
            _drop(box)
        for data in drawing.iter(qn("a:graphicData")):
            pictures = list(data.iter(qn("pic:pic")))
            found.drawings += data.get("uri", "").endswith(("/chart", "/diagram"))
            for child in list(data):
                data.remove(child)
            for picture in pictures:
                data.append(picture)
        for box in reversed(boxes):
            drawing.addnext(_text_box(box))
    found.text_boxes += len(_outermost(body, qn("w:txbxContent")))
    # A text box of the old kind in a shape the reader does not know.
    for box in _outermost(body, qn("w:txbxContent")):
        holder = next((e for e in box.iterancestors() if e.tag == qn("w:pict")), None)
        parent = box.getparent()
        if holder is None or parent is holder:
            continue
        _drop(box)
        holder.addnext(_text_box(box))


def _outermost(root: Any, tag: str) -> list[Any]:
    inside = [e for e in root.iter(tag) if e is not root]
    return [e for e in inside if not any(a.tag == tag for a in _between(e, root))]


def _between(element: Any, root: Any) -> Iterator[Any]:
    for ancestor in element.iterancestors():
        if ancestor is root:
            return
        yield ancestor


def _text_box(content: Any) -> Any:
    holder = OxmlElement("w:pict")
    holder.append(content)
    return holder


def _unwrap(body: Any, found: Found) -> None:
    """Elements around text that the reader passes over with all they hold."""
    for element in _all(body, "w:fldSimple", "w:dir", "w:bdo"):
        _replace(element, list(element))
    for ruby in _all(body, "w:ruby"):
        run = ruby.getparent()
        base, above = (_text(ruby.find(qn(name))) for name in ("w:rubyBase", "w:rt"))
        if run is not None and base:
            run.addprevious(text_run(f"{base}（{above}）" if above else base))
        _drop(ruby)
    for formula in _outermost(body, f"{{{MATH}}}oMath"):
        found.formulas += 1
        text = "".join(t.text or "" for t in formula.iter(f"{{{MATH}}}t", qn("w:t")))
        _replace(formula, [text_run(text)] if text else [])
    for holder in list(body.iter(f"{{{MATH}}}oMathPara")):
        _replace(holder, list(holder))
    for embedded in list(body.iter(qn("w:altChunk"), qn("w:control"), f"{{{OFFICE}}}OLEObject")):
        found.embedded += 1
        _drop(embedded)


def _slim(body: Any) -> None:
    """Leave of each run's look only what we keep, and join runs that look alike: Word writes one
    for every other word, and the reader's time and memory grow with their number."""
    for properties in _all(body, "w:rPr"):
        for child in list(properties):
            if child.tag not in _LOOKS:
                properties.remove(child)
    for paragraph in _all(body, "w:p"):
        last, look = None, ()
        for run in list(paragraph):
            if run.tag != qn("w:r"):
                last = None
                continue
            seen = _look(run)
            if last is None or seen != look:
                last, look = run, seen
                continue
            for child in list(run):
                if child.tag != qn("w:rPr"):
                    last.append(child)
            paragraph.remove(run)


def _look(run: Any) -> tuple[tuple[str, str], ...]:
    properties = run.find(qn("w:rPr"))
    children = () if properties is None else properties
    return tuple(sorted((child.tag, child.get(qn("w:val"), "")) for child in children))


def _replace(element: Any, others: list[Any]) -> None:
    for other in others:
        element.addprevious(other)
    _drop(element)


def _text(element: Any | None) -> str:
    return "" if element is None else "".join(t.text or "" for t in element.iter(qn("w:t")))


def _name_heading(paragraph: Any, level: int) -> None:
    """Give a heading the name the reader knows, whatever its style is called."""
    properties = paragraph.get_or_add_pPr()
    style = properties.find(qn("w:pStyle"))
    if style is None:
        style = OxmlElement("w:pStyle")
        properties.insert(0, style)
    style.set(qn("w:val"), f"Heading{level}")


def _heading_level(paragraph: Any, styles: dict[str, Any]) -> int:
    """1 to 6, from the outline or the name of the style or of one it builds on; 0 for none."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None or not _text(paragraph).strip():
        return 0
    level = _outline(properties)
    style = properties.find(qn("w:pStyle"))
    name_id = "" if style is None else style.get(qn("w:val"), "")
    for _ in range(MAX_STYLES_DEEP):
        element = styles.get(name_id)
        if level or element is None:
            break
        name = element.find(qn("w:name"))
        level = _named(name) or _outline(element.find(qn("w:pPr")))
        based = element.find(qn("w:basedOn"))
        name_id = "" if based is None else based.get(qn("w:val"), "")
    return level


def _named(name: Any | None) -> int:
    label = "" if name is None else name.get(qn("w:val"), "").strip()
    if found := _HEADING.match(label):
        return min(int(found[1]), 6)
    words = (level for word, level in _LEVELS.items() if label.startswith(word))
    return _NAMED.get(label.lower()) or next(words, 0)


def _outline(properties: Any | None) -> int:
    """The outline level as a heading's, from 1; 0 for body text."""
    level = None if properties is None else properties.find(qn("w:outlineLvl"))
    value = "" if level is None else level.get(qn("w:val"), "")
    return int(value) + 1 if value in ("0", "1", "2", "3", "4", "5") else 0


def _numbering(document: Document, styles: dict[str, Any]) -> Numbering:
    part = next((p for p in document.part.package.iter_parts() if p.partname == NUMBERING), None)
    return Numbering.read(getattr(part, "element", None), styles)
