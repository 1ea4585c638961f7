"""The stand-in for WeChat."""

from collections.abc import Iterator

import pytest

from demo.fake_wechat import FakeWeChat
from tests.demo.wechat_caller import Caller


@pytest.fixture(scope="module")
def wechat() -> Iterator[FakeWeChat]:
    with FakeWeChat() as server:
        yield server


@pytest.fixture
def call(wechat: FakeWeChat) -> Caller:
    """A new account, and somebody who may call it."""
    wechat.reset()
    return Caller(wechat)
