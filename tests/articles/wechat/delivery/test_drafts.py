"""Drafts that change: by us, by hand in the back office, or gone from the box."""

from types import SimpleNamespace
from typing import Any

import pytest

from articles.models import BackOfficeItem, DeliveryStage, MemberForm, Push, WeChatComments
from articles.pushes import back_office
from articles.pushes import services as pushes
from articles.pushes.refusals import PushRefused
from articles.wechat.delivery import services
from articles.wechat.delivery.tasks import advance_all
from cms.ops.models import AuditEntry
from demo.fake_wechat import FakeWeChat, actions, sendings
from demo.fake_wechat.state import Draft

from .conftest import TITLES, Settle, again, calls, row

pytestmark = pytest.mark.django_db


def only(fake: FakeWeChat) -> Draft:
    (draft,) = fake.state.drafts.values()
    return draft


def titles(fake: FakeWeChat) -> list[str]:
    return [article["title"] for article in only(fake).articles]


def close_comments(people: SimpleNamespace, push: Push, position: int, **changes: Any) -> None:
    pushes.set_form(
        people.publisher,
        push,
        push.members.get(position=position).article,
        **{"form": MemberForm.NEWS, "comments": WeChatComments.CLOSED} | changes,
    )


def retitle(fake: FakeWeChat, index: int, title: str) -> None:
    data = {"media_id": only(fake).media_id, "index": index, "title": title}
    actions.retitle(fake.state, data)


def test_only_what_changed_is_written(fake, people, delivered, settle: Settle):
    for item in BackOfficeItem.objects.filter(push=delivered):
        back_office.tick(people.publisher, item)
    with pytest.raises(PushRefused, match="就是现在这一版"):
        services.deliver(people.publisher, delivered)
    close_comments(people, delivered, 1)
    before = only(fake).media_id
    again(people, delivered)
    assert settle().stage == DeliveryStage.DELIVERED
    (update,) = fake.state.calls_of("/cgi-bin/draft/update")
    assert update.data["index"] == 1 and only(fake).media_id == before
    assert "draft/add" not in calls(fake)
    # What was done by hand to the article that was written over has to be done again.
    members = dict(delivered.members.values_list("position", "article_id"))
    ticked = BackOfficeItem.objects.filter(push=delivered, done_at__isnull=False)
    assert set(ticked.values_list("article_id", flat=True)) == {members[0]}


@pytest.mark.parametrize("change", ["order", "more", "fewer"])
def test_another_order_or_number_is_another_draft(
    fake, people, delivered, third, settle: Settle, change
):
    ids = list(delivered.members.values_list("article_id", flat=True))
    before = only(fake).media_id
    if change == "order":
        pushes.reorder(people.publisher, delivered, ids[::-1])
        expected = list(TITLES[::-1])
    elif change == "more":
        pushes.add(people.publisher, delivered, third)
        expected = [*TITLES, third.title]
    else:
        article = delivered.members.get(position=0).article
        pushes.remove(people.publisher, delivered, article, "另发")
        expected = [TITLES[1]]
    again(people, delivered)
    delivery = settle()
    assert titles(fake) == expected and before != only(fake).media_id == delivery.media_id
    assert delivery.stage == DeliveryStage.DELIVERED


def test_a_change_on_the_way_stops_it(fake, people, push, settle: Settle):
    services.deliver(people.publisher, push)
    close_comments(people, push, 1)
    delivery = settle()
    assert "有了改动" in delivery.reason and calls(fake) == []
    with pytest.raises(PushRefused, match="还没有审定"):
        services.retry(people.publisher, push)
    pushes.approve(people.second, push)
    with pytest.raises(PushRefused, match="更新草稿"):
        services.retry(people.publisher, push)
    services.deliver(people.publisher, push)
    assert settle().stage == DeliveryStage.DELIVERED


# --- by hand --------------------------------------------------------------------------------------


@pytest.fixture
def asking(fake, people, delivered, settle: Settle) -> Push:
    """The headline was changed by hand, and both articles are to be brought up to date."""
    retitle(fake, 0, "灯都亮了")
    for position in range(2):
        close_comments(people, delivered, position)
    push = again(people, delivered)
    delivery = settle()
    assert services.is_asking(delivery) and "draft/update" not in calls(fake)
    assert delivery.drift == ["第1篇《灯都亮了》：标题由“灯亮了”改成了“灯都亮了”。"]
    assert AuditEntry.objects.filter(action="push.draft_changed").count() == 1
    return push


def test_what_was_changed_by_hand_is_overwritten_when_a_person_says_so(
    fake, people, asking, settle: Settle
):
    with pytest.raises(PushRefused, match="没有把推送送到微信的权限"):
        services.overwrite(people.editor, asking)
    services.overwrite(people.publisher, asking)
    delivery = settle()
    assert (delivery.stage, delivery.drift) == (DeliveryStage.DELIVERED, [])
    assert titles(fake) == list(TITLES)
    assert [a["need_open_comment"] for a in only(fake).articles] == [0, 0]
    told = AuditEntry.objects.get(action="push.overwrite").detail
    assert "灯都亮了" in str(told)
    with pytest.raises(PushRefused, match="没有要决定的改动"):
        services.keep(people.publisher, asking)


def test_what_was_changed_while_a_person_thinks_is_asked_about_again(
    fake, people, asking, settle: Settle
):
    retitle(fake, 0, "灯全亮了")
    services.overwrite(people.publisher, asking)
    delivery = settle()
    assert services.is_asking(delivery) and titles(fake)[0] == "灯全亮了"


def test_what_was_changed_by_hand_may_stay(fake, people, asking, settle: Settle):
    services.keep(people.publisher, asking)
    delivery = settle()
    assert delivery.stage == DeliveryStage.DELIVERED and titles(fake)[0] == "灯都亮了"
    assert "灯都亮了" in delivery.drift[0] and "draft/update" not in calls(fake)
    close_comments(people, asking, 1, comments=WeChatComments.FOLLOWERS)
    again(people, asking)
    assert services.is_asking(settle())


def test_articles_taken_out_by_hand_are_seen(fake, people, delivered, settle: Settle):
    only(fake).articles.pop()
    close_comments(people, delivered, 0)
    again(people, delivered)
    assert settle().drift == ["草稿里原来有2篇，现在有1篇。"]
    services.overwrite(people.publisher, delivered)
    assert settle().stage == DeliveryStage.DELIVERED and titles(fake) == list(TITLES)


def test_a_change_by_hand_is_noticed_by_itself(fake, delivered, settle: Settle, clock):
    retitle(fake, 1, "路通了")
    clock.move_to(row(delivered).next_at)
    advance_all()
    delivery = row(delivered)
    assert "路通了" in delivery.drift[0] and delivery.next_at


@pytest.mark.parametrize("how", ["remove", "send"])
def test_a_draft_that_left_the_box(fake, people, delivered, settle: Settle, clock, how):
    draft = only(fake)
    if how == "send":
        sendings.send(fake.state, draft, by="person")
    else:
        actions.remove(fake.state, {"media_id": draft.media_id})
    clock.move_to(row(delivered).next_at)
    delivery = settle()
    assert services.is_gone(delivery) and delivery.next_at is None
    with pytest.raises(PushRefused, match="已不在草稿箱"):
        services.deliver(people.publisher, delivered)
    if how == "send":
        pushes.record_sent(people.publisher, delivered, delivery.delivered_at, noticed="pasted")
        advance_all()
        assert (row(delivered).stage, row(delivered).reason) == (DeliveryStage.SENT, "")
        with pytest.raises(PushRefused, match="已经发出"):
            services.deliver_anew(people.publisher, delivered)
    else:
        services.deliver_anew(people.publisher, delivered)
        assert settle().stage == DeliveryStage.DELIVERED and titles(fake) == list(TITLES)
        with pytest.raises(PushRefused, match="还在草稿箱里"):
            services.deliver_anew(people.publisher, delivered)


def test_a_dissolved_push_is_left_alone(fake, people, delivered, clock):
    pushes.dissolve(people.publisher, delivered, "不发了")
    clock.move_to(row(delivered).next_at)
    advance_all()
    assert row(delivered).next_at is None and calls(fake) == []


# --- what WeChat does to it -----------------------------------------------------------------------


def test_what_wechat_filters_is_told(fake, people, push, settle: Settle, monkeypatch):
    from demo.fake_wechat.calls import drafts

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "stored", lambda content: content.replace("<img", "<i"))
        services.deliver(people.publisher, push)
        delivery = settle()
        assert "不一样" in delivery.reason and delivery.failed_at
        assert "第2篇《路修好了》：图片少了2张。" in delivery.detail
    services.retry(people.publisher, push)
    delivery = settle()
    assert (delivery.stage, delivery.reason) == (DeliveryStage.DELIVERED, "")
    assert len(fake.state.drafts) == 1 and "<img" in only(fake).articles[0]["content"]


def test_a_cover_deleted_from_the_library_is_sent_again(fake, people, delivered, settle: Settle):
    pushes.reorder(
        people.publisher, delivered, list(delivered.members.values_list("article", flat=True))[::-1]
    )
    fake.state.uploads = [each for each in fake.state.uploads if not each.media_id]
    again(people, delivered)
    delivery = settle()
    assert "素材库" in delivery.reason and "重新上传" in delivery.reason
    services.retry(people.publisher, delivered)
    assert settle().stage == DeliveryStage.DELIVERED
    known = fake.state.materials()
    assert all(article["thumb_media_id"] in known for article in only(fake).articles)


def test_picture_messages_carry_their_pictures(fake, people, push, settle: Settle):
    for position in range(2):
        close_comments(people, push, position, form=MemberForm.PICTURES)
    fake.script("/cgi-bin/draft/add", "drop")  # found again without a mark
    again(people, push)
    delivery = settle()
    assert (delivery.stage, delivery.reason) == (DeliveryStage.DELIVERED, "")
    first, second = only(fake).articles
    shown = [
        [image["image_media_id"] for image in article["image_info"]["image_list"]]
        for article in (first, second)
    ]
    assert first["article_type"] == "newspic" and first["content"].startswith("晚上八点")
    assert [len(each) for each in shown] == [1, 2] and shown[1][1] == shown[0][0]
    assert {each for pictures in shown for each in pictures} == set(fake.state.materials())
    assert "media/uploadimg" not in calls(fake)
