"""How often WeChat may be asked on one day."""

import pytest
import time_machine
from django.utils import timezone

from articles.models import WeChatQuota
from articles.wechat import quotas
from articles.wechat.client import Client
from articles.wechat.errors import ErrorKind, WeChatError
from demo.fake_wechat import FakeWeChat

pytestmark = pytest.mark.django_db

GET, LIST = "/cgi-bin/freepublish/get", "/cgi-bin/draft/batchget"


def test_calls_are_counted_by_interface_and_day(fake: FakeWeChat) -> None:
    with time_machine.travel("2026-11-23 15:59Z"):  # 23:59 in Shanghai
        Client().draft_list(0, 1)
        Client().draft_list(0, 1)
        assert quotas.left(LIST) == 998
    with time_machine.travel("2026-11-23 16:01Z"):
        assert quotas.left(LIST) == 1000
        Client().draft_list(0, 1)
        assert quotas.left(LIST) == 999
    assert WeChatQuota.objects.filter(endpoint=LIST).count() == 2
    assert quotas.left("/cgi-bin/comment/list") is None


def test_a_spent_one_is_not_asked_again_before_tomorrow(fake: FakeWeChat) -> None:
    with time_machine.travel("2026-11-23 04:00Z"):
        fake.script(LIST, 45009)
        for _ in range(3):
            with pytest.raises(WeChatError, match="明天会自动再试") as error:
                Client().draft_list(0, 1)
            assert error.value.kind == ErrorKind.QUOTA
        assert len(fake.state.calls_of(LIST)) == 1 and quotas.left(LIST) == 0
        assert Client().publish_list(0, 1).total == 0, "the others go on"
        assert ["列出草稿" in finding.message for finding in quotas.findings()] == [True]
    with time_machine.travel("2026-11-23 16:01Z"):
        assert Client().draft_list(0, 1).total == 0
        assert quotas.findings() == []


def test_the_least_limit_does_not_stop_an_account_that_has_more(fake: FakeWeChat) -> None:
    Client().publish_list(0, 1)
    rows = WeChatQuota.objects.filter(endpoint="/cgi-bin/freepublish/batchget")
    for used, told in ((79, 0), (80, 1), (100, 1)):
        rows.update(used=used)
        assert len(quotas.findings()) == told
    assert quotas.left("/cgi-bin/freepublish/batchget") == 0
    fake.state.settings.quotas = {}
    Client().publish_list(0, 1)
    assert rows.get().used == 101


def test_a_limit_by_the_minute_is_not_one_by_the_day(fake: FakeWeChat) -> None:
    fake.script(LIST, 45011)
    with pytest.raises(WeChatError) as error:
        Client().draft_list(0, 1)
    assert error.value.kind == ErrorKind.RATE
    assert Client().draft_list(0, 1).total == 0


def test_what_is_counted_no_longer_known_harms_nothing() -> None:
    WeChatQuota.objects.create(appid="", day=timezone.localdate(), endpoint="/gone", used=9999)
    assert quotas.findings() == []
