"""The numbers that Word prints in front of paragraphs and does not keep in their text.

一、 and （一） before headings are such numbers. Lists that count 1, 2, 3 from the start become
lists of ours; every other number is written into the paragraph, so that no reader loses it.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_PLACE = re.compile(r"%(\d)")
MAX_STYLES_DEEP = 20


@dataclass(slots=True)
class Level:
    """How one level counts: ``number_format`` as Word names it, ``text`` with %1 for numbers."""

    start: int = 1
    number_format: str = "decimal"
    text: str = "%1."
    style: str = ""


@dataclass(slots=True)
class _Numbered:
    """A paragraph with its number. ``plain``: our own lists print the same in front of it."""

    paragraph: Any
    level: int
    number: int
    label: str
    is_bullet: bool
    plain: bool


@dataclass(slots=True)
class Numbering:
    """All counters of a document. ``styles`` maps the id of a style to its element."""

    styles: dict[str, Any]
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Any | None, styles: dict[str, Any]) -> "Numbering":
        """From the root of numbering.xml, None when the document has none."""
        numbering = cls(styles)
        if root is None:
            return numbering
        for abstract in root.findall(qn("w:abstractNum")):
            levels = {
                _int(lvl.get(qn("w:ilvl"))): _level(lvl) for lvl in abstract.findall(qn("w:lvl"))
            }
            numbering.levels[abstract.get(qn("w:abstractNumId"), "")] = levels
        for num in root.findall(qn("w:num")):
            num_id = num.get(qn("w:numId"), "")
            numbering.abstract[num_id] = _value(num, "w:abstractNumId")
            for override in num.findall(qn("w:lvlOverride")):
                if start := _value(override, "w:startOverride"):
                    numbering.restarts[num_id, _int(override.get(qn("w:ilvl")))] = _int(start)
        return numbering

    def write_into(self, paragraphs: list[Any], headings: set[Any]) -> None:
        """Put the numbers of ``paragraphs`` (in their order) into their text where our lists would
        not print them. ``headings`` are never items of a list."""
        run: list[_Numbered] = []
        for paragraph in paragraphs:
            numbered = self._count(paragraph, paragraph in headings)
            if run and (
                numbered is None
                or numbered.plain != run[-1].plain
                or paragraph.getprevious() is not run[-1].paragraph
            ):
                _write(run)
                run = []
            if numbered is not None:
                run.append(numbered)
        _write(run)

    def _count(self, paragraph: Any, is_heading: bool) -> _Numbered | None:
        place = self._place(paragraph)
        if place is None:
            return None
        num_id, depth = place
        abstract = self.abstract.get(num_id, "")
        levels = self.levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return None
        counters = self.counters.setdefault(abstract, {})
        restart = self.restarts.pop((num_id, depth), None)
        if restart is not None:
            counters[depth] = restart
        else:
            counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper in [each for each in counters if each > depth]:
            del counters[deeper]
        bullet = level.number_format == "bullet"
        label = "" if bullet else self._label(level, levels, counters)
        own = re.fullmatch(rf"%{depth + 1}[.．、)）]?", level.text)
        plain = not is_heading and (bullet or bool(level.number_format == "decimal" and own))
        return _Numbered(paragraph, depth, counters[depth], label, bullet, plain)

    def _label(self, level: Level, levels: dict[int, Level], counters: dict[int, int]) -> str:
        def number(place: re.Match[str]) -> str:
            depth = int(place[1]) - 1
            other = levels.get(depth, level)
            return spelled(counters.get(depth, other.start), other.number_format)

        return _PLACE.sub(number, level.text)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """The id of the numbering and the level (from 0) of ``paragraph``, its style asked too."""
        properties = paragraph.find(qn("w:pPr"))
        style = _value(properties, "w:pStyle") if properties is not None else ""
        found = None if properties is None else properties.find(qn("w:numPr"))
        num_id, depth = _value(found, "w:numId"), _value(found, "w:ilvl")
        seen = 0
        while not num_id and style in self.styles and seen < MAX_STYLES_DEEP:
            seen += 1
            element = self.styles[style]
            inherited = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            num_id = _value(inherited, "w:numId")
            if num_id and not depth:
                levels = self.levels.get(self.abstract.get(num_id, ""), {})
                named = [str(at) for at, level in levels.items() if level.style == style]
                depth = named[0] if named else _value(inherited, "w:ilvl")
            style = _value(element, "w:basedOn")
        return (num_id, _int(depth)) if num_id and num_id != "0" else None


def spelled(number: int, number_format: str) -> str:
    """``number`` (from 0) as Word's ``number_format`` writes it; digits where it knows none."""
    if number_format in ("none", "bullet"):
        return ""
    if number_format.startswith(("chinese", "taiwanese", "japaneseCounting", "ideographDigital")):
        return _chinese(number, _FORMAL if "Legal" in number_format else _DIGITS)
    if number_format in ("ideographTraditional", "ideographZodiac"):
        signs = _STEMS if number_format == "ideographTraditional" else _BRANCHES
        return signs[(number - 1) % len(signs)]
    if number_format.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if number_format.startswith("decimalFullWidth"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if number_format == "decimalZero":
        return f"{number:02}"
    if number_format in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
        return letter.upper() if number_format == "upperLetter" else letter
    if number_format in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        text, left = "", number
        for value, sign in _ROMAN:
            text += sign * (left // value)
            left %= value
        return text.upper() if number_format == "upperRoman" else text
    return str(number)


def _chinese(number: int, digits: str) -> str:
    """十一, 二十, 一百零五; above 999 the digits one by one."""
    tens, hundreds = ("十", "百") if digits is _DIGITS else ("拾", "佰")
    if not 0 <= number <= 999:
        return "".join(digits[int(digit)] for digit in str(abs(number)))
    if number < 10:
        return digits[number]
    if number < 100:
        lead = "" if number < 20 and digits is _DIGITS else digits[number // 10]
        return lead + tens + (digits[number % 10] if number % 10 else "")
    left = number % 100
    text = digits[number // 100] + hundreds
    if not left:
        return text
    if left < 10:
        return f"{text}{digits[0]}{digits[left]}"
    return text + digits[left // 10] + tens + (digits[left % 10] if left % 10 else "")


def _write(run: list[_Numbered]) -> None:
    """Decide for paragraphs that follow each other whether they are a list of ours."""
    counted: dict[int, int] = {}
    as_list = True
    for each in run:
        for deeper in [level for level in counted if level > each.level]:
            del counted[deeper]
        counted[each.level] = counted.get(each.level, 0) + 1
        as_list &= each.plain and (each.is_bullet or counted[each.level] == each.number)
    for each in run:
        if not as_list and not (each.is_bullet and each.plain):
            _write_label(each)


def _write_label(numbered: _Numbered) -> None:
    paragraph = numbered.paragraph
    properties = paragraph.get_or_add_pPr()
    for old in properties.findall(qn("w:numPr")):
        properties.remove(old)
    # Number 0 says that there is none, which also holds against the style's own.
    none = OxmlElement("w:numPr")
    for name in ("w:ilvl", "w:numId"):
        child = OxmlElement(name)
        child.set(qn("w:val"), "0")
        none.append(child)
    properties.append(none)
    if numbered.label:
        gap = "" if numbered.label[-1] in "、）)．" else " "
        properties.addnext(text_run(numbered.label + gap))


def text_run(text: str) -> Any:
    """A run that holds ``text``."""
    run, inner = OxmlElement("w:r"), OxmlElement("w:t")
    inner.text = text
    inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(inner)
    return run


def _level(element: Any) -> Level:
    start = _value(element, "w:start")
    return Level(
        _int(start) if start else 1,
        _value(element, "w:numFmt") or "decimal",
        _value(element, "w:lvlText"),
        _value(element, "w:pStyle"),
    )


def _value(parent: Any | None, name: str) -> str:
    child = None if parent is None else parent.find(qn(name))
    return "" if child is None else child.get(qn("w:val"), "")


def _int(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else 0
