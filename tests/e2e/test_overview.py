"""The overview in a browser: charts come alive, tables obey, pictures are kept, paper is clean."""

import re

from playwright.sync_api import expect

from rankings.periods import Month
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

from .browser import JOURNEY

pytestmark = JOURNEY
HOSTILE = "<script>alert(1)</script>"
NAMES = ("听荷发布", "映月融媒", "拂霞在线", HOSTILE)
START, MONTHS = Month(2025, 1), 14


def fill() -> None:
    """Fourteen months of four accounts; the second has a gap, the method changes once."""
    board = BoardFactory(key="example", name="示例县级榜", metric="WCI", is_example=True)
    accounts = [AccountFactory(key=f"e-{at}", name=name) for at, name in enumerate(NAMES)]
    accounts[0].is_ours = True
    accounts[0].save()
    for at in range(MONTHS):
        for place, account in enumerate(accounts):
            if (at, place) == (5, 1):
                continue
            rank = 1 + (place + at) % len(accounts) if at % 3 == 0 else place + 1
            ObservationFactory(
                board=board,
                account=account,
                period=str(START + at),
                rank=rank,
                method="13.0" if at < 9 else "14.2a",
                figures={
                    "index": {
                        "value": 1000.5 - 20 * rank + at,
                        "bound": "at_least" if at == 3 else "exact",
                        "capped": False,
                        "raw": "",
                    }
                },
            )


def test_looking_sorting_filtering_keeping(live_server, hire, signed_in) -> None:
    fill()
    li = signed_in(hire("li", "李宣传", "office"))
    page = li.page
    li.menu("排名", "总览")
    expect(page.get_by_role("heading", name=NAMES[0], exact=True)).to_be_visible()

    # --- four charts are alive, and their still pictures wait for paper
    live = page.locator("[data-live] canvas")
    expect(live).to_have_count(4)
    expect(page.locator("[data-still]:visible")).to_have_count(0)
    li.look("1-总览", phone=True)

    # --- the list in another order, in place
    rows = page.locator("#list tbody tr")
    page.get_by_role("button", name="公众号").click()
    expect(page.locator("#list th[aria-sort=ascending]")).to_have_text(re.compile("公众号"))
    page.get_by_role("button", name="指数").click()
    expect(rows.first).to_contain_text(NAMES[0] if (MONTHS - 1) % 3 else "第")
    assert page.url.endswith("/overview/")

    # --- the heat map finds a name and leads to what stands behind a cell
    page.get_by_label("筛选").fill("拂霞")
    expect(page.locator(".rk-heat tbody tr:visible")).to_have_count(2)
    expect(page.locator("[data-count]")).to_have_text("找到 1 个")
    page.locator(".rk-heat tbody tr:visible").nth(1).locator("td").first.click()
    expect(page.get_by_role("heading", name=f"{NAMES[2]} · 2025年1月")).to_be_visible()
    li.look("2-依据")
    page.go_back()

    # --- another rival, by name
    page.get_by_label("再加一个").fill(HOSTILE)
    page.get_by_role("button", name="更新对比").click()
    expect(page.locator(".rk-rival")).to_have_count(4)
    expect(page.locator("[data-live] canvas")).to_have_count(4)
    li.look("3-对比")

    # --- the picture is kept as PNG
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 PNG").first.click()
    data = download.value.path().read_bytes()
    assert data.startswith(b"\x89PNG") and len(data) > 10_000
    assert download.value.suggested_filename == "听荷发布-示例县级榜-名次走势.png"

    # --- on paper: still pictures, no menu, no forms
    page.emulate_media(media="print")
    expect(page.locator("[data-still]:visible")).to_have_count(4)
    expect(page.locator("[data-live]:visible")).to_have_count(0)
    expect(page.get_by_role("navigation", name="主菜单")).to_be_hidden()
    expect(page.get_by_role("button", name="更新对比")).to_be_hidden()
    page.emulate_media(media="screen")
    li.look()


def test_without_scripts_everything_but_hovering_is_there(live_server, hire, browser) -> None:
    from .conftest import PASSWORD

    fill()
    user = hire("li", "李宣传", "office")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/?next=/admin/rankings/overview/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("svg.ch:visible")).to_have_count(4)
    page.get_by_role("button", name="名次", exact=True).click()
    expect(page.locator("#list th[aria-sort=descending]")).to_have_text(re.compile("名次"))
    expect(page.get_by_role("button", name="下载 PNG")).to_have_count(0)
    expect(page.get_by_role("link", name="下载 SVG")).to_have_count(5)
    context.close()
