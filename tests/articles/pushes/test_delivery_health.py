"""送达微信 in the health report: what of pushes on their way waits for a person."""

import datetime as dt

import pytest

from articles.models import Delivery, SentNoticed
from articles.pushes import services
from articles.wechat.delivery import health
from articles.wechat.delivery.box import GONE
from cms.ops import audit
from cms.ops.models import Notice
from cms.ops.registry import Level

from .conftest import NOW, again, on, on_its_way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("account")]
ALARM, WARNING = Level.ALARM, Level.WARNING


def found():
    return [(each.level, each.message) for each in health.findings()]


@pytest.mark.parametrize(
    ("fields", "level", "said"),
    [
        ({"stage": "covers"}, None, ""),
        ({}, None, ""),
        ({"stage": "covers", "failed_at": NOW, "reason": "不通。"}, ALARM, "没有办成：不通。"),
        ({"stage": "draft", "next_at": None}, WARNING, "决定覆盖还是保留"),
        ({"reason": GONE, "next_at": None}, WARNING, "请登记"),
        ({"stage": "covers", "next_at": NOW - dt.timedelta(hours=1)}, ALARM, "停在“传封面”"),
    ],
)
def test_what_is_told_of_a_delivery(people, assemble, fields, level, said):
    on_its_way(people, assemble(1, approved=True), **fields)
    told = found()
    assert [one for one, _ in told] == ([level] if level else [])
    assert all(said in words and "《稿0》" in words for _, words in told)


def test_what_is_overdue_is_told_once_and_until_it_is_out(people, assemble, clock, settings):
    push = assemble(1, at=on(1))
    assert found() == []
    clock.move_to(on(1, "08:10"))
    ((level, words),) = found()
    assert level == WARNING and "定于12月09日 08:30，草稿还没有送到微信，请在此之前送" in words
    clock.move_to(on(1, "08:40"))
    ((level, words),) = found()
    assert level == ALARM and "请马上送" in words
    settings.WECHAT_APPID = ""  # copied by hand: nobody waits for a draft
    assert found() == []
    clock.move_to(on(1, "09:40"))
    ((level, words),) = found()
    assert level == WARNING and "还没有登记发出" in words
    settings.WECHAT_APPID = "wx-test"
    delivery = on_its_way(people, again(push), delivered_at=NOW, next_at=on(2))
    assert "还没有登记发出" in found()[0][1]
    Delivery.objects.filter(pk=delivery.pk).update(failed_at=NOW)
    assert len(found()) == 1 and found()[0][0] == ALARM
    services.record_sent(people.publisher, push, on(1), noticed=SentNoticed.PASTED)
    assert found() == []


def test_publishers_read_of_a_failure_until_somebody_sees_to_it(people, assemble):
    push = assemble(1, approved=True)
    audit.record(None, "push.delivery_failed", push, {"reason": "封面没有传上去。"})
    rows = Notice.objects.filter(event="push.delivery_failed.ask")
    assert {row.recipient for row in rows} == {people.publisher, people.second}
    assert rows[0].by_mail and "《稿0》在微信没有办成：封面没有传上去。" in rows[0].message
    audit.record(people.publisher, "push.delivery_retry", push, {"stage": "传封面"})
    assert not rows.filter(read_at=None).exists()
