"""A picture message (图片消息): pictures, and below them plain text."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import html

from .renderer import MACHINE_MADE, render

if TYPE_CHECKING:
    from ...models import ArticlePage

# Shown as pictures, or of no meaning without the page.
WITHOUT_WORDS = {"picture", "gallery", "divider", "video", "audio", "attachment"}
ENDING_A_LINE = {"p", "li", "tr", "h2", "br", "table"}
REFERENCE = re.compile(r"\[\d+\]")


def render_pictures_message(article: "ArticlePage") -> str:
    """The text of ``article`` as a picture message: plain, a line a paragraph.

    WeChat: draft/add: a picture message takes plain text only. Captions, attachments and the
    addresses of links are left out, for nothing in it can be opened.
    """
    lines = [MACHINE_MADE] if article.is_machine_made else []
    for part in render(article, lambda image: "").parts:
        if part.kind and part.kind not in WITHOUT_WORDS:
            lines += plain_lines(part.html)
    if cited := [source.name for source in article.sources.all()]:
        lines.append(f"信源：{'；'.join(cited)}")
    return "\n".join(lines)


def plain_lines(text: str) -> Iterator[str]:
    """The words of rendered HTML, a line a paragraph, without the numbers of references."""
    root = html.fragment_fromstring(text, create_parent="section")
    for mark in list(root.iter("sup")):
        if REFERENCE.fullmatch(mark.text or ""):
            mark.drop_tree()
    for cell in root.iter("td", "th"):
        cell.tail = " " + (cell.tail or "")
    for element in root.iter(*ENDING_A_LINE):
        element.tail = "\n" + (element.tail or "")
    for line in root.text_content().split("\n"):
        if words := " ".join(line.split()):
            yield words
