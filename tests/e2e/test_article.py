"""A journey in a browser: an article from the first word to the public page."""

import re
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import ArticlePage
from tests.factories.articles import ColumnFactory

from .browser import JOURNEY, Person

pytestmark = JOURNEY
TITLE = "菜市场的早晨"


def press(person: Person, button: str) -> None:
    person.page.get_by_role("button", name=button, exact=True).click()


def waiting(person: Person) -> Page:
    """Our article among what waits for this person, on the dashboard."""
    person.home()
    tasks = person.page.get_by_role("region", name="等我处理")
    return tasks.get_by_role("row").filter(has_text=TITLE)


def to_desk(person: Person, task: str) -> None:
    """From the dashboard to the desk, where the text is as readers would see it."""
    row = waiting(person)
    expect(row).to_contain_text(task)
    row.get_by_role("link", name=TITLE).click()
    expect(person.page.get_by_role("heading", name=TITLE, exact=True)).to_be_visible()
    preview = person.page.frame_locator("iframe[title='文章预览']")
    expect(preview.get_by_role("heading", name=TITLE)).to_be_visible()
    person.look()


def typed(page: Page, words: str) -> None:
    """The editor hands what was typed to the form a quarter of a second later."""
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile(words))


def submit(person: Person, label: str) -> None:
    press(person, "更多操作")
    press(person, label)


def fill_in(person: Person) -> None:
    """Answer every question with 是, check every fact against one source, and find no slip."""
    page = person.page
    for yes in page.get_by_role("radio", name="是", exact=True).all():
        yes.check()
    for group in page.locator("[data-review-group]").all():
        group.get_by_placeholder("共同的信源").fill("菜市场管理办公室")
        group.get_by_role("button", name="同一来源全部勾选").click()
        for ticked in group.get_by_role("checkbox", name="已核对").all():
            expect(ticked).to_be_checked()
    page.get_by_label("校对发现的差错数").fill("0")


def test_from_the_first_word_to_the_public_page(hire, signed_in, visitor, time_machine) -> None:
    time_machine.move_to("2026-11-30T01:00:00Z")
    ColumnFactory(title="荷塘要闻", slug="yaowen")
    ColumnFactory(title="生活在荷塘", slug="shenghuo")
    # The editor is in the group of the first review too, which must not help with her own text.
    lin = signed_in(hire("lin", "林编辑", "editor", "reviewer_credible"))

    # --- writing
    lin.menu("文章")
    lin.page.get_by_role("link", name="新建文章").click()
    lin.page.get_by_label("生活在荷塘").check()
    lin.look("1-栏目")
    press(lin, "开始写")
    page = lin.page
    page.get_by_role("textbox", name="标题").fill(TITLE)
    page.get_by_role("textbox", name="摘要").fill("六点半，第一担青菜到了。")
    body = page.get_by_role("region", name="正文", exact=True).first
    body.get_by_role("button", name="插入区块").click()
    lin.look("2-选择内容块")
    body.get_by_role("option", name="正文").click()
    body.get_by_role("textbox").fill("六点半，天还没亮透，第一担青菜已经进了菜市场。")
    typed(page, "亮透")
    # Clear of the bar with the buttons at the bottom, as a person would scroll.
    page.get_by_role("region", name="信源").evaluate("each => each.scrollIntoView()")
    page.get_by_role("button", name="添加信源").click()
    source = page.get_by_role("region", name="信源 1")
    # Wagtail brings the new fields into view and the cursor to them, a moment later.
    expect(page.locator("#inline_child_sources-0-panel-content")).to_be_focused()
    source.get_by_role("textbox", name="名称").fill("菜市场管理办公室")
    source.get_by_role("textbox", name="日期").fill("2026-11-29")
    source.get_by_role("textbox", name="日期").press("Escape")
    lin.look("3-写稿")
    page.get_by_role("tab", name="署名与安排").click()
    page.get_by_role("textbox", name="作者").fill("林小荷")
    page.get_by_role("textbox", name="责任编辑").fill("陈一")
    page.get_by_role("textbox", name="计划日期").fill("2026-12-01")
    page.get_by_role("textbox", name="计划日期").press("Escape")
    lin.look("4-署名与安排")
    press(lin, "保存草稿")
    lin.says(TITLE)
    submit(lin, "提交到三审")
    lin.says("提交")

    # --- the author does not approve
    expect(waiting(lin)).to_have_count(0)
    lin.look("5-编辑的首页")
    lin.menu("文章")
    page.get_by_role("link", name="可信审核中").click()
    expect(page.get_by_text("不能审核自己的文章")).to_be_visible()
    expect(page.get_by_role("button", name="通过", exact=True)).to_have_count(0)
    lin.look("6-作者不能审自己的稿")

    # --- three reviews, the second of which returns the text
    chen = signed_in(hire("chen", "陈可信", "reviewer_credible"))
    zhou = signed_in(hire("zhou", "周可读", "reviewer_readable"))
    wu = signed_in(hire("wu", "吴可亲", "reviewer_approachable"))
    expect(waiting(zhou)).to_have_count(0)
    to_desk(chen, "可信审核")
    chen.look("7-可信审核", phone=True)
    chen.page.get_by_label("审核意见").fill("信源已电话核实。")
    press(chen, "通过")
    chen.says("您填的内容都还在")
    expect(chen.page.get_by_text("还有 3 项没有核对")).to_be_visible()
    expect(chen.page.get_by_label("审核意见")).to_have_value("信源已电话核实。")
    chen.look("7-还没有核对", phone=True)
    fill_in(chen)
    press(chen, "通过")
    chen.says("已通过可信审核")

    to_desk(zhou, "可读审核")
    zhou.page.get_by_text("写批注", exact=True).click()
    zhou.page.get_by_label("写在哪里").select_option(index=3)
    zhou.page.get_by_role("textbox", name="批注", exact=True).fill("“亮透”太文")
    press(zhou, "记下批注")
    zhou.says("批注已记下")
    press(zhou, "退回修改")
    zhou.says("原因")
    zhou.page.get_by_label("审核意见").fill("“亮透”太文，改成“大亮”。")
    press(zhou, "退回修改")
    zhou.says("已退回修改")

    row = waiting(lin)
    expect(row).to_contain_text("“亮透”太文，改成“大亮”。")
    expect(row).to_contain_text("可读审核退回，请修改")
    lin.look("8-退回的稿件", phone=True)
    row.get_by_role("link", name=TITLE).click()
    lin.says("可读审核（周可读）退回：“亮透”太文，改成“大亮”。")
    lin.look("9-改退回的稿件")
    words = page.get_by_role("region", name="正文", exact=True).first.get_by_role("textbox")
    words.press("ControlOrMeta+a")
    page.keyboard.type("六点半，天还没大亮，第一担青菜已经进了菜市场。")
    typed(page, "大亮")
    submit(lin, "重新提交审核")
    lin.says("提交")

    # The words changed, so the first review is asked again.
    expect(waiting(zhou)).to_have_count(0)
    for person, review in ((chen, "可信审核"), (zhou, "可读审核"), (wu, "可亲审核")):
        to_desk(person, review)
        fill_in(person)
        if person is wu:
            # What zhou noted is still open.
            press(person, "通过")
            person.says("1 条批注没有解决")
            zhou.page.reload()
            press(zhou, "已解决")
            zhou.says("已解决")
        press(person, "通过")
        person.says(f"已通过{review}")

    # --- a time
    fang = signed_in(hire("fang", "方发布", "publisher"))
    fang.look("10-发布的首页", phone=True)
    to_desk(fang, "定时或发布")
    expect(fang.page.get_by_label("发布时间")).to_have_value("2026-12-01 08:30")
    fang.page.get_by_label("发布时间").fill("2026-12-01 07:30")
    fang.page.get_by_label("发布时间").press("Escape")
    fang.look("11-发布安排", phone=True)
    press(fang, "定时发布")
    fang.says("2026年12月01日 07:30")
    fang.page.get_by_role("link", name="全部经过").click()
    expect(fang.page.get_by_text("内容有改动，已给出的审核作废")).to_be_visible()
    expect(fang.page.get_by_text("方发布定时发布")).to_be_visible()
    fang.look("12-已定时")

    # --- the minute
    article = ArticlePage.objects.get()
    address = f"{fang.site}{article.url}"
    reader = visitor()
    minute = timezone.datetime(2026, 12, 1, 7, 30, tzinfo=timezone.get_default_timezone())
    time_machine.move_to(minute - timedelta(seconds=40))
    call_command("publish_due")
    assert reader.context.request.get(address).status == 404
    time_machine.move_to(minute + timedelta(seconds=20))
    call_command("publish_due")
    reader.page.goto(address)
    assert re.search(r"/shenghuo/20261130-\d+/$", reader.page.url)
    expect(reader.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(reader.page.get_by_text("天还没大亮")).to_be_visible()
    expect(reader.page.get_by_text("菜市场管理办公室")).to_be_visible()
    reader.look("13-公开页面", phone=True)
    reader.page.goto(f"{fang.site}/")
    expect(reader.page.get_by_role("link", name=TITLE).first).to_be_visible()
    reader.look("14-公开首页", phone=True)
