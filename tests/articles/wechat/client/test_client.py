"""The calls of the client, over a real socket."""

from io import BytesIO

import pytest
from PIL import Image

from articles.wechat.client import Client
from articles.wechat.errors import WeChatError
from demo.fake_wechat import FakeWeChat

pytestmark = pytest.mark.django_db


def picture(kind: str = "png") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)
    return out.getvalue()


def article(client: Client, **changes: object) -> dict:
    cover = client.add_material(picture(), "cover.png")
    return {
        "title": "荷塘区“一江两岸”新貌",
        "author": "融媒体中心",
        "content": "<p>作者：荷塘</p>",
        "content_source_url": "https://example.gov.cn/a/1#p1",
        "thumb_media_id": cover.media_id,
        **changes,
    }


def test_a_draft_is_written_read_changed_listed_and_thrown_away(fake: FakeWeChat) -> None:
    client = Client()
    first, second = article(client), article(client, title="第二篇")
    media_id = client.draft_add([first, second])
    client.draft_update(media_id, 1, {**second, "title": "改过的第二篇"})
    stored = client.draft_get(media_id)
    page = client.draft_list(0, 20)
    client.draft_delete(media_id)
    assert [row["title"] for row in stored] == [first["title"], "改过的第二篇"]
    assert page.total == 1 and page.items[0].media_id == media_id
    assert page.items[0].articles[0]["content_source_url"] == first["content_source_url"]
    with pytest.raises(WeChatError) as error:
        client.draft_get(media_id)
    assert error.value.code == 40007
