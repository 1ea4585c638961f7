"""Articles as WeChat's HTML, against the public page's body; its lint, against parsing it."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from lxml import html

from articles.models import ArticlePage, SourceCitation
from articles.wechat.lint import Severity, lint
from articles.wechat.rendering import render

from .harness import DEFAULT, FULL, TINY, Line, Work, interleaved, ms, ratio
from .scratch import Scratch
from .site import PARAGRAPH, Site

TITLE = "微信排版和检查，每篇约 1500 字、5 张图片"
# Articles, rounds.
SIZES = {TINY: (4, 1), DEFAULT: (200, 3), FULL: (1000, 5)}

RENDER_LIMIT = 1.0  # ours by Wagtail rendering the same body for the public page
LINT_LIMIT = 40  # ours by lxml merely making the tree


def run(size: str, databases: Scratch) -> Iterator[Line]:
    count, rounds = SIZES[size]
    site = Site()
    values = [body(site, number) for number in range(count)]
    articles: list[ArticlePage] = []
    pages = [render(article(value), address_of).html for value in values]
    assert all(1400 < len(html.fromstring(page).text_content()) < 1800 for page in pages)
    assert all(page.count("<img") == 5 for page in pages)

    def fresh() -> None:
        """Texts as they come from the database: nothing of them is read yet."""
        articles[:] = [article(value) for value in values]

    def each(act: Callable[[str], Any]) -> Callable[[], None]:
        return lambda: [act(page) for page in pages] and None

    def checked(page: str) -> None:
        assert not [found for found in lint(page) if found.severity != Severity.HINT]

    public(article(values[0]))  # pictures are scaled once
    works = {
        "render": Work(lambda: [render(text, address_of) for text in articles], prepare=fresh),
        "public": Work(lambda: [public(text) for text in articles], prepare=fresh),
        "lint": Work(each(checked)),
        "parse": Work(each(lambda page: list(html.fromstring(page).iter()))),
    }
    taken = interleaved(works, rounds, clock=time.process_time)
    label = databases.label
    for ours, peer, what, called, limit in (
        ("render", "public", "排版", "公开网页的正文", RENDER_LIMIT),
        ("lint", "parse", "检查", "lxml 只解析一遍", LINT_LIMIT),
    ):
        yield Line(
            label,
            f"{count} 篇：{what} ÷ {called}",
            ratio(taken[ours], taken[peer]),
            limit,
            detail=f"{ms(taken[ours])} ÷ {ms(taken[peer])}，"
            f"每篇 {1000 * min(taken[ours]) / count:.2f} ms",
        )


def body(site: Site, number: int) -> str:
    """A text as editors write them: paragraphs under headings, pictures, a list and a table."""
    blocks: list[dict[str, Any]] = []
    for place in range(5):
        text = f"<p>{PARAGRAPH * 3}</p><p>{PARAGRAPH * 3}第{number}篇，<b>第{place}节</b>。</p>"
        image = site.images[place].pk
        blocks += [
            {"type": "subheading", "value": f"第{place}节"},
            {"type": "paragraph", "value": text},
            {"type": "picture", "value": {"image": image, "caption": "荷塘", "alt_text": ""}},
        ]
    header, rows = ["时间", "地点", "办什么"], [["周一", "一号窗口", "老年证"]] * 3
    blocks += [
        {"type": "items", "value": {"ordered": True, "items": ["带身份证", "取号", "等叫号"]}},
        {"type": "table", "value": {"caption": "安排", "header": header, "rows": rows}},
    ]
    return json.dumps(blocks)


def article(value: str) -> ArticlePage:
    """An article in memory."""
    made = ArticlePage(title="往期", author="区融媒体中心", editor_in_charge="值班编辑", body=value)
    made.sources = [SourceCitation(name="株洲日报")]
    return made


def public(text: ArticlePage) -> str:
    """The body as the public page prints it, renditions read at once as there."""
    prefetch_related_objects(text.pictures(), "renditions")
    return "".join(block.render() for block in text.body)


def address_of(image: Any) -> str:
    return f"https://mmbiz.qpic.cn/{image.pk}"
