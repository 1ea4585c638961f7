"""What the tests of public conventions share."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup
from django.test import Client
from wagtail.images.tests.utils import get_test_image_file_jpeg

from articles.models import ArticlePage, CorrectionNote, CorrectionStatus, WeChatAction
from tests.factories.articles import ArticleFactory
from tests.factories.media import ImageFactory
from tests.factories.users import UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENT = dt.datetime(2019, 9, 17, 8, 5, tzinfo=SHANGHAI)
SITE = "https://hetang.example.gov.cn"
HOSTILE = """</script><script>alert(1)</script>"'&\u2028]]>"""


def live(moment: dt.datetime = MOMENT, **fields: Any) -> ArticlePage:
    return ArticleFactory(live=True, first_published_at=moment, **fields)


def jpeg() -> Any:
    return ImageFactory(file=get_test_image_file_jpeg(size=(64, 48)))


def correct(article: ArticlePage, text: str, at: dt.datetime) -> CorrectionNote:
    """A public correction, confirmed at ``at``."""
    return CorrectionNote.objects.create(
        article=article,
        text=text,
        wechat_action=WeChatAction.NONE,
        status=CorrectionStatus.PUBLISHED,
        proposed_by=UserFactory(),
        decided_by=UserFactory(),
        decided_at=at,
    )


def soup(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.content, "lxml")


def meta(page: BeautifulSoup, name: str) -> str | None:
    tag = page.find("meta", attrs={"name": name}) or page.find("meta", attrs={"property": name})
    return tag and tag["content"]
