"""Bodies: bounded, complete, and of the kind that was asked for."""

import gzip
import zlib

import pytest

from scrapers.fetch_errors import BadContent, TooBig, Unreachable

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
