"""Posts to give readings to, and the stand-in for WeChat."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from articles.models import PublishType, WeChatPost
from tests.articles.wechat.conftest import fake, fake_server

__all__ = ["fake", "fake_server", "post"]

BIZ = "MzA5Njc3NTYyMQ=="


def long_url(mid: int | str, idx: int = 1) -> str:
    return f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx={idx}&sn=abc{idx}"


def make_post(mid: int | str = 2650001, index: int = 1, **fields: Any) -> WeChatPost:
    return WeChatPost.objects.create(
        **{
            "msg_data_id": str(mid),
            "index": index,
            "title": f"身边事{mid}-{index}",
            "url": long_url(mid, index),
            "published_on": dt.date(2026, 11, 2),
            "publish_type": PublishType.SENT,
            **fields,
        }
    )


@pytest.fixture
def post(db: None) -> WeChatPost:
    return make_post()


@pytest.fixture
def time_machine_day() -> Any:
    """The morning after the posts were published."""
    with time_machine.travel(dt.datetime(2026, 11, 3, 1, tzinfo=dt.UTC), tick=False) as clock:
        yield clock
