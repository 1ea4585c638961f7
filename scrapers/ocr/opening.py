"""Bytes to a picture that may be read: its kind from its content, its size, whether it is whole."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from media.sniffing import UploadRefused, check_picture_decodes

#: A picture of 100 rows at 1080 px has 6 million pixels; ten of them in one still pass.
MAX_PIXELS = 50_000_000
MAX_SIDE = 40_000
#: Nothing smaller holds a table that a person could read.
MIN_SIDE = 100

_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)


class PictureRefused(ValueError):
    """The picture is not read; the message is a Chinese sentence that says why."""


def kind_of(data: bytes) -> str | None:
    """``PNG``, ``JPEG``, ``GIF`` or ``WEBP`` from the first bytes; ``None`` for anything else."""
    for mark, kind in _KINDS:
        if data.startswith(mark):
            return kind
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def open_picture(data: bytes) -> Image.Image:
    """The picture (the first one of an animation) upright, in RGB, on white where transparent.

    Raises:
        PictureRefused: it is no picture, broken off, too large or too small.
    """
    kind = kind_of(data)
    if kind is None:
        raise PictureRefused("这不是 PNG、JPEG、WebP 或 GIF 图片,请核对文件。")
    broken = PictureRefused("图片不完整或已损坏,请重新下载后再试。")
    try:
        with warnings.catch_warnings():
            # Its own limit is larger than ours, which is checked before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
                width, height = picture.size
    except Image.DecompressionBombError as error:
        raise PictureRefused(_too_large()) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise broken from error
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise PictureRefused(_too_large(width, height))
    if min(width, height) < MIN_SIDE:
        raise PictureRefused(
            f"图片只有 {width}×{height} 像素,太小,看不清榜单;请找原图(点开大图后保存)。"
        )
    try:
        check_picture_decodes(io.BytesIO(data))
    except UploadRefused as error:
        raise broken from error
    with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
        return _plain(ImageOps.exif_transpose(picture))


def _too_large(width: int = 0, height: int = 0) -> str:
    size = f"({width}×{height} 像素)" if width else ""
    return (
        f"图片过大{size},最多 {MAX_PIXELS // 10_000} 万像素、边长 {MAX_SIDE} 像素;请分成几张再读。"
    )


def _plain(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture.copy()
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return picture.convert("RGB")
