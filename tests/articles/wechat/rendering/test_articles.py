"""Whole articles: the demo's, one of the usual length, and one that tries to do harm."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from articles.models import ArticlePage, SourceCitation
from articles.wechat.lint import Severity, lint
from articles.wechat.rendering import Rendered, render, render_pictures_message
from demo import posts
from demo.content import pictures
from rankings.models import Claim, ClaimStatus
from tests import scenes
from tests.demo.test_content import EVERYTHING
from tests.factories.articles import ArticleFactory, body
from tests.factories.claims import approved_claim
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.rankings import BoardFactory

from .golden import assert_golden

# Tables and a picture; a ranking fact and a quotation; a service card and a list.
LOOKED_AT = ("five-levels", "reported-24-months", "any-door-any-window")
# As long as WeChat's own are.
ADDRESS = f"https://mmbiz.qpic.cn/sz_mmbiz_png/{'x' * 80}/0?wx_fmt=png"
TAGS = {
    *("section", "p", "span", "strong", "em", "sup", "sub", "img", "table", "tbody", "tr", "td"),
    *("th", "blockquote", "h2", "ul", "ol", "li", "br", "a"),
}
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


def make() -> SimpleNamespace:
    made = posts.Posts({})
    image = ImageFactory()
    made.images = dict.fromkeys(pictures.PICTURES, image)
    made.articles = dict.fromkeys(
        (entry["key"] for entry in EVERYTHING),
        ArticleFactory(
            live=True, title="相关的一篇", original_url="https://mp.weixin.qq.com/s/related"
        ),
    )
    claim = approved_claim(board=BoardFactory(name="示例榜", publisher="示例研究院"))
    return SimpleNamespace(posts=made, claim=claim)


scene = scenes.fixture(make)


@pytest.fixture
def demo_articles(
    scene: SimpleNamespace, db: None, monkeypatch: pytest.MonkeyPatch
) -> dict[str, ArticlePage]:
    fact = {"claim": scene.claim.pk, "sentence": "示例号连续12个月列第一。"}
    monkeypatch.setattr(
        posts, "_ranking_fact", lambda value: fact
    )  # the demo's boards are not here
    document = DocumentFactory()
    monkeypatch.setattr(posts.Posts, "_document", lambda self, title: document)
    return {entry["key"]: scene.posts.build(entry) for entry in EVERYTHING}


def shown(article: ArticlePage) -> Rendered:
    return render(article, lambda image: ADDRESS)


def test_every_demo_article_breaks_no_rule_of_wechat(
    demo_articles: dict[str, ArticlePage], tmp_path: Path
) -> None:
    assert len(demo_articles) > 70
    found = {
        (key, str(each))
        for key, article in demo_articles.items()
        for each in lint(shown(article).html)
        if each.severity != Severity.HINT
    }
    assert not found
    assert_golden(
        {
            key: "\n".join(part.html for part in shown(demo_articles[key]).parts)
            for key in LOOKED_AT
        },
        tmp_path,
    )


def test_an_article_of_the_usual_length_is_far_from_the_limit(db: None) -> None:
    """1,500 characters and five pictures: not a third of 20,000."""
    image = ImageFactory()
    picture = {"image": image.pk, "caption": "从窗口看出去，荷叶正绿。", "alt_text": ""}
    blocks: list[tuple[str, Any]] = []
    for _ in range(5):
        paragraph = f"<p>{'早上八点，社区的门开了。' * 8}</p>"
        blocks += [
            ("subheading", "门开了"),
            ("paragraph", paragraph * 3),
            ("picture", picture),
        ]
    article = ArticleFactory(body=body(*blocks))
    text = html.fromstring(shown(article).html).text_content()
    assert len(text) > 1500
    assert shown(article).characters < 6500


def test_what_a_person_typed_stays_words(db: None) -> None:
    image = ImageFactory(alt_text=EVIL, credit=EVIL)
    evil = dict.fromkeys(("title", "time", "place", "phone", "materials"), EVIL)
    picture = {"image": image.pk, "caption": EVIL, "alt_text": EVIL}
    article = ArticleFactory(
        title=EVIL,
        author=EVIL,
        editor_in_charge=EVIL,
        with_sources=False,
        body=body(
            ("subheading", EVIL),
            ("picture", picture),
            ("gallery", [picture, picture]),
            ("quotation", {"text": EVIL, "speaker": EVIL, "role": EVIL}),
            ("items", {"ordered": False, "items": [EVIL]}),
            ("figure", dict.fromkeys(("label", "value", "unit", "source"), EVIL) | {"date": None}),
            ("table", {"caption": EVIL, "header": [EVIL], "rows": [[EVIL]]}),
            ("service_card", evil),
            ("video", {"title": EVIL, "url": "javascript:alert(1)", "tencent_id": ""}),
            ("audio", {"title": EVIL, "url": "javascript:alert(1)"}),
            ("attachment", {"document": DocumentFactory(title=EVIL).pk, "title": EVIL}),
        ),
    )
    article.sources = [
        SourceCitation(name=EVIL, url=url, sort_order=0)
        for url in ("javascript:alert(1)", "https://x.cn/\"onmouseover='x'")
    ]
    rendered = shown(article)
    root = html.fragment_fromstring(rendered.html)
    assert_only_ours(root)
    assert root.text_content().count("<script>alert(1)</script>") >= 20


def assert_only_ours(root: html.HtmlElement) -> None:
    for element in root.iter():
        assert element.tag in TAGS
        assert {"style", "href", "src", "alt", "data-w"} >= set(element.keys())
        assert "position" not in element.get("style", "")
        if href := element.get("href"):
            assert href.startswith("https://mp.weixin.qq.com/")


def test_the_demo_uses_only_what_wechat_keeps(demo_articles: dict[str, ArticlePage]) -> None:
    for article in demo_articles.values():
        root = html.fragment_fromstring(shown(article).html)
        assert_only_ours(root)
        assert not list(white_space_between_blocks(root))
        assert html.tostring(root, encoding="unicode") == shown(article).html


def white_space_between_blocks(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for element in root.iter("section", "ul", "ol", "table", "tbody", "tr", "blockquote"):
        if any(text and not text.strip(" \n") for text in (element.text, element.tail)):
            yield element


def test_a_picture_message_is_plain_text(db: None) -> None:
    picture = {"image": ImageFactory().pk, "caption": "图注", "alt_text": ""}
    article = ArticleFactory(
        is_machine_made=True,
        body=body(
            (
                "paragraph",
                '<p>一行，<a href="https://x.cn/">链接</a>，10<sup>3</sup>。</p><p>二</p>',
            ),
            ("picture", picture),
            ("subheading", "小标题"),
            ("items", {"ordered": False, "items": ["甲", "乙"]}),
            ("table", {"caption": "", "header": ["列", "数"], "rows": [["一", "2"]]}),
            ("divider", None),
            ("video", {"title": "片", "url": "https://v.cn/1", "tencent_id": ""}),
        ),
    )
    assert render_pictures_message(article).split("\n") == [
        *(
            "本文含人工智能生成内容",
            "一行，链接，103。",
            "二",
            "小标题",
            "甲",
            "乙",
            "列 数",
            "一 2",
        ),
        "信源：株洲日报",
    ]


def test_a_lost_picture_and_a_hidden_article_are_told(db: None) -> None:
    hidden = ArticleFactory(title="没公开")
    article = ArticleFactory(
        body=body(
            ("picture", {"image": None, "caption": "", "alt_text": ""}),
            ("related_article", {"article": hidden.pk}),
            ("attachment", {"document": None, "title": ""}),
            ("ranking_fact", {"claim": None, "sentence": ""}),
            ("paragraph", "<p>字</p>"),
        )
    )
    rendered = shown(article)
    assert [part.kind for part in rendered.parts] == ["paragraph", ""]
    assert len(rendered.notes) == 4


def test_a_fact_that_no_longer_holds_says_so(db: None, scene: SimpleNamespace) -> None:
    claim = scene.claim
    fact = ("ranking_fact", {"claim": claim.pk, "sentence": "连续12个月列第一。"})
    article = ArticleFactory(body=body(fact))
    assert "复核" not in shown(article).html
    Claim.objects.filter(pk=claim.pk).update(status=ClaimStatus.REVIEW)
    text = html.fromstring(shown(ArticlePage.objects.get(pk=article.pk)).html).text_content()
    assert "连续12个月列第一。这一结论正在复核。" in text
