"""The style sheet: nothing WeChat refuses, and colours that can be read by day and by night."""

import re
from pathlib import Path

import pytest

from articles.wechat import darkmode
from articles.wechat.lint.colours import contrast
from articles.wechat.rendering import renderer
from articles.wechat.rendering.night import at_night

CSS = re.sub(
    r"/\*.*?\*/", "", (Path(renderer.__file__).parent / "theme.css").read_text("utf-8"), flags=re.S
)
LEAST = 4.5
DAY, QUIET = "#ffffff", "#f6f6f6"
INKS = ["#191919", "#2e6a50", "#595959"]


def rgb(text: str) -> darkmode.Colour:
    return tuple(int(text[n : n + 2], 16) for n in (1, 3, 5))


def test_the_theme_has_no_colours_but_those_tried_here() -> None:
    words = re.findall(r"(?<![-\w])color:\s*([^;]+);", CSS)
    assert set(words) == {*INKS[1:], "inherit"}
    assert set(re.findall(r"background-color:\s*([^;]+);", CSS)) == {QUIET}
    assert not re.search(r"gradient|url\(|hsl", CSS)


@pytest.mark.parametrize("ground", [DAY, QUIET])
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read(ink: str, ground: str) -> None:
    night = darkmode.ground(rgb(ground))
    assert contrast(rgb(ink), rgb(ground)) >= LEAST
    assert contrast(darkmode.ink(rgb(ink), night), night) >= LEAST


def test_grounds_turn_dark() -> None:
    assert darkmode.ground(rgb(DAY)) == darkmode.DARK_GROUND
    assert max(darkmode.ground(rgb(QUIET))) < 0x30


STRIPPED = (
    *("font-family", "!important", "position:", "float", "grid", "flex", "opacity", "caret-color"),
    *("var(", "@", "::", "start;", "end;"),
)


@pytest.mark.parametrize("word", STRIPPED)
def test_nothing_that_wechat_strips(word: str) -> None:
    assert word not in CSS


def test_lines_of_words_are_never_tight() -> None:
    heights = re.findall(r"line-height:\s*([^;]+);", CSS)
    assert min(map(float, heights)) >= 1.5


def test_night_changes_colours_and_nothing_else() -> None:
    day = (
        '<section style="font-size:17px"><p style="margin:0;color:#2e6a50">一</p><section '
        'style="padding:1em;background-color:#f6f6f6"><p>二</p></section>'
        '<td style="border:1px solid rgba(0,0,0,.2)">三</td></section>'
    )
    assert at_night(day) == (
        '<section style="font-size:17px"><p style="margin:0;color:#6fbf9c">一</p><section '
        'style="padding:1em;background-color:#222222;color:#cccccc"><p>二</p></section>'
        '<td style="border:1px solid rgba(163,163,163,.2)">三</td></section>'
    )
