"""Bytes to text: which charset a page is really written in (README §2)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_META_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]+)", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)

#: So many whole characters to a broken one make a page damaged UTF-8.
_MANY = 50

#: How far into the page a ``<meta>`` is looked for.
_HEAD = 65536

GB, UTF8, BIG5 = "gb", "utf-8", "big5"
_GB_NAMES = {"gb2312", "gbk", "gb18030", "gb_2312-80", "gb_2312", "chinese", "x-gbk", "cp936"}
_GB_NAMES |= {"csgb2312", "iso-ir-58", "ms936", "windows-936", "euc-cn", "x-euc-cn", "hz-gb-2312"}
_BIG5_NAMES = {"big5", "big5-hkscs", "cp950", "x-x-big5", "csbig5", "big5hkscs"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODECS = {GB: "gb18030", UTF8: "utf-8", BIG5: "big5hkscs"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, the codec that read it, and whether the declarations disagree."""

    text: str
    charset: str
    conflict: bool


def decode(data: bytes, content_type: str = "") -> Decoded:
    """Decode a page: BOM, header, ``<meta>``, then UTF-8 if valid, else GB18030. Never raises."""
    header = _declared(_HEADER_CHARSET.search(content_type))
    meta = _declared(_meta_match(data))
    for mark, codec in _BOMS:
        if data.startswith(mark):
            families = {_family(name) for name in (codec, header, meta) if name}
            return Decoded(data.decode(codec, "replace").lstrip("\ufeff"), codec, len(families) > 1)
    families = {_family(name) for name in (header, meta) if name}
    conflict, declared = len(families) > 1, [name for name in (header, meta) if name]
    for name in declared:
        text = _try(data, name)
        if text is not None:
            return Decoded(text, _CODECS[_family(name)], conflict)
        conflict = True
    if _is_damaged_utf8(data):
        return Decoded(data.decode("utf-8", "replace"), "utf-8", conflict)
    for name in ("utf-8", "gb18030"):
        text = _strict(data, name)
        if text is not None:
            return Decoded(text, name, conflict)
    return _least_damage(data, conflict)


def _meta_match(data: bytes) -> re.Match[bytes] | None:
    head = _without_comments(data[:_HEAD])
    return _META_CHARSET.search(head) or _XML_CHARSET.search(head)


def _without_comments(head: bytes) -> bytes:
    kept, at = [], 0
    while (start := head.find(b"<!--", at)) >= 0:
        kept.append(head[at:start])
        end = head.find(b"-->", start)
        if end < 0:
            return b"".join(kept)
        at = end + 3
    return b"".join([*kept, head[at:]])


def _declared(match: re.Match[str] | re.Match[bytes] | None) -> str | None:
    if match is None:
        return None
    name = match[1]
    return (name if isinstance(name, str) else name.decode("ascii")).lower().strip(".:")


def _family(name: str) -> str:
    if name in _GB_NAMES:
        return GB
    if name in _BIG5_NAMES:
        return BIG5
    return UTF8 if name in ("utf-8", "utf8") else name


def _try(data: bytes, name: str) -> str | None:
    """The text under a declared charset; ``None`` when the declaration cannot be right.

    Single-byte charsets read any bytes, so a Chinese page that claims one proves nothing by it.
    """
    family = _family(name)
    if family == GB and _is_multibyte_utf8(data):
        return None
    return _strict(data, _CODECS[family]) if family in _CODECS else None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_multibyte_utf8(data: bytes) -> bool:
    return not data.isascii() and _strict(data, "utf-8") is not None


def _is_damaged_utf8(data: bytes) -> bool:
    """A cut or broken character in long UTF-8, whose bytes GB18030 would read as other text.

    Real GB18030 is invalid UTF-8 nearly everywhere, so a few faults in many are told apart.
    """
    text = data.decode("utf-8", "replace")
    if "\ufffd" not in text:
        return False
    return _MANY * text.count("\ufffd") < sum(char >= "\u0800" for char in text)


def _least_damage(data: bytes, conflict: bool) -> Decoded:
    """Bytes that are valid in nothing (a cut tail, one bad byte): the reading that loses least."""
    readings = [(data.decode(codec, "replace"), codec) for codec in ("utf-8", "gb18030")]
    text, codec = min(readings, key=lambda reading: reading[0].count("\ufffd"))
    return Decoded(text, codec, conflict)
