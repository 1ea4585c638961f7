"""Journeys in a browser: an article as WeChat shows it, and carried there by the clipboard."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import ArticlePage
from articles.wechat.rendering import render
from cms.users.models import User
from tests.articles.wechat.worst_case import worst_case
from tests.factories.articles import ArticleFactory, body
from tests.factories.media import ImageFactory

from .browser import JOURNEY, Person

pytestmark = JOURNEY
CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    return [await (await item.getType("text/html")).text(), await navigator.clipboard.readText()];
}"""
# An editing box as WeChat's: what is pasted goes to where the cursor stands.
BOX = """() => {
    const box = document.createElement("div");
    box.contentEditable = "true";
    box.id = "box";
    document.body.replaceChildren(box);
    box.focus();
}"""
# What ends right of the text's own edge.
TOO_WIDE = """(edge) => [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > edge + 0.5)
    .map(each => `${each.tagName} ${each.textContent.slice(0, 20)}`)"""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


@pytest.fixture
def article(hire) -> ArticlePage:
    picture = {"image": ImageFactory().pk, "caption": "门口", "alt_text": ""}
    return ArticleFactory(
        writer=hire("lin", "林编辑", "editor"),
        cover=ImageFactory(),
        body=body(
            ("paragraph", "<p>第一段</p>"),
            ("subheading", "门开了"),
            ("picture", picture),
            ("items", {"ordered": True, "items": ["甲", "乙"]}),
        ),
    )


def copies(person: Person) -> None:
    person.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=person.site)


def pasted(page: Page) -> str:
    """What stands in an editing box after pasting; the page is not to be used any more."""
    page.evaluate(BOX)
    page.keyboard.press("Control+V")
    expect(page.locator("#box")).to_contain_text("第一段")
    return page.locator("#box").inner_html()


def test_a_reviewer_looks_and_copies(article: ArticlePage, hire, signed_in) -> None:
    zhao = signed_in(hire("zhao", "赵审核", "reviewer_credible"))
    copies(zhao)
    page = zhao.page
    page.goto(f"{zhao.site}/admin/articles/{article.pk}/desk/")
    frame = page.frame_locator("iframe[name=desk-preview]")
    modes = page.get_by_role("navigation", name="预览方式")
    modes.get_by_role("link", name="微信手机", exact=True).click()
    expect(frame.get_by_text("第一段")).to_be_visible()
    expect(modes.locator("[aria-current]")).to_have_text("微信手机")
    expect(frame.get_by_role("navigation")).to_have_count(0)  # the frame lets no link lead anywhere
    modes.get_by_role("link", name="微信手机（深色）").click()
    expect(frame.locator("body.dark")).to_be_visible()
    zhao.look("phone", phone=True)
    modes.get_by_role("link", name="推送卡片").click()
    expect(frame.get_by_role("heading", name="几篇一起推")).to_be_visible()
    zhao.look("cards")

    page.get_by_role("button", name="复制到微信").click()
    zhao.says("已复制，请到公众号后台的编辑框里粘贴。")
    html, text = page.evaluate(CLIPBOARD)
    assert "第一段" in html and "font-size:17px" in html.replace(": ", ":")
    assert text.split("\n")[:2] == ["第一段", "门开了"]
    made = pasted(page).replace(": ", ":")
    assert made.index("第一段") < made.index("门开了") < made.index("<img") < made.index("<li")
    for kept in ("border-left:4px solid", "width:100%", 'alt="荷塘里的一片荷叶"', "责任编辑"):
        assert kept in made


def test_an_editor_looks_and_copies_what_is_saved(article: ArticlePage, signed_in) -> None:
    lin = signed_in(User.objects.get(username="lin"))
    copies(lin)
    page = lin.page
    page.goto(f"{lin.site}/admin/pages/{article.pk}/edit/")
    expect(page.locator("#body-root .public-DraftEditor-content").first).to_be_visible()
    page.locator("#id_title").fill("改过的标题")
    page.get_by_role("button", name="显示/隐藏预览").click()
    page.get_by_label("预览模式").select_option(label="微信手机")
    frame = page.frame_locator("#w-preview-iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("改过的标题")
    expect(frame.get_by_text("第一段")).to_be_visible()
    expect(frame.get_by_role("link", name="深色")).to_have_count(0)
    lin.look("editor")
    page.get_by_role("button", name="操作", exact=True).first.click()
    page.get_by_role("button", name="复制到微信").click()
    lin.says("复制的是最新保存的一稿，没保存的改动不在里面。")
    assert "第一段" in page.evaluate(CLIPBOARD)[0]


def test_where_there_is_no_clipboard_the_selection_is_copied(
    article: ArticlePage, signed_in
) -> None:
    lin = signed_in(User.objects.get(username="lin"))
    copies(lin)
    page = lin.page
    page.add_init_script(NO_CLIPBOARD)
    page.goto(f"{lin.site}/admin/articles/{article.pk}/desk/")
    page.get_by_role("button", name="复制到微信").click()
    lin.says("已复制")
    made = pasted(page)
    assert "<img" in made and "责任编辑" in made


def test_the_worst_case_fits_every_screen(visitor, hire) -> None:
    """Without WeChat's own style sheet, which would hide what stands out."""
    text = render(worst_case(writer=hire("lin", "林编辑", "editor")), lambda image: PIXEL).html
    page = visitor().page
    page.set_content(f"<!doctype html><body style='margin:0 16px'>{text}</body>")
    for width in (320, 375, 677):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE, width - 16) == []
        widths = page.evaluate("[...document.images].map(image => image.clientWidth)")
        assert min(widths) > width * 0.4
