"""Which bytes are a picture that may be read."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from scrapers.ocr import is_picture
from scrapers.ocr.opening import MAX_PIXELS, PictureRefused, open_picture


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    answer = io.BytesIO()
    picture.save(answer, kind, **options)
    return answer.getvalue()


def plain(mode: str = "RGB", size: tuple[int, int] = (200, 150), colour="white") -> Image.Image:
    return Image.new(mode, size, colour)


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_are_told_by_their_content(kind: str) -> None:
    data = encoded(plain(), kind)
    assert is_picture(data)
    assert open_picture(data).mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"\x89PN", b"RIFF....WAVE", encoded(plain(), "BMP")],
    ids=["empty", "page", "cut mark", "sound", "BMP"],
)
def test_other_bytes_are_none(data: bytes) -> None:
    assert not is_picture(data)
    with pytest.raises(PictureRefused, match="不是 PNG、JPEG、WebP 或 GIF"):
        open_picture(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_that_breaks_off_is_refused(kind: str, share: float) -> None:
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    data = encoded(noise, kind)
    with pytest.raises(PictureRefused, match="不完整或已损坏"):
        open_picture(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    ("width", "height"),
    [(60_000, 60_000), (8_000, MAX_PIXELS // 8_000 + 1), (101, 40_001)],
    ids=["bomb", "many pixels", "too tall"],
)
def test_a_picture_too_large_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(PictureRefused, match="图片过大"):
        open_picture(claiming(width, height))


def test_a_picture_too_small_is_refused() -> None:
    with pytest.raises(PictureRefused, match=r"只有 99×500 像素"):
        open_picture(encoded(plain(size=(99, 500)), "PNG"))


@pytest.mark.parametrize(
    ("picture", "kind"),
    [
        pytest.param(plain("RGBA", colour=(0, 0, 0, 0)), "PNG", id="transparent"),
        pytest.param(plain("LA", colour=(0, 0)), "PNG", id="grey, transparent"),
        pytest.param(plain("P", colour=0), "PNG", id="palette"),
        pytest.param(plain("CMYK", colour=(0, 0, 0, 0)), "JPEG", id="for print"),
        pytest.param(plain("1", colour=1), "PNG", id="black and white"),
    ],
)
def test_every_mode_becomes_rgb_on_white(picture: Image.Image, kind: str) -> None:
    if picture.mode == "P":
        picture.putpalette([255, 255, 255] * 256)
    assert open_picture(encoded(picture, kind)).getpixel((5, 5)) == (255, 255, 255)


def test_the_first_frame_of_an_animation() -> None:
    frames = [plain(colour="red"), plain(colour="blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert open_picture(data).getpixel((5, 5)) == (255, 0, 0)


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter clockwise
    assert open_picture(encoded(plain(), "JPEG", exif=exif)).size == (150, 200)
