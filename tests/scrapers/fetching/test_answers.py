"""Bodies: bounded, complete, and of the kind that was asked for."""

import gzip
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.fetch_errors import BadContent, TooBig, Unreachable
from scrapers.fetching import clock_gap, validators

from .servers import PAGE, Server, get


def test_a_big_page_is_refused_by_its_stated_length(server: Server) -> None:
    with pytest.raises(TooBig, match="上限"):
        get(server.put("/a", b"x", Content_Length="1000001"), size=1_000_000)


def test_a_big_page_is_refused_while_it_streams(server: Server) -> None:
    with pytest.raises(TooBig, match=r"0\.5 MB"):
        get(server.put("/a", b"x" * 3_000_000, Content_Length=""), size=524_288)


def test_a_gzip_bomb_is_refused(server: Server) -> None:
    bomb = gzip.compress(b"0" * 60_000_000)
    with pytest.raises(TooBig, match="10 MB"):
        get(server.put("/a", bomb, Content_Encoding="gzip"))


RAW_DEFLATE = zlib.compress(PAGE)[2:-4]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:])),
        ("gzip", gzip.compress(PAGE) + b"\0" * 200_000),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", RAW_DEFLATE),
        ("identity", PAGE),
    ],
    ids=["gzip", "two-members", "padded", "deflate", "raw-deflate", "identity"],
)
def test_packed_pages_are_unpacked(server: Server, encoding: str, body: bytes) -> None:
    assert get(server.put("/a", body, Content_Encoding=encoding)).data == PAGE


@pytest.mark.parametrize(
    ("encoding", "body", "sentence"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)[:-9], "不完整"),
        ("gzip", PAGE, "有误"),
        ("deflate", b"\xff\xff\xff", "有误"),
        ("br", PAGE, "无法读取"),
        ("gzip, gzip", PAGE, "无法读取"),
        ("", b"", "空白"),
        ("", b" \r\n\t ", "空白"),
        ("", b"\x89PNG\r\n\x1a\n...", "PNG"),
        ("", b"\xff\xd8\xff\xe0", "JPEG"),
        ("", b"%PDF-1.7", "PDF"),
        ("", b"PK\x03\x04...", "Office"),
        ("", b"\x1f\x8b\x08...", "压缩"),
        ("", b"<html>\x00\x01", "二进制"),
    ],
)
def test_what_is_not_a_page_is_refused(server, encoding, body, sentence) -> None:
    with pytest.raises(BadContent, match=sentence):
        get(server.put("/a", body, Content_Encoding=encoding))


def test_wide_text_is_text(server: Server) -> None:
    body = "<h1>榜单 2019</h1>".encode("utf-16")
    assert get(server.put("/a", body)).data == body


def test_a_page_cut_off_is_refused(server: Server) -> None:
    with pytest.raises(Unreachable, match="中途断开"):
        get(server.put("/a", PAGE, Content_Length=str(len(PAGE) + 5), Connection="close"), read=1)


# --- pictures -------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PICTURES = {
    "png": PNG,
    "jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 64,
    "webp": b"RIFF\x40\0\0\0WEBPVP8 " + b"\0" * 64,
    "gif": b"GIF89a" + b"\0" * 64,
}


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_are_told_by_their_bytes(server: Server, kind: str) -> None:
    url = server.put("/p", PICTURES[kind], Content_Type="text/html")
    assert get(url, expect="picture").data == PICTURES[kind]
    assert server.seen[0][1]["Accept"].startswith("image/")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (PAGE, "不是图片，而是网页"),
        (b"%PDF-1.7", "不是图片，而是PDF"),
        (b"RIFF\x40\0\0\0WAVEfmt ", "不是图片，而是其他文件"),
        (b"", "空白"),
    ],
    ids=["page", "pdf", "sound", "empty"],
)
def test_what_is_no_picture_is_refused(server: Server, body: bytes, sentence: str) -> None:
    with pytest.raises(BadContent, match=sentence):
        get(server.put("/p", body, Content_Type="image/png"), expect="picture")


def test_pictures_have_a_limit_of_their_own(server: Server) -> None:
    url = server.put("/p", PNG + b"x" * 2000)
    with pytest.raises(TooBig, match="图片超过"):
        get(url, expect="picture", picture_size=1024)
    assert get(url, expect="picture", size=1024).data.startswith(PNG)


# --- headers --------------------------------------------------------------------------------------

NOW = datetime(2019, 9, 1, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "age", "days"),
    [
        ("Sun, 01 Sep 2019 01:59:58 GMT", "", None),
        ("Sat, 31 Aug 2019 03:00:00 GMT", "", None),
        ("Thu, 29 Aug 2019 02:00:00 GMT", "", 3),
        ("Sun, 01 Sep 2024 02:00:00 GMT", "", 1827),
        # Three days in the cache of a proxy: the clocks agree.
        ("Thu, 29 Aug 2019 02:00:00 GMT", "259200", None),
        ("Thu, 29 Aug 2019 02:00:00 GMT", "soon", 3),
        ("yesterday", "", None),
        ("", "", None),
    ],
)
def test_clocks_that_differ(date: str, age: str, days: int | None) -> None:
    gap = clock_gap({"date": date, "AGE": age}, NOW)
    assert gap == (None if days is None else timedelta(days=days))


@pytest.mark.parametrize(
    ("etag", "modified", "usable"),
    [
        ('"a1"', "Sat, 31 Aug 2019 03:00:00 GMT", ('"a1"', "Sat, 31 Aug 2019 03:00:00 GMT")),
        ('W/"a1"', "", ('W/"a1"', "")),
        ("a1", "", ("", "")),
        ('""', "", ("", "")),
        ('"a1…', "", ("", "")),
        ('"榜"', "", ("", "")),
        ("", "Mon, 02 Sep 2019 03:00:00 GMT", ("", "")),
        ("", "lately", ("", "")),
    ],
)
def test_validators_that_can_be_relied_on(etag, modified, usable) -> None:
    assert validators({"etag": etag, "LAST-MODIFIED": modified}, NOW) == usable


def test_headers_are_kept_printable_and_short(server: Server) -> None:
    page = get(server.put("/a", X_Long="x" * 5000, X_Odd="a\x01b"))
    assert page.headers["X-Long"] == "x" * 2000 + "…"
    assert page.headers["X-Odd"] == "ab"
