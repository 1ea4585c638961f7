"""What kept bytes are is told by their content."""

import io

import pytest
from openpyxl import Workbook
from PIL import Image

from rankings.evidence.kinds import check_upload, kind_of
from rankings.evidence.service import EvidenceError


def drawn(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, kind)
    return buffer.getvalue()


def workbook() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (drawn("PNG"), "png"),
        (drawn("JPEG"), "jpg"),
        (drawn("WEBP"), "webp"),
        (drawn("GIF"), "gif"),
        (b"%PDF-1.7\n", "pdf"),
        (workbook(), "xlsx"),
        (b"<!DOCTYPE html><p>x", "html"),
        ("\ufeff<html lang=zh>榜".encode(), "html"),
        ("名次,公众号\n1,在荷塘\n".encode("gb18030"), "csv"),
        ("名次,公众号\n".encode("utf-16"), "csv"),
    ],
)
def test_kinds_that_are_taken(data: bytes, suffix: str) -> None:
    assert kind_of(data).suffix == suffix
    assert check_upload(data) is kind_of(data)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"PK\x03\x04other", b"\xff\xd8\xff\xe0cut", b"\xff\x90\x81"]
)
def test_kinds_that_are_not(data: bytes) -> None:
    with pytest.raises(EvidenceError):
        check_upload(data)


def test_a_page_dressed_as_a_picture_is_a_picture_and_thus_never_run() -> None:
    kind = kind_of(b"GIF89a<html><script>alert(1)</script>")
    assert (kind.content_type, kind.picture) == ("image/gif", True)
