"""Journeys in a browser: what is pasted from elsewhere, and a draft from a Word file."""

from pathlib import Path

from docx import Document
from playwright.sync_api import Page, expect

from articles.models import ArticlePage
from tests.articles.importing.docx_files import add, saved
from tests.factories.articles import ArticleFactory, ColumnFactory

from .browser import JOURNEY, Person

pytestmark = JOURNEY
SAMPLES = Path(__file__).parents[1] / "fixtures"
WORD = (SAMPLES / "word" / "clipboard-word.html").read_text()
WECHAT = (SAMPLES / "wechat-articles" / "clipboard-wechat.html").read_text()
# The editor hears of a paste as of any other; the browser's own clipboard would wash the HTML.
PASTE = """(target, [html, text]) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", text);
    target.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
KINDS = "document.getElementById('body-root').rootBlock.children.map(child => child.type)"


def paste(page: Page, html: str, text: str = "文") -> None:
    page.locator("#body-root .public-DraftEditor-content").first.evaluate(PASTE, [html, text])


def opened(person: Person, article: ArticlePage) -> Page:
    person.page.goto(f"{person.site}/admin/pages/{article.pk}/edit/")
    expect(person.page.locator("#body-root .public-DraftEditor-content").first).to_be_visible()
    return person.page


def test_a_paste_from_word_and_one_from_wechat(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    article = ArticleFactory(writer=writer)
    lin = signed_in(writer)
    page = opened(lin, article)
    paste(page, WORD)
    note = page.locator(".paste-note")
    expect(note).to_contain_text("整理成 5 个内容块")
    expect(note).to_contain_text("有 1 张图片没有带入")
    assert page.evaluate(KINDS) == [
        "paragraph",
        *("subheading", "paragraph", "items", "table", "paragraph"),
    ]
    lin.look("word")
    paste(page, WECHAT)
    expect(note).to_contain_text("整理成 3 个内容块")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator(".messages")).to_contain_text("更新")
    body = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object().body
    assert [block.block_type for block in body] == [
        "paragraph",
        *("paragraph", "quotation", "items"),
        *("subheading", "paragraph", "items", "table", "paragraph"),
    ]
    assert body[2].value["speaker"] == "陈爷爷"


def test_one_line_and_far_too_much(hire, signed_in) -> None:
    writer = hire("lin", "林编辑", "editor")
    lin = signed_in(writer)
    page = opened(lin, ArticleFactory(writer=writer))
    paste(page, "<b>只一行</b>", "只一行")
    expect(page.locator("#body-root .public-DraftEditor-content").first).to_contain_text("只一行")
    assert page.evaluate(KINDS) == ["paragraph"]
    paste(page, f"<p>{'字' * 200_000}</p>", "字" * 200_000)
    expect(page.locator(".paste-note")).to_contain_text("剪贴板里的原文还在")
    assert page.evaluate(KINDS) == ["paragraph"]
    lin.look("too-long")


def test_from_a_word_file_to_a_draft(hire, signed_in, tmp_path) -> None:
    writer = hire("lin", "林编辑", "editor")
    ColumnFactory(title="身边事")
    document = Document()
    document.add_heading("夜间门诊怎么预约", 1)
    (tmp_path / "门诊.docx").write_bytes(saved(add(document, "每周二、周四晚上开诊。")))
    lin = signed_in(writer)
    page = lin.page
    page.goto(f"{lin.site}/admin/articles/import/word/")
    lin.look("upload", phone=True)
    page.get_by_label("身边事").check()
    page.get_by_label("Word 文件").set_input_files(tmp_path / "门诊.docx")
    page.get_by_role("button", name="读取文件").click()
    expect(page.get_by_label("标题")).to_have_value("夜间门诊怎么预约")
    lin.look("preview", phone=True)
    page.get_by_role("button", name="保存为草稿").click()
    expect(page.get_by_text("已存为草稿").first).to_be_visible()
    assert ArticlePage.objects.get(title="夜间门诊怎么预约").owner == writer
