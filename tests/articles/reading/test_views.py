"""The public page of a reading link, and its panel on the desk."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePage, ReadingLink, ReadingOpening, ReadingOpinion
from articles.reading import links
from articles.release import withdrawal
from tests.factories.articles import ArticleFactory, body
from tests.factories.media import ImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(people) -> ArticlePage:
    return ArticleFactory(
        writer=people.editor,
        title="<b>楼道灯</b>亮了",
        body=body(("paragraph", "<p>天黑之前，灯就亮了。</p>")),
        cover=ImageFactory(),
    )


@pytest.fixture
def shared(people, article) -> ReadingLink:
    return links.share(people.editor, article, "王部长", note="请看<i>第二段</i>")[0]


def path_of(link: ReadingLink) -> str:
    return urlsplit(links.address_of(link)).path


def opened(client: Client, link: ReadingLink) -> str:
    """The page after the button was pressed."""
    response = client.post(path_of(link), {"open": "1"})
    assert response.status_code == 302 and response["Location"] == path_of(link)
    return client.get(path_of(link)).content.decode()


def test_what_robots_fetch_shows_and_notes_nothing(shared, client) -> None:
    """Chats fetch a link to draw its preview: no word of the draft, no opening."""
    for method in (client.get, client.head, client.get):
        response = method(path_of(shared), HTTP_USER_AGENT="WeChat link preview")
        assert response.status_code == 200
        html = response.content.decode()
        assert "楼道灯" not in html and "灯就亮了" not in html and "第二段" not in html
        assert "<img" not in html
    assert not ReadingOpening.objects.exists()
    assert client.options(path_of(shared)).status_code == 405


def test_a_reader_opens_reads_and_answers(shared, client) -> None:
    assert "送王部长审阅" in client.get(path_of(shared)).content.decode()
    html = opened(client, shared)
    assert "天黑之前，灯就亮了。" in html and "送审稿，请勿外传" in html and "尚未发布" in html
    assert "&lt;b&gt;楼道灯" in html and "<b>楼道灯" not in html
    assert "&lt;i&gt;第二段" in html and "<img" in html
    response = client.post(path_of(shared), {"send": "1", "text": "<u>很好</u>"})
    assert response.status_code == 302
    html = client.get(path_of(shared)).content.decode()
    assert "&lt;u&gt;很好" in html and "已经送达" in html
    assert ReadingOpening.objects.count() == 1  # reading on is the same opening
    assert ReadingOpinion.objects.get().text == "<u>很好</u>"


def test_nothing_of_the_admin_is_reachable(shared, client) -> None:
    html = opened(client, shared)
    assert "/admin/" not in html and "userbar" not in html
    response = client.get(reverse("articles_desk", args=[shared.article_id]))
    assert response.status_code == 302 and "login" in response["Location"]
    response = client.get(reverse("articles_preview", args=[shared.article_id]))
    assert response.status_code == 302


def test_nothing_is_kept_indexed_or_told_to_others(shared, client) -> None:
    for response in (client.get(path_of(shared)), client.post(path_of(shared), {"open": "1"})):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Frame-Options"] == "DENY"
    cookie = client.cookies["reading"]
    assert cookie["path"] == path_of(shared)
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_an_opening_of_one_link_is_none_of_another(people, article, shared, client) -> None:
    opened(client, shared)
    other, _ = links.share(people.editor, article, "李书记")
    assert "灯就亮了" not in client.get(path_of(other)).content.decode()
    client.cookies["reading"] = f"{other.pk}:forged"
    assert "灯就亮了" not in client.get(path_of(other)).content.decode()


def test_later_reading_is_another_opening(shared, client) -> None:
    opened(client, shared)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=13), tick=False):
        assert "灯就亮了" not in client.get(path_of(shared)).content.decode()
        opened(client, shared)
    assert ReadingOpening.objects.count() == 2


def test_what_was_typed_long_after_opening_is_not_lost(shared, client) -> None:
    opened(client, shared)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=13), tick=False):
        response = client.post(path_of(shared), {"text": "可以"}, follow=True)
    assert "您的意见已经送达" in response.content.decode()
    assert ReadingOpinion.objects.get().text == "可以"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": "长" * 1001}, "现在是1001个字"),
        ({"text": "空\x00格"}, "空字符"),
        ({"text": " \n", "send": "1"}, "没有意见，请点“已阅，没有意见”"),
        ({"text": "再改改", "read": "1"}, "要交请点“交意见”"),
    ],
    ids=["long", "null", "nothing written", "something written"],
)
def test_a_bad_opinion_stays_in_its_field(shared, client, data, sentence) -> None:
    opened(client, shared)
    response = client.post(path_of(shared), data)
    assert response.status_code == 422
    html = response.content.decode()
    assert sentence in html and data["text"][:1] in html
    assert not ReadingOpinion.objects.exists()


def test_the_buttons_say_what_they_do(shared, client) -> None:
    html = opened(client, shared)
    assert ">交意见</button>" in html and ">已阅，没有意见</button>" in html
    response = client.post(path_of(shared), {"read": "1", "text": ""}, follow=True)
    assert "</time> 已阅" in response.content.decode()
    assert ReadingOpinion.objects.get().text == ""


def test_nobody_is_named_twice(people, article, shared, client) -> None:
    """Who shared their own text is told once; a colleague's authors are told beside them."""
    client.post(path_of(shared), {"open": "1"})
    client.post(path_of(shared), {"text": "可以"})
    name = str(people.editor)
    html = client.get(path_of(shared)).content.decode()
    assert f"已经送达{name}。" in html and f"{name}和作者" not in html
    assert f"已经送达{name}。" in Client().get(path_of(shared)).content.decode()
    other, _ = links.share(people.publisher, article, "李书记")
    client.post(path_of(other), {"open": "1"})
    client.post(path_of(other), {"text": "可以"})
    html = client.get(path_of(other)).content.decode()
    assert f"已经送达{people.publisher}和作者。" in html


def test_closed_links_say_why(people, shared, client) -> None:
    links.revoke(people.editor, shared)
    for response in (client.get(path_of(shared)), client.post(path_of(shared), {"open": "1"})):
        assert response.status_code == 410
        assert "已经收回" in response.content.decode()
        assert "noindex" in response["X-Robots-Tag"]
    assert client.post(path_of(shared), {"text": "晚了"}).status_code == 410


def test_a_wrong_address_is_answered_calmly(client, db) -> None:
    response = client.get(reverse("reading", args=["abc.def"]))
    assert response.status_code == 404 and "没有找到这份送审稿" in response.content.decode()


def test_forms_of_others_are_refused_in_chinese(shared) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(path_of(shared), {"open": "1"})
    assert response.status_code == 403 and "请刷新后再试" in response.content.decode()
    assert not ReadingOpening.objects.exists()


def test_the_page_says_when_a_newer_version_exists(people, shared, article, client) -> None:
    assert "又有修改" not in opened(client, shared)
    article = ArticlePage.objects.get(pk=article.pk)
    article.title = "新标题"
    article.save_revision(user=people.editor)
    html = client.get(path_of(shared)).content.decode()
    assert "又有修改" in html and "新标题" not in html


# --- the desk -------------------------------------------------------------------------------------


def act(client: Client, article: ArticlePage, **data: str):
    return client.post(reverse("articles_desk", args=[article.pk]), data, follow=True)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_desk_makes_shows_and_revokes(people, article, client) -> None:
    client.force_login(people.editor)
    response = act(client, article, action="share", reader="王<b>部长", days="3", note="")
    assert "已生成送王&lt;b&gt;部长审阅的链接" in said(response)
    link = ReadingLink.objects.get()
    html = response.content.decode()
    assert links.address_of(link) in html and "王<b>部长" not in html and "还没有打开" in html
    opened(Client(headers={"User-Agent": "<script>x</script>"}), link)
    links.leave_opinion(link, "")
    html = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert "打开 1 次" in html and "127.0.0.1" in html and "已阅" in html
    assert "<script>x" not in html
    assert "已收回" in said(act(client, article, action="revoke_link", link=str(link.pk)))
    html = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert links.address_of(link) not in html and "收回" in html
    assert "没有找到这个链接" in said(act(client, article, action="revoke_link", link="x"))


def test_the_desk_says_which_links_a_withdrawal_closed(people, client) -> None:
    article = ArticleFactory(live=True, first_published_at="2026-11-01T00:00:00Z")
    article.save_revision(user=people.editor)
    link, address = links.share(people.editor, article, "王书记")
    withdrawal.withdraw(people.publisher, article, "wrong", "数字写错了一位")
    client.force_login(people.editor)
    html = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert "文章已撤稿，链接打不开了" in html and address not in html
    assert "已收回" in said(act(client, article, action="revoke_link", link=str(link.pk)))


def test_a_bad_form_stays_as_it_was_typed(people, article, client) -> None:
    client.force_login(people.editor)
    html = act(client, article, action="share", reader="", days="99", note="附言在此").content
    assert "请写明送给谁看" in html.decode() and "最多30天" in html.decode()
    assert "附言在此" in html.decode() and not ReadingLink.objects.exists()


def test_who_may_not_share_sees_no_links(people, article, shared, client) -> None:
    client.force_login(people.administrator)
    html = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert "送领导审阅" not in html and links.address_of(shared) not in html
    assert "没有送领导审阅的权限" in said(
        act(client, article, action="share", reader="王", days="1", note="")
    )


def test_an_articles_links_are_revoked_on_its_own_desk(people, shared, client) -> None:
    other = ArticleFactory(writer=people.editor)
    client.force_login(people.editor)
    assert "没有找到" in said(act(client, other, action="revoke_link", link=str(shared.pk)))


def test_many_links_cost_no_more_queries(people, article, client) -> None:
    client.force_login(people.editor)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("articles_desk", args=[article.pk]))
        return len(asked)

    links.share(people.editor, article, "一")
    queries()
    few = queries()
    for number in range(6):
        link, _ = links.share(people.editor, article, f"第{number}位")
        links.open_link(path_of(link).split("/")[-2], "", "")
        links.leave_opinion(link, "")
    assert queries() <= few + 1
