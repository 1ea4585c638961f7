"""Screens opened on a phone, as people on their way do; the journeys narrow a desk's window."""

from django.urls import reverse

from articles.review import services
from tests.factories.articles import ArticleFactory, approve_by

from .browser import JOURNEY, PHONE

pytestmark = JOURNEY


def test_what_an_editor_and_a_reviewer_open(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    reviewer = hire("chen", "陈可信", "reviewer_credible")
    hire("zhou", "周可读", "reviewer_readable")
    hire("wu", "吴可亲", "reviewer_approachable")
    article = ArticleFactory(writer=writer, title="夜间门诊本周开诊")
    draft = ArticleFactory(writer=writer, title="还没写完")
    services.submit(writer, article)

    lin = signed_in(writer)
    lin.page.set_viewport_size(PHONE)
    for address in (
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_pages:edit", args=[draft.pk]),
        reverse("articles_word_upload"),
        reverse("articles_timeline", args=[article.pk]),
    ):
        lin.page.goto(f"{lin.site}{address}")
        lin.look()

    chen = signed_in(reviewer)
    chen.page.set_viewport_size(PHONE)
    for address in (
        reverse("articles_queue"),
        reverse("articles_desk", args=[article.pk]),
        reverse("articles_changes", args=[article.pk]),
    ):
        chen.page.goto(f"{chen.site}{address}")
        chen.look()
    approve_by(article, reviewer)
    chen.page.goto(f"{chen.site}{reverse('articles_approval_sheet', args=[article.pk])}")
    chen.look()
