"""Posters: nothing clipped, nothing overlapping, everything readable, the same bytes each time."""

import functools
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media import colours, posters
from media.flowers import Flower
from media.lotus import Petal
from media.posters import Layout, PosterText

pytestmark = pytest.mark.needs("fonts-noto-cjk")
F, T, S, N = Petal.FIRST, Petal.TIED, Petal.SUSPENDED, Petal.NONE
TEXT = PosterText(
    account="在荷塘",
    kicker="连续",
    number="24",
    unit="个月",
    headline="列县级榜第一",
    board="《湖南政务微信影响力排行榜·县级》",
    publisher="湖南日报社新媒体中心、清博大数据",
    dates="2017年9月至2019年8月",
    sentence="据《湖南政务微信影响力排行榜·县级》逐月公布结果，“在荷塘”连续24个月列县级榜第一。",
    reference="结论 JL-2019-0001　截至2019年8月",
    flowers=(
        Flower("2017年", (N,) * 8 + (F,) * 4),
        Flower("2018年", (F,) * 12),
        Flower("2019年", (F,) * 8 + (N,) * 4),
    ),
    footnotes=("证明材料 SHA-256：" + "a1" * 32,),
)
LONG_NAMES = replace(
    TEXT,
    account="荷塘" * 12,
    board="《" + "湖南政务微信影响力排行榜，" * 4 + "》",
    publisher="湖南日报社新媒体中心、" * 5,
    sentence=TEXT.sentence * 5,
    asides=("其中并列3个月", "其间榜单停发2期，不计入"),
    flowers=tuple(Flower(f"{year}年", (F, T, S) * 4) for year in range(2014, 2025)),
    number="132",
    kicker="至少连续",
)
LAYOUTS = list(Layout)
# Drawing takes a while: each picture once, but where drawing again is what is tested.
drawn = functools.cache(posters.draw)


def check(picture):
    """What holds of every poster."""
    for box in picture.boxes:
        assert box.left >= 8, box
        assert box.top >= 8, box
        assert box.right <= picture.width - 8, box
        assert box.bottom <= picture.height - 8, box
        assert colours.contrast(box.colour, box.ground) >= colours.READABLE, box
    for number, one in enumerate(picture.boxes):
        for two in picture.boxes[number + 1 :]:
            apart = (
                one.right <= two.left
                or two.right <= one.left
                or one.bottom <= two.top
                or two.bottom <= one.top
            )
            assert apart, (one, two)


def written(picture):
    return "".join(box.text for box in picture.boxes)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("text", [TEXT, LONG_NAMES, replace(LONG_NAMES, is_example=True)])
def test_everything_is_on_it_and_nothing_is_clipped(text, layout):
    picture = drawn(text, layout)
    check(picture)
    said = written(picture)
    for part in (text.account, text.number, text.headline, text.board, text.publisher, text.dates):
        assert part in said
    for aside in text.asides:
        assert aside in said
    assert text.reference.replace("　", "") in said.replace("　", "")
    assert ("示例" in said) == text.is_example


def test_the_long_picture_says_the_whole_sentence():
    picture = drawn(LONG_NAMES, Layout.LONG)
    assert LONG_NAMES.sentence in written(picture)
    assert LONG_NAMES.footnotes[0] in written(picture)


@pytest.mark.parametrize(
    ("layout", "size"), [(Layout.COVER, (900, 383)), (Layout.SQUARE, (1080, 1080))]
)
def test_fixed_sizes(layout, size):
    picture = drawn(TEXT, layout)
    assert (picture.width, picture.height) == size
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == size
        assert image.format == "PNG"


def test_the_long_picture_grows():
    short, long = drawn(TEXT, Layout.LONG), drawn(LONG_NAMES, Layout.LONG)
    assert short.width == long.width == 1080
    assert long.height > short.height > 1080


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_text_gives_the_same_bytes(layout):
    assert posters.draw(TEXT, layout).data == drawn(TEXT, layout).data


def test_another_month_gives_another_picture():
    lost = replace(TEXT, flowers=(*TEXT.flowers[:2], Flower("2019年", (F,) * 7 + (N,) * 5)))
    assert drawn(TEXT, Layout.COVER).data != posters.draw(lost, Layout.COVER).data


@pytest.mark.parametrize(
    "colour", ["#2E6A50", "#FFFFFF", "#000000", "#808080", "#F2C94C", "#B8476B", "#757575"]
)
def test_text_is_readable_on_any_account_colour(colour):
    check(posters.draw(replace(TEXT, colour=colour, is_example=True), Layout.COVER))


@settings(max_examples=8)
@given(
    st.text(alphabet="荷塘发布，（）“”·Aa1", min_size=1, max_size=40),
    st.text(alphabet="榜单《》影响力，。·", min_size=1, max_size=60),
    st.sampled_from(LAYOUTS),
)
def test_no_name_breaks_out(account, board, layout):
    check(posters.draw(replace(TEXT, account=account, board=board), layout))


def test_a_name_that_no_size_can_fit_is_refused():
    with pytest.raises(posters.PosterError, match="请改用长图"):
        posters.draw(replace(TEXT, board="榜" * 1000), Layout.COVER)


def test_without_flowers_there_is_still_a_poster():
    check(posters.draw(replace(TEXT, flowers=()), Layout.SQUARE))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_void_poster_is_marked_and_keeps_its_size(layout):
    picture = drawn(TEXT, layout)
    marked = posters.void(picture.data)
    assert marked == posters.void(picture.data) != picture.data
    with Image.open(io.BytesIO(marked)) as image:
        assert image.size == (picture.width, picture.height)
        counts = {colour: count for count, colour in image.getcolors(1 << 24)}
    assert counts.get(posters.VOID_RED, 0) > picture.width


def test_what_is_no_picture_cannot_be_marked():
    with pytest.raises(OSError, match="cannot identify"):
        posters.void(b"no picture")
