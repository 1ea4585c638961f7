"""A story told over HTTP: a resident's message from an article to the answer on the mirror."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cms.mirror.worker import render_pending
from cms.ops.models import AuditEntry
from feedback.figures import monthly
from feedback.models import Message, State
from rankings.periods import Month
from tests.articles.public_scene import SHANGHAI, live
from tests.factories.feedback import PlaceFactory, UnitFactory
from tests.factories.users import UserFactory
from tests.feedback.public.resident import Resident, receipt, value, words

pytestmark = pytest.mark.django_db


def desk(role: str, name: str) -> Client:
    """Somebody of the house at a browser."""
    client = Client()
    client.person = UserFactory(display_name=name, roles=[role])
    client.force_login(client.person)
    return client


def act(client: Client, message: Message, action: str, **fields: str) -> str:
    """Press the button ``action`` on the message's page and answer what was said."""
    data = {"action": action} | {f"{action}-{name}": each for name, each in fields.items()}
    url = reverse("feedback_message:show", args=[message.pk])
    response = client.post(url, data, follow=True)
    assert response.status_code == 200, response.content.decode()
    return " ".join(str(each) for each in response.context["messages"])


def test_a_lamp_is_mended(settings, tmp_path, time_machine):
    cache.clear()
    settings.MIRROR_LIVE, settings.MIRROR_ROOT = False, tmp_path / "mirror"
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, tzinfo=SHANGHAI), tick=False)
    office, colleague = desk("feedback", "何办理"), desk("feedback", "罗办理")
    boss, unit = desk("office", "徐审定"), desk("feedback_unit", "谭联系")
    lamps = UnitFactory(name="示范街道办事处", people=[unit.person])
    street = PlaceFactory(name="月塘街道")
    article = live(title="夜间照明改造")
    resident = Resident()

    # She reads an article and writes.
    render_pending()
    file = tmp_path / "mirror" / "live" / article.url.strip("/") / "index.html"
    way = f"/feedback/new/?article={article.pk}"
    assert f'href="{way}"' in file.read_text()
    form = resident.client.get(way)
    assert "夜间照明改造" in words(form)
    time_machine.shift(90)
    number, code = receipt(
        resident.send(
            token=value(form, "token"),
            article=value(form, "article"),
            place=str(street.pk),
            title="路灯不亮",
            text="我叫王小明，住在月塘小区3栋502室。门口的路灯三天没有亮，电话13912345678。",
            name="王小明",
            contact="13912345678",
            is_public_wish="on",
        )
    )
    message = Message.objects.get()
    assert message.article_id == article.pk and "等工作人员受理" in words(
        resident.track(number, code)
    )

    # 收集, 交办, 落实, 督查, 反馈.
    assert "已受理" in act(office, message, "accept", category="help", difficulty="ordinary")
    assert "已交办给示范街道办事处" in act(
        office, message, "assign", unit=str(lamps.pk), note="请去看看"
    )
    assert "正在办理" in words(resident.track(number, code))
    time_machine.shift(dt.timedelta(days=1))
    assert "已报告" in act(unit, message, "report", text="换了两只灯泡，晚上去看过，亮了。")
    assert "督查通过" in act(office, message, "supervise_pass", note="看了照片")
    assert "送审" in act(
        office, message, "answer", text="王小明您好，路灯已经修好，谢谢您告诉我们。"
    )
    assert "没有这个权限" in act(office, message, "approve_answer")
    assert "路灯已经修好" not in words(resident.track(number, code))
    assert "已答复" in act(boss, message, "approve_answer")
    said = words(resident.track(number, code))
    assert "路灯已经修好" in said and "换了两只灯泡" not in said and "谭联系" not in said

    # The public texts: masked by machine, read by one, approved by another.
    page = colleague.get(reverse("feedback_message:show", args=[message.pk]))
    (prepare,) = [form for action, form in page.context["more"] if action.name == "prepare_public"]
    assert "送审" in act(colleague, message, "prepare_public", **prepare.initial)
    render_pending()
    mirror = tmp_path / "mirror" / "live" / "feedback"
    assert not (mirror / str(message.pk)).exists()
    assert "已公开" in act(boss, message, "publish")
    render_pending()
    public = (mirror / str(message.pk) / "index.html").read_text()
    assert "路灯已经修好" in public and "王**" in public
    for secret in ("王小明", "13912345678", "502", number, code):
        assert secret not in public
    for place in ("index.html", "2026-11/index.html"):
        assert f"/feedback/{message.pk}/" in (mirror / place).read_text()

    # She rates; the mirror and the figures know.
    rated = resident.track(number, code, action="rate", satisfaction="satisfied", comment="快")
    assert "谢谢您的评价" in words(rated)
    render_pending()
    assert "留言人评价：满意" in (mirror / str(message.pk) / "index.html").read_text()
    row = monthly(Month(2026, 11))[0]
    assert (row.received, row.answered, row.in_time, row.satisfied) == (1, 1, 1, 1)
    assert row.median_days == 1 and row.open_at_end == 0
    message.refresh_from_db()
    assert message.state == State.CLOSED

    # In December November is complete, and stands on the page.
    time_machine.move_to(dt.datetime(2026, 12, 1, 9, tzinfo=SHANGHAI), tick=False)
    receipt(Resident("203.0.113.8").send(text="公交站牌倒了。"))
    render_pending()
    assert "2026年11月</th><td>1</td><td>1</td><td>100%</td>" in (mirror / "index.html").read_text()

    deeds = AuditEntry.objects.filter(action__startswith="feedback.").order_by("pk")
    assert [entry.action.removeprefix("feedback.") for entry in deeds][:11] == [
        "receive",
        "accept",
        "assign",
        "report",
        "supervise_pass",
        "answer",
        "approve_answer",
        "prepare_public",
        "publish",
        "rate",
        "receive",
    ]
    assert "王小明" not in str(list(deeds.values_list("detail", flat=True)))
