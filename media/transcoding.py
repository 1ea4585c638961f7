"""Pictures as WeChat takes them.

WeChat: media/uploadimg takes jpg and png below 1 MB, material/add_material also gif up to 10 MB.
What fits goes as it is. Everything else is made anew: upright, in sRGB, on white (a transparent
drawing is unreadable in the dark), without what a camera notes beside it, such as the place. The
same bytes always give the same bytes, because WeChat's address of a picture is kept by their hash.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

from .sniffing import BROKEN, UploadRefused, decoded, turn_of

register_heif_opener()


class PictureUnusable(ValueError):
    """The picture cannot be sent; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class Sendable:
    """A file for WeChat. ``as_material``: uploadimg does not take it, the library does."""

    data: bytes
    name: str
    as_material: bool = False


@dataclass(frozen=True)
class Limits:
    """A picture is ``width`` at most, and below ``pixels`` and below ``size`` in bytes."""

    width: int
    pixels: int
    size: int


# A column is 677 CSS pixels wide.
BODY = Limits(1080, 6_000_000, 1_000_000)
COVER = Limits(1920, 6_000_000, 2_000_000)
# A drawing stays a png while it is as small as a picture should be.
SMALL = 500_000
QUALITIES = (88, 80, 72, 64, 56, 48)
SHRINK = 0.8
# A jpg cannot be longer.
LONGEST = 65_000
MOST_GIF_BYTES = 10_000_000
# WeChat plays fewer than these.
GIF_FRAMES = 300

# What sets a picture upright, by how the camera was held.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LOSSLESS = frozenset({"PNG", "GIF", "BMP", "TIFF"})
# Of these only gif moves in WeChat, or has more pages than one.
MOVING = frozenset({"PNG", "WEBP", "AVIF", "TIFF"})
PLAIN_SEGMENTS = frozenset({"APP0", "APP14"})
PLAIN_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"IDAT", b"IEND"}
)
PNG_BEGINS, JPEG_ENDS = b"\x89PNG\r\n\x1a\n", b"\xff\xd9"


def for_body(data: bytes) -> Sendable:
    """A picture of a text.

    Raises:
        PictureUnusable: it is broken, too large, or moves in a way WeChat cannot show.
    """
    picture = _open(data)
    frames = _frames(picture)
    if picture.format == "GIF" and frames > 1:
        return _animation(data, frames)
    if picture.format in MOVING and frames > 1:
        raise PictureUnusable("这张图有好几帧或好几页，微信只认 gif 动图，请另存为 gif 再上传。")
    return _still(data, picture, BODY)


def for_cover(data: bytes) -> Sendable:
    """A cover; of one that moves, its first frame. Raises as `for_body`.

    The shape stays, so that cuts given as parts of the whole fit both.
    """
    return _still(data, _open(data), COVER)


def _open(data: bytes) -> Image.Image:
    try:
        return decoded(BytesIO(data))
    except UploadRefused as refusal:
        raise PictureUnusable(str(refusal)) from refusal


def _frames(picture: Image.Image) -> int:
    try:
        return getattr(picture, "n_frames", 1)
    except BROKEN as error:
        raise PictureUnusable("动图文件不完整或已损坏，请重新导出后再上传。") from error


# --- animations ---------------------------------------------------------------------------------


def _animation(data: bytes, frames: int) -> Sendable:
    if frames >= GIF_FRAMES:
        raise PictureUnusable(
            f"这张动图有 {frames} 帧，微信要求少于 {GIF_FRAMES} 帧，请截短或减帧后再上传。"
        )
    try:
        data = b"".join(_gif_blocks(data))
    except (IndexError, ValueError) as error:
        raise PictureUnusable("动图文件不完整或已损坏，请重新导出后再上传。") from error
    if len(data) > MOST_GIF_BYTES:
        raise PictureUnusable("这张动图超过 10 MB，微信不收，请缩小尺寸或减帧后再上传。")
    return Sendable(data, _name(data, "gif"), as_material=True)


def _gif_blocks(data: bytes) -> Iterator[bytes]:
    """The file without comments and notes (GIF89a).

    Raises:
        IndexError: it breaks off.
        ValueError: something stands in it that is no block.
    """
    at = 13 + _colours(data[10])
    yield data[:at]
    while data[at] != 0x3B:
        begin = at
        if data[at] == 0x2C:
            at += 10 + _colours(data[at + 9]) + 1
        elif data[at] == 0x21:
            at += 2
        else:
            raise ValueError("no block of a gif")
        kind, first = data[begin : begin + 2], at
        while data[at]:
            at += data[at] + 1
        at += 1
        # What stays beside the pictures: how long each is shown, and how often all of them.
        loops = data[first + 1 : first + 12] in (b"NETSCAPE2.0", b"ANIMEXTS1.0")
        if kind[:1] == b"\x2c" or kind == b"\x21\xf9" or (kind == b"\x21\xff" and loops):
            yield data[begin:at]
    yield b"\x3b"


def _colours(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


# --- pictures that stand still ------------------------------------------------------------------


def _still(data: bytes, picture: Image.Image, limits: Limits) -> Sendable:
    if _fits(data, picture, limits):
        return Sendable(data, _name(data, "png" if picture.format == "PNG" else "jpg"))
    made, suffix = _encoded(
        _shrunk(_plain(picture), limits), picture.format in LOSSLESS, limits.size
    )
    return Sendable(made, _name(made, suffix))


def _name(data: bytes, suffix: str) -> str:
    return f"{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"


def _fits(data: bytes, picture: Image.Image, limits: Limits) -> bool:
    """Whether WeChat takes the very bytes, and nothing is in them but the picture."""
    width, height = picture.size
    if width > limits.width or width * height >= limits.pixels or len(data) >= limits.size:
        return False
    if picture.format == "JPEG":
        notes = {segment for segment, _ in picture.applist} - PLAIN_SEGMENTS
        return not notes and picture.mode in ("RGB", "L") and data.endswith(JPEG_ENDS)
    if picture.format != "PNG":
        return False
    chunks = list(_png_chunks(data))
    whole = chunks[-1] == b"IEND" and PLAIN_CHUNKS.issuperset(chunks)
    return whole and data[24] <= 8 and not _is_see_through(picture)


def _png_chunks(data: bytes) -> Iterator[bytes]:
    """The types of the chunks, with whatever follows the end as one more."""
    at = len(PNG_BEGINS)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind
        at += 12 + length


def _is_see_through(picture: Image.Image) -> bool:
    if not picture.has_transparency_data:
        return False
    return picture.convert("RGBA").getchannel("A").getextrema()[0] < 255


def _plain(picture: Image.Image) -> Image.Image:
    """The picture alone: upright, 8 bits of sRGB, on white."""
    profile = picture.info.get("icc_profile")
    turn = TURNS.get(turn_of(picture))
    upright = picture if turn is None else picture.transpose(turn)
    if upright.mode.startswith("I"):  # 16 bits of grey
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    elif upright.mode == "P" or upright.has_transparency_data:
        upright = upright.convert("RGBA")
    if profile:
        upright = _in_srgb(upright, profile)
    canvas = Image.new("RGB", upright.size, "white")
    if upright.mode == "RGBA":
        canvas.paste(upright, mask=upright.getchannel("A"))
    else:
        canvas.paste(upright.convert("RGB"))
    return canvas


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(
            picture, given, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError):
        # Browsers, too, show a picture as if it had no profile when theirs is broken.
        return picture


def _shrunk(picture: Image.Image, limits: Limits) -> Image.Image:
    width, height = picture.size
    most = limits.pixels * 0.998  # the sides are rounded
    scale = min(
        1, limits.width / width, (most / (width * height)) ** 0.5, LONGEST / max(width, height)
    )
    return _scaled(picture, scale) if scale < 1 else picture


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, is_drawing: bool, most: int) -> tuple[bytes, str]:
    """The file, below ``most`` bytes, and its suffix."""
    if is_drawing and len(png := _saved(picture, "PNG", optimize=True)) < min(SMALL, most):
        return png, "png"
    while True:
        for quality in QUALITIES:
            jpeg = _saved(picture, "JPEG", quality=quality, optimize=True)
            if len(jpeg) < most:
                return jpeg, "jpg"
        picture = _scaled(picture, SHRINK)


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
