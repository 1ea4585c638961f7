"""Forty articles to search among: key, day, column, title, digest, paragraphs, tags."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from taggit.models import Tag
from wagtail.search.backends import get_search_backend

from articles.models import ArticlePage, ArticleTag
from tests.factories.articles import ArticleFactory, ColumnFactory, body

LOCAL, SCHOOL = "身边事", "教育"

ARTICLES: tuple[tuple[str, str, str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("pond", "2018-06-01", LOCAL, "荷塘月色又一年", "荷花开了。", ("今晚的荷塘很静。",), ("荷花",)),
    ("night", "2026-06-01", LOCAL, "夏夜散步好去处", "去看荷塘月色。", ("月色很好，人不多。",), ()),
    ("apart", "2026-06-02", LOCAL, "月色下的荷塘", "晚上来。", ("路灯修好了。",), ()),
    ("far", "2026-07-01", LOCAL, "散步的人多了", "公园开放。", ("荷塘边。后来月色正好。",), ()),
    (
        "lotus",
        "2024-05-05",
        LOCAL,
        "采莲节开幕",
        "今年的采莲节。",
        ("莲蓬熟了，大家下水采莲。",),
        ("荷花",),
    ),
    ("seeds", "2025-08-08", LOCAL, "莲蓬怎么挑", "教您挑莲蓬。", ("挑绿的。",), ()),
    ("economy", "2023-03-03", LOCAL, "县域经济学讲座", "专家来讲。", ("经济发展靠产业。",), ()),
    ("farm", "2023-04-04", LOCAL, "农村经济发展新路", "看看怎么走。", ("农村教育也跟上了。",), ()),
    ("rural", "2022-09-10", SCHOOL, "办好农村教育", "老师下乡。", ("孩子们笑了。",), ("学校",)),
    (
        "teacher",
        "2022-09-11",
        SCHOOL,
        "乡村教师的一天",
        "在农村。",
        ("他说教育是一辈子的事。",),
        ("学校",),
    ),
    ("workers", "2019-05-01", LOCAL, "下岗职工再就业", "有人帮。", ("国有企业改革。",), ()),
    (
        "workers2",
        "2020-05-01",
        LOCAL,
        "帮下岗的老职工找工作",
        "一人一策。",
        ("企业来招人，国有的也来。",),
        (),
    ),
    ("5g", "2021-10-01", LOCAL, "5G网络进村", "信号满格。", ("村里有了5G基站。",), ("数字",)),
    ("g20", "2021-11-01", LOCAL, "数字乡村", "网络快了。", ("用上了Wi-Fi和APP。",), ("数字",)),
    (
        "reads",
        "2019-09-17",
        LOCAL,
        "10万+是怎样写成的",
        "多篇阅读量10万以上。",
        ("可信可读可亲。",),
        (),
    ),
    ("reads2", "2019-10-17", LOCAL, "阅读量统计", "共100000次。", ("其中10篇过万。",), ()),
    ("year", "2026-01-02", LOCAL, "2026年要办的十件事", "民生实事。", ("第一件：修路。",), ()),
    ("year2", "2026-01-03", LOCAL, "新年讲话", "展望。", ("在２０２６年里，我们继续。",), ()),
    ("number", "2025-02-02", LOCAL, "2026个座位", "体育馆。", ("能坐下年轻人。",), ()),
    ("trad", "2024-10-10", LOCAL, "臺灣同胞來荷塘", "交流活動。", ("參觀了歷史館。",), ()),
    ("history", "2024-10-11", LOCAL, "历史馆开放", "免费参观。", ("台湾同胞也来过。",), ()),
    ("wang", "2025-03-05", LOCAL, "好人王晓明", "助人为乐。", ("王晓明说应该的。",), ("好人",)),
    ("wang2", "2025-03-06", LOCAL, "王晓和李明", "两个人的故事。", ("王晓在前，李明在后。",), ()),
    ("wang3", "2025-03-07", LOCAL, "志愿者名单", "都来了。", ("王晓东、李晓明、王晓明。",), ()),
    ("gov", "2025-05-05", LOCAL, "荷塘区人民政府公告", "请周知。", ("即日起施行。",), ()),
    ("gov2", "2025-05-06", LOCAL, "办事不用跑", "人民满意。", ("荷塘区的政府大厅搬家了。",), ()),
    ("gov3", "2025-05-07", LOCAL, "服务窗口", "更快。", ("荷塘区人民政府办公室说明。",), ()),
    ("hall", "2025-05-08", SCHOOL, "池塘区域整治", "水清了。", ("荷塘变清，鱼塘区分开。",), ()),
    (
        "quote",
        "2020-01-01",
        SCHOOL,
        "读《论语》",
        "学而时习之。",
        ("孔子说：“有朋自远方来。”",),
        (),
    ),
    ("quote2", "2020-01-02", SCHOOL, "讨论语文课", "怎么上。", ("先读后写。",), ()),
    ("money", "2021-01-01", LOCAL, "投资200亿元", "大项目。", ("一共1,000人。",), ()),
    ("money2", "2021-01-02", LOCAL, "200户搬家", "新家。", ("花了3亿元，降了3.5%。",), ()),
    ("water", "2023-07-07", LOCAL, "停水通知", "明天八点。", ("请存水。",), ("通知",)),
    ("water2", "2024-07-07", LOCAL, "停水通知", "后天八点。", ("请存水。",), ("通知",)),
    ("water3", "2024-07-07", LOCAL, "停水通知", "大后天八点。", ("请存水。",), ("通知",)),
    ("power", "2024-07-08", LOCAL, "停电又停水怎么办", "有通知会提前发。", ("备好手电。",), ()),
    ("cafe", "2022-02-02", LOCAL, "Café荷叶", "Lotus Leaf 开业。", ("喝杯coffee。",), ()),
    ("rare", "2022-03-03", LOCAL, "𠮷野樱开了", "在龘龘公园。", ("赏花。",), ()),
    (
        "html",
        "2022-04-04",
        LOCAL,
        "<b>标签</b>与“引号”",
        "a & b。",
        ("1 < 2，<script>alert(1)</script>。",),
        (),
    ),
    (
        "hidden",
        "2022-05-05",
        LOCAL,
        "零\u200b宽字符",
        "看不见。",
        ("荷\u00ad塘里有隐形的字。",),
        (),
    ),
)


def publish_all() -> dict[str, ArticlePage]:
    """The articles live and indexed, by key, and beside them a draft and a page gone offline."""
    columns = {
        LOCAL: ColumnFactory(title=LOCAL, slug="shenbian"),
        SCHOOL: ColumnFactory(title=SCHOOL, slug="jiaoyu"),
    }
    made: dict[str, ArticlePage] = {}
    for key, day, column, title, digest, paragraphs, tags in ARTICLES:
        made[key] = live_article(
            columns[column], title, day, digest=digest, paragraphs=paragraphs, tags=tags
        )
    ArticleFactory(column=columns[LOCAL], title="荷塘月色草稿", writer=None)
    index(ArticlePage.objects.filter(live=False))
    return made


def live_article(
    column: Any,
    title: str,
    day: str = "2026-01-01",
    *,
    digest: str = "一件小事。",
    paragraphs: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
) -> ArticlePage:
    """A live article of that day, at noon, in the search index."""
    moment = timezone.make_aware(datetime.fromisoformat(day)) + timedelta(hours=12)
    escaped = [p.replace("&", "&amp;").replace("<", "&lt;") for p in paragraphs]
    article = ArticleFactory(
        column=column,
        title=title,
        digest=digest,
        body=body(*(("paragraph", f"<p>{text}</p>") for text in escaped)),
        live=True,
        first_published_at=moment,
        last_published_at=moment,
        with_sources=False,
        author="融媒体",
    )
    for name in tags:
        tag, _ = Tag.objects.get_or_create(name=name, defaults={"slug": f"t-{name.encode().hex()}"})
        ArticleTag.objects.create(tag=tag, content_object=article)
    index(ArticlePage.objects.filter(pk=article.pk))
    return article


def index(articles: Any) -> None:
    """Into the search index, as the worker would put them."""
    get_search_backend().add_bulk(ArticlePage, list(articles))
