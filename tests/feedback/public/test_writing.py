"""Writing a message: what is asked, what is kept, what is said."""

import re

import pytest
from django.core import mail

from feedback.models import FeedbackSettings, Message
from feedback.public import forms
from tests.articles.public_scene import live
from tests.factories.articles import ArticleFactory
from tests.factories.feedback import PlaceFactory, staff

from .resident import HOSTILE, NEW, errors, filled, main, receipt, value, words

pytestmark = pytest.mark.django_db


def test_a_message_is_kept_with_all_that_was_written(resident):
    article = live(title="路灯改造")
    street = PlaceFactory(name="月塘街道")
    community = PlaceFactory(name="文化社区", level="community", parent=street)
    response = resident.send(
        name=" 张\u200b三 ",
        contact="138-0000-0000",
        place=str(community.pk),
        article=str(article.pk),
        is_public_wish="on",
        text="一\r\n\r\n\r\n二\x07",
    )
    number, code = receipt(response)
    message = Message.objects.get()
    assert message.number == number
    assert (message.category, message.title, message.text) == ("help", "路灯不亮", "一\n\n二")
    assert (message.name, message.contact) == ("张三", "13800000000")
    assert (message.place, message.article_id) == (community, article.pk)
    assert message.is_public_wish and message.consent_text == FeedbackSettings.load().consent
    assert code not in str(message.__dict__) and f"{message.due_at:%Y年}" in words(response)
    assert response["Cache-Control"] == "no-store" and "noindex" in response["X-Robots-Tag"]
    assert not response.get("Location") and code not in response.request["PATH_INFO"]


def test_name_contact_place_and_publication_may_be_left_out(resident):
    receipt(resident.send())
    message = Message.objects.get()
    assert (message.name, message.contact, message.place) == ("", "", None)
    assert not message.is_public_wish and message.article is None


def test_the_form_names_the_article_and_offers_the_places(resident):
    article = live(title="路灯<b>改造")
    district = PlaceFactory(name="荷塘区", level="district")
    street = PlaceFactory(name="月塘街道", parent=district)
    PlaceFactory(name="文化社区", level="community", parent=street)
    off = PlaceFactory(name="停用街道", parent=district, is_active=False)
    PlaceFactory(name="停用社区", level="community", parent=off)
    page = main(resident.open(f"?article={article.pk}&category=error"))
    assert f'<a href="{article.url}">路灯&lt;b&gt;改造</a>' in page
    assert f'name="article" value="{article.pk}"' in page
    assert re.search(r'value="error"[^>]* checked', page)
    assert '<optgroup label="月塘街道">' in page and "文化社区" in page and "荷塘区" in page
    assert "停用" not in page
    assert "http" not in page.replace(article.url, "") and "<script" not in page


@pytest.mark.parametrize(
    "query", ["?article=0", "?article=999999", "?article=x", f"?article={9**40}", "?category=x"]
)
def test_an_address_that_means_nothing_opens_the_empty_form(resident, query):
    response = resident.open(query)
    assert response.status_code == 200
    assert 'name="article"' not in main(response) and " checked" not in main(response)


def test_an_article_that_is_not_public_is_neither_named_nor_kept(resident):
    draft = ArticleFactory(title="还没发的稿子")
    assert draft.title not in main(resident.open(f"?article={draft.pk}"))
    receipt(resident.send(article=str(draft.pk)))
    assert Message.objects.get().article is None


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"category": None}, "id_category_0", "请选择类别"),
        ({"category": "x"}, "id_category_0", "请选择类别"),
        ({"title": " \x00 "}, "id_title", "请写标题"),
        ({"title": "长" * 61}, "id_title", "有 61 个字，最多 60 个，请删去 1 个字"),
        ({"text": "\u200b"}, "id_text", "请写内容"),
        ({"text": "长" * 3250}, "id_text", "请删去 250 个字"),
        ({"name": "长" * 31}, "id_name", "最多 30 个"),
        ({"contact": "微信 abc"}, "id_contact", "看不出是手机、座机还是邮箱"),
        ({"contact": "长" * 101}, "id_contact", "最多 100 个"),
        ({"contact": "a@b"}, "id_contact", "看不出"),
        ({"place": "999999"}, "id_place", "这个地点现在不能选"),
        ({"place": "x"}, "id_place", "这个地点现在不能选"),
        ({"place": "9" * 40}, "id_place", "这个地点现在不能选"),
        ({"consent": None}, "id_consent", "请先勾选同意"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_on_top_and_nothing_is_lost(
    resident, changes, where, said
):
    typed = {
        "title": "标题",
        "text": "内容\n两行",
        "name": "李四",
        "contact": "28000000",
        **changes,
    }
    response = resident.send(**typed)
    assert response.status_code == 422 and not Message.objects.exists()
    assert [(place, said in sentence) for place, sentence in errors(response)] == [(where, True)]
    page = main(response)
    assert f'id="{where}"' in page, "the link leads to the field"
    assert page.count('aria-invalid="true"') >= (1 if where != "id_category_0" else 0)
    name = where.removeprefix("id_").removesuffix("_0")
    assert f'id="id_{name}_error"' in page and f'aria-describedby="id_{name}' in page
    for field in ("title", "text", "name", "contact"):
        assert value(response, field) == (typed[field] or "").replace("\r\n", "\n")
    # With the same page it goes through once it is put right.
    good = {k: v for k, v in typed.items() if k not in changes}
    receipt(resident.send(**good, token=value(response, "token")))


def test_all_errors_are_listed_together(resident):
    response = resident.send(category=None, title="", text="", consent=None)
    assert [where for where, _ in errors(response)] == [
        "id_category_0",
        "id_title",
        "id_text",
        "id_consent",
    ]
    assert "<title>还没有提交" in response.content.decode()


def test_hostile_text_is_text_on_every_page(resident):
    page = main(resident.send(title=HOSTILE[:60], text=HOSTILE, name=HOSTILE, contact=HOSTILE))
    assert "<script>alert" not in page and "<img src=x" not in page and "49" not in page
    response = resident.send(title=HOSTILE[:60], text=HOSTILE)
    receipt(response)
    assert "<script>alert" not in main(response) and "&lt;script&gt;" in main(response)


def test_every_field_has_a_label_and_the_form_needs_no_script(resident):
    page = main(resident.open())
    fields = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', page)
    assert len(fields) >= 13
    for field in fields:
        assert (
            f'<label for="{field}">' in page
            or f'<label class="feedback-tick" for="{field}">' in page
        )
    assert "maxlength" not in page, "what is pasted is not cut off unseen"
    assert "csrfmiddlewaretoken" not in page


def test_the_mail_address_is_asked_to_be_confirmed(resident, django_capture_on_commit_callbacks):
    response = resident.send(contact="name@example.com")
    receipt(response)
    assert "往您的邮箱发一封信" in words(response)
    assert "邮箱发一封信" not in words(resident.send(contact="13800000000", text="另一件事"))


def test_an_address_is_not_bombed_with_mails(
    resident, settings, django_capture_on_commit_callbacks
):
    from feedback.services import contacts

    asked = []
    for number in range(5):
        receipt(resident.send(contact="Name@example.com", text=f"第{number}件事"))
        message = Message.objects.latest("pk")
        asked.append(contacts.ask_on_commit(message))
    assert asked == [True, True, True, False, False]
    assert not mail.outbox


def test_the_office_is_told_of_many_links(resident):
    staff()
    receipt(resident.send(text="http://a.cn http://b.cn"))
    assert Message.objects.get().steps.get().note == ""
    receipt(resident.send(text="http://a.cn http://b.cn http://c.cn"))
    assert "3 个网址" in Message.objects.latest("pk").steps.get().note


def test_places_stand_in_groups_of_streets():
    street = PlaceFactory.build(pk=1, name="甲街道")
    low = PlaceFactory.build(pk=2, name="乙社区", level="community", parent_id=1)
    district = PlaceFactory.build(pk=3, name="丙区", level="district")
    stray = PlaceFactory.build(pk=4, name="丁社区", level="community", parent_id=9)
    assert forms.place_choices([low, street, district, stray]) == [
        ("", "不填"),
        (3, "丙区（全区）"),
        ("甲街道", [(1, "甲街道（不清楚社区）"), (2, "乙社区")]),
    ]


def test_only_get_head_and_post(client):
    assert client.head(NEW).status_code == 200
    for method in (client.put, client.delete, client.patch, client.options):
        assert method(NEW).status_code == 405
    assert filled()["token"] != filled()["token"]
