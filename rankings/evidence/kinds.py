"""What kept bytes are: told by their content, never by a name or by what a server said."""

import io
import re
from dataclasses import dataclass

from media.sniffing import UploadRefused, check_document, check_picture_decodes

from .service import EvidenceError

MAX_BYTES = 20 * 1024 * 1024
# Markup stands near the beginning of a page; long comments before it are rare.
_HEAD = 8192
_MARKUP = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]", re.I)


@dataclass(frozen=True, slots=True)
class FileKind:
    """``picture`` may be shown in place; everything else is only downloaded or shown dead."""

    label: str
    content_type: str
    suffix: str
    picture: bool = False


PNG = FileKind("PNG 图片", "image/png", "png", picture=True)
JPEG = FileKind("JPEG 图片", "image/jpeg", "jpg", picture=True)
WEBP = FileKind("WebP 图片", "image/webp", "webp", picture=True)
GIF = FileKind("GIF 图片", "image/gif", "gif", picture=True)
PDF = FileKind("PDF", "application/pdf", "pdf")
XLSX = FileKind(
    "XLSX 表格", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
)
HTML = FileKind("网页", "text/html", "html")
TEXT = FileKind("文本或 CSV", "text/plain", "csv")
UNKNOWN = FileKind("其他文件", "application/octet-stream", "bin")


def kind_of(data: bytes) -> FileKind:
    """What ``data`` is; ``UNKNOWN`` where that cannot be told. Decodes nothing."""
    head = data[:_HEAD]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return XLSX if b"xl/" in data else UNKNOWN
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in head:
        return TEXT
    if b"\x00" in head:
        return UNKNOWN
    if _MARKUP.search(head):
        return HTML
    return TEXT if _is_text(data) else UNKNOWN


def check_upload(data: bytes) -> FileKind:
    """Accept a file that a person hands in as evidence.

    Raises ``EvidenceError``: it is empty, too large, of no kind that is taken, or damaged.
    """
    if not data:
        raise EvidenceError("文件是空的，请检查后重新选择。")
    if len(data) > MAX_BYTES:
        raise EvidenceError(
            f"文件太大（{len(data) / 2**20:.1f} MB），最大 {MAX_BYTES // 2**20} MB，"
            "请缩小图片，或只保留有榜单的几页。"
        )
    kind = kind_of(data)
    if kind is UNKNOWN:
        raise EvidenceError("只收图片（PNG、JPEG、WebP、GIF）、PDF、网页、CSV 和 XLSX 文件。")
    try:
        if kind.picture:
            check_picture_decodes(io.BytesIO(data))
        elif kind is XLSX:
            check_document(io.BytesIO(data), "xlsx")
    except UploadRefused as refusal:
        raise EvidenceError(str(refusal)) from refusal
    return kind


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
