"""The demo's pictures."""

import io

import pytest
from PIL import Image

from demo.content import pictures


@pytest.mark.parametrize("key", pictures.PICTURES)
def test_a_picture_is_a_modest_jpeg_of_the_asked_size(key):
    data = pictures.draw(key)
    assert len(data) < 150_000
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1080, 720))
        assert len(set(image.resize((24, 16)).get_flattened_data())) > 8
    about = pictures.PICTURES[key]
    assert about["title"] and about["alt"]
    assert (about["credit"], about["licence"]) == ("示例图·本项目绘制", "示例")


def test_there_are_enough_pictures_and_all_differ():
    assert len(pictures.PICTURES) >= 14
    small = {pictures.draw(key, (120, 80)) for key in pictures.PICTURES}
    assert len(small) == len(pictures.PICTURES)


@pytest.mark.parametrize("size", [(900, 383), (300, 300), (97, 211)])
def test_a_picture_fills_any_shape(size):
    with Image.open(io.BytesIO(pictures.draw("lotus", size))) as image:
        assert image.size == size


def test_a_picture_is_the_same_every_time():
    assert pictures.draw("hills", (300, 200)) == pictures.draw("hills", (300, 200))


def test_unknown_pictures_and_empty_sizes_are_refused():
    with pytest.raises(KeyError):
        pictures.draw("carousel")
    with pytest.raises(ValueError, match="大于零"):
        pictures.draw("lotus", (0, 100))


# Example board
