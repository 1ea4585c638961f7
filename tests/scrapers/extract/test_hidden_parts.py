"""What a reader does not see: inline styles and the page's own style sheets (README §2)."""

from __future__ import annotations

import pytest

from scrapers.extract.document import parse

_DEEP = "<div class='a b'>" * 300


def shown(body: str) -> bool:
    return "密文" in "".join(parse(f"<body><p>开头</p>{body}").root.itertext())


@pytest.mark.parametrize(
    ("style", "visible"),
    [
        ("display : none !important", False),
        ("opacity:.0", False),
        ("font-size: 0px; color: red", False),
        ("height:0;overflow:hidden", False),
        ("text-indent:-9999em", False),
        ("position:absolute;left:-9999px", False),
        ("height:0;overflow:hidden;padding-bottom:56%", True),
        ("opacity:0.05", True),
        ("font-size:0.9em", True),
        ("line-height:0", True),
        ("text-indent:-2em", True),
    ],
)
def test_inline_styles(style, visible):
    assert shown(f"<div style='{style}'>密文</div>") is visible


def test_font_size_zero_hides_its_own_text_and_not_parts_with_a_size():
    body = "<div style='font-size:0'>藏<span style='font-size:14px'>密文</span>藏</div>"
    assert shown(body)
    assert "藏" not in "".join(parse(body).root.itertext())


@pytest.mark.parametrize(
    ("css", "body", "visible"),
    [
        (".y{display:none}", "<i class='x y'>密文</i>", False),
        ("<!-- .x,p.y{color:red;display:none} -->", "<p class=y>密文</p>", False),
        ("p.y{display:none}", "<i class=y>密文</i>", True),
        (".a .y{display:none}", "<div class=a><i class=y>密文</i></div>", False),
        (".a .y{display:none}", "<div class=b><i class=y>密文</i></div>", True),
        (".a.y{display:none}", "<i class=y>密文</i>", True),
        (".y{display:none}.y{display:block}", "<i class=y>密文</i>", True),
        (".y{display:none}.y.on{display:block}", "<i class='y on'>密文</i>", True),
        (".y{display:none}", "<i class=y style='display:block'>密文</i>", True),
        (".y:hover,.y::before{display:none}", "<i class=y>密文</i>", True),
        ("@media print{.y{display:none}}", "<i class=y>密文</i>", True),
        ("@media screen{.y{display:none}}", "<i class=y>密文</i>", False),
        ("@charset 'utf-8';/*x*/#y{display:none}", "<i id=y>密文</i>", False),
    ],
)
def test_style_sheets(css, body, visible):
    assert shown(f"<style>{css}</style>{body}") is visible


@pytest.mark.parametrize(
    "css",
    [
        "{" * 100_000 + "display:none",
        ".a{display:" + "(" * 90_000 + "}.c{display:none}",
        "@media screen{" * 20_000 + ".a{display:none}",
        ".a " * 50_000 + ".b{display:none}",
        ".z .a .a .a .a .a .b{display:none}",
        ".a{display:none}" * 12_000,
    ],
    ids=["braces", "parens", "media", "steps", "ancestors", "rules"],
)
def test_hostile_style_sheets_do_no_harm(css):
    assert parse(f"<style>{css}</style>{_DEEP}密文").root is not None
