"""What public pages show: articles that are live, and one of every block."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from wagtail.images.tests.utils import get_test_image_file_jpeg

from articles.models import ArticlePage, Push
from tests.factories.articles import ArticleFactory
from tests.factories.claims import approved_claim
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.users import UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENT = dt.datetime(2019, 9, 17, 8, 5, tzinfo=SHANGHAI)
HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(1)>'"""


def live(moment: dt.datetime = MOMENT, **fields: Any) -> ArticlePage:
    return ArticleFactory(live=True, first_published_at=moment, **fields)


def pushed(moment: dt.datetime, *articles: ArticlePage) -> Push:
    """A push of ``articles`` in this order that went onto the mirror at ``moment``."""
    push = Push.objects.create(created_by=UserFactory(), published_at=moment)
    for position, article in enumerate(articles):
        push.members.create(
            article=article,
            revision=article.save_revision(),
            position=position,
            content_digest=article.content_digest,
        )
    return push


def small_image() -> Any:
    return ImageFactory(file=get_test_image_file_jpeg(size=(64, 48)))


def every_block(text: str = "荷花") -> list[tuple[str, Any]]:
    """One block of every kind, with ``text`` in each of its words."""
    picture = {"image": small_image().pk, "caption": text, "alt_text": text}
    earlier = live(MOMENT - dt.timedelta(days=1), title=text)
    return [
        ("paragraph", "<p>正文<b>粗</b></p>"),
        ("subheading", text),
        ("picture", picture),
        ("gallery", [picture, picture, picture]),
        ("quotation", {"text": text, "speaker": text, "role": text}),
        ("figure", figure(text)),
        ("service_card", card(text)),
        ("attachment", {"document": DocumentFactory().pk, "title": text}),
        ("related_article", {"article": earlier.pk}),
        (
            "ranking_fact",
            {"claim": approved_claim(["2019-08"]).pk, "sentence": text},
        ),
        ("items", {"ordered": True, "items": [text, text]}),
        ("items", {"ordered": False, "items": [text]}),
        ("table", {"caption": text, "header": [text, text], "rows": [[text], [text, text]]}),
        ("video", {"title": text, "url": "https://v.example.com/1", "tencent_id": ""}),
        ("video", {"title": text, "url": "", "tencent_id": "a0123bcdefg"}),
        ("audio", {"title": text, "url": "https://a.example.com/1.mp3"}),
        ("divider", None),
    ]


def figure(text: str) -> dict[str, str]:
    return {"label": text, "value": text, "unit": text, "source": text, "date": "2019-09-17"}


def card(text: str) -> dict[str, str]:
    return {"title": text, "time": text, "place": text, "phone": text, "materials": text}
