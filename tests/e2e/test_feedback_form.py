"""留言 in a browser, on a phone: write with mistakes, put them right, follow, rate."""

from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import expect

from feedback.models import Message, Satisfaction, State
from feedback.services import answering, handling, publishing
from tests.articles.public_scene import live
from tests.factories.feedback import PlaceFactory, public_message, staff

from .browser import DESK, JOURNEY, PHONE
from .public_site import enlarge_text, width_beyond_the_window

pytestmark = JOURNEY
NARROW = {"width": 320, "height": 640}


def test_a_resident_writes_and_follows_by_phone(visitor) -> None:
    cache.clear()
    people = staff()
    street = PlaceFactory(name="月塘街道")
    for name in ("文化社区", "袁家湾社区"):
        PlaceFactory(name=name, level="community", parent=street)
    article = live(title="夜间照明改造完成，十二条小巷亮起来")
    public_message(people, title="公交站牌倒了", text="南环路口的站牌倒了。")
    she = visitor()
    page = she.page
    page.set_viewport_size(PHONE)

    def look(picture: str) -> None:
        """The page keeps what every page keeps; it is looked at on both kinds of screen."""
        for size, name in ((DESK, f"{picture}-1366"), (PHONE, f"{picture}-390")):
            page.set_viewport_size(size)
            she.look(name)
            path = she.album / f"{name}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")
            found = axe.run(page).response["violations"]
            assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]
        page.set_viewport_size(NARROW)
        assert width_beyond_the_window(page) <= 0
        page.set_viewport_size(PHONE)

    axe = Axe()
    page.goto(f"{she.site}/feedback/new/?article={article.pk}")
    look("form")
    # A program would be as quick; a person is told to look again, and loses nothing.
    page.get_by_label("标题").fill("巷口路灯不亮")
    page.get_by_label("手机、座机或邮箱").fill("1380000")
    page.get_by_label("地点").select_option(label="文化社区")
    page.get_by_role("button", name="提交留言").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    for words in ("请选择类别", "请写内容", "看不出是手机", "请先勾选同意"):
        expect(summary).to_contain_text(words)
    look("errors")
    summary.get_by_role("link", name="请写内容").click()
    expect(page.get_by_role("textbox", name="内容")).to_be_focused()
    expect(page.get_by_label("标题")).to_have_value("巷口路灯不亮")
    page.get_by_label("求助").check()
    page.get_by_role("textbox", name="内容").fill(
        "巷口的路灯三天没有亮，老人晚上出门不方便。<b>请来看看</b>"
    )
    page.get_by_label("手机、座机或邮箱").fill("138 0000 0000")
    page.get_by_label("办结后可以公开").check()
    page.get_by_label("我同意").check()
    enlarge_text(page, 32)
    assert width_beyond_the_window(page) <= 0
    enlarge_text(page, 16)
    # Waited for where the clock is the server's own: the token of the first page still holds.
    page.wait_for_function("performance.now() > 3500")
    page.get_by_role("button", name="提交留言").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("留言已收到")
    look("received")
    message = Message.objects.get(title="巷口路灯不亮")
    assert message.article_id == article.pk and message.place.name == "文化社区"
    assert message.contact == "13800000000"
    code = page.get_by_role("definition").nth(1).inner_text()

    message = handling.accept(people.office, message)
    message = answering.draft_answer(people.office, message, "路灯已经修好，谢谢您。")
    answering.approve_answer(people.boss, message)

    page.get_by_role("link", name="查办理情况").click()
    page.get_by_label("编号").fill(message.number)
    page.get_by_label("查询码").fill("K7QM-2XFD-93RT")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
    look("not-found")
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("路灯已经修好")).to_be_visible()
    look("followed")
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("status")).to_contain_text("谢谢您的评价")
    message.refresh_from_db()
    assert (message.state, message.satisfaction) == (State.CLOSED, Satisfaction.SATISFIED)

    message = publishing.prepare(people.office, message, **publishing.suggestion(message))
    publishing.publish(people.boss, message)
    page.goto(f"{she.site}/feedback/")
    look("index")
    page.get_by_role("link", name="巷口路灯不亮").click()
    expect(page.get_by_text("留言人评价：满意")).to_be_visible()
    look("answer")
    assert not she.context.cookies()
