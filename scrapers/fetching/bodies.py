"""What came over the wire: unpacked piece by piece, and told apart from files that are no page."""

import codecs
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from ..fetch_errors import BadContent

# Unpacking answers pieces of at most this many bytes, whatever a bomb holds.
PIECE = 65_536

GZIP_START = b"\x1f\x8b"
BINARY_STARTS = {
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"GIF8": "GIF 图片",
    b"RIFF": "WebP 图片或音视频",
    b"%PDF": "PDF 文件",
    b"PK\x03\x04": "压缩文件或 Office 文件",
    b"\xd0\xcf\x11\xe0": "旧版 Office 文件",
    GZIP_START: "压缩文件",
    b"7z\xbc\xaf": "压缩文件",
    b"Rar!": "压缩文件",
    b"\x7fELF": "程序文件",
    b"MZ": "程序文件",
}


def unpacker(encoding: str) -> Callable[[bytes], Iterator[bytes]]:
    """A function that unpacks one received chunk; called with nothing at the end."""
    if encoding in ("", "identity"):
        return lambda chunk: iter([chunk] if chunk else [])
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise BadContent(f"页面以“{encoding[:40]}”方式压缩，无法读取。")
    return _Inflater(zlib.MAX_WBITS | 32 if encoding != "deflate" else None)


class _Inflater:
    """Unpacks gzip or deflate piece by piece and never holds more than one piece."""

    def __init__(self, window: int | None) -> None:
        self.window = window
        self.stream: Any = None
        self.ended = False

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        if not chunk:
            if not self.ended:
                raise BadContent("页面内容不完整（压缩数据中断），请稍后重试。")
            return
        try:
            yield from self._inflate(chunk)
        except zlib.error as error:
            raise BadContent("页面的压缩数据有误，无法解开，请稍后重试。") from error

    def _inflate(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self.stream is None:
                if self.ended and not chunk.startswith(GZIP_START):
                    return  # gzip may consist of several members; other bytes are padding
                self.stream = zlib.decompressobj(self._window(chunk))
            self.ended = False
            yield self.stream.decompress(chunk, PIECE)
            if self.stream.eof:
                self.ended = True
                chunk = self.stream.unused_data
                self.stream = None
            else:
                chunk = self.stream.unconsumed_tail

    def _window(self, chunk: bytes) -> int:
        if self.window is not None:
            return self.window
        # "deflate" means zlib by the standard and raw deflate by habit; the header tells.
        zlib_header = (
            len(chunk) > 1 and chunk[0] & 0x0F == 8 and (chunk[0] << 8 | chunk[1]) % 31 == 0
        )
        return zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS


def binary_kind(data: bytes) -> str:
    """The Chinese name of a kind of file that is not text, or an empty string for text."""
    for start, name in BINARY_STARTS.items():
        if data.startswith(start):
            return name
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "二进制数据" if b"\x00" in data[:8192] and not wide else ""
