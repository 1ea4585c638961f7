"""A story told over HTTP: draft → three reviews by three people → a set time → the mirror."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.models import ArticlePage
from cms.ops.models import AuditEntry
from cms.users.roles import ROLES
from tests.factories.articles import ColumnFactory, filled_form, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desks() -> dict[str, Client]:
    """A browser for each person."""
    desks = {}
    for role in ROLES:
        desks[role.key] = Client()
        desks[role.key].force_login(
            UserFactory(username=role.key, display_name=role.name, roles=[role.key])
        )
    return desks


def act(client: Client, article: ArticlePage, **data: str) -> str:
    """Press a button on the desk and answer what was said."""
    url = reverse("articles_desk", args=[article.pk])
    step = running_step(article)
    filled = filled_form(step) if data["action"] == "approve" else {}
    form = {**filled, "step": step.pk if step else "", **data}
    response = client.post(url, form, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_an_article_on_its_way_to_the_public(desks, client, time_machine):
    time_machine.move_to("2026-11-30T01:00:00Z")
    column = ColumnFactory(title="生活在荷塘", slug="shenghuo")
    form = {
        "title": "菜市场的早晨",
        "digest": "六点半，第一担青菜到了。",
        "cover": "",
        "kind": "story",
        "author": "区融媒体中心",
        "editor_in_charge": "值班编辑",
        "planned_for": "2026-12-01",
        "tags": "",
        "body": streamfield([("paragraph", rich_text("<p>六点半，天还没亮透。</p>"))]),
        "sources": inline_formset([{"name": "现场采访", "url": "", "date": "2026-11-29"}]),
        "comments": inline_formset([]),
    }
    desks["editor"].post(
        reverse("wagtailadmin_pages:add", args=["articles", "articlepage", column.pk]),
        nested_form_data({**form, "action-submit": "1"}),
    )
    article = ArticlePage.objects.get()
    address = article.url
    assert address == f"/shenghuo/20261130-{article.pk}/"
    assert client.get(address).status_code == 404

    assert "已通过可信审核" in act(desks["reviewer_credible"], article, action="approve")
    assert "退回" in act(
        desks["reviewer_readable"], article, action="send_back", comment="“亮透”改成“大亮”"
    )
    form["body"] = streamfield([("paragraph", rich_text("<p>六点半，天还没大亮。</p>"))])
    desks["editor"].post(
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        nested_form_data(
            {
                **form,
                "sources": inline_formset(
                    [
                        {
                            "id": str(article.sources.get().pk),
                            "name": "现场采访",
                            "url": "",
                            "date": "2026-11-29",
                        }
                    ],
                    initial=1,
                ),
                "loaded_revision_id": article.latest_revision_id,
                "action-submit": "1",
            }
        ),
    )
    # The words changed, so the first review is asked again.
    for role in ("reviewer_credible", "reviewer_readable", "reviewer_approachable"):
        assert "已通过" in act(desks[role], article, action="approve", comment="同意")
    assert "没有发布权限" in act(desks["editor"], article, action="publish")
    said = act(desks["publisher"], article, action="schedule", go_live_at="2026-12-01 07:30")
    assert "2026年12月01日 07:30" in said

    at = timezone.datetime(2026, 12, 1, 7, 30, tzinfo=timezone.get_default_timezone())
    time_machine.move_to(at - timedelta(seconds=30), tick=False)
    call_command("publish_due")
    assert client.get(address).status_code == 404
    time_machine.move_to(at + timedelta(seconds=30), tick=False)
    call_command("publish_due")
    page = client.get(address)
    html = page.content.decode()
    assert page.status_code == 200
    assert "菜市场的早晨" in html and "天还没大亮" in html and "现场采访" in html
    assert "菜市场的早晨" in client.get("/").content.decode()
    assert "菜市场的早晨" in client.get(column.url).content.decode()

    people = get_user_model().objects.in_bulk(field_name="username")
    approvals = AuditEntry.objects.filter(action="article.approve").order_by("pk")
    assert [entry.actor for entry in approvals] == [
        people["reviewer_credible"],
        people["reviewer_credible"],
        people["reviewer_readable"],
        people["reviewer_approachable"],
    ]
