"""A journey in a browser: a month's list is fetched, kept, judged and counted."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from demo.content import example_board
from demo.page_server import PageServer
from rankings.models import Board
from scrapers.models import Source, SourceBoard
from tests.factories.rankings import AccountFactory, BoardFactory

from .browser import JOURNEY, Person

pytestmark = JOURNEY
OURS = "听荷发布"


@pytest.fixture
def pages() -> Iterator[PageServer]:
    with PageServer() as server:
        yield server


@pytest.fixture
def board(live_server) -> Board:
    AccountFactory(key=example_board.OUR_ACCOUNT_KEY, name=OURS, is_ours=True)
    return BoardFactory(
        key=example_board.BOARD["key"],
        name=example_board.BOARD["name"],
        publisher=example_board.BOARD["publisher"],
        is_example=True,
    )


def make_source(pages: PageServer, board: Board, kind: str, name: str) -> Source:
    source = Source.objects.create(
        key=kind,
        name=name,
        source_kind="publisher",
        source_name=example_board.BOARD["publisher"],
        address=f"{pages.url}/{kind}/{{year}}-{{month:02d}}.html",
        allowed_hosts="127.0.0.1",
        is_example=True,
    )
    SourceBoard.objects.create(source=source, heading=board.name, board=board)
    return source


def fetch(person: Person, source: str, month: str) -> None:
    """From the list of sources to the run's own page."""
    page = person.page
    person.menu("抓取", "来源")
    page.get_by_role("row").filter(has_text=source).get_by_role("link", name="立即抓取").click()
    page.get_by_role("textbox", name="统计月").fill(month)
    person.look()
    page.get_by_role("button", name="开始抓取").click()
    expect(page.get_by_text("已排队，等待后台任务处理。")).to_be_visible()
    person.look()


def test_from_the_page_to_the_streak(pages, board, hire, signed_in, work_off) -> None:
    make_source(pages, board, "yanshi", "演示发布网")
    make_source(pages, board, "yanshi-review", "演示转载站")
    office = signed_in(hire("office", "宣传部小周", "office"))
    page = office.page

    # --- a page that is understood fully is recorded by itself
    fetch(office, "演示发布网", "2026-09")
    office.look("1-已排队")
    assert work_off() > 0
    # The page looks again every three seconds.
    steps = page.get_by_role("list", name="进度").get_by_role("listitem")
    expect(steps.last).to_contain_text("完成")
    expect(page.get_by_text("已入库", exact=True).first).to_be_visible()
    archived = page.frame_locator("iframe[title='存下的页面']")
    expect(archived.get_by_role("cell", name=OURS)).to_be_visible()
    office.look("2-已入库", phone=True)

    # --- a page with a slip waits for a person
    fetch(office, "演示转载站", "2026-10")
    assert work_off() > 0
    expect(page.get_by_text("待核", exact=True).first).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="前面缺第37名")).to_be_visible()
    expect(archived.get_by_role("cell", name=OURS)).to_be_visible()
    office.look("3-待核", phone=True)
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_role("alert")).to_contain_text("理由")
    office.look("4-要写理由")
    page.get_by_role("textbox", name="理由").fill("原页面确实没有第37名，其余逐行核对无误。")
    page.get_by_role("button", name="确认入库").click()
    office.says("新增")
    expect(page.get_by_text("已入库", exact=True).first).to_be_visible()
    office.look("5-确认入库")
    office.menu("抓取", "抓取记录")
    expect(page.get_by_role("row").filter(has_text="演示转载站")).to_contain_text("已入库")
    office.look("6-抓取记录")

    # --- what a person let through waits for a colleague
    wang = signed_in(hire("wang", "王复核", "office"))
    wang.menu("排名", "待复核")
    wang.look("6-待复核")
    wang.page.get_by_role("button", name="全选").click()
    wang.page.get_by_role("button", name="复核通过").click()
    wang.says("已复核通过")

    # --- the report counts both months
    office.menu("排名", "总览")
    expect(page.get_by_role("heading", name=OURS, exact=True)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("连续2个月")
    office.look("7-总览", phone=True)
    page.get_by_role("link", name="当月全榜").click()
    expect(page.get_by_role("row").filter(has_text=OURS)).to_contain_text("1")
    office.look("8-当月全榜", phone=True)
    page.go_back()
    page.get_by_role("link", name="依据", exact=True).click()
    office.look("9-依据", phone=True)
