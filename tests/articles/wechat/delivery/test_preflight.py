"""Everything that speaks against a delivery is told at once, before anything is sent."""

import datetime as dt

import pytest
from django.utils import timezone

from articles.models import DeliveryStage, Push, PushSettings, WeChatQuota
from articles.pushes import members
from articles.pushes import services as pushes
from articles.pushes.refusals import PushRefused
from articles.wechat.client import Client
from articles.wechat.delivery import preflight, services, uploads
from articles.wechat.delivery.preflight import problems
from articles.wechat.delivery.uploads import Files
from articles.wechat.lint import Finding, Severity
from articles.wechat.transport import Wire
from demo.fake_wechat import FakeWeChat
from media.transcoding import PictureUnusable

from .conftest import Settle, calls, row

pytestmark = pytest.mark.django_db


def spend(fake: FakeWeChat, endpoint: str) -> None:
    WeChatQuota.objects.create(
        appid=fake.state.settings.appid,
        day=timezone.localdate(),
        endpoint=endpoint,
        spent_at=timezone.now(),
    )


def test_everything_is_told_at_once(fake, people, push, monkeypatch):
    loaded = members.load(push)
    loaded[0].text.title = "长" * 33
    loaded[0].text.cover = None
    PushSettings.objects.update_or_create(defaults={"verified_until": dt.date(2026, 12, 7)})
    pushes.undo_approval(people.second, push, "再看看")
    spend(fake, "/cgi-bin/draft/add")
    wrong = Finding("r", Severity.ERROR, "第1段", "有脚本。", "请删去。", "")
    monkeypatch.setattr(preflight, "lint", lambda html: [wrong])
    genuine = uploads.for_body

    def for_body(data: bytes):
        if not seen:
            seen.append(genuine(data))
            raise PictureUnusable("图片坏了，请换一张。")
        return genuine(data)

    seen: list = []
    monkeypatch.setattr(uploads, "for_body", for_body)
    push = Push.objects.get(pk=push.pk)
    found = problems(push, loaded, Files(), Client(push=push))
    for words in (
        "还没有审定",
        "认证已在2026年12月07日过期",
        "标题有 33 个字",
        f"《{'长' * 33}》没有封面",
        f"《{'长' * 33}》第1段：有脚本。请删去。",
        "《路修好了》第1段：有脚本。请删去。",
        "的图片“图320”不能用：图片坏了",
        "次数已经用完",
    ):
        assert any(words in each for each in found), words
    assert len(found) == len(set(found)) == 8
    assert set(calls(fake)) <= {"stable_token", "draft/batchget"}


@pytest.mark.parametrize("fault", [-1, "drop"])
def test_what_a_person_can_mend_is_told_while_wechat_is_silent(
    fake, push, monkeypatch, settle: Settle, people, fault
):
    wrong = Finding("r", Severity.ERROR, "第1段", "有脚本。", "请删去。", "")
    monkeypatch.setattr(preflight, "lint", lambda html: [wrong])
    fake.script("/cgi-bin/draft/batchget", fault)
    services.deliver(people.publisher, push)
    delivery = settle()
    assert delivery.failed_at and delivery.reason.startswith("预检发现3个问题")
    assert delivery.detail.count("有脚本") == 2
    monkeypatch.undo()
    services.retry(people.publisher, push)
    assert settle().stage == DeliveryStage.DELIVERED


def test_calls_that_are_used_up_come_back_tomorrow(fake, people, push, settle: Settle, clock):
    spend(fake, "/cgi-bin/draft/add")
    services.deliver(people.publisher, push)
    delivery = settle()
    assert delivery.stage == DeliveryStage.DELIVERED
    assert timezone.localtime(delivery.delivered_at).isoformat()[:16] == "2026-12-09T00:05"


@pytest.mark.parametrize(
    ("code", "words"), [(40164, "白名单"), (40125, "AppSecret"), (48001, "认证")]
)
def test_wechat_lets_nobody_in(fake, people, push, settle: Settle, code, words):
    fake.script("/cgi-bin/stable_token" if code != 48001 else "/cgi-bin/draft/batchget", code)
    services.deliver(people.publisher, push)
    delivery = settle()
    assert words in delivery.reason and delivery.stage == DeliveryStage.PREFLIGHT


def test_who_may_deliver_what(fake, people, push, settings):
    with pytest.raises(PushRefused, match="没有把推送送到微信的权限"):
        services.deliver(people.editor, push)
    services.deliver(people.publisher, push)
    with pytest.raises(PushRefused, match="正在送往微信"):
        services.deliver(people.publisher, push)
    with pytest.raises(PushRefused, match="没有失败的步骤"):
        services.retry(people.publisher, push)
    settings.WECHAT_APPID = ""
    with pytest.raises(PushRefused, match="还没有接通微信"):
        services.deliver(people.publisher, push)


def test_a_call_within_a_transaction_is_a_fault(fake, people, push, settle: Settle, monkeypatch):
    """The client refuses it, and that shows: so all deliveries here ran outside of one."""
    from django.db import transaction

    genuine = Wire._post

    def post(self, *args, **kwargs):
        with transaction.atomic():
            return genuine(self, *args, **kwargs)

    monkeypatch.setattr(Wire, "_post", post)
    services.deliver(people.publisher, push)
    delivery = settle()
    assert delivery.reason.startswith("系统错误") and "durable" in delivery.reason
    assert calls(fake) == [] and row(push).failed_at
