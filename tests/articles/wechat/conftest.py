"""The stand-in for WeChat, which most tests here talk to over a real socket."""

from collections.abc import Iterator
from typing import Any

import pytest

from demo.fake_wechat import FakeWeChat


@pytest.fixture(scope="module")
def fake_server() -> Iterator[FakeWeChat]:
    with FakeWeChat() as server:
        yield server


@pytest.fixture
def fake(fake_server: FakeWeChat, settings: Any) -> Iterator[FakeWeChat]:
    """A new account at the stand-in, which the workbench is set to.

    A test ends in error when escaped characters were sent, which WeChat would store as they are;
    one that does so on purpose clears ``fake.state.escaped``.
    """
    fake_server.reset()
    settings.WECHAT_API_BASE = fake_server.base
    settings.WECHAT_APPID = fake_server.state.settings.appid
    settings.WECHAT_SECRET = fake_server.state.settings.secret
    yield fake_server
    fake_server.released.set()
    assert not fake_server.state.escaped, "sent as \\uXXXX, which WeChat stores letter by letter"
