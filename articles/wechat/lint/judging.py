"""WeChat's rules over an article as it would be sent now."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import lxml.html

from .. import fields
from ..rendering import Rendered, render
from ..rendering.rules import why_author_too_long, why_title_too_long
from .findings import Finding, Severity
from .linting import located

if TYPE_CHECKING:
    from media.models import CustomImage

    from ...models import ArticlePage

# As long as WeChat's own addresses of uploaded pictures, so that the length is what is sent.
_PICTURE = f"https://mmbiz.qpic.cn/sz_mmbiz_jpg/{'a' * 100}/0?wx_fmt=jpeg"
# Named in a refusal; the rest is on the desk.
NAMED = 3


@dataclass(frozen=True)
class Located:
    """A finding and the block of the body it is in, by its id; empty for none."""

    finding: Finding
    block: str


@dataclass(frozen=True)
class Judged:
    """What the rules say of an article; ``title`` its length, ``characters`` that of the HTML."""

    found: tuple[Located, ...]
    notes: tuple[str, ...]
    characters: int
    title: int

    characters_below = fields.CONTENT
    title_most = fields.TITLE

    @cached_property
    def by_severity(self) -> list[tuple[Severity, list[Located]]]:
        """The findings in the order of their weight; only the kinds there are."""
        sorted_ = ((s, [f for f in self.found if f.finding.severity == s]) for s in Severity)
        return [(severity, found) for severity, found in sorted_ if found]

    @cached_property
    def errors(self) -> list[Finding]:
        return [f.finding for f in self.found if f.finding.severity == Severity.ERROR]

    @cached_property
    def warnings(self) -> list[Finding]:
        return [f.finding for f in self.found if f.finding.severity == Severity.WARNING]


def judge(article: "ArticlePage") -> Judged:
    """The rules over ``article`` as it stands in memory, valid or not."""
    rendered = render(article, _address_of)
    blocks = _blocks(rendered)
    found = [
        Located(finding, blocks[piece] if piece is not None and piece < len(blocks) else "")
        for finding, piece in located(rendered.html)
    ]
    # Not in the HTML, and only WeChat minds: a review need not wait for them.
    advice = "不影响送审；不改短就不能编入推送。"
    found[:0] = [
        Located(Finding(rule, Severity.WARNING, place, sentence, advice, ""), "")
        for rule, place, sentence in (
            ("title", "标题", why_title_too_long(article.title)),
            ("author", "作者", why_author_too_long(article.author)),
        )
        if sentence
    ]
    return Judged(tuple(found), rendered.notes, rendered.characters, len(article.title.strip()))


def why_unfit(article: "ArticlePage") -> str:
    """What of ``article`` WeChat would not take or would take apart; empty when it is fit."""
    errors = judge(article).errors
    if not errors:
        return ""
    named = "".join(f"{error.place}：{error.message}{error.advice}" for error in errors[:NAMED])
    more = f"另有 {len(errors) - NAMED} 处。" if len(errors) > NAMED else ""
    return f"微信排版有 {len(errors)} 处必须改。{named}{more}"


def _address_of(image: "CustomImage") -> str:
    return _PICTURE


def _blocks(rendered: Rendered) -> list[str]:
    """For each element within the outermost one the id of the block it came from."""
    return [
        part.block
        for part in rendered.parts
        for piece in lxml.html.fragments_fromstring(part.html)
        if not isinstance(piece, str)
    ]
