"""Public pages as people read them: small windows, large type, no script, keyboard, paper."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from .browser import DESK, JOURNEY, PHONE
from .public_site import build, enlarge_text, reader, width_beyond_the_window

pytestmark = JOURNEY

NARROW = {"width": 320, "height": 640}
MOST_BYTES = 120_000  # of the first article, without its pictures
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((each) => window.shifts.push(
  `${each.value} ${each.sources.map((source) => source.node?.parentNode?.outerHTML?.slice(0, 99))}`
))).observe({ type: "layout-shift", buffered: true });
"""
TO_THE_END = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
}"""
# What has the focus: its words, and how thick the line around it is.
FOCUS = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  return [it.innerText || it.getAttribute("aria-label") || it.id, parseFloat(style.outlineWidth)];
}"""
TEXT_SIZE = "parseFloat(getComputedStyle(document.querySelector('.body > p')).fontSize)"
SMALL_TARGETS = """() => [...document.querySelectorAll(".modes button, .columns-nav a, .tools > a")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
    .map((each) => each.innerText)"""


def test_every_page_fits_its_window_and_keeps_still(browser, live_server) -> None:
    """At 320 px, and with twice the type on a phone and at a desk; nothing from elsewhere."""
    addresses, found = build(), []
    with reader(browser, viewport=NARROW) as one:
        one.context.add_init_script(SHIFTS)
        for kind, address in addresses.items():
            one.page.set_viewport_size(NARROW)
            enlarge_text(one.page, 16)
            one.page.goto(live_server.url + address)
            one.page.evaluate(TO_THE_END)
            found += [f"{kind}: 移位 {shift}" for shift in one.page.evaluate("window.shifts")]
            for size, window in ((16, NARROW), (32, PHONE), (32, DESK)):
                one.page.set_viewport_size(window)
                enlarge_text(one.page, size)
                if (beyond := width_beyond_the_window(one.page)) > 0:
                    found.append(f"{kind}：{window['width']} 像素、{size} 像素字，宽出 {beyond}")
        ours = urlsplit(live_server.url).netloc
        elsewhere = {r.url for r in one.loaded if urlsplit(r.url).netloc != ours}
        assert not one.context.cookies()
    assert not found, "\n".join(found)
    assert not elsewhere


def test_an_article_on_a_phone(browser, live_server) -> None:
    """Small, readable without script, by keyboard, in large type that stays, and on paper."""
    addresses = build()
    article = live_server.url + addresses["article"]
    with reader(browser, viewport=PHONE) as one:
        one.page.goto(article)
        one.page.wait_for_load_state("networkidle")
        texts = [r for r in one.loaded if r.request.resource_type != "image"]
        assert sum(len(r.body()) for r in texts if r.ok) < MOST_BYTES

        _by_keyboard(one.page)
        _in_large_type(one, live_server.url, article)
        _on_paper(one.page, article)
    with reader(browser, viewport=PHONE, java_script_enabled=False) as one:
        one.page.goto(article)
        expect(one.page.locator(".body > p").first).to_be_visible()
        expect(one.page.get_by_role("button", name="长者大字")).to_be_hidden()
        one.page.get_by_text("放大文字").click()
        expect(one.page.get_by_text("按住 Ctrl 键")).to_be_visible()
        one.page.get_by_role("link", name="荷塘要闻").first.click()
        expect(one.page.get_by_role("heading", level=1, name="荷塘要闻")).to_be_visible()


def _by_keyboard(page) -> None:
    """The first key offers the way past the head; everything shows that it has the focus."""
    seen = []
    for _ in range(8):
        page.keyboard.press("Tab")
        name, line = page.evaluate(FOCUS)
        assert line >= 2, name
        seen.append(name)
    assert seen == ["跳到正文", "长者大字", "高对比", "默认", "搜索", "留言", "在荷塘", "荷塘要闻"]
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def _in_large_type(one, site: str, article: str) -> None:
    page = one.page
    large = page.get_by_role("button", name="长者大字")
    assert page.evaluate(TEXT_SIZE) == 17
    large.click()
    expect(large).to_have_attribute("aria-pressed", "true")
    for address in (site, article):
        page.goto(address)
        expect(large).to_have_attribute("aria-pressed", "true")
        assert not page.evaluate(SMALL_TARGETS)
        page.set_viewport_size(NARROW)
        assert width_beyond_the_window(page) <= 0
        page.set_viewport_size(PHONE)
    assert page.evaluate(TEXT_SIZE) >= 24  # 18 pt
    page.reload()
    assert page.evaluate(TEXT_SIZE) >= 24
    second = one.context.new_page()
    second.goto(article)
    page.get_by_role("button", name="高对比").click()
    # What is chosen in one window holds in the others.
    expect(second.locator("html.large.contrast")).to_be_attached()
    assert (
        second.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    second.get_by_role("button", name="默认").click()
    page.reload()
    assert page.evaluate(TEXT_SIZE) == 17
    assert not one.context.cookies()


def _on_paper(page, article: str) -> None:
    page.goto(article)
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".columns-nav", ".tools", ".site-footer", ".speak"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    ink, paper, font = page.evaluate("""() => {
        const style = getComputedStyle(document.body);
        return [style.color, style.backgroundColor, style.fontFamily];
    }""")
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    assert font.startswith('"Songti SC"')
    address = page.locator(".sources a").first.evaluate(
        "it => getComputedStyle(it, '::after').content"
    )
    assert "news.example.com" in address
    page.emulate_media(media="screen")
