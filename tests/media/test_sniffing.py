"""What uploads really are."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from media.sniffing import OLE2, UploadRefused, check_document, check_picture_decodes


def picture(fmt: str = "PNG", size=(40, 30)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, fmt)
    return out.getvalue()


def archive(*names: str, size: int = 10, compress=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as file:
        for name in names:
            file.writestr(name, b"0" * size)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("fmt", ["PNG", "JPEG", "GIF", "WEBP"])
def test_whole_pictures_pass(fmt):
    check_picture_decodes(io.BytesIO(picture(fmt)))


def by_words(value: object) -> str | None:
    """Bytes as test names would differ from run to run: a zip holds the time."""
    return "bytes" if isinstance(value, bytes) else None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (picture("JPEG", (200, 200))[:-800], "不完整"),
        (picture("PNG")[:60], "不完整"),
        (b"<script>alert(1)</script>", "不完整"),
        (b"", "不完整"),
        (png_claiming(60_000, 60_000), "过大"),
        (png_claiming(10_000, 10_000), "过大"),
    ],
    ids=by_words,
)
def test_broken_disguised_and_exploding_pictures_are_refused(data, words):
    with pytest.raises(UploadRefused, match=words):
        check_picture_decodes(io.BytesIO(data))


@pytest.mark.parametrize(
    ("extension", "data"),
    [
        ("pdf", b"%PDF-1.7\n..."),
        ("doc", OLE2 + b"\x00" * 100),
        ("docx", archive("[Content_Types].xml", "word/document.xml")),
        ("xlsx", archive("xl/workbook.xml")),
        ("pptx", archive("ppt/presentation.xml")),
        ("zip", archive("a.txt")),
        ("txt", "材料清单".encode()),
        ("txt", "材料清单".encode("gb18030")),
    ],
    ids=by_words,
)
def test_documents_that_are_what_they_say(extension, data):
    check_document(io.BytesIO(data), extension)


@pytest.mark.parametrize(
    ("extension", "data", "words"),
    [
        ("pdf", b"MZ\x90\x00 a program", "不符"),
        ("docx", archive("xl/workbook.xml"), "不符"),
        ("docx", b"%PDF-1.7", "不符"),
        ("xls", b"<html>", "不符"),
        ("txt", b"\x7fELF\x00\x00", "不符"),
        ("zip", archive("a.txt")[:30], "不符"),
        ("zip", archive("bomb.bin", size=40 * 1024 * 1024), "过大"),
        ("docx", archive(*[f"word/{n}" for n in range(6000)], size=1), "过大"),
        ("pdf", b"", "空"),
        ("exe", b"MZ", "不支持"),
    ],
    ids=by_words,
)
def test_documents_that_are_not(extension, data, words):
    with pytest.raises(UploadRefused, match=words):
        check_document(io.BytesIO(data), extension)
