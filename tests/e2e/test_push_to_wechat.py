"""Journey in a browser: a push of a headline and three more, from 待发布 to its readers.

It is assembled, planned by dragging, approved by somebody else, committed and delivered; a person
presses 群发 in the stand-in's back office and says so; on the next morning its readers are there.
"""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import DeliveryStage, Metric, Push, Reading
from articles.publishing import publish_due
from articles.readings import fetching
from articles.review import services as reviews
from articles.wechat.delivery.tasks import advance_all
from demo.fake_wechat import FakeWeChat
from tests.factories.articles import ArticleFactory, approve_by, body
from tests.factories.media import ImageFactory

from .browser import JOURNEY, Person

pytestmark = JOURNEY
TITLES = ("荷花开了", "食堂开门", "路灯亮了", "书架换新")
HEADLINE = "食堂开门"


@pytest.fixture
def staff(hire):
    """An editor's four texts wait in 待发布; answers the publisher and the last reviewer."""
    editor, publisher = hire("lin", "林老师", "editor"), hire("ma", "马老师", "publisher")
    three = [
        hire(name, words, f"reviewer_{role}")
        for name, words, role in (
            ("chen", "陈老师", "credible"),
            ("zhou", "周老师", "readable"),
            ("wu", "吴老师", "approachable"),
        )
    ]
    picture = ImageFactory()
    for title in TITLES:
        article = ArticleFactory(
            writer=editor,
            title=title,
            cover=picture,
            body=body(
                ("paragraph", f"<p>{title}，早上八点见。</p>"),
                ("picture", {"image": picture.pk, "caption": "街坊", "alt_text": ""}),
            ),
        )
        reviews.submit(editor, article)
        approve_by(article, *three)
    return publisher, three[-1]


def unfold(page: Page, words: str) -> None:
    page.locator("summary").filter(has_text=words).first.click()


def at_back_office(fake: FakeWeChat, visitor, person: Person) -> Person:
    """The same person at WeChat's back office, which is another site."""
    other = visitor("backoffice")
    other.site = fake.base
    other.page.goto(f"{fake.base}/")
    other.look()
    return other


def test_a_push_from_its_parts_to_its_readers(
    staff,
    signed_in,
    visitor,
    work_off,
    fake,
    settings,
) -> None:
    publisher, reviewer = staff
    settings.DEMO = True  # the link to the back office leads to the stand-in
    ma = signed_in(publisher)
    page = ma.page

    # Assembled: four texts, one of which leads.
    ma.menu("推送")
    page.get_by_role("link", name="新建推送").click()
    for title in TITLES:
        page.get_by_role("checkbox", name=title).check()
    page.locator(".push-choices li").filter(has_text=HEADLINE).get_by_role("radio").check()
    ma.look("1-新建", phone=True)
    page.get_by_role("button", name="建立推送").click()
    expect(page.locator(".push-member")).to_have_count(4)
    expect(page.locator(".push-member .push-title a").first).to_have_text(HEADLINE)
    ma.look("2-组稿", phone=True)
    push = Push.objects.get()
    address = page.url

    # Planned by dragging.
    today = timezone.localdate()
    day = today + timedelta(days=1 if today.weekday() < 6 else 2)
    page.get_by_label("计划日期").fill(day.isoformat())
    page.keyboard.press("Escape")
    page.get_by_role("button", name="保存计划").click()
    ma.look()
    other = day + timedelta(days=1) if day.weekday() < 6 else day - timedelta(days=1)
    page.goto(f"{ma.site}/admin/pushes/calendar/?span=week&on={day}")
    entry = page.locator(f'[data-item="push-{push.pk}"]')
    entry.drag_to(page.locator(f"#d{other.isoformat()}"))
    ma.says("已改到")
    push.refresh_from_db()
    assert push.planned_for == other

    # Approved by somebody who had no hand in it.
    wu = signed_in(reviewer)
    wu.page.goto(address)
    wu.page.get_by_role("button", name="审定推送").click()
    wu.says("审定")

    # Committed, and delivered as a draft.
    page.goto(address)
    at = timezone.make_aware(datetime.combine(other, time(8, 30)))
    page.get_by_label("定时").fill(f"{other} 08:30")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="定时", exact=True).click()
    ma.look("3-已定时")
    push.refresh_from_db()
    assert push.go_live_at == at
    page.get_by_role("button", name="送到微信").click()
    ma.says("开始送往微信")
    work_off()
    advance_all()
    page.reload()
    expect(page.locator("#delivery")).to_contain_text("草稿在公众号后台的草稿箱里")
    ma.look("4-已送达", phone=True)
    assert push.delivery.stage == DeliveryStage.DELIVERED
    (draft,) = fake.state.drafts.values()
    assert draft.articles[0]["title"] == HEADLINE and len(draft.articles) == len(TITLES)

    # Its minute comes: the mirror has all four, and a person presses 群发.
    with time_machine.travel(at + timedelta(minutes=1)):
        assert publish_due().published
        back_office = at_back_office(fake, visitor, ma)
        for title in TITLES:
            expect(back_office.page.get_by_text(title)).to_be_visible()
        back_office.look("5-公众号后台")
        fake.state.clock.set(timezone.localtime())
        back_office.page.get_by_role("button", name="群发").click()
        expect(back_office.page.get_by_text("已群发")).to_be_visible()
        page.goto(address)
        unfold(page, "登记已发出")
        page.get_by_label("发出时间").fill(f"{timezone.localtime():%Y-%m-%d %H:%M}")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="登记已发出").click()
        ma.says("已登记发出")
        ma.look("6-已发出", phone=True)

    # Next morning its readers are there.
    with time_machine.travel(at.replace(hour=8, minute=10) + timedelta(days=1)):
        fake.state.clock.set(timezone.localtime())
        assert fetching.fetch_due()
        readers = Reading.objects.filter(metric=Metric.READERS, post__member__push=push)
        assert readers.values("post").distinct().count() == len(TITLES)
        ma.menu("阅读数据")
        expect(page.get_by_role("link", name=HEADLINE)).to_be_visible()
        ma.look("7-阅读数据", phone=True)
        page.get_by_role("link", name=HEADLINE).click()
        ma.look("8-曲线", phone=True)
