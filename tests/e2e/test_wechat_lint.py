"""WeChat's rules beside the text while somebody writes."""

import re

from playwright.sync_api import expect

from articles.wechat.lint import judging
from articles.wechat.rendering import Part, Rendered
from tests.factories.articles import ArticleFactory, body

from .browser import JOURNEY, PHONE

pytestmark = JOURNEY


def cramped(article, address_of):
    """The article with a mistake in its last block, such as our own templates do not make."""
    last = list(article.body)[-1]
    html = f"<section style='width:999px'>{last.value.source}</section>"
    return Rendered(f"<section>{html}</section>", len(html), "", (), (Part(last.id, "", html),))


def test_rules_while_writing(hire, signed_in, monkeypatch) -> None:
    monkeypatch.setattr(judging, "render", cramped)
    writer = hire("lin", "林编辑", "editor")
    paragraphs = [("paragraph", f"<p>第{number}段。</p>") for number in range(1, 9)]
    article = ArticleFactory(writer=writer, title="菜市场的早晨", body=body(*paragraphs))
    lin = signed_in(writer)
    page = lin.page
    page.goto(f"{lin.site}/admin/pages/{article.pk}/edit/")
    summary = page.locator(".wechat-lint__summary")
    expect(summary).to_have_text("微信排版：1 处必须改")
    lin.look("1-页脚")
    summary.click()  # from here on Wagtail's own checks write what they find on the console
    panel = page.get_by_role("region", name="微信排版检查")
    expect(panel).to_contain_text("宽度写死为 999px")
    page.screenshot(path=lin.album / "2-排版检查.png")

    panel.get_by_role("button", name="第1段“第8段。”").click()
    block = page.locator(".wechat-lint-shown")
    expect(block).to_contain_text("第8段。")
    expect(block).to_be_in_viewport()
    expect(block.locator('[contenteditable="true"]')).to_be_focused()

    page.keyboard.type("写完了。")
    page.locator("#id_title").fill("春" * 33)
    expect(panel).to_contain_text("请删去 1 个字")
    expect(panel).to_contain_text("写完了。")
    expect(summary).to_have_text("微信排版：1 处必须改，1 处请留意")

    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.screenshot(path=lin.album / "2-排版检查-phone.png")

    page.context.set_offline(True)
    page.locator("#id_title").fill("菜市场")
    expect(panel.get_by_role("status")).to_have_text(re.compile("连不上服务器"))
    page.context.set_offline(False)
    expect(summary).to_have_text("微信排版：1 处必须改")
