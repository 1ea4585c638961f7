"""Reading Word files (.docx) sent by anybody: guarded before anything is unpacked."""

import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth
from docx import Document as open_docx
from docx.opc.constants import CONTENT_TYPE
from docx.oxml.ns import qn
from PIL import Image

from media.sniffing import OLE2, UploadRefused, check_document, check_picture_decodes
from rankings.briefs.templates import UNREADABLE

from .html import Conversion, blocks_from_html
from .reader import Picture
from .wordxml import Found, prepare

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
# The XML of a text of 200,000 characters in which every other word has its own font.
MAX_XML = 16 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_PICTURES = 200
MAX_CHARACTERS = 200_000
PICTURE_TYPES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}

_STYLES = """
p[style-name='caption'] => figcaption:fresh
p[style-name='题注'] => figcaption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='引用'] => blockquote > p:fresh
p[style-name='明显引用'] => blockquote > p:fresh
comment-reference =>
"""
# A note's arrow back to its place leads nowhere on our pages.
_BACK = re.compile(r'\s*<a href="#(?:foot|end)note-ref-[^"]*">↑</a>')
_NOT_WORD = "这不是可以读取的 Word 文件，可能已损坏。请用 Word 或 WPS 打开后另存为 .docx 再上传。"


class WordRefused(ValueError):
    """The file is not taken; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class WordPicture:
    """A picture of the file: its bytes, the ending of its kind, and what Word says is in it."""

    data: bytes = field(repr=False)
    extension: str
    alt: str


@dataclass(frozen=True, slots=True)
class WordText:
    """``blocks`` name their pictures by the place in ``pictures``, from 0."""

    blocks: list[dict[str, Any]]
    warnings: list[str]
    pictures: list[WordPicture]


def read_word(data: bytes, name: str) -> WordText:
    """The text of a .docx as blocks, changes taken as accepted.

    ``name`` is the file's name, asked only to say what to do about other kinds.

    Raises:
        WordRefused: another kind of file, too large, encrypted, damaged, or made to do harm.
    """
    _check_kind(data, name)
    _check_package(data)
    try:
        return _read(data)
    except (*UNREADABLE, ExpatError, OSError, EOFError) as error:
        if isinstance(error, WordRefused):
            raise
        raise WordRefused(_NOT_WORD) from error


def _check_kind(data: bytes, name: str) -> None:
    ending = PurePath(name).suffix.lower()
    if ending in (".doc", ".wps", ".rtf", ".dot", ".wpt"):
        raise WordRefused(
            f"不能读取 {ending} 文件。请在 Word 或 WPS 里打开，“另存为 .docx”后再上传。"
        )
    if len(data) > MAX_BYTES:
        raise WordRefused(
            f"文件有 {len(data) / 1024 / 1024:.1f} MB，最大 {MAX_BYTES // 1024 // 1024} MB。"
            "请在 Word 里压缩图片，或分成几份再上传。"
        )
    if data.startswith(OLE2):
        raise WordRefused(
            "这是旧版 Word 文件，或是加了密码的文件。请在 Word 或 WPS 里去掉密码，"
            "“另存为 .docx”后再上传。"
        )
    try:
        check_document(io.BytesIO(data), "docx")
    except UploadRefused as refusal:
        raise WordRefused(_NOT_WORD if data else str(refusal)) from refusal


def _check_package(data: bytes) -> None:
    """Look at what the archive says of itself and at its XML; nothing is parsed yet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            texts = [e for e in entries if e.filename.lower().endswith((".xml", ".rels"))]
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise WordRefused("文件加了密码，不能读取。请去掉密码后再上传。")
            if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
                raise WordRefused(
                    "文件解开后太大，请在 Word 里压缩图片、删去嵌入的附件，或分成几份再上传。"
                )
            if sum(entry.file_size for entry in texts) > MAX_XML:
                raise WordRefused("文件里的文字或修订记录太多，请接受全部修订，或分成几份再上传。")
            kinds = package.read("[Content_Types].xml")
            if CONTENT_TYPE.WML_DOCUMENT_MAIN.encode() not in kinds:
                raise WordRefused(
                    "文件里有宏，或是 Word 模板。请在 Word 里“另存为 Word 文档（.docx）”后再上传。"
                )
            for entry in texts:
                # Entities could grow without end; no Word file declares any.
                if b"<!doctype" in package.read(entry).replace(b"\0", b"").lower():
                    raise WordRefused(_NOT_WORD)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise WordRefused(_NOT_WORD) from error


def _read(data: bytes) -> WordText:
    document = open_docx(io.BytesIO(data))
    found = prepare(document)
    length = sum(len(text.text or "") for text in document.element.body.iter(qn("w:t")))
    if length > MAX_CHARACTERS:
        raise WordRefused(
            f"文件有 {length // 10_000} 万多字，最多 {MAX_CHARACTERS // 10_000} 万字。"
            "请分成几份再上传。"
        )
    ready = io.BytesIO()
    document.save(ready)
    collector = _Pictures()
    made = mammoth.convert_to_html(
        ready,
        style_map=_STYLES,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(collector.take),
    )
    converted = blocks_from_html(_BACK.sub("", made.value), collector.place)
    symbols = sum("w:sym element" in message.message for message in made.messages)
    return WordText(
        converted.blocks, _warnings(converted, found, collector, symbols), collector.pictures
    )


def _warnings(
    converted: Conversion, found: Found, collector: "_Pictures", symbols: int
) -> list[str]:
    counts = (
        (found.changes, "文件里有修订记录，已按“接受全部修订”之后的文字带入，请核对。"),
        (found.comments, f"文件里有 {found.comments} 条批注，没有带入。"),
        (
            found.text_boxes,
            f"文件里有 {found.text_boxes} 个文本框，文字放在了所在段落的后面，请核对位置。",
        ),
        (found.formulas, f"有 {found.formulas} 个公式只带入了文字，请核对，必要时改成图片。"),
        (found.drawings, f"有 {found.drawings} 个图表或示意图没有带入，请截成图片后上传。"),
        (found.embedded, f"有 {found.embedded} 个嵌入的附件没有带入，请另行上传。"),
        (found.hidden, "文件里有隐藏的文字，没有带入。"),
        (symbols, f"有 {symbols} 个特殊符号认不出，没有带入，请对照原文补上。"),
    )
    pictures = [
        f"{kind}的图片有 {count} 张，没有带入，请在 Word 里另存为 PNG 或 JPG 后上传。"
        for kind, count in collector.skipped.items()
    ]
    # How many pictures were left out is said above, with the reason.
    rest = [warning for warning in converted.warnings if "张图片没有带入" not in warning]
    return [*(words for count, words in counts if count), *pictures, *rest]


class _Pictures:
    """Takes the pictures out of the file as it is read, then says what stands where."""

    def __init__(self) -> None:
        self.pictures: list[WordPicture] = []
        self.skipped: Counter[str] = Counter()

    def take(self, image: Any) -> dict[str, str]:
        if len(self.pictures) >= MAX_PICTURES:
            raise WordRefused(f"文件里的图片超过 {MAX_PICTURES} 张，请分成几份再上传。")
        if image.content_type in ("image/x-emf", "image/x-wmf", "image/emf", "image/wmf"):
            self.skipped["EMF/WMF 格式"] += 1
            return {}
        try:
            with image.open() as file:
                data = file.read()
            check_picture_decodes(io.BytesIO(data))
            with Image.open(io.BytesIO(data)) as opened:
                extension = PICTURE_TYPES.get(opened.format or "", "")
        except (ValueError, KeyError, OSError, zipfile.BadZipFile, zlib.error):
            # Damaged, not in the file (only linked to), or too large to unpack.
            self.skipped["损坏或只是链接"] += 1
            return {}
        if not extension:
            self.skipped["其他格式"] += 1
            return {}
        self.pictures.append(WordPicture(data, extension, image.alt_text or ""))
        return {"data-picture": str(len(self.pictures) - 1)}

    def place(self, picture: Picture) -> dict[str, Any] | None:
        return {"image": int(picture.source)} if picture.source.isdecimal() else None
