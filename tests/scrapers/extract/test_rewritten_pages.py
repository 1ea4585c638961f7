"""Pages rewritten in ways a reader does not notice must be read the same."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from datetime import datetime

import pytest

from scrapers.extract import extract
from scrapers.extract.decoding import decode
from tests.scrapers.extract.pages import MORE, SAVED, SavedPage
from tests.scrapers.extract.test_saved_pages import compared

_MARKUP = re.compile(
    r"(<(script|style|title|head|textarea|select|noscript|template)\b.*?</\2\s*>|<!--.*?-->|<[^>]*>)",
    re.IGNORECASE | re.DOTALL,
)
_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)


def in_texts(change: Callable[[str], str]) -> Callable[[str], str]:
    """``change`` applied to every piece of text between tags."""

    def rewrite(page: str) -> str:
        answer, at = [], 0
        for match in _MARKUP.finditer(page):
            answer += [change(page[at : match.start()]), match[0]]
            at = match.end()
        return "".join([*answer, change(page[at:])])

    return rewrite


def parted_by(sign: str, end: str = "") -> Callable[[str], str]:
    def change(text: str) -> str:
        if len(text.strip()) < 3 or "&" in text:
            return text
        middle = len(text) // 2
        return f"{text[:middle]}{sign}{text[middle:]}{end}"

    return change


def in_a_layout_table(page: str) -> str:
    body = _BODY.search(page)
    if body is None:
        return page
    until = page.lower().rfind("</body>")
    until = until if until >= 0 else len(page)
    inside = page[body.end() : until]
    table = f"<div id=app><table><tr><td>{inside}</td></tr></table></div>"
    return page[: body.end()] + table + page[until:]


def with_hidden_texts(text: str) -> str:
    return f'{text}<i style="display:none">藏1</i>' if text.strip() else text


def with_noise(text: str) -> str:
    return with_hidden_texts(parted_by("\u200b<!-- 1 -->")(text))


def unclosed_in_a_layout_table(page: str) -> str:
    return in_a_layout_table(re.sub(r"(?i)</(?:td|th|tr|li|p|dd|dt)>", "", page))


REWRITTEN = {
    "noise": in_texts(with_noise),
    "cut-in-tags": in_texts(parted_by("<span>", "</span>")),
    "straight-quotes": in_texts(lambda text: text.replace("“", '"').replace("”", '"')),
    "unclosed": unclosed_in_a_layout_table,
}


@pytest.mark.parametrize("rewrite", REWRITTEN.values(), ids=REWRITTEN)
@pytest.mark.parametrize("page", [*SAVED, *MORE], ids=lambda page: page.slug)
def test_a_rewritten_page_is_read_the_same(page: SavedPage, rewrite: Callable[[str], str]):
    request, data = page.request, page.data
    decoded = decode(data, request["content_type"])
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    answer = extract(
        mark + rewrite(decoded.text).encode(decoded.charset, "ignore"),
        url=request["url"],
        content_type=request["content_type"],
        fetched_at=datetime.fromisoformat(request["fetched_at"]),
    )
    assert compared(json.loads(json.dumps(answer.to_json()))) == compared(page.truth)
