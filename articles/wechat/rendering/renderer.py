"""An article's blocks as the HTML that WeChat is sent."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import css_inline
from django.template.loader import get_template
from lxml import html

from media.models import CustomImage

from .blocks import SHOWN_BY, AddressOf, Scene, Shown, sources
from .cleaning import clean
from .richtext import RichText
from .targets import Targets, page_address

if TYPE_CHECKING:
    from ...models import ArticlePage

MACHINE_MADE = "本文含人工智能生成内容"


@dataclass(frozen=True)
class Part:
    """A piece of the text: the block with this id and of this kind; both empty: the theme's."""

    block: str
    kind: str
    html: str


@dataclass(frozen=True)
class Rendered:
    """What WeChat is sent of an article.

    ``characters`` is the length of ``html``; ``source_url`` the public page (阅读原文), empty
    while the article has no address; ``notes`` are Chinese sentences for the editor on what did
    not come along as it is on the public page; ``parts`` are what ``html`` was put together from.
    """

    html: str
    characters: int
    source_url: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...] = ()


def pictures_of(article: "ArticlePage") -> list[CustomImage]:
    """The images of the body in their order, each once."""
    return list({image.pk: image for image in article.pictures()}.values())


def render(article: "ArticlePage", address_of: AddressOf) -> Rendered:
    """The text of ``article`` as it stands in memory (a row or a revision's object) for WeChat.

    ``address_of`` answers the address under which readers get an image of `pictures_of`.
    Queries: few, whatever the length of the text.
    """
    blocks = list(article.body)
    texts = {
        place: RichText(block.value.source)
        for place, block in enumerate(blocks)
        if block.block_type == "paragraph"
    }
    keeper = SimpleNamespace()
    scene = Scene(address_of, _targets(blocks, texts, keeper), texts)
    mark = f'<p class="mark">{MACHINE_MADE}</p>' if article.is_machine_made else ""
    pieces = [Part("", "", mark)]
    for place, block in enumerate(blocks):
        pieces.append(Part(block.id or "", block.block_type, _block(place, block, scene)))
    source_url = page_address(article, keeper)
    pieces.append(Part("", "", _foot(article, scene, source_url)))
    whole, parts = _themed(pieces)
    return Rendered(whole, len(whole), source_url, tuple(dict.fromkeys(scene.remarks)), parts)


def _targets(blocks: list[Any], texts: dict[int, RichText], keeper: Any) -> Targets:
    pages = {pk for text in texts.values() for pk in text.linked("page")}
    documents = {pk for text in texts.values() for pk in text.linked("document")}
    for block in blocks:
        if block.block_type == "related_article" and block.value["article"]:
            pages.add(block.value["article"].pk)
        elif block.block_type == "attachment" and block.value["document"]:
            documents.add(block.value["document"].pk)
    return Targets(pages, documents, keeper)


def _block(place: int, block: Any, scene: Scene) -> str:
    if block.block_type == "paragraph":
        return scene.texts[place].rewritten(scene.targets, scene.references, scene.remarks)
    shown = SHOWN_BY[block.block_type](block.value, scene)
    return _written(shown) if shown else ""


def _written(shown: Shown) -> str:
    return get_template(f"articles/wechat/blocks/{shown.template}.html").render(shown.context)


def _foot(article: "ArticlePage", scene: Scene, source_url: str) -> str:
    cited = sources(article.sources.all(), scene.references)
    return get_template("articles/wechat/foot.html").render(
        {
            "sources": cited,
            "author": article.author,
            "editor": article.editor_in_charge,
            "references": scene.references.all(),
            "has_more": bool(source_url),
        }
    )


def _themed(pieces: list[Part]) -> tuple[str, tuple[Part, ...]]:
    """The pieces with the theme written into them: all together, and one by one."""
    marked = "".join(f"<section>{piece.html}</section>" for piece in pieces)
    inlined = _inliner().inline_fragment(f'<section class="article">{marked}</section>', _theme())
    root = html.fragment_fromstring(inlined)
    elements = list(root)
    clean(root)
    parts = tuple(
        Part(piece.block, piece.kind, written)
        for piece, element in zip(pieces, elements, strict=True)
        if (written := "".join(html.tostring(child, encoding="unicode") for child in element))
    )
    for child in list(root):
        root.remove(child)
    opening = html.tostring(root, encoding="unicode").removesuffix("</section>")
    return f"{opening}{''.join(part.html for part in parts)}</section>", parts


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


@cache
def _theme() -> str:
    return (Path(__file__).parent / "theme.css").read_text(encoding="utf-8")
