"""An article that asks everything of the WeChat rendering at once: every block, every excess."""

from typing import Any

from articles.models import ArticlePage, SourceCitation
from tests.factories.articles import ArticleFactory, ColumnFactory, body
from tests.factories.media import DocumentFactory, ImageFactory

LONG_ADDRESS = "https://www.example.gov.cn/" + "a-very-long-path/" * 20 + "?id=1&page=2"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaenskajuetentuerschluessel"
MOST_COLUMNS = 8
MOST_PICTURES = 12


def worst_case(claim: Any = None, writer: Any = None) -> ArticlePage:
    """A saved draft; ``claim`` (an approved one) brings a ranking fact with it."""
    column = ColumnFactory()
    known = ArticleFactory(
        title="早先推送过的一篇",
        column=column,
        live=True,
        original_url="http://mp.weixin.qq.com/s/abc123",
    )
    unknown = ArticleFactory(title="只在网页上的一篇", column=column, live=True)
    images = [
        ImageFactory(title=f"图{number}", alt_text=f"第{number}片荷叶", is_machine_made=number == 1)
        for number in range(MOST_PICTURES)
    ]
    document = DocumentFactory(title="办事清单")
    picture = [
        {"image": image.pk, "caption": f"第{number}处。" * (number % 5), "alt_text": ""}
        for number, image in enumerate(images)
    ]
    fact = (
        [("ranking_fact", {"claim": claim.pk, "sentence": claim.text})] if claim is not None else []
    )
    article = ArticleFactory(
        writer=writer,
        column=column,
        with_sources=False,
        cover=images[0],
        title="荷塘区一门式服务的二十条新办法，件件和您家有关",
        author="区融媒体中心",
        is_machine_made=True,
        body=body(
            ("paragraph", _rich_text(known.pk, unknown.pk, document.pk)),
            (
                "subheading",
                "小标题可以有四十个字那么长，长到在手机上要折成两行甚至三行才写得下为止",
            ),
            ("quotation", {"text": "第一句。\n第二句。", "speaker": "陈爷爷", "role": "居民"}),
            ("items", {"ordered": True, "items": ["先" * 80, LONG_WORD, "后"]}),
            ("picture", picture[0]),
            ("gallery", picture[:MOST_PICTURES]),
            ("gallery", picture[:3]),
            ("video", {"title": "开馆", "url": "https://v.example.com/1", "tencent_id": ""}),
            ("audio", {"title": "方言", "url": "https://a.example.com/1"}),
            (
                "figure",
                {
                    "label": "一年办件",
                    "value": "1234567",
                    "unit": "件",
                    "source": "区行政审批服务局",
                    "date": "2026-11-20",
                },
            ),
            ("table", _table(MOST_COLUMNS)),
            ("table", _table(5)),
            ("table", _table(2)),
            (
                "service_card",
                {
                    "title": "办老年证",
                    "time": "工作日",
                    "place": "一门式服务大厅任意窗口",
                    "phone": "0731-12345678、12345",
                    "materials": "身份证原件\n一寸照片两张",
                },
            ),
            *fact,
            ("attachment", {"document": document.pk, "title": ""}),
            ("related_article", {"article": known.pk}),
            ("related_article", {"article": unknown.pk}),
            ("divider", None),
            ("paragraph", f"<p>{LONG_WORD * 3}</p><p>完。</p>"),
        ),
    )
    article.sources = [
        SourceCitation(name="株洲日报", url="https://www.zhuzhounews.example/1", sort_order=0),
        SourceCitation(name="区政府工作报告", sort_order=1),
    ]
    article.save_revision(user=writer)
    return article


def _rich_text(known: int, unknown: int, document: int) -> str:
    items = "".join(f"<li>第{n}条</li>" for n in range(2))
    nested = f"<li>外<ul><li>中<ol>{items}</ol></li><li>中二</li></ul></li><li>外二</li>"
    return (
        "<p><b>粗</b>、<i>斜</i>、<b><i>又粗又斜</i></b>，10<sup>3</sup>，H<sub>2</sub>O。</p>"
        f'<p><a linktype="page" id="{known}">推送过的</a>、'
        f'<a linktype="page" id="{unknown}">没推送过的</a>、'
        f'<a linktype="document" id="{document}">文件</a>、'
        f'<a href="{LONG_ADDRESS.replace("&", "&amp;")}">很长的网址</a>、'
        '<a href="http://mp.weixin.qq.com/s/xyz">别人的推送</a>、<a href="mailto:a@b.cn">写信</a>、'
        '<a href="tel:12345">12345</a>、<a href="#top">回到开头</a>。</p>'
        f"<ol>{nested}</ol><ul>{nested}</ul>"
    )


def _table(width: int) -> dict[str, Any]:
    return {
        "caption": f"{width}列的表",
        "header": [f"第{n}列" for n in range(width)],
        "rows": [
            [f"{n}行{'长' * n}" for n in range(width)],
            ["12,345.67"] * width,
            ["只有一格"],
        ],
    }
