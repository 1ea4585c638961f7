"""The calls of the client, over a real socket."""

import datetime as dt
import inspect

import pytest
from django.db import transaction

from articles.models import WeChatCall
from articles.wechat import client as client_module
from articles.wechat import tokens
from articles.wechat.client import Client
from articles.wechat.endpoints import ENDPOINTS
from articles.wechat.errors import FieldTooLong, WeChatError, mass_status, why_not_published
from demo.fake_wechat import FakeWeChat
from demo.fake_wechat.state import Comment
from rankings.periods import SHANGHAI

from .conftest import article, picture

pytestmark = pytest.mark.django_db


def test_a_draft_is_written_read_changed_listed_and_thrown_away(fake: FakeWeChat) -> None:
    client = Client()
    first, second = article(client), article(client, title="第二篇")
    media_id = client.draft_add([first, second])
    client.draft_update(media_id, 1, {**second, "title": "改过的第二篇"})
    stored = client.draft_get(media_id)
    page = client.draft_list(0, 20)
    client.draft_delete(media_id)
    assert [row["title"] for row in stored] == [first["title"], "改过的第二篇"]
    assert stored[0]["content"] == "<p>作者：荷塘</p>"
    assert page.total == 1 and page.items[0].media_id == media_id
    assert page.items[0].articles[0]["content_source_url"] == first["content_source_url"]
    assert "content" not in page.items[0].articles[0]
    assert page.items[0].update_time > 1_700_000_000
    with pytest.raises(WeChatError) as error:
        client.draft_get(media_id)
    assert error.value.code == 40007 and error.value.outcome_known


def test_pictures_go_to_where_each_kind_belongs(fake: FakeWeChat) -> None:
    client = Client()
    address = client.upload_body_picture(picture("jpeg"), "a.jpg")
    material = client.add_material(picture("gif"), "a.gif")
    assert "mmbiz.qpic.cn" in address and fake.state.materials()[material.media_id].url
    with pytest.raises(WeChatError, match="jpg 或 png"):
        client.upload_body_picture(picture("gif"), "a.gif")


def test_a_limit_that_is_broken_is_found_before_anything_is_sent(fake: FakeWeChat) -> None:
    client = Client()
    good = article(client)
    media_id = client.draft_add([good])
    before = len(fake.state.calls)
    long = {**good, "title": "长" * 33}
    with pytest.raises(FieldTooLong, match=r"第 2 篇《长+…》的标题有 33 个字"):
        client.draft_add([good, long])
    with pytest.raises(FieldTooLong, match="第 1 篇"):
        client.draft_update(media_id, 0, long)
    for articles in ([], [good] * 9):
        with pytest.raises(FieldTooLong, match="1 到 8 篇"):
            client.draft_add(articles)
    with pytest.raises(FieldTooLong):
        client.mass_send(media_id, "文" * 22)
    assert len(fake.state.calls) == before


def test_followers_get_a_push_once_however_often_it_is_sent(fake: FakeWeChat) -> None:
    client = Client()
    media_id = client.draft_add([article(client)])
    sent = client.mass_send(media_id, "push-1")
    assert (sent.repeated, int(sent.msg_data_id)) == (False, fake.state.sendings[0].msg_data_id)
    with pytest.raises(WeChatError, match="一分钟后"):
        client.mass_send(media_id, "push-1")
    fake.clock.advance(minutes=2)
    again = client.mass_send(media_id, "push-1")
    assert (again.msg_id, again.msg_data_id, again.repeated) == (sent.msg_id, "", True)
    assert len(fake.state.sendings) == 1
    fake.state.sendings[0].status = "done"
    assert mass_status(client.mass_get(sent.msg_id)).sent
    fake.state.sendings[0].status = "failed"
    assert mass_status(client.mass_get(sent.msg_id)).failed


def test_a_preview_goes_to_the_phone_of_a_follower(fake: FakeWeChat) -> None:
    fake.state.settings.followers = ["li_zhuren"]
    client = Client()
    media_id = client.draft_add([article(client)])
    client.mass_preview(media_id, "li_zhuren")
    assert [(each.media_id, each.reader) for each in fake.state.previews] == [
        (media_id, "li_zhuren")
    ]
    with pytest.raises(WeChatError, match="没有关注"):
        client.mass_preview(media_id, "wang")


def test_a_permanent_link_is_asked_for_and_asked_after(fake: FakeWeChat) -> None:
    fake.state.settings.publish_script = [1, 0]
    client = Client()
    media_id = client.draft_add([article(client)])
    publish_id = client.publish_submit(media_id)
    answers = [client.publish_get(publish_id) for _ in range(2)]
    assert [answer["publish_status"] for answer in answers] == [1, 0]
    assert not any(why_not_published(answer["publish_status"]) for answer in answers)
    page = client.publish_list(0, 20)
    assert page.total == 1 and page.items[0].articles[0]["title"] == "荷塘区“一江两岸”新貌"


def test_statistics_of_a_push_and_of_the_account(fake: FakeWeChat) -> None:
    client = Client()
    sending = client.mass_send(client.draft_add([article(client)]), "push-1")
    today = fake.clock.today()
    fake.state.sendings[0].status = "done"
    fake.clock.set(dt.datetime.combine(today + dt.timedelta(days=1), dt.time(9), SHANGHAI))
    totals = client.article_totals(today)
    assert not totals.is_delay
    assert [row["msgid"] for row in totals.rows] == [f"{sending.msg_data_id}_1"]
    for answer in (client.article_read(today), client.article_share(today)):
        assert all(row["ref_date"] == today.isoformat() for row in answer.rows)
    for ask in (client.account_summary, client.user_summary, client.user_cumulate):
        rows = ask(today - dt.timedelta(days=3), today).rows
        assert {row["ref_date"] for row in rows} <= {
            (today - dt.timedelta(days=n)).isoformat() for n in range(4)
        }
    fake.clock.set(dt.datetime.combine(today + dt.timedelta(days=1), dt.time(7), SHANGHAI))
    assert client.article_totals(today).is_delay
    with pytest.raises(WeChatError, match="日期超出"):
        client.article_totals(fake.clock.today())


def test_comments_are_read_featured_and_answered(fake: FakeWeChat) -> None:
    client = Client()
    sent = client.mass_send(client.draft_add([article(client)]), "push-1")
    sending = fake.state.sendings[0]
    sending.status = "done"
    sending.comments = [Comment(7, 0, "o-reader", "写得好", 1.0)]

    def read(kind: int = 0):
        return client.comment_list(sent.msg_data_id, 0, 0, 49, kind)

    assert read().total == 1 and read().comments[0]["content"] == "写得好"
    client.comment_elect(sent.msg_data_id, 0, 7)
    assert read(kind=2).total == 1
    client.comment_unelect(sent.msg_data_id, 0, 7)
    assert read(kind=2).total == 0
    client.comment_reply(sent.msg_data_id, 0, 7, "谢谢")
    assert read().comments[0]["reply"]["content"] == "谢谢"
    client.comment_reply_delete(sent.msg_data_id, 0, 7)
    assert "reply" not in read().comments[0]
    client.comment_delete(sent.msg_data_id, 0, 7)
    assert read().comments == []
    with pytest.raises(WeChatError):
        client.comment_list(sent.msg_data_id, 0, 0, 50)
    logged = "".join(WeChatCall.objects.values_list("answered", flat=True))
    assert "写得好" in logged and "o-reader" not in logged, "who wrote it is nobody's business"


def test_no_comments_may_come_with_a_count_of_another_name(fake: FakeWeChat) -> None:
    fake.script("/cgi-bin/comment/list", {"errcode": 0, "comment_cnt": 0, "comment": []})
    page = Client().comment_list("1", 0, 0, 20)
    assert (page.total, page.comments) == (0, [])


def test_every_interface_that_is_called_has_a_name() -> None:
    source = inspect.getsource(client_module)
    called = {path for path in ENDPOINTS if f'"{path}"' in source} | {tokens.ENDPOINT}
    put_together = ("/datacube/", "/cgi-bin/comment/", "/cgi-bin/draft/b", "/cgi-bin/freepublish/b")
    built = {path for path in ENDPOINTS if path.startswith(put_together)}
    assert called | built == set(ENDPOINTS)


def test_wechat_is_not_called_within_a_transaction(fake: FakeWeChat) -> None:
    client = Client()
    with pytest.raises(RuntimeError), transaction.atomic():
        client.draft_list(0, 20)
    assert not fake.state.calls
