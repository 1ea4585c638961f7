"""The screens of pushes: what each person sees and may press."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import publishing
from articles.models import Push
from articles.pushes import services
from articles.pushes.listing import STAGES
from articles.pushes.status import standing
from articles.review.ready import is_ready

from .conftest import again, on

pytestmark = pytest.mark.django_db


def page(client, person, push=None, **query):
    client.force_login(person)
    url = reverse("pushes_show", args=[push.pk]) if push else reverse("pushes_index")
    answer = client.get(url, query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "lxml").select_one("main")


def press(client, person, push, **data):
    """Press a button of the push's page and read what it says."""
    client.force_login(person)
    answer = client.post(reverse("pushes_show", args=[push.pk]), data, follow=True)
    said = BeautifulSoup(answer.content, "lxml").select(".messages li")
    return "".join(each.get_text(strip=True) for each in said)


def buttons(main):
    return {button.get("value") for button in main.select("button[name=action]")}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("editor", 200),
        ("reviewer_credible", 200),
        ("publisher", 200),
        ("administrator", 200),
        ("contributor", 302),
        ("office", 302),
        ("auditor", 302),
    ],
)
def test_who_may_look(people, assemble, client, role, status):
    push = assemble(1)
    client.force_login(getattr(people, role))
    for url in (reverse("pushes_index"), reverse("pushes_show", args=[push.pk])):
        assert client.get(url).status_code == status
    new = client.get(reverse("pushes_new")).status_code
    assert new == (200 if role == "publisher" else 302)
    menu = '"url": "/admin/pushes/"' in client.get(reverse("wagtailadmin_home")).content.decode()
    assert menu == (status == 200)


def test_a_push_is_put_together_on_the_screens(people, ready, client):
    client.force_login(people.publisher)
    url = reverse("pushes_new")
    assert ready[3].title in client.get(url).content.decode()
    answer = client.post(url, {"day": ""})
    assert "请至少选择一篇文章" in answer.content.decode()
    chosen = {"articles": [a.pk for a in ready[:3]], "headline": ready[1].pk, "day": "2026-12-10"}
    client.post(url, chosen)
    push = Push.objects.get()
    assert [m.article_id for m in push.members.all()] == [ready[n].pk for n in (1, 0, 2)]
    assert f"{push.planned_for}" == "2026-12-10"
    at = reverse("pushes_show", args=[push.pk])
    assert client.get(at).status_code == 200

    assert press(client, people.publisher, push, action="later", article=ready[1].pk) == (
        "已移到第2条。"
    )
    assert press(client, people.publisher, push, action="earlier", article=ready[1].pk) == (
        "已移为头条。"
    )
    order = ",".join(str(ready[n].pk) for n in (2, 1, 0))
    assert press(client, people.publisher, push, action="reorder", order=order) == "已保存次序。"
    assert "没有读懂" in press(client, people.publisher, push, action="reorder", order="1,x")
    assert "刚刚有变动" in press(client, people.publisher, push, action="reorder", order="1")
    press(client, people.publisher, push, action="join", article=ready[3].pk)
    form = {"form": "newspic", "comments": "closed"}
    press(client, people.publisher, push, action="form", article=ready[3].pk, **form)
    press(client, people.publisher, push, action="remove", article=ready[0].pk, reason="改日")
    rows = list(push.members.values_list("article_id", "form", "comments"))
    assert rows == [
        (ready[2].pk, "news", "everyone"),
        (ready[1].pk, "news", "everyone"),
        (ready[3].pk, "newspic", "closed"),
    ]
    main = page(client, people.publisher, push)
    assert main.select_one(".push-member--headline .push-title").get_text(" ", strip=True) == (
        "头条 稿2"
    )
    assert {"earlier", "later", "remove", "form", "join", "plan", "dissolve"} <= buttons(main)
    assert "approve" not in buttons(main) and "commit" not in buttons(main)


def test_it_is_approved_committed_and_failed_on_the_screens(people, assemble, client):
    push = assemble(2)
    main = page(client, people.reviewer_readable, push)
    assert buttons(main) == {"approve"}
    assert press(client, people.reviewer_readable, push, action="approve").startswith("已审定")
    assert {"commit", "publish_now"} <= buttons(page(client, people.publisher, push))
    assert "已经过去" in press(
        client, people.publisher, push, action="commit", at="2026-12-08 08:30"
    )
    assert "请填写时间" not in press(client, people.publisher, push, action="plan", day="")
    said = press(client, people.publisher, push, action="commit", at="2026-12-09 08:30")
    assert said == "已定时：2026年12月09日 08:30。"
    assert "uncommit" in buttons(page(client, people.publisher, push))
    Push.objects.update(publish_failed_at=on(1), publish_failure="《稿0》的图片有变动")
    main = page(client, people.publisher, push)
    assert "retry" in buttons(main) and "《稿0》的图片有变动" in main.get_text()
    assert "retry" not in buttons(page(client, people.editor, push))
    press(client, people.publisher, push, action="retry")
    assert again(push).published_at
    main = page(client, people.publisher, push)
    assert not {"remove", "join", "approve", "dissolve"} & buttons(main)


def test_a_form_with_an_error_is_shown_again(people, assemble, ready, client):
    push = assemble(2)
    client.force_login(people.publisher)
    answer = client.post(
        reverse("pushes_show", args=[push.pk]),
        {"action": "remove", "article": ready[0].pk, "reason": ""},
    )
    assert answer.status_code == 200 and "请写明原因" in answer.content.decode()
    assert "没有这个操作" in press(client, people.publisher, push, action="burn")
    assert "不在这次推送里" in press(
        client, people.publisher, push, action="remove", article="7e9", reason="x"
    )


def test_the_list_says_what_is_next(people, assemble, ready, client):
    assert "还没有推送" in page(client, people.publisher).get_text()
    assemble(2)
    assemble(1, at=on(1))
    done = assemble(1, approved=True)
    services.publish_now(people.publisher, done)
    rows = [tr.get_text(" ", strip=True) for tr in page(client, people.editor).select("tbody tr")]
    assert rows[0].startswith("《稿3》 镜像已发布，待群发")
    assert rows[1].startswith("《稿2》 已定时 12月09日 08:30")
    assert rows[2].startswith("《稿0》等2篇 2. 稿1 待审定 没有计划 请没有参与组稿的同事审定")
    only = page(client, people.editor, stage="committed").select("tbody tr")
    assert len(only) == 1 and "稿2" in only[0].get_text()
    assert len(page(client, people.editor, month="2026-12").select("tbody tr")) == 3
    assert "没有符合条件" in page(client, people.editor, stage="failed").get_text()


def test_every_push_is_under_exactly_one_state(people, assemble):
    made = [assemble(1), assemble(1, approved=True), assemble(1, at=on(1))]
    services.dissolve(people.publisher, made[0], "不发")
    services.publish_now(people.publisher, made[1])
    for push in map(again, made):
        found = [stage for stage, asked in STAGES.items() if Push.objects.filter(asked, pk=push.pk)]
        assert found == [standing(push).stage]


def test_hostile_titles_are_text(people, scene, ready, client):
    push = services.create(people.publisher, ready[:1])
    ready[0].draft_title = "<script>alert(1)</script>"
    type(ready[0]).objects.filter(pk=ready[0].pk).update(draft_title=ready[0].draft_title)
    for main in (page(client, people.publisher), page(client, people.publisher, push)):
        assert not main.find("script", string=lambda text: text and "alert(1)" in text)


def test_the_desk_and_the_dashboard_lead_there(people, ready, client):
    client.force_login(people.publisher)
    desk = reverse("articles_desk", args=[ready[0].pk])
    assert "编入推送" in client.get(desk).content.decode()
    client.post(desk, {"action": "join_push", "push": ""})
    push = Push.objects.get()
    other = reverse("articles_desk", args=[ready[1].pk])
    client.post(other, {"action": "join_push", "push": str(push.pk)})
    assert push.members.count() == 2
    said = BeautifulSoup(client.get(other).content, "lxml").get_text(" ", strip=True)
    assert "第2条，在推送 《稿0》等2篇" in said and "立即发布" not in said
    assert not is_ready(again(ready[1]))

    home = reverse("wagtailadmin_home")
    client.force_login(people.reviewer_credible)
    assert "审定推送" in client.get(home).content.decode()
    client.force_login(people.publisher)
    assert "审定推送" not in client.get(home).content.decode()
    services.approve(people.second, push)
    assert "给推送定时" in client.get(home).content.decode()
    queue = client.get(reverse("articles_queue", args=["ready"])).content.decode()
    assert "另有2篇已编入推送" in queue


def test_lists_ask_as_much_for_many_as_for_one(people, assemble, client):
    client.force_login(people.reviewer_credible)

    def asked(name):
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        return len(queries)

    assemble(1)
    assemble(1, at=on(1))
    few = asked("pushes_index"), asked("wagtailadmin_home"), asked("articles:index")
    assemble(1)
    assemble(1, at=on(2))
    assert (asked("pushes_index"), asked("wagtailadmin_home")) == few[:2]
    assert asked("articles:index") <= few[2]  # nothing waits in 待发布 any more


def test_the_dashboard_tells_what_comes_by_the_clock(people, ready, assemble, client):
    push = assemble(2, at=on(2))
    publishing.schedule(people.publisher, again(ready[2]), on(1))
    publishing.schedule(people.publisher, again(ready[3]), on(3))
    client.force_login(people.publisher)
    home = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "lxml")
    rows = [a.get_text() for a in home.select("#articles-scheduled-content td.title a")]
    assert rows == [ready[2].title, f"推送{push.title}", ready[3].title]
