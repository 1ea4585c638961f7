"""微信留言 against the stand-in: featured, answered, taken back; who may, and what is on record."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from articles.models import PushMember, WeChatComment, WeChatPost
from articles.readings import comments
from articles.readings.comments import CommentRefused
from articles.wechat.client import Client
from cms.ops.models import AuditEntry
from demo.fake_wechat import sendings
from demo.fake_wechat.state import Comment, Draft
from tests.factories.articles import ArticleFactory

from .conftest import make_post
from .test_recording import a_push

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
SENT = dt.datetime(2026, 11, 20, 8, 30, tzinfo=SHANGHAI)
HOSTILE = "<script>alert(1)</script>\n{{ 7|add:7 }} \u202e反的"


@pytest.fixture
def sending(fake):
    with time_machine.travel(SENT, tick=False) as clock:
        articles = [{"title": "一", "need_open_comment": 0, "content": ""} for _ in range(2)]
        draft = Draft("draft-1", articles, 0, 0)
        fake.state.drafts[draft.media_id] = draft
        sending = sendings.send(fake.state, draft, by="person")
        for index, content in ((0, "头条的留言"), (1, HOSTILE)):
            number = fake.state.next_number()
            written = fake.clock.time() + 60
            sending.comments.append(Comment(number, index, "oSecretOpenid", content, written))
        clock.shift(dt.timedelta(hours=2))
        yield sending


@pytest.fixture
def second(sending) -> WeChatPost:
    """The post at the second place, whose comments have index 1 in WeChat."""
    day = SENT.date()
    make_post(sending.msg_data_id, 1, published_on=day)
    return make_post(sending.msg_data_id, 2, published_on=day)


@pytest.fixture
def comment(people, second) -> WeChatComment:
    comments.refresh(people.editor, second)
    return second.comments.get()


def test_the_comments_of_the_right_article_without_their_writers(comment, sending) -> None:
    assert comment.content == HOSTILE
    stored = WeChatComment.objects.filter(pk=comment.pk).values().get()
    assert "oSecretOpenid" not in str(stored)


def test_feature_answer_and_take_back(people, comment, sending) -> None:
    told = sending.comments[-1]
    comments.elect(people.editor, comment)
    assert told.elected
    comments.reply(people.publisher, comment, " 谢谢您的留言。 ")
    assert told.reply == "谢谢您的留言。"
    comments.delete_reply(people.publisher, comment)
    comments.unelect(people.publisher, comment)
    assert (told.reply, told.elected) == ("", False)
    comment.refresh_from_db()
    assert (comment.reply, comment.replied_at, comment.is_elected) == ("", None, False)
    entries = AuditEntry.objects.filter(action__startswith="wechat_comment").order_by("pk")
    assert [entry.action.split(".")[1] for entry in entries] == [
        "elect",
        "reply",
        "reply_delete",
        "unelect",
    ]
    assert entries[1].detail["text"] == "谢谢您的留言。"


def test_who_may_not_is_told_and_wechat_is_not_asked(people, comment, fake) -> None:
    before = len(fake.state.calls)
    for act in (comments.elect, comments.unelect, comments.delete_reply):
        with pytest.raises(CommentRefused):
            act(people.office, comment)
    with pytest.raises(CommentRefused, match="没有精选和回复"):
        comments.reply(people.reviewer_credible, comment, "好")
    assert len(fake.state.calls) == before


@pytest.mark.parametrize(("text", "said"), [("  ", "请写"), ("长" * 501, "最多 500")])
def test_an_answer_has_a_length(people, comment, text, said) -> None:
    with pytest.raises(CommentRefused, match=said):
        comments.reply(people.editor, comment, text)


def test_answered_once(people, comment) -> None:
    comments.reply(people.editor, comment, "好")
    with pytest.raises(CommentRefused, match="已经回复过"):
        comments.reply(people.editor, comment, "好")


def test_a_lost_answer_is_said_to_be_unknown(people, comment, fake, sending) -> None:
    fake.script("/cgi-bin/comment/reply/add", "drop")
    with pytest.raises(CommentRefused, match="不知道有没有成功"):
        comments.reply(people.editor, comment, "好")
    comments.refresh(people.editor, comment.post)
    comment.refresh_from_db()
    assert comment.reply == "好"


def test_a_refusal_is_said_in_wechats_place(people, comment, fake) -> None:
    fake.script("/cgi-bin/comment/markelect", 88000)
    with pytest.raises(CommentRefused, match="没有留言权限"):
        comments.elect(people.editor, comment)
    comment.refresh_from_db()
    assert not comment.is_elected


def test_a_comment_that_is_gone_cannot_be_answered(people, comment, sending) -> None:
    sending.comments.pop()
    comments.refresh(people.editor, comment.post)
    comment.refresh_from_db()
    assert comment.gone_at is not None
    with pytest.raises(CommentRefused, match="已经没有了"):
        comments.elect(people.editor, comment)


def test_pages_of_forty_nine(people, second, sending, fake) -> None:
    for at in range(60):
        number = fake.state.next_number()
        sending.comments.append(Comment(number, 1, "o", f"第{at}条", fake.clock.time() - at))
    comments.refresh(people.editor, second)
    assert second.comments.count() == 61
    asked = fake.state.calls_of("/cgi-bin/comment/list")
    assert [call.data["begin"] for call in asked] == [0, 49]


def test_a_closed_article_is_not_asked_for(people, second, fake) -> None:
    push = a_push(people, ArticleFactory(writer=people.editor))
    PushMember.objects.filter(push=push).update(comments="closed")
    WeChatPost.objects.filter(pk=second.pk).update(member=push.members.get())
    assert comments.fetch_day(Client(), SENT.date()) == 1


def test_strangers_words_are_text_on_the_page(people, comment, client) -> None:
    client.force_login(people.editor)
    page = client.get(reverse("readings_post", args=[comment.post_id])).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "{{ 7|add:7 }}" in page


def test_the_page_acts_and_keeps_what_was_typed(people, comment, client) -> None:
    client.force_login(people.editor)
    url = reverse("readings_post", args=[comment.post_id])
    posted = {"comment": comment.pk}
    said = client.post(url, {**posted, "action": "comment_elect"}, follow=True).content.decode()
    assert "已精选" in said
    long = "长" * 501
    page = client.post(url, {**posted, "action": "comment_reply", "text": long})
    assert long in page.content.decode()
    assert "最多 500" in page.content.decode()
    client.post(url, {**posted, "action": "comment_reply", "text": "好"})
    comment.refresh_from_db()
    assert (comment.is_elected, comment.reply) == (True, "好")
    other = make_post(7).comments.create(
        user_comment_id=1, content="别处", written_at=SENT, fetched_at=SENT
    )
    said = client.post(url, {"comment": other.pk, "action": "comment_elect"}, follow=True)
    assert "没有找到这条留言" in said.content.decode()


def test_who_only_sees_readings_gets_no_buttons(people, comment, client) -> None:
    client.force_login(people.office)
    page = client.get(reverse("readings_post", args=[comment.post_id])).content.decode()
    assert "comment_elect" not in page
    assert "微信留言（1）" in page
