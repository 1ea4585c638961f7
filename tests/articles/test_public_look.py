"""The stylesheet: contrast in both schemes, size, nothing from outside; and the motif."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

CSS = Path(finders.find("articles/site.css")).read_text(encoding="utf-8")
LEAST = 4.5  # WCAG 1.4.3
LEAST_IN_HIGH_CONTRAST = 7.0  # WCAG 1.4.6
LEAST_OF_LINES = 3.0
MOST_CSS = 30_000
# The sheets of a public page beside the common one; no page has two of them.
OF_ONE_PAGE = ["rankings/honours.css", "articles/finding.css", "feedback/public.css"]

# Text colour and what it stands on. Lotus is for words on paper only.
PAIRS = [
    ("ink", "paper"),
    ("ink", "water"),
    ("soft", "paper"),
    ("soft", "water"),
    ("leaf", "paper"),
    ("leaf", "water"),
    ("lotus", "paper"),
    ("paper", "leaf"),
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+):\s*(#[0-9A-Fa-f]{6})", block))


def rule(selector: str, text: str) -> dict[str, str]:
    """The colours that the first rule of ``selector`` in ``text`` gives."""
    return colours(text[(at := text.index(f"{selector} {{")) : text.index("}", at)])


DARK_PART = CSS[CSS.index("prefers-color-scheme: dark") :]
LIGHT, DARK = rule(":root", CSS), rule(":root", DARK_PART)
SCHEMES = {
    "light": LIGHT,
    "dark": DARK,
    "high contrast": rule(":root.contrast", CSS),
    "dark, high contrast": rule(":root.contrast", DARK_PART),
}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_pair_can_be_read(scheme: str, text: str, ground: str) -> None:
    least = LEAST_IN_HIGH_CONTRAST if "contrast" in scheme else LEAST
    assert contrast(SCHEMES[scheme][text], SCHEMES[scheme][ground]) >= least


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_of_flowers_and_fields_can_be_seen(scheme: str) -> None:
    """What is no text but tells something: at least 3:1 (WCAG 1.4.11)."""
    for line in ("lotus", "open", "soft", "leaf"):
        assert contrast(SCHEMES[scheme][line], SCHEMES[scheme]["paper"]) >= LEAST_OF_LINES


def test_asking_the_system_for_contrast_leaves_nothing_soft() -> None:
    asked = CSS[(at := CSS.index("prefers-contrast: more")) : CSS.index("}", at)]
    assert "--soft: var(--ink)" in asked and "--line: var(--ink)" in asked


def test_the_palette_is_the_house_palette() -> None:
    assert (
        LIGHT
        | {
            "paper": "#FBFAF6",
            "ink": "#1F2A28",
            "leaf": "#2E6A50",
            "lotus": "#B8476B",
            "water": "#DCE7E3",
        }
        == LIGHT
    )
    assert all(scheme.keys() == LIGHT.keys() for scheme in SCHEMES.values())


def test_no_rule_names_a_colour_of_its_own() -> None:
    """Else a colour would not follow the scheme; print alone sets its own."""
    rules = re.sub(r"--[a-z]+:[^;]*;|@media print.*", "", CSS, flags=re.S)
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[;\s])|rgb\(|hsl\(", rules)


@pytest.mark.parametrize("sheet", OF_ONE_PAGE)
def test_the_stylesheets_of_a_page_are_small_and_complete(sheet: str) -> None:
    own = Path(finders.find(sheet)).read_text(encoding="utf-8")
    assert len(CSS.encode()) + len(own.encode()) < MOST_CSS
    for css in (CSS, own):
        assert "@import" not in css and "url(" not in css
        assert css.count("{") == css.count("}")


def test_the_only_script_is_tiny_and_asks_nobody() -> None:
    script = Path(finders.find("articles/reading.js")).read_text(encoding="utf-8")
    assert len(script.encode()) < 3_000
    assert not re.findall(r"fetch|XMLHttp|cookie|sendBeacon|import|eval|innerHTML|https?:", script)


def test_the_flower_has_twelve_petals() -> None:
    symbols = render_to_string("includes/lotus_symbols.html")
    flower = symbols[symbols.index('id="lotus"') : symbols.index('id="lotus-petals"')]
    assert flower.count('href="#petal"') == 12
