"""Two pages of one template are alike whatever they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.similarity import ALIKE, fingerprint, similarity
from tests.growth import assert_grows_linearly

from .extract.pages import FOLDER

PAGES = sorted(path.stem for path in FOLDER.glob("*.html"))


def saved(slug: str) -> bytes:
    return (FOLDER / f"{slug}.html").read_bytes()


def article(rows: int, words: str = "在荷塘", css: str = "rank-list", extra: str = "") -> bytes:
    body = "".join(
        f'<tr class="row-{n} {"odd" if n % 2 else "even"}"><td class="no">{n}</td>'
        f'<td class="name"><a href="/{n}">{words}{n}</a></td><td class="num">{n * 7}</td></tr>'
        for n in range(1, rows + 1)
    )
    return (
        '<html><body><div class="top"><ul class="nav"><li><a>首页</a></li></ul></div>'
        f'<div class="main"><h1 class="title">{words}</h1><div class="meta"><span>日期</span></div>'
        f'<div class="{css}"><table><tbody>{body}</tbody></table></div>{extra}</div>'
        '<div class="foot"><p>版权</p></div></body></html>'
    ).encode()


def alike(one: bytes, other: bytes) -> float | None:
    return similarity(fingerprint(one), fingerprint(other))


def test_rows_words_and_figures_do_not_count() -> None:
    assert alike(article(20), article(120, "甲县发布")) == 1


def test_an_added_paragraph_changes_little_and_a_new_template_much() -> None:
    assert alike(article(20), article(20, extra="<p class='note'><b>注</b></p>")) > 0.8
    redesigned = b"<html><body>" + b"".join(
        b'<section class="s%s"><article><header><h3>t</h3></header><dl><dt>1</dt><dd>x</dd></dl>'
        b"</article></section>" % word
        for word in (b"a", b"b", b"c")
    )
    assert alike(article(20), redesigned) < ALIKE


@pytest.mark.parametrize("slug", PAGES)
def test_a_saved_page_is_like_itself_and_like_no_other(slug) -> None:
    prints = {name: fingerprint(saved(name)) for name in PAGES}
    own = prints[slug]
    assert similarity(own, own) in (1, None)
    others = [similarity(own, prints[name]) or 0 for name in PAGES if name != slug]
    # Two of them are nothing but a bare table under a heading.
    assert sorted(others)[-2] < ALIKE


@pytest.mark.parametrize(
    "data",
    [b"", b"   ", b"\x00\x01", "只有文字".encode(), b"<", b"\xff\xfe"],
    ids=["empty", "blank", "nul", "text", "bracket", "mark"],
)
def test_what_is_no_page_is_like_none(data) -> None:
    assert (alike(data, article(20)) or 0) < ALIKE
    assert alike(data, data) is None


@given(st.binary(max_size=300))
def test_nothing_is_too_odd_for_it(data) -> None:
    own = fingerprint(b"<html><body><div class='x'><p>" + data)
    assert own == fingerprint(b"<html><body><div class='x'><p>" + data)


def test_a_page_nested_ten_thousand_deep_is_no_trouble() -> None:
    assert fingerprint(b"<div>" * 10_000 + b"x")


def test_time_is_linear() -> None:
    assert_grows_linearly(article, fingerprint, 8000)
