"""Journey in a browser: a push is put into another order, by dragging and without a mouse."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from articles.models import ArticlePage
from articles.pushes import services
from articles.review import services as reviews
from tests.factories.articles import ArticleFactory, approve_by

from .browser import DESK, JOURNEY

pytestmark = JOURNEY


def expect_order(page: Page, *titles: str) -> None:
    expect(page.locator(".push-member .push-title a")).to_have_text(list(titles))


def test_putting_a_push_into_another_order(hire, signed_in) -> None:
    editor, publisher = hire("lin", "林老师", "editor"), hire("ma", "马老师", "publisher")
    three = [hire(f"r{n}", f"审{n}", f"reviewer_{n}") for n in ("credible", "readable")]
    three.append(hire("r3", "审三", "reviewer_approachable"))
    articles = []
    for title in ("荷花开了", "食堂开门", "路灯亮了"):
        article = ArticleFactory(writer=editor, title=title)
        reviews.submit(editor, article)
        approve_by(article, *three)
        articles.append(ArticlePage.objects.get(pk=article.pk))
    push = services.create(publisher, articles)

    page = signed_in(publisher).page
    page.set_viewport_size(DESK)
    page.goto(page.url.partition("/admin")[0] + reverse("pushes_show", args=[push.pk]))
    rows = page.locator(".push-member")
    rows.nth(2).drag_to(rows.nth(0), target_position={"x": 60, "y": 8})
    expect(page.locator(".messages")).to_contain_text("已保存次序。")
    expect_order(page, "路灯亮了", "荷花开了", "食堂开门")
    page.get_by_role("button", name="把《食堂开门》往前移").press("Enter")
    expect(page.locator(".messages")).to_contain_text("已移到第2条。")
    expect_order(page, "路灯亮了", "食堂开门", "荷花开了")
    assert push.members.get(article=articles[1]).position == 1
