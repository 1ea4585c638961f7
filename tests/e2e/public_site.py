"""A site with a page of every kind, and a reader's browser that keeps count of what it loads."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, Response
from wagtail.search import index

from articles.models import HomePage, SourceCitation, WeChatAction
from articles.release.corrections import propose_correction, publish_correction
from articles.release.withdrawal import CHOICES, withdraw
from rankings.models import HonouredBoard, HonoursPage
from tests.articles.public_scene import MOMENT, every_block, live, pushed, small_image
from tests.factories.articles import ColumnFactory, body, save_live
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

# What breaks narrow screens: a word without an end, an address, a table of many columns.
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
WIDE = {
    "caption": "各街道办事点",
    "header": ["街道", "地点", "电话", "时间", "材料", "备注"],
    "rows": [["月塘街道", "政务服务中心一楼", "12345", "周一至周五", "身份证", LONG]],
}


def build() -> dict[str, str]:
    """The addresses of the site by kind of page."""
    column = ColumnFactory(title="荷塘要闻", slug="yaowen", description="区里的大事。")
    ColumnFactory(title="空栏目", slug="empty")
    full = live(
        column=column,
        title=f"一扇门、一个窗口，事情就能办：{LONG}",
        cover=small_image(),
        is_machine_made=True,
        body=body(
            *every_block("荷塘边的小事"), ("table", WIDE), ("paragraph", f"<p>{LONG * 2}</p>")
        ),
    )
    full.sources = [SourceCitation(name="株洲日报", url=f"https://news.example.com/{LONG * 2}")]
    full.tags.add("一门式", "办事")
    save_live(full)
    editor, boss = (UserFactory(roles=[role]) for role in ("editor", "publisher"))
    note = propose_correction(editor, full, "文中电话印错了，应当是12345。", WeChatAction.EDITED)
    publish_correction(boss, note)
    others = [
        live(
            MOMENT - dt.timedelta(days=9 * number + 1),
            column=column,
            title=f"身边的第{number}件事",
            cover=small_image(),
        )
        for number in range(6)
    ]
    pushed(MOMENT, full, *others[:3])
    for article in others:  # the worker's task
        index.insert_or_update_object(article)
    gone = live(column=column)
    withdraw(boss, gone, CHOICES[0][0], "信源有误，先撤下来核对。")
    tag = full.tags.first()
    return {
        "home": "/",
        "column": column.url,
        "empty column": "/empty/",
        "month of a column": f"{column.url}2019-09/",
        "article": full.url,
        "archive": "/archive/",
        "month of the archive": "/archive/2019-09/",
        "tags": "/tags/",
        "tag": f"/tags/{tag.pk}/",
        "honours": _honours(),
        "site map": "/sitemap/",
        "search": "/search/",
        "found": f"/search/?q={quote('身边')}",
        "nothing found": f"/search/?q={quote('没有这件东西')}",
        "messages": "/feedback/",
        "new message": "/feedback/new/",
        "track a message": "/feedback/track/",
        "withdrawn": gone.url,
        "not found": "/nothing/here/",
        "gone": "/410.html",
        "unavailable": "/503.html",
    }


def _honours() -> str:
    account = AccountFactory(name="在荷塘", is_ours=True)
    board = BoardFactory(key="county", name="县级榜", publisher="某报社", scope="县级")
    for month in range(1, 13):
        said = {} if month > 4 else {"status": "reported", "source_kind": "media"}
        ObservationFactory(board=board, account=account, period=f"2018-{month:02d}", **said)
    page = HonoursPage(title="荣誉", slug="honours", account=account, intro="名次都有出处。")
    page.honoured_boards.add(HonouredBoard(board=board))
    return HomePage.objects.get().add_child(instance=page).url


@contextmanager
def reader(browser: Browser, **how: Any) -> Iterator[SimpleNamespace]:
    """A browser window that has been nowhere; ``how`` goes to Playwright's ``new_context``.

    ``page`` is its page, ``loaded`` the responses since it opened.
    """
    context = browser.new_context(
        **{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce", **how}
    )
    loaded: list[Response] = []
    context.on("response", lambda response: loaded.append(response))
    try:
        yield SimpleNamespace(context=context, page=context.new_page(), loaded=loaded)
    finally:
        context.close()


def enlarge_text(page: Page, to: int) -> None:
    """What a reader does in the browser's settings: type of ``to`` pixels, instead of 16."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": to, "fixed": to}})
    session.detach()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == to


def width_beyond_the_window(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
