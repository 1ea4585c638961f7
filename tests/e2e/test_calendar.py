"""Journey in a browser: pushes are moved in the calendar, by dragging and without a mouse."""

import re
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from articles.models import ArticlePage, CalendarFeed, Push
from articles.pushes import services
from articles.review import services as reviews
from tests.factories.articles import ArticleFactory, approve_by

from .browser import DESK, JOURNEY, PHONE

pytestmark = JOURNEY


def next_monday() -> date:
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def cell(page: Page, day: date) -> Locator:
    return page.locator(f"#d{day.isoformat()}")


def entry(page: Page, thing: Any) -> Locator:
    kind = "push" if isinstance(thing, Push) else "article"
    return page.locator(f'[data-item="{kind}-{thing.pk}"]')


def test_moving_things_in_the_calendar(hire, signed_in) -> None:
    people = [
        hire(name, f"{name}老师", role)
        for name, role in (
            ("lin", "editor"),
            ("chen", "reviewer_credible"),
            ("zhou", "reviewer_readable"),
            ("wu", "reviewer_approachable"),
            ("ma", "publisher"),
        )
    ]
    editor, *three, publisher = people
    monday = next_monday()
    days = [monday + timedelta(days=n) for n in range(7)]
    ready = [ArticleFactory(writer=editor, title=title) for title in ("荷花开了", "食堂开门")]
    for article in ready:
        reviews.submit(editor, article)
        approve_by(article, *three)
    draft = ArticleFactory(writer=editor, title="还在写的", planned_for=days[0])
    planned, committed = (
        services.create(publisher, [ArticlePage.objects.get(pk=article.pk)]) for article in ready
    )
    services.plan(publisher, planned, days[1])
    services.approve(three[0], committed)
    morning = timezone.localtime().replace(hour=8, minute=30, second=0, microsecond=0)
    at = morning + (days[2] - timezone.localdate())
    services.commit(publisher, committed, at)

    ma = signed_in(publisher)
    page = ma.page
    ma.menu("推送日历")
    page.goto(f"{ma.site}{reverse('pushes_calendar')}?span=week&on={monday}")
    ma.look("week")

    # A plan is dragged, and is where it was dropped.
    entry(page, planned).drag_to(cell(page, days[4]))
    ma.says(f"《荷花开了》已改到{days[4].month}月{days[4].day}日")
    expect(cell(page, days[4])).to_contain_text("荷花开了")
    expect(cell(page, days[1])).not_to_contain_text("荷花开了")
    entry(page, draft).drag_to(cell(page, days[5]))
    ma.says("《还在写的》已改到")

    # A minute is asked about; going back moves nothing.
    entry(page, committed).drag_to(cell(page, days[3]))
    expect(page.get_by_text("改日期就是改发布的时间")).to_be_visible()
    ma.look("recommit", phone=True)
    page.get_by_role("link", name="不改，回到日历").click()
    expect(cell(page, days[2])).to_contain_text("食堂开门")
    entry(page, committed).drag_to(cell(page, days[3]))
    page.get_by_role("button", name=f"改为 {days[3].month}月{days[3].day}日 08:30 发布").click()
    ma.says("审定仍然有效")
    expect(cell(page, days[3])).to_contain_text("定时 08:30")
    committed.refresh_from_db()
    assert committed.go_live_at == at + timedelta(days=1) and committed.approved_by == three[0]

    # Without a mouse: the same by the form, on a desk with the keyboard and on a phone.
    page.set_viewport_size(DESK)
    fold = entry(page, planned).get_by_text("改到…")
    fold.focus()
    page.keyboard.press("Enter")
    field = entry(page, planned).get_by_label("改到哪一天")
    field.fill(days[6].isoformat())
    field.press("Enter")
    ma.says(f"《荷花开了》已改到{days[6].month}月{days[6].day}日")
    page.set_viewport_size(PHONE)
    ma.look("phone")
    entry(page, draft).get_by_text("改到…").click()
    entry(page, draft).get_by_role("button", name="不定日期").click()
    ma.says("《还在写的》已取消计划日期")
    planned.refresh_from_db()
    assert planned.planned_for == days[6]

    # The address for the phone's own calendar.
    page.get_by_text("在手机日历里看").click()
    page.get_by_role("button", name="生成订阅地址").click()
    ma.says("订阅地址已生成")
    secret = CalendarFeed.objects.get(person=publisher).secret
    expect(page.get_by_label("日历订阅地址")).to_have_value(re.compile(re.escape(secret)))
