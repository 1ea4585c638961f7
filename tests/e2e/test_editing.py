"""Journeys in a browser: nothing that was typed is overwritten or lost."""

import json
import re

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from articles.editing.measures import measures
from articles.models import ArticlePage
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory, ColumnFactory, body
from tests.factories.media import ImageFactory

from .browser import DESK, JOURNEY, PHONE, Person

pytestmark = JOURNEY
YESTERDAY_AT_SIX = """() => {
    for (const key of Object.keys(localStorage).filter(each => each.startsWith("article-copy:"))) {
        const copy = JSON.parse(localStorage.getItem(key));
        copy.at = new Date(copy.at - 24 * 3600 * 1000).setHours(6, 5);
        localStorage.setItem(key, JSON.stringify(copy));
    }
}"""
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('article-copy:')).length"


def open_editor(person: Person, article: ArticlePage, page: Page | None = None) -> Page:
    page = page or person.page
    page.goto(f"{person.site}/admin/pages/{article.pk}/edit/")
    expect(page.locator(".public-DraftEditor-content").first).to_be_visible()
    expect(page.locator(".editor-counts")).to_contain_text("正文")
    return page


def title(page: Page):
    return page.locator("#id_title")


def save(page: Page) -> None:
    page.get_by_role("button", name="保存草稿").click()


def stored(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()


def kept(page: Page) -> None:
    """The browser keeps its copy every other second."""
    page.wait_for_function(f"{COPIES} === 1")


def test_two_tabs(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    article = ArticleFactory(writer=writer, title="菜市场的早晨")
    lin = signed_in(writer)
    first, second = lin.page, lin.context.new_page()
    open_editor(lin, article)
    open_editor(lin, article, second)
    title(second).fill("第二个窗口写的题")
    save(second)
    expect(second.get_by_role("status").filter(has_text="更新").first).to_be_visible()

    title(first).fill("第一个窗口写的题")
    first.set_viewport_size(PHONE)
    save(first)
    expect(first.get_by_role("heading", name=re.compile("没有保存"))).to_be_visible()
    expect(first.get_by_label("标题")).to_have_value("第一个窗口写的题")
    expect(first.locator(".changes").first).to_contain_text("第二个窗口")
    assert first.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    first.screenshot(path=lin.album / "1-没有保存-phone.png", full_page=True)
    first.set_viewport_size(DESK)
    lin.look("1-没有保存")
    assert stored(article).title == "第二个窗口写的题"
    assert first.evaluate(COPIES) == 1

    first.get_by_role("button", name="以我的为准保存").click()
    expect(title(first)).to_have_value("第一个窗口写的题")
    assert stored(article).title == "第一个窗口写的题"
    assert AuditEntry.objects.filter(action="article.save_over", actor=writer).count() == 1
    first.wait_for_function(f"{COPIES} === 0")


def test_a_colleague_saves_meanwhile(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    article = ArticleFactory(writer=writer, title="菜市场的早晨")
    lin, zhou = signed_in(writer), signed_in(hire("zhou", "周编辑", "editor"))
    open_editor(zhou, article)
    title(open_editor(lin, article)).fill("林编辑改的题")
    save(lin.page)
    expect(lin.page.get_by_role("status").filter(has_text="更新").first).to_be_visible()
    # Asked for every ten seconds by Wagtail's own notice.
    here = zhou.page.get_by_role("button", name="林编辑保存了新版本")
    expect(here).to_be_visible(timeout=30_000)
    here.click()
    expect(zhou.page.get_by_role("link", name="查看最新版本").first).to_be_visible()
    zhou.look("2-同事保存了新版本")


def test_the_session_ends_while_somebody_writes(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    article = ArticleFactory(writer=writer, title="菜市场的早晨")
    lin = signed_in(writer)
    page = open_editor(lin, article)
    title(page).fill("写了很久的题")
    kept(page)
    Session.objects.all().delete()
    save(page)
    dialog = page.get_by_role("dialog", name="登录已过期，内容还在")
    expect(dialog).to_be_visible()
    page.screenshot(path=lin.album / "3-登录已过期.png")
    # The answer 403 to the script's question is no fault here.
    lin._faults = [fault for fault in lin._faults if "403" not in fault]
    lin.look()

    # Pressing on without signing in changes nothing.
    dialog.get_by_role("button", name="已登录，继续保存").click()
    expect(dialog).to_be_visible()
    lin._faults.clear()

    with lin.context.expect_page() as opened:
        dialog.get_by_role("link", name="在新窗口登录").click()
    other = opened.value
    other.get_by_label("用户名").fill("lin")
    other.get_by_label("密码").fill("三人审核才见报-2026")
    other.get_by_role("button", name="登录").click()
    expect(other.get_by_role("heading", level=1, name="在荷塘")).to_be_visible()
    other.close()
    dialog.get_by_role("button", name="已登录，继续保存").click()
    expect(page.get_by_role("status").filter(has_text="更新").first).to_be_visible()
    assert stored(article).title == "写了很久的题"
    page.wait_for_function(f"{COPIES} === 0")


def test_somebody_else_signed_in_on_the_same_computer(hire, signed_in) -> None:
    writer, other = hire("lin", "林编辑", "editor"), hire("zhou", "周编辑", "editor")
    article = ArticleFactory(writer=writer, title="菜市场的早晨")
    lin = signed_in(writer)
    page = open_editor(lin, article)
    title(page).fill("林编辑写的题")
    kept(page)
    tab = lin.context.new_page()
    lin.context.clear_cookies()
    tab.goto(f"{lin.site}/admin/login/")
    tab.get_by_label("用户名").fill("zhou")
    tab.get_by_label("密码").fill("三人审核才见报-2026")
    tab.get_by_role("button", name="登录").click()
    expect(tab.get_by_role("heading", level=1, name="在荷塘")).to_be_visible()
    open_editor(lin, article, tab)
    tab.wait_for_timeout(1000)
    expect(tab.get_by_role("region", name="没保存的内容")).to_have_count(0)

    save(page)
    dialog = page.get_by_role("dialog", name="现在登录的是另一个账号")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="返回编辑").click()
    expect(title(page)).to_have_value("林编辑写的题")
    assert stored(article).title == "菜市场的早晨"
    assert not article.revisions.filter(user=other).exists()


def test_what_was_typed_comes_back_after_the_window_was_closed(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    article = ArticleFactory(writer=writer, title="菜市场的早晨")
    lin = signed_in(writer)
    page = lin.context.new_page()
    open_editor(lin, article, page)
    title(page).fill("没来得及保存的题")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("还有一句没保存的话。")
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile("没保存的话"))
    kept(page)
    page.evaluate(YESTERDAY_AT_SIX)
    page.close(run_before_unload=False)

    page = open_editor(lin, article)
    bar = page.get_by_role("region", name="没保存的内容")
    expect(bar).to_contain_text("日 06:05 没保存的内容")
    fold = page.get_by_role("button", name="全部收起")
    expect(fold).to_be_visible()
    assert bar.bounding_box()["x"] + bar.bounding_box()["width"] <= fold.bounding_box()["x"]
    lin.look("4-没保存的内容")
    bar.get_by_role("button", name="恢复").click()
    expect(page.get_by_role("status").filter(has_text="更新").first).to_be_visible()
    expect(title(page)).to_have_value("没来得及保存的题")
    latest = stored(article)
    assert "还有一句没保存的话" in latest.body[0].value.source
    page.wait_for_function(f"{COPIES} === 0")
    expect(page.get_by_role("region", name="没保存的内容")).to_have_count(0)

    # Restored when a colleague has saved since: the same page as for a tab that is out of date.
    title(page).fill("又一个没保存的题")
    kept(page)
    article = ArticlePage.objects.get(pk=article.pk)
    text = article.get_latest_revision_as_object()
    text.title = "周编辑改的题"
    text.save_revision(user=hire("zhou", "周编辑", "editor"))
    page.once("dialog", lambda dialog: dialog.accept())
    open_editor(lin, article)
    page.get_by_role("region", name="没保存的内容").get_by_role("button", name="恢复").click()
    expect(page.get_by_label("标题")).to_have_value("又一个没保存的题")
    assert stored(article).title == "周编辑改的题"
    open_editor(lin, article)
    page.get_by_role("region", name="没保存的内容").get_by_role("button", name="丢弃").click()
    page.wait_for_function(f"{COPIES} === 0")


def test_a_form_that_came_back_is_not_offered_again(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    lin = signed_in(writer)
    page = open_editor(lin, ArticleFactory(writer=writer, title="菜市场的早晨"))
    title(page).fill("")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("还有一句话。")
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile("还有一句话"))
    kept(page)
    save(page)
    expect(page.get_by_text("有的地方没有填好")).to_be_visible()
    page.wait_for_function("document.querySelector('[name=copy]')?.value")
    expect(page.get_by_text("还有一句话").first).to_be_visible()
    expect(page.get_by_role("region", name="没保存的内容")).to_have_count(0)
    title(page).fill("菜市场的早晨，六点半")
    save(page)
    expect(page.get_by_role("status").filter(has_text="更新").first).to_be_visible()
    page.wait_for_function(f"{COPIES} === 0")


def test_a_server_that_does_not_answer(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    article = ArticleFactory(writer=writer, title="菜市场的早晨")
    lin = signed_in(writer)
    page = open_editor(lin, article)
    title(page).fill("断网时写的题")
    kept(page)
    lin.context.set_offline(True)
    save(page)
    dialog = page.get_by_role("dialog", name="连不上服务器，没有保存")
    expect(dialog).to_be_visible()
    lin.context.set_offline(False)
    dialog.get_by_role("button", name="再试一次").click()
    expect(page.get_by_role("status").filter(has_text="更新").first).to_be_visible()
    assert stored(article).title == "断网时写的题"


def test_the_counts_are_those_of_the_server(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    image = ImageFactory()

    def row(*cells):
        return [{"type": "item", "value": cell, "id": f"c{n}"} for n, cell in enumerate(cells)]

    table = {
        "caption": "各街道",
        "header": row("街道", "人数"),
        "rows": [{"type": "item", "value": row("月塘", "1 200"), "id": "r"}],
    }
    article = ArticleFactory(
        writer=writer,
        title="菜市场 的𠮷早晨",
        digest="六点半，\u3000第一担青菜到了。",
        body=body(
            (
                "paragraph",
                "<p>早上 <b>八点</b>，&lt;门&gt;开了。</p><ul><li>一</li><li>二</li></ul>",
            ),
            ("subheading", "小 标题"),
            ("quotation", {"text": "我 说的话", "speaker": "老李", "role": "摊主"}),
            ("picture", {"image": image.pk, "caption": "图注", "alt_text": "不算的替代文字"}),
            ("items", {"ordered": True, "items": row("第一条", "第二条")}),
            ("table", table),
            (
                "figure",
                {
                    "label": "人数",
                    "value": "120",
                    "unit": "人",
                    "source": "街道",
                    "date": "2026-11-01",
                },
            ),
            ("video", {"title": "看片", "url": "https://v.qq.com/x", "tencent_id": "a0123bcdefg"}),
            ("divider", None),
        ),
    )
    lin = signed_in(writer)
    page = open_editor(lin, article)
    there = """window.articleCounts.measures(
        document.getElementById("page-edit-form"),
        JSON.parse(document.getElementById("article-editor").textContent))"""
    twin = measures(stored(article))
    assert page.evaluate(there) == {"title": twin.title, "digest": twin.digest, "body": twin.body}
    assert twin.title == 7 and twin.digest == 12
    expect(page.locator(".editor-counts")).to_contain_text(f"正文 {twin.body} 字")
    lin.look("5-字数", phone=True)

    # As typed, and without what was taken out.
    title(page).fill("题" * 31)
    expect(page.locator(".editor-counts")).to_contain_text("宜在 30 字内")
    page.locator("[data-contentpath='body']").get_by_role("button", name="删除").first.click()
    without = twin.body - len("早上八点，<门>开了。一二")
    expect(page.locator(".editor-counts")).to_contain_text(f"正文 {without} 字")


def test_a_book_pasted_into_an_article(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    article = ArticleFactory(writer=writer, column=ColumnFactory(), title="菜市场的早晨")
    lin = signed_in(writer)
    page = open_editor(lin, article)
    # Put in on the way out: the editor writes its own state over the field at any moment.
    page.evaluate(
        """() => document.getElementById("page-edit-form").addEventListener("formdata", (event) => {
            const content = JSON.parse(event.formData.get("body-0-value"));
            content.blocks[0].text = "荷".repeat(200000);
            event.formData.set("body-0-value", JSON.stringify(content));
        })"""
    )
    save(page)
    expect(page.get_by_text("正文有 200000 字，最多 50000 字").first).to_be_visible()
    # Parsed: the server writes other escapes than the editor, which may not have begun yet.
    kept = json.loads(page.locator("[name=body-0-value]").input_value())
    assert kept["blocks"][0]["text"] == "荷" * 200_000
    assert "荷荷" not in stored(article).body[0].value.source
