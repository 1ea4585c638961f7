"""Pictures as WeChat takes them."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, ImageOps

from media.transcoding import GIF_FRAMES, PictureUnusable, Sendable, for_body, for_cover

PLACE = 0x8825  # where EXIF keeps the coordinates


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise(size, 120) for _ in range(3)])


def leaf(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> Image.Image:
    """Green on white, dark in its upper left corner."""
    picture = Image.new("RGB", size, "white")
    drawing = ImageDraw.Draw(picture)
    drawing.ellipse((30, 20, 90, 60), "green")
    drawing.rectangle((0, 0, 20, 15), "black")
    return picture.convert(mode)


def opened(sent: Sendable) -> Image.Image:
    return Image.open(io.BytesIO(sent.data))


def with_place(picture: Image.Image, orientation: int = 1) -> Image.Exif:
    exif = picture.getexif()
    exif[0x0112] = orientation
    exif.get_ifd(PLACE)[2] = (27.0, 50.0, 1.0)
    return exif


def moving(frames: int, size: tuple[int, int] = (20, 16)) -> list[Image.Image]:
    return [Image.new("L", size, number % 255) for number in range(frames)]


def gif(frames: int, **options: Any) -> bytes:
    first, *others = moving(frames)
    return saved(first, "GIF", save_all=True, append_images=others, duration=80, loop=0, **options)


@pytest.mark.parametrize(
    "data, suffix",
    [
        (saved(leaf(), "JPEG"), "jpg"),
        (saved(leaf(mode="L"), "JPEG", progressive=True), "jpg"),
        (saved(leaf((1080, 500)), "PNG"), "png"),
        (saved(leaf().quantize(8), "PNG"), "png"),
        (saved(leaf(mode="RGBA"), "PNG"), "png"),
    ],
)
@pytest.mark.parametrize("make", [for_body, for_cover])
def test_what_fits_goes_as_it_is(make: Any, data: bytes, suffix: str) -> None:
    sent = make(data)
    assert sent.data == data
    assert sent.name.endswith(f".{suffix}") and not sent.as_material


def _icc() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    "data, suffix",
    [
        (saved(leaf(), "WEBP"), "jpg"),
        (saved(leaf(), "HEIF"), "jpg"),
        (saved(leaf(), "AVIF"), "jpg"),
        (saved(leaf(), "MPO", save_all=True, append_images=[leaf()]), "jpg"),
        (saved(leaf(), "BMP"), "png"),
        (saved(leaf(), "TIFF"), "png"),
        (saved(leaf(), "GIF"), "png"),
        (saved(leaf(mode="CMYK"), "JPEG"), "jpg"),
        (saved(leaf(), "JPEG", icc_profile=_icc()), "jpg"),
        (saved(leaf(), "JPEG", icc_profile=b"no profile at all"), "jpg"),
        (saved(leaf(mode="L").convert("I;16").point(lambda v: v * 257), "PNG"), "png"),
        (saved(leaf(), "JPEG") + b"a film behind the picture", "jpg"),
        (saved(leaf(), "PNG") + b"a film behind the picture", "png"),
    ],
)
@pytest.mark.parametrize("make", [for_body, for_cover])
def test_what_wechat_does_not_take_is_made_anew(make: Any, data: bytes, suffix: str) -> None:
    sent = make(data)
    picture = opened(sent)
    assert sent.data != data and sent.name.endswith(f".{suffix}") and not sent.as_material
    assert picture.format == {"jpg": "JPEG", "png": "PNG"}[suffix]
    assert picture.size == (120, 80) and picture.mode == "RGB"
    dark, light, middle = (picture.getpixel(at)[0] for at in ((5, 5), (115, 75), (60, 40)))
    assert dark < 30 and light > 225 and middle < 110


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(leaf(mode="RGBA"), id="rgba"),
        pytest.param(leaf(mode="LA"), id="la"),
    ],
)
def test_what_is_see_through_is_laid_on_white(picture: Image.Image) -> None:
    picture.putalpha(ImageOps.invert(leaf(mode="L")))
    sent = opened(for_body(saved(picture, "PNG")))
    assert sent.mode == "RGB" and sent.getpixel((115, 75)) == (255, 255, 255)
    assert sent.getpixel((5, 5))[0] < 10


def test_see_through_colours_of_a_palette_are_laid_on_white() -> None:
    picture = Image.new("P", (10, 10), 1)
    picture.putpalette([0, 0, 0, 200, 0, 0])
    picture.putpixel((2, 2), 0)
    sent = opened(for_body(saved(picture, "PNG", transparency=0)))
    assert sent.getpixel((2, 2)) == (255, 255, 255) and sent.getpixel((5, 5)) == (200, 0, 0)


@pytest.mark.parametrize("make", [for_body, for_cover])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_stands_upright_and_nothing_says_where_it_was_taken(make: Any, kind: str) -> None:
    picture = leaf()
    sent = make(saved(picture, kind, exif=with_place(picture, 6)))
    made = opened(sent)
    assert made.size == (80, 120) and made.getpixel((75, 5))[0] < 30
    assert not made.getexif() and b"Exif" not in sent.data and b"eXIf" not in sent.data


@pytest.mark.parametrize("turn", range(9))
def test_it_is_turned_as_pillow_would(turn: int) -> None:
    data = saved(leaf(), "PNG", exif=with_place(leaf(), turn))
    wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert opened(for_body(data)).tobytes() == wanted.tobytes()


@pytest.mark.parametrize(
    "data",
    [
        saved(leaf(), "JPEG", comment=b"taken at home"),
        saved(leaf(), "JPEG", xmp=b"<x:xmpmeta>at home</x:xmpmeta>"),
        gif(3, comment=b"taken at home"),
        gif(3) + b"at home, behind the end",
    ],
)
def test_no_words_travel_along(data: bytes) -> None:
    assert b"at home" in data
    assert b"at home" not in for_body(data).data


def test_a_wide_one_is_made_narrower_in_a_text_only() -> None:
    data = saved(leaf((1500, 1000)), "PNG")
    assert opened(for_body(data)).size == (1080, 720)
    assert for_cover(data).data == data
    assert opened(for_cover(saved(leaf((3000, 1277)), "PNG"))).size == (1920, 817)


def test_a_very_tall_one_keeps_its_shape() -> None:
    width, height = opened(for_body(saved(leaf((900, 9000), "L"), "PNG"))).size
    assert width * height < 6_000_000 and height / width == pytest.approx(10, rel=0.01)
    assert max(opened(for_body(saved(leaf((100, 66_000), "1"), "PNG"))).size) <= 65_535


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_heavy_one_ends_below_the_limit(kind: str) -> None:
    data = saved(noise((1080, 1000)), kind, quality=95)
    assert len(data) > 1_000_000
    sent = for_body(data)
    assert len(sent.data) < 1_000_000 and sent.name.endswith(".jpg")
    assert opened(sent).width == 1080


def test_what_moves_goes_into_the_library() -> None:
    data = gif(3)
    sent = for_body(data)
    picture = opened(sent)
    assert sent.as_material and sent.name.endswith(".gif")
    assert (picture.n_frames, picture.info["duration"], picture.info["loop"]) == (3, 80, 0)
    assert sent.data == data, "nothing was beside the pictures"
    assert not for_cover(data).as_material


@pytest.mark.parametrize(
    "data, said",
    [
        (gif(GIF_FRAMES), "300 帧"),
        (gif(3)[:-30], "损坏"),
        (saved(leaf(), "WEBP", save_all=True, append_images=[noise((120, 80))]), "gif"),
        (saved(leaf(), "PNG", save_all=True, append_images=[noise((120, 80))]), "gif"),
        (saved(leaf(), "TIFF", save_all=True, append_images=[leaf()]), "gif"),
        (b"", "损坏"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "损坏"),
        (saved(leaf(), "JPEG")[:300], "损坏"),
        (saved(leaf(), "PNG")[:200], "损坏"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(PictureUnusable, match=said):
        for_body(data)


def test_a_moving_one_may_have_ten_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.transcoding.MOST_GIF_BYTES", 100)
    with pytest.raises(PictureUnusable, match="10 MB"):
        for_body(gif(3))


def test_one_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(leaf(), "PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 120 * 80 // 3)
    with pytest.raises(PictureUnusable, match="过大"):
        for_body(data)


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "JPEG"])
def test_the_same_bytes_give_the_same_bytes(kind: str) -> None:
    data = saved(leaf((1200, 800)), kind)
    assert for_body(data) == for_body(data)
    assert for_cover(data) == for_cover(data)


@settings(max_examples=100)
@given(
    start=st.sampled_from(
        [
            saved(leaf(), "PNG"),
            saved(leaf(), "PNG", exif=with_place(leaf(), 6)),
            saved(leaf(), "JPEG"),
            saved(leaf(), "JPEG", exif=with_place(leaf(), 6), icc_profile=_icc()),
            saved(leaf(), "WEBP", exif=with_place(leaf(), 6)),
            gif(3),
        ]
    ),
    cut=st.integers(0, 900),
    junk=st.binary(max_size=40),
)
def test_damaged_files_are_refused_in_words_or_sent(start: bytes, cut: int, junk: bytes) -> None:
    data = start[:cut] + junk + start[cut + len(junk) :]
    for make in (for_body, for_cover):
        try:
            sent = make(data)
        except PictureUnusable as refusal:
            assert str(refusal).endswith("。")
        else:
            assert make(sent.data).data == sent.data, "what was made goes as it is"
