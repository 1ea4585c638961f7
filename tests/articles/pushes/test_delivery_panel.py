"""送到微信 on a push's page: what each person sees of the way, and may press."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Delivery, DeliveryStage, PhoneReader, PushSettings, SentNoticed
from articles.pushes import registering, services, way
from articles.pushes.refusals import PushRefused
from articles.pushes.status import standing
from articles.wechat.client import Client
from articles.wechat.delivery import services as deliveries
from articles.wechat.errors import WeChatError
from cms.ops.models import AuditEntry

from .conftest import NOW, again, on_its_way
from .test_addresses import ONE, TWO, long
from .test_pages import buttons, page, press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("account")]
SENTENCES = "《稿0》没有封面，请选一张封面。\n《稿1》的标题有40个字，请改短。"
DRIFT = ["第1篇《稿0》：换了封面。", "草稿里原来有2篇，现在有3篇。"]
OURS = {
    "deliver",
    "deliver_anew",
    "retry_delivery",
    "overwrite",
    "keep_draft",
    "preview",
    "mass_send",
    "permanent_link",
    "register_sent",
    "register_addresses",
}


def words(main):
    return main.select_one("#delivery").get_text(" ", strip=True)


STATES = {
    "under way": (
        {"stage": "pictures", "done": 3, "total": 7},
        set(),
        ["预检 通过 图片 3/7", "这里会自己更新"],
        "等微信办完",
    ),
    "waiting": (
        {"stage": "covers", "reason": "微信系统繁忙，稍后会自动再试。"},
        set(),
        ["封面 等着再试", "微信系统繁忙", "下次自动再试：12月8日 11:00"],
        "等微信办完",
    ),
    "failed": (
        {"stage": "preflight", "failed_at": NOW, "next_at": None, "detail": SENTENCES},
        {"retry_delivery"},
        ["预检 没有成功", "《稿1》的标题有40个字，请改短。", "重试"],
        "看微信没有办成的原因，处理后重试",
    ),
    "failed at something technical": (
        {"stage": "draft", "failed_at": NOW, "next_at": None, "detail": "48001: unauthorized"},
        {"retry_delivery"},
        ["草稿 没有成功", "技术细节 48001: unauthorized"],
        "看微信没有办成的原因，处理后重试",
    ),
    "failed and changed since": (
        {"stage": "draft", "failed_at": NOW, "next_at": None, "push_digest": "0" * 64},
        {"deliver"},
        ["按现在的推送重新送"],
        "看微信没有办成的原因，处理后重试",
    ),
    "stopped before it was sent": (
        {"failed_at": NOW, "next_at": None, "delivered_at": NOW, "drift": DRIFT[:1]},
        {"retry_delivery", "permanent_link", "register_sent"},
        ["群发 没有成功", "第1篇《稿0》 换了封面。", "重新查看草稿"],
        "看微信没有办成的原因，处理后重试",
    ),
    "asking": (
        {"stage": "draft", "next_at": None, "drift": DRIFT},
        {"overwrite", "keep_draft"},
        ["草稿 等您决定", "第1篇《稿0》 换了封面。", "整个草稿 草稿里原来有2篇，现在有3篇。"],
        "决定草稿里的改动留不留",
    ),
    "delivered": (
        {"delivered_at": NOW},
        {"permanent_link", "register_sent"},
        ["草稿 已送达 12月8日 10:00 群发 等人群发", "还没有手机预览人"],
        "在公众号后台群发",
    ),
    "changed by hand": (
        {"delivered_at": NOW, "drift": DRIFT[:1]},
        {"permanent_link", "register_sent"},
        ["公众号后台有改动", "第1篇《稿0》 换了封面。"],
        "在公众号后台群发",
    ),
    "outdated": (
        {"delivered_at": NOW, "push_digest": "0" * 64},
        {"deliver", "register_sent"},
        ["微信里的草稿是旧的", "更新草稿"],
        "更新微信里的草稿",
    ),
    "gone": (
        {"delivered_at": NOW, "reason": deliveries.GONE, "next_at": None},
        {"register_sent", "deliver_anew"},
        ["群发 等人登记", "草稿已不在公众号的草稿箱里", "粉丝可能收到两遍"],
        "登记已发出",
    ),
    "being sent": (
        {"stage": "confirming", "delivered_at": NOW, "msg_id": "1"},
        {"register_sent"},
        ["群发 等管理员在手机上确认"],
        "等微信办完",
    ),
    "linked": (
        {"stage": "linked", "delivered_at": NOW, "next_at": None},
        {"deliver_anew", "register_sent"},
        ["已生成永久链接，粉丝没有收到推送"],
        "在公众号后台群发",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_says_what_is_so_and_offers_what_can_be_done(people, assemble, client, state):
    fields, pressed, said, following = STATES[state]
    push = assemble(2, approved=True)
    services.publish_now(people.publisher, push)
    on_its_way(people, again(push), **fields)
    main = page(client, people.publisher, push)
    assert buttons(main) & OURS == pressed | {"register_sent"}
    for part in said:
        assert part in words(main)
    assert standing(again(push)).next == following
    main = page(client, people.editor, push)
    assert not buttons(main) & OURS
    assert words(main).startswith("送到微信 预检")


def test_it_is_sent_on_its_way_and_watched(people, assemble, client):
    push = assemble(1)
    assert page(client, people.publisher, push).select_one("#delivery") is None
    services.approve(people.second, push)
    assert buttons(page(client, people.publisher, push)) & OURS == {"deliver"}
    assert "由“发布”人员送" in words(page(client, people.editor, push))
    assert "没有把推送送到微信的权限" in press(client, people.editor, push, action="deliver")

    assert press(client, people.publisher, push, action="deliver").startswith("开始送往微信")
    delivery = Delivery.objects.get()
    assert (delivery.stage, delivery.requested_by) == (DeliveryStage.PREFLIGHT, people.publisher)
    place = page(client, people.publisher, push).select_one("[data-delivery]")
    answer = client.get(place["data-delivery"])
    assert answer.headers["X-Delivery-State"] == place["data-state"]
    assert "进行中" in answer.content.decode()
    Delivery.objects.update(stage=DeliveryStage.COVERS, done=1, total=2)
    answer = client.get(place["data-delivery"])
    assert answer.headers["X-Delivery-State"] == place["data-state"]
    assert "1/2" in answer.content.decode()
    Delivery.objects.update(failed_at=NOW, next_at=None, reason="封面没有传上去。")
    answer = client.get(place["data-delivery"])
    assert answer.headers["X-Delivery-State"] != place["data-state"]
    assert page(client, people.publisher, push).select_one("[data-delivery]") is None
    client.force_login(people.contributor)
    assert client.get(place["data-delivery"]).status_code == 302

    said = press(client, people.publisher, push, action="retry_delivery")
    assert said.endswith("正在重试。")
    assert again(delivery).failed_at is None


def test_a_person_decides_about_changes_made_by_hand(people, assemble, client):
    for action, said in (("overwrite", "正在用审定的文字覆盖"), ("keep_draft", "已保留后台")):
        push = assemble(1, approved=True)
        on_its_way(people, push, stage="draft", next_at=None, drift=DRIFT)
        assert said in press(client, people.publisher, push, action=action)
        assert "没有要决定的改动" in press(client, people.publisher, push, action=action)
        entry = AuditEntry.objects.get(action=f"push.{action}", object_id=str(push.pk))
        assert entry.detail["changes"] == DRIFT


def test_without_an_account_it_is_copied_by_hand(people, assemble, ready, client, settings):
    settings.WECHAT_SECRET = ""
    push = assemble(2, approved=True)
    main = page(client, people.publisher, push)
    assert "还没有接通微信" in words(main)
    desks = [reverse("articles_desk", args=[article.pk]) for article in ready[:2]]
    assert [a["href"] for a in main.select("#delivery ol a")] == desks
    assert buttons(main) & OURS == {"register_sent"}
    assert "还没有接通微信" in press(client, people.publisher, push, action="deliver")


def sent_form(ready, **urls):
    fields = {f"url_{ready[int(place)].pk}": url for place, url in urls.items()}
    return {"action": "register_sent", "at": "2026-12-08 09:30", **fields}


def test_sending_is_registered_with_the_addresses(people, assemble, ready, client):
    push = assemble(2, approved=True)
    delivery = on_its_way(people, push, delivered_at=NOW)
    client.force_login(people.publisher)
    at = reverse("pushes_show", args=[push.pk])
    answer = client.post(at, sent_form(ready, **{"0": long(2), "1": "example.org"}))
    shown = BeautifulSoup(answer.content, "lxml").select_one("#delivery").get_text()
    assert "那次群发的第2条，这篇是第1条" in shown and "不是公众号文章的地址" in shown
    assert again(push).sent_at is None
    future = sent_form(ready) | {"at": "2026-12-08 10:30"}
    assert "还没有到" in press(client, people.publisher, push, **future)

    form = sent_form(ready, **{"0": long(1)})
    assert press(client, people.publisher, push, **form) == "已登记发出。"
    push = again(push)
    assert (push.sent_noticed, push.msg_data_id) == (SentNoticed.PASTED, "2650001")
    assert f"{timezone.localtime(push.sent_at):%H:%M}" == "09:30"
    # The worker closes what is left of the way.
    assert again(delivery).next_at <= timezone.now()
    main = page(client, people.publisher, push)
    assert buttons(main) & OURS == {"register_addresses"}
    assert "已发出（人工登记，" in words(main)
    later = {"action": "register_addresses", f"url_{ready[1].pk}": TWO}
    press(client, people.publisher, push, **later)
    found = list(push.members.values_list("wechat_url", flat=True))
    assert found[0].startswith(long(1)) and found[1] == TWO
    assert not buttons(page(client, people.publisher, push)) & OURS


def test_an_address_is_of_one_push(people, assemble, ready):
    first, second = assemble(1, approved=True), assemble(1, approved=True)
    with pytest.raises(PushRefused, match="还没有登记发出"):
        registering.register_addresses(people.publisher, first, {ready[0].pk: ONE})
    registering.register_sent(people.publisher, first, NOW, {ready[0].pk: ONE})
    with pytest.raises(PushRefused, match="已经登记在推送《稿0》里"):
        registering.register_sent(people.publisher, second, NOW, {ready[1].pk: ONE})
    with pytest.raises(PushRefused, match="没有登记推送发出的权限"):
        registering.register_sent(people.editor, second, NOW)


def test_the_workbench_sends_only_where_it_is_allowed_and_confirmed(people, assemble, client):
    push = assemble(1, approved=True)
    on_its_way(people, push, delivered_at=NOW)
    assert "mass_send" not in buttons(page(client, people.publisher, push))
    PushSettings.objects.update_or_create(defaults={"allow_mass_send": True})
    main = page(client, people.publisher, push)
    assert "mass_send" not in buttons(main) and "网页镜像还没有发布" in words(main)
    services.publish_now(people.publisher, push)
    main = page(client, people.publisher, push)
    assert "mass_send" in buttons(main) and "后台待办还有1项没有完成" in words(main)
    assert "mass_send" not in buttons(page(client, people.administrator, push))
    wrong = press(client, people.publisher, push, action="mass_send", typed="发")
    assert "请在框里输入“群发”" in wrong
    said = press(client, people.publisher, push, action="mass_send", typed="群发")
    assert said.startswith("已提交群发")
    assert Delivery.objects.get().stage == DeliveryStage.SENDING


def test_a_preview_goes_to_one_of_the_list(people, assemble, client, monkeypatch):
    push = assemble(1, approved=True)
    on_its_way(people, push, delivered_at=NOW)
    reader = PhoneReader.objects.create(name="李主任", wechat_name="lizhuren")
    gone = PhoneReader.objects.create(name="老张", wechat_name="laozhang", is_active=False)
    sent = []

    def mass_preview(self, media_id, wechat_name):
        if sent:
            raise WeChatError(43004)
        sent.append((media_id, wechat_name))

    monkeypatch.setattr(Client, "mass_preview", mass_preview)
    main = page(client, people.publisher, push)
    assert [o.text for o in main.select("select[name=reader] option")] == ["李主任"]
    form = {"action": "preview", "reader": reader.pk}
    assert "预览已发到李主任的微信" in press(client, people.publisher, push, **form)
    assert sent == [("draft-1", "lizhuren")]
    assert "预览没有发出：这个人没有关注" in press(client, people.publisher, push, **form)
    client.force_login(people.publisher)
    answer = client.post(reverse("pushes_show", args=[push.pk]), form | {"reader": gone.pk})
    assert "已不在手机预览人里" in answer.content.decode()


def test_the_last_ways_out(people, assemble, client):
    push = assemble(1, approved=True)
    on_its_way(people, push, delivered_at=NOW)
    assert "永久链接生成后" in press(client, people.publisher, push, action="permanent_link")
    Delivery.objects.update(stage=DeliveryStage.LINKED, next_at=None)
    assert "重新送一份" in press(client, people.publisher, push, action="deliver_anew")
    assert Delivery.objects.get().media_id == ""
    Delivery.objects.update(media_id="draft-2")
    services.dissolve(people.publisher, push, "不发了")
    main = page(client, people.publisher, push)
    assert "草稿箱把它删除" in words(main) and not buttons(main) & OURS


def test_what_went_out_without_us_shows_nothing_odd(people, assemble, client):
    push = assemble(1, approved=True)
    services.record_sent(None, push, NOW, noticed=SentNoticed.STATISTICS)
    main = page(client, people.publisher, push)
    assert main.select_one("#delivery .push-way") is None
    assert "已发出（次日统计）" in words(main)
    assert buttons(main) & OURS == {"register_addresses"}
    assert "register_addresses" not in buttons(page(client, people.editor, push))


def test_the_administrator_is_led_to_the_calls(people, assemble, client):
    push = assemble(1, approved=True)
    on_its_way(people, push, failed_at=NOW, next_at=None, reason="不通。", stage="covers")
    log = f"{reverse('wechat_calls:index')}?failed=yes&push={push.pk}"
    assert page(client, people.administrator, push).select_one(f'a[href="{log}"]')
    assert not page(client, people.publisher, push).select_one(f'a[href="{log}"]')


def test_stations_are_told_apart_without_their_colours(people, assemble):
    push = assemble(1, approved=True)
    assert {each.look for each in way.stations(push)} == {way.Look.TO_COME}
    on_its_way(people, push, stage="draft")
    told = [(each.look, bool(each.words)) for each in way.stations(again(push))]
    assert told == [(way.Look.DONE, True)] * 3 + [(way.Look.NOW, True), (way.Look.TO_COME, False)]


def test_the_panel_asks_as_much_for_three_articles_as_for_one(people, assemble, client):
    PushSettings.objects.update_or_create(defaults={"allow_mass_send": True})
    PhoneReader.objects.create(name="李主任", wechat_name="lizhuren")

    def asked(push):
        page(client, people.publisher, push)
        with CaptureQueriesContext(connection) as queries:
            page(client, people.publisher, push)
        return len(queries)

    more = []
    for count in (1, 3):
        push = assemble(count, approved=True)
        without = asked(push)
        on_its_way(people, push, delivered_at=NOW)
        more.append(asked(push) - without)
    assert more[0] == more[1] < 10
