"""How long an article is, and how long reading takes. The editor counts by the same rules."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail import blocks

from ..review.snapshots import plain_text

if TYPE_CHECKING:
    from ..models import ArticlePage

# What reads well as a headline on a phone, and what the card of WeChat shows.
TITLE_GOOD = 30
DIGEST_MOST = 120
CHARACTERS_A_MINUTE = 300
# Beyond it a text is a book: reviewing, comparing and WeChat (20,000 characters) all give up.
BODY_MOST = 50_000
# Fields of blocks that hold no words to be read.
UNREAD = ("alt_text", "url", "tencent_id", "date")


@dataclass(frozen=True)
class Measures:
    """Characters without white space; minutes are begun ones."""

    title: int
    digest: int
    body: int

    @property
    def minutes(self) -> int:
        return math.ceil(self.body / CHARACTERS_A_MINUTE)

    def __str__(self) -> str:
        return (
            f"标题 {self.title} 字 · 摘要 {self.digest} 字 · 正文 {self.body} 字"
            f"{f' · 约 {self.minutes} 分钟读完' if self.body else ''}"
        )


def measures(article: "ArticlePage") -> Measures:
    """The measures of ``article`` as it stands in memory."""
    return Measures(
        characters(article.title), characters(article.digest), body_characters(article.body)
    )


def characters(text: str) -> int:
    """How many characters of ``text`` are to be read; code points, without white space."""
    return sum(not character.isspace() for character in text)


def body_characters(body: Any) -> int:
    """The characters of a body (a stream value), whatever blocks they stand in."""
    list(body)  # what nobody has read yet comes as it was stored, old forms of lists included
    return _count(body.stream_block, body.stream_block.get_prep_value(body))


def _count(block: blocks.Block, value: Any) -> int:
    if value is None:
        return 0
    if isinstance(block, blocks.StreamBlock):
        return sum(_count(block.child_blocks[item["type"]], item["value"]) for item in value)
    if isinstance(block, blocks.ListBlock):
        return sum(_count(block.child_block, item["value"]) for item in value)
    if isinstance(block, blocks.StructBlock):
        children = ((n, b) for n, b in block.child_blocks.items() if n not in UNREAD)
        return sum(_count(child, value.get(name)) for name, child in children)
    if isinstance(block, blocks.RichTextBlock):
        return characters(plain_text(value))
    if isinstance(block, blocks.CharBlock | blocks.TextBlock):
        return characters(str(value))
    return 0
