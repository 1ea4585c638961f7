"""Finding the Chinese fonts."""

import pytest
from PIL import Image, ImageDraw

from media import fonts

pytestmark = pytest.mark.needs("fonts-noto-cjk")


@pytest.fixture
def no_memory():
    fonts._located.cache_clear()
    yield
    fonts._located.cache_clear()


@pytest.mark.parametrize("serif", [False, True])
@pytest.mark.parametrize("bold", [False, True])
def test_the_simplified_face_of_each_style(bold, serif):
    font = fonts.cjk_font(20, bold=bold, serif=serif)
    family, style = font.getname()
    assert family == f"Noto {'Serif' if serif else 'Sans'} CJK SC"
    assert style == ("Bold" if bold else "Regular")
    assert font.size == 20


def test_chinese_is_drawn_and_not_as_boxes():
    font = fonts.cjk_font(32)

    def drawn(text):
        picture = Image.new("L", (40, 48))
        ImageDraw.Draw(picture).text((0, 0), text, fill=255, font=font)
        return picture.tobytes()

    assert len({drawn(each) for each in "荷塘渌攸醴"}) == 5


def test_without_fonts_a_sentence_names_the_package(no_memory, monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "ROOTS", (tmp_path,))
    with pytest.raises(fonts.FontMissing, match="apt-get install fonts-noto-cjk"):
        fonts.cjk_font(20)


def test_what_was_missing_is_looked_for_again(no_memory, monkeypatch, tmp_path):
    roots = fonts.ROOTS
    monkeypatch.setattr(fonts, "ROOTS", (tmp_path,))
    with pytest.raises(fonts.FontMissing):
        fonts.cjk_font(20, bold=True)
    monkeypatch.setattr(fonts, "ROOTS", roots)
    assert fonts.cjk_font(20, bold=True).getname()[1] == "Bold"


def test_a_font_in_any_folder_below_the_roots(no_memory, monkeypatch, tmp_path):
    path, index = fonts.cjk_font_file()
    fonts._located.cache_clear()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / path.name).symlink_to(path)
    monkeypatch.setattr(fonts, "ROOTS", (tmp_path / "nowhere", tmp_path))
    assert fonts.cjk_font_file() == (tmp_path / "own" / path.name, index)


def test_a_file_that_is_no_font_is_passed_by(no_memory, monkeypatch, tmp_path):
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font")
    monkeypatch.setattr(fonts, "ROOTS", (tmp_path, *fonts.ROOTS))
    assert fonts.cjk_font_file()[0].parent != tmp_path
