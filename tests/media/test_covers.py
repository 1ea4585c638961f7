"""Where the cuts of a cover lie."""

import io

import pytest
from django.core.files.base import ContentFile
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image
from wagtail.images.rect import Rect

from media.covers import (
    Crop,
    Frame,
    as_text,
    cover_findings,
    frame_of,
    leaves_square,
    square,
    wide,
)
from tests.factories.media import ImageFactory

SIDES = st.integers(1, 6000)


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Any picture, its subject anywhere, also over the edge."""
    width, height = draw(SIDES), draw(SIDES)
    if draw(st.booleans()):
        return Frame(width, height, None)
    x, y = draw(st.integers(0, width)), draw(st.integers(0, height))
    focal = Rect.from_point(x, y, draw(st.integers(0, width)), draw(st.integers(0, height)))
    return Frame(width, height, focal)


@pytest.mark.parametrize("cut, ratio", [(wide, 2.35), (square, 1)])
@given(frame=frames())
def test_a_cut_is_the_largest_of_its_shape_within_the_picture(cut, ratio, frame) -> None:
    crop = cut(*frame)
    assert 0 <= crop.x1 < crop.x2 <= 1 and 0 <= crop.y1 < crop.y2 <= 1
    across, down = crop.x2 - crop.x1, crop.y2 - crop.y1
    assert across * frame.width / (down * frame.height) == pytest.approx(ratio)
    assert max(across, down) == pytest.approx(1)


@pytest.mark.parametrize("cut", [wide, square])
@given(frame=frames())
def test_a_cut_holds_the_subject_when_it_can(cut, frame) -> None:
    assume(frame.focal)
    crop, (left, top, right, bottom) = cut(*frame), frame.focal
    left, right = max(0, left), min(frame.width, right)
    top, bottom = max(0, top), min(frame.height, bottom)
    if right - left <= (crop.x2 - crop.x1) * frame.width:
        assert crop.x1 * frame.width <= left + 1e-6 and right <= crop.x2 * frame.width + 1e-6
    if bottom - top <= (crop.y2 - crop.y1) * frame.height:
        assert crop.y1 * frame.height <= top + 1e-6 and bottom <= crop.y2 * frame.height + 1e-6
    # The middle of the subject is in it whatever its size.
    assert crop.x1 * frame.width <= (left + right) / 2 + 1e-6
    assert (left + right) / 2 <= crop.x2 * frame.width + 1e-6


@given(frame=frames())
def test_what_is_written_is_what_was_meant(frame) -> None:
    crop = wide(*frame)
    numbers = [float(part) for part in as_text(crop).split("_")]
    assert numbers == pytest.approx([crop.x1, crop.y1, crop.x2, crop.y2], abs=1e-6)


@pytest.mark.parametrize(
    "crop, text",
    [
        (Crop(1 / 6, 0, 5 / 6, 1), "0.166667_0_0.833333_1"),
        (Crop(0, 0, 1, 1), "0_0_1_1"),
        (Crop(0.25, 0.1, 0.75, 0.5), "0.25_0.1_0.75_0.5"),
        (Crop(1e-9, 0, 1 - 1e-9, 0.1234567), "0_0_1_0.123457"),
    ],
)
def test_it_is_written_as_in_wechats_own_example(crop: Crop, text: str) -> None:
    assert as_text(crop) == text


@pytest.mark.parametrize(
    "frame, lost",
    [
        (Frame(900, 383, None), False),
        (Frame(900, 383, Rect(350, 100, 550, 300)), False),
        # As tall and wide as the square.
        (Frame(900, 383, Rect(258, 0, 641, 383)), False),
        (Frame(900, 383, Rect(200, 0, 700, 383)), True),
        # Near the edge, where the wide cut cannot follow it.
        (Frame(900, 383, Rect(0, 100, 100, 300)), True),
        # The wide cut follows it, and so does its middle.
        (Frame(4000, 1000, Rect(2500, 400, 2700, 600)), False),
        (Frame(1000, 1000, Rect(400, 0, 600, 900)), True),
    ],
)
def test_when_the_subject_leaves_the_square(frame: Frame, lost: bool) -> None:
    assert leaves_square(*frame) is lost


def image(size: tuple[int, int], *focal: int, orientation: int = 1, **kwargs):
    out, picture = io.BytesIO(), Image.new("RGB", size)
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(out, "JPEG", exif=exif)
    names = [f"focal_point_{name}" for name in ("x", "y", "width", "height")]
    values = dict(zip(names, focal, strict=False))
    return ImageFactory(file=ContentFile(out.getvalue(), name="cover.jpg"), **values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "size, focal, said",
    [
        ((1800, 766), (), []),
        ((1800, 1200), (900, 600, 300, 300), []),
        ((600, 400), (), ["600 像素"]),
        # Wide enough, but only a strip: the cut is what counts.
        ((1200, 100), (), ["235 像素"]),
        ((1000, 1500), (), ["只剩高度的 28%"]),
        ((1800, 1200), (900, 600, 400, 900), ["头条封面里主体会被切掉"]),
        ((1800, 766), (200, 300, 200, 200), ["主体超出封面中间的正方形"]),
    ],
)
def test_what_is_wrong_with_a_cover(size, focal, said) -> None:
    found = cover_findings(image(size, *focal))
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


@pytest.mark.django_db
def test_a_picture_that_lies_down_is_measured_as_it_is_seen() -> None:
    # Drawn in the middle of the lower right quarter of what is seen.
    upright = frame_of(image((1600, 1200), 1200, 900, 400, 300, orientation=6))
    assert upright == Frame(1200, 1600, Rect(750, 1000, 1050, 1400))
    assert frame_of(image((1600, 1200), 1200, 900, 400, 300, orientation=3)).width == 1600
