"""A journey in a browser: three reviews by people who each see only their own part of the story.

The text is returned at the second stage, the third reviewer is away, a leader reads without an
account, and what was published is withdrawn.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.utils import timezone
from docx import Document
from playwright.sync_api import Locator, expect

from articles.models import ArticlePage
from tests.articles.importing.docx_files import add, saved
from tests.factories.articles import ColumnFactory

from .browser import DESK, JOURNEY, PHONE, Person
from .conftest import PASSWORD
from .test_article import fill_in, press, typed

pytestmark = JOURNEY
TITLE = "夜间门诊本周开诊"
FIRST = "12月1日起，荷塘社区医院每周二、周四晚上开诊，首周放出 120 个号。"
QUOTE = "院长刘梅说：“下班再来，也看得上病。”"
LEADER = "王部长"


def word_file(folder: Path) -> Path:
    document = Document()
    document.add_heading(TITLE, 1)
    path = folder / "夜间门诊.docx"
    path.write_bytes(saved(add(document, FIRST, QUOTE)))
    return path


def close_up(person: Person, picture: str) -> None:
    """The whole desk as it is filled in, in windows so high that nothing has to be scrolled."""
    page = person.page
    for size, name in ((DESK, picture), (PHONE, f"{picture}-phone")):
        page.set_viewport_size(size)
        height = page.evaluate("document.querySelector('#main').scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": height})
        page.screenshot(path=person.album / f"{name}.png", animations="disabled")
    page.set_viewport_size(DESK)


def submit(person: Person, label: str) -> None:
    """In the editor's menu; a comment at the side has a menu of the same name."""
    bar = person.page.get_by_role("navigation", name="操作（页面底部）")
    bar.get_by_role("button", name="更多操作").click()
    bar.get_by_role("button", name=label, exact=True).click()


def pick(field: Locator, moment: str) -> None:
    """Type a day or a time.

    The calendar opens a moment after the cursor is there and closes on a click elsewhere.
    """
    calendar = field.page.locator(".xdsoft_datetimepicker:visible")
    field.focus()
    expect(calendar).to_have_count(1)
    field.fill(moment)
    field.page.locator("body").dispatch_event("mousedown")
    expect(calendar).to_have_count(0)


def queued(person: Person, part: str) -> Locator:
    """Our article among the rows of this ``part`` of the queue."""
    person.menu("审稿")
    parts = person.page.get_by_role("navigation", name="审稿列表")
    parts.get_by_role("link", name=part).click()
    expect(parts.locator("[aria-current=page]")).to_have_text(part)
    return person.page.get_by_role("row").filter(has_text=TITLE)


def to_desk(person: Person, row: Locator) -> None:
    row.get_by_role("link", name=TITLE).click()
    at_desk(person)


def at_desk(person: Person) -> None:
    expect(person.page.get_by_role("heading", name=TITLE, exact=True)).to_be_visible()
    preview = person.page.frame_locator("iframe[title='文章预览']")
    expect(preview.get_by_role("heading", name=TITLE)).to_be_visible()
    person.look()


def first_notice(person: Person, words: str) -> Locator:
    """By the bell in the menu to the notice that holds ``words``."""
    bell = person.page.get_by_role("link", name=re.compile(r"^通知，\d+ 条未读$"))
    expect(bell).to_be_visible()
    bell.click()
    expect(person.page.get_by_role("heading", level=1, name="通知")).to_be_visible()
    return person.page.get_by_role("listitem").filter(has_text=words).first


def fact(person: Person, words: str) -> Locator:
    """What the review asks to check about ``words`` of the text."""
    found = person.page.locator("mark").filter(has_text=words)
    return person.page.locator("[data-review-group] li").filter(has=found)


def approve(person: Person, review: str, comment: str = "") -> None:
    fill_in(person)
    person.page.get_by_label("审核意见").fill(comment)
    press(person, "通过")
    person.says(f"已通过{review}")


def gone(reader: Person, address: str) -> None:
    """The notice in place of what was withdrawn; the answer 410 is no fault here."""
    response = reader.page.goto(address)
    assert response and response.status == 410
    expect(reader.page.get_by_role("heading", name="这篇文章已经撤下")).to_be_visible()
    expect(reader.page.get_by_text(TITLE)).to_have_count(0)
    reader._faults = [fault for fault in reader._faults if "410" not in fault]
    reader.look("28-已撤下")
    reader.page.set_viewport_size(PHONE)
    reader.page.screenshot(path=reader.album / "28-已撤下-phone.png", full_page=True)
    reader.page.set_viewport_size(DESK)


def test_five_people_a_leader_and_the_public(
    hire, signed_in, visitor, work_off, tmp_path, time_machine
) -> None:
    time_machine.move_to("2026-11-30T01:00:00Z")
    ColumnFactory(title="生活在荷塘", slug="shenghuo")

    # --- the editor begins with a Word file and says by when it is needed
    hire("lin", "林编辑", "editor")
    lin = visitor("lin")
    lin.sign_in(PASSWORD)
    page = lin.page
    lin.menu("文章")
    page.get_by_role("link", name="从 Word 新建").click()
    page.get_by_label("生活在荷塘").check()
    page.get_by_label("Word 文件").set_input_files(word_file(tmp_path))
    press(lin, "读取文件")
    expect(page.get_by_label("标题")).to_have_value(TITLE)
    expect(page.get_by_text("下班再来")).to_be_visible()
    lin.look("01-从Word新建", phone=True)
    page.get_by_role("textbox", name="作者").fill("林小荷")
    press(lin, "保存为草稿")
    lin.says("已存为草稿")
    page.get_by_role("textbox", name="摘要").fill("下班再来，也看得上病。")
    page.get_by_role("region", name="信源").evaluate("each => each.scrollIntoView()")
    page.get_by_role("button", name="添加信源").click()
    expect(page.locator("#inline_child_sources-0-panel-content")).to_be_focused()
    source = page.get_by_role("region", name="信源 1")
    source.get_by_role("textbox", name="名称").fill("荷塘社区医院")
    pick(source.get_by_role("textbox", name="日期"), "2026-11-29")
    page.get_by_role("tab", name="署名与安排").click()
    page.get_by_role("textbox", name="责任编辑").fill("陈一")
    lin.look("02-编辑页")
    press(lin, "保存草稿")
    lin.says("更新")
    press(lin, "更多操作")
    page.get_by_role("link", name="审核与发布").click()
    at_desk(lin)
    page.get_by_text("安排截稿和缓急", exact=True).click()
    pick(page.get_by_label("截稿"), "2026-12-01 17:00")
    page.get_by_role("radio", name="急", exact=True).check()
    page.get_by_label("给审核人的话").fill("周二晚上开诊，之前要用。")
    lin.look("03-截稿和缓急", phone=True)
    press(lin, "保存安排")
    lin.says("已安排截稿和缓急")
    page.get_by_role("link", name="编辑文章").click()
    submit(lin, "提交到三审")
    lin.says("提交")
    article = ArticlePage.objects.get()

    # --- 可信: claims it, is asked for every fact, approves
    chen = signed_in(hire("chen", "陈可信", "reviewer_credible"))
    zhou = signed_in(hire("zhou", "周可读", "reviewer_readable"))
    wu = signed_in(hire("wu", "吴可亲", "reviewer_approachable"))
    han = signed_in(hire("han", "韩副刊", "editor"))
    fang = signed_in(hire("fang", "方发布", "publisher"))
    row = queued(chen, "等我审")
    expect(row).to_contain_text("急")
    expect(row).to_contain_text("周二晚上开诊，之前要用。")
    chen.look("04-审稿列表", phone=True)
    row.get_by_role("button", name="认领").click()
    chen.says(f"已认领《{TITLE}》")
    expect(row).to_contain_text("我已认领")
    expect(row.get_by_role("button", name="放回")).to_be_visible()
    to_desk(chen, row)
    chen.look("05-可信审核", phone=True)
    press(chen, "通过")
    chen.says("还没有提交")
    chen.look("06-还没有核对")
    expect(fact(chen, "下班再来")).to_have_count(1)
    number = fact(chen, "120")
    expect(number).to_have_count(1)
    number.get_by_placeholder("依据哪个信源").fill("医院排班表")
    number.get_by_label("已核对").check()
    close_up(chen, "06-可信审核的表")
    approve(chen, "可信审核", "号数已向医院电话核实。")

    # --- 可读: notes something at a paragraph and returns the text at the second stage
    to_desk(zhou, queued(zhou, "等我审"))
    zhou.page.get_by_text("写批注", exact=True).click()
    place = zhou.page.get_by_label("写在哪里")
    words = place.get_by_role("option").filter(has_text="12月1日起")
    place.select_option(words.get_attribute("value"))
    zhou.page.get_by_role("textbox", name="批注", exact=True).fill("“放出”是行话，换成群众说的词")
    zhou.look("07-写批注")
    press(zhou, "记下批注")
    zhou.says("批注已记下")
    zhou.page.get_by_label("退回类别").select_option(label="文字或标点")
    zhou.page.get_by_label("审核意见").fill("“放出”看不懂，改成“可以挂”。")
    press(zhou, "退回修改")
    zhou.says("已退回修改")
    zhou.look("08-退回之后")
    work_off()

    # --- the editor hears of it, sees the note in the text, mends and submits again
    lin.home()
    lin.look("09-编辑的首页", phone=True)
    notice = first_notice(lin, "周可读退回修改")
    expect(notice).to_contain_text("“放出”看不懂，改成“可以挂”。")
    lin.look("10-通知", phone=True)
    notice.get_by_role("link").click()
    at_desk(lin)
    noted = page.get_by_role("region", name=re.compile("^批注"))
    expect(noted).to_contain_text("“放出”是行话，换成群众说的词")
    close_up(lin, "11-退回的稿件的表")
    lin.look("11-退回的稿件", phone=True)
    page.get_by_role("link", name="编辑文章").click()
    lin.says("可读审核（周可读）退回：“放出”看不懂，改成“可以挂”。")
    page.get_by_role("button", name="显示/隐藏批注").click()
    words = page.get_by_role("region", name="正文", exact=True).first.get_by_role("textbox").first
    words.click()
    words.press("ControlOrMeta+Home")
    for _ in range(FIRST.index("放出")):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("可以挂")
    lin.look("12-编辑页上的批注")
    typed(page, "可以挂")
    submit(lin, "重新提交审核")
    lin.says("提交")
    page.goto(f"{lin.site}/admin/articles/{article.pk}/timeline/")
    reopened = page.get_by_role("listitem").filter(has_text="内容有改动，已给出的审核作废").first
    expect(reopened).to_contain_text("可以挂")
    lin.look("13-经过写明改了什么", phone=True)

    # --- all three begin again; the first looks at what has changed since
    expect(queued(zhou, "等我审")).to_have_count(0)
    to_desk(chen, queued(chen, "等我审"))
    chen.page.get_by_role("link", name="上次看过之后改了什么").click()
    expect(chen.page.locator("del").first).to_contain_text("放出")
    expect(chen.page.locator("ins").first).to_contain_text("可以挂")
    chen.look("14-改了什么", phone=True)
    chen.page.get_by_role("link", name="回到审核与发布").click()
    at_desk(chen)
    approve(chen, "可信审核")
    to_desk(zhou, queued(zhou, "等我审"))
    press(zhou, "已解决")
    zhou.says("这条批注已解决")
    approve(zhou, "可读审核", "改后通俗。")

    # --- 可亲 is away: a colleague of hers gives the review in her place
    wu.menu("代审")
    wu.page.get_by_role("link", name="安排代审").click()
    wu.page.get_by_label("代审人").select_option(label="韩副刊（区融媒体中心）")
    wu.page.get_by_label("原因").fill("出差")
    wu.look("15-安排代审", phone=True)
    press(wu, "安排代审")
    wu.says("已安排")
    wu.look("16-代审", phone=True)
    row = queued(han, "等我审")
    expect(row).to_contain_text("代吴可亲审")
    han.look("17-代审人的审稿列表", phone=True)
    to_desk(han, row)
    expect(han.page.get_by_text("您在代吴可亲审")).to_be_visible()
    han.look("18-代审", phone=True)

    # --- a leader reads by a link; what is said there moves nothing
    at = page.goto(f"{lin.site}/admin/articles/{article.pk}/desk/")
    assert at and at.ok
    page.get_by_text("送领导审阅", exact=True).click()
    page.locator("#reading").get_by_label("送给谁看").fill(LEADER)
    page.locator("#reading [name=note]").fill("请看第一段的号数。")
    press(lin, "生成链接")
    link = page.get_by_label(f"送{LEADER}审阅的链接")
    lin.look("19-送领导审阅")
    close_up(lin, "19-送领导审阅的表")
    leader = visitor()
    leader.page.goto(leader.site + urlsplit(link.input_value()).path)
    expect(leader.page.get_by_role("heading", name=f"送{LEADER}审阅")).to_be_visible()
    expect(leader.page.get_by_text("可以挂")).to_have_count(0)
    leader.look("20-送审稿封面", phone=True)
    press(leader, "打开稿件")
    expect(leader.page.get_by_text("可以挂 120 个号")).to_be_visible()
    leader.page.get_by_role("textbox").fill("同意，马上发。")
    leader.page.get_by_role("button", name="交意见").click()
    expect(leader.page.get_by_role("listitem").filter(has_text="同意，马上发。")).to_be_visible()
    leader.look("21-领导的意见", phone=True)
    expect(queued(fang, "待发布")).to_have_count(0)
    expect(queued(han, "等我审")).to_have_count(1)

    to_desk(han, queued(han, "等我审"))
    approve(han, "可亲审核")
    work_off()

    # --- the publisher: the sheet, a time
    fang.home()
    fang.look("22-发布的首页", phone=True)
    to_desk(fang, queued(fang, "待发布"))
    fang.look("23-发布安排", phone=True)
    close_up(fang, "23-发布安排的表")
    fang.page.get_by_role("link", name="发布审批单").click()
    sheet = fang.page.get_by_role("main")
    for review, signed in (
        ("可信审核", "陈可信　"),
        ("可读审核", "周可读　"),
        ("可亲审核", "韩副刊（代吴可亲）　"),
    ):
        field = sheet.get_by_role("row", name=re.compile(f"^{review}"))
        expect(field).to_contain_text(signed)
    expect(sheet.get_by_text("同意，马上发。")).to_have_count(0)
    fang.look("24-发布审批单", phone=True)
    fang.page.get_by_role("link", name="回到审核与发布").click()
    at_desk(fang)
    pick(fang.page.get_by_label("发布时间"), "2026-11-30 11:00")
    press(fang, "定时发布")
    fang.says("2026年11月30日 11:00")

    # --- the minute, and the public
    reader = visitor()
    article.refresh_from_db()
    address = f"{reader.site}{article.url}"
    assert reader.context.request.get(address).status == 404
    time_machine.move_to(
        timezone.datetime(2026, 11, 30, 11, 0, 20, tzinfo=timezone.get_default_timezone())
    )
    call_command("publish_due")
    reader.page.goto(address)
    expect(reader.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(reader.page.get_by_text("可以挂 120 个号")).to_be_visible()
    reader.look("25-公开页面", phone=True)

    # --- withdrawn: the address says so
    fang.page.reload()
    fang.page.get_by_text("更多操作：撤稿", exact=True).click()
    fang.page.get_by_label("公开说明").select_option(index=1)
    fang.page.get_by_label("撤稿原因").fill("医院通知首周停诊，号数不再成立。")
    fang.look("26-撤稿", phone=True)
    close_up(fang, "26-撤稿的表")
    fang.page.get_by_role("button", name="撤稿", exact=True).click()
    fang.says("撤")
    fang.look("27-撤稿之后", phone=True)
    gone(reader, address)

    # --- the record: the whole story, and why the text went back
    fang.page.get_by_role("link", name="全部经过").click()
    for words in (
        "陈可信认领了这一审",
        "周可读在“可读审核”退回修改，类别：文字或标点",
        "内容有改动，已给出的审核作废",
        "韩副刊代吴可亲通过可亲审核",
        f"{LEADER}看后留下意见（不算审核）",
        "到了定好的时间，文章自动发布",
        "方发布撤稿",
    ):
        expect(fang.page.get_by_text(words).first).to_be_visible()
    fang.look("29-全部经过", phone=True)
    fang.menu("报告", "退回原因")
    row = fang.page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("可读审核")
    expect(row).to_contain_text("文字或标点")
    expect(row).to_contain_text("“放出”看不懂，改成“可以挂”。")
    fang.look("30-退回原因", phone=True)
