"""The stylesheet: contrast in both schemes, size, nothing from outside; and the motif."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

CSS = Path(finders.find("articles/site.css")).read_text(encoding="utf-8")
LEAST = 4.5

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


LIGHT = colours(CSS[: CSS.index("@media")])
DARK = colours(re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", CSS, re.S)[1])


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


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_pair_can_be_read(scheme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(scheme[text], scheme[ground]) >= LEAST


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
    assert DARK.keys() == LIGHT.keys()


def test_no_rule_names_a_colour_of_its_own() -> None:
    """Else a colour would not follow the scheme; print alone sets its own."""
    rules = re.sub(r"--[a-z]+:[^;]*;|@media print.*", "", CSS, flags=re.S)
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[;\s])|rgb\(|hsl\(", rules)


def test_the_stylesheet_is_small_and_complete() -> None:
    assert len(CSS.encode()) < 30_000
    assert "@import" not in CSS and "url(" not in CSS
    assert CSS.count("{") == CSS.count("}")


def test_the_flower_has_twelve_petals() -> None:
    symbols = render_to_string("includes/lotus_symbols.html")
    flower = symbols[symbols.index('id="lotus"') : symbols.index('id="lotus-petals"')]
    assert flower.count('href="#petal"') == 12
