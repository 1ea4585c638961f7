"""The front page: the day's push in its order, what is new, months, and the honours at a glance."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.models import HomePage
from rankings.models import HonouredBoard, HonoursPage
from tests.factories.articles import ColumnFactory
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

from .public_scene import MOMENT, live, pushed, small_image

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def look(client: Client) -> Any:
    return lambda: BeautifulSoup(client.get("/").content, "lxml")


def test_the_days_push_leads_in_its_own_order(look: Any) -> None:
    column = ColumnFactory(title="要闻")
    first, second, third = (
        live(MOMENT, column=column, title=f"第{n}条", cover=small_image()) for n in (1, 2, 3)
    )
    after = live(MOMENT + DAY, column=column, title="后来的一篇")
    pushed(MOMENT, second, third, first)
    page = look()
    assert page.find(class_="headline").h2.a["href"] == second.url
    listed = page.find(class_="day-list")
    assert listed.h2.time["datetime"] == "2019-09-17"
    assert [h3.a["href"] for h3 in listed.find_all("h3")] == [third.url, first.url]
    assert [h3.a["href"] for h3 in page.find(class_="latest").find_all("h3")] == [after.url]


def test_columns_show_their_newest(look: Any) -> None:
    column = ColumnFactory(title="要闻")
    for day in range(5):
        live(MOMENT - day * DAY, column=column, title=f"{day}天前的")
    shown = page_section(look(), "栏目")
    assert [a.text for a in shown.find_all("a")] == ["要闻", "0天前的", "1天前的", "2天前的"]


def test_months_lead_to_the_archive(look: Any) -> None:
    assert look().find(class_="month-list") is None
    for months in range(14):
        live(MOMENT - months * 31 * DAY)
    months = look().find(class_="month-list").find_all("a")
    assert len(months) == 12
    assert months[0]["href"] == "/archive/2019-09/" and months[0].text == "2019年9月"


def test_the_honours_say_what_is_reported_and_draw_it_as_outline(look: Any) -> None:
    assert look().find(class_="brief-honours") is None
    account, board = AccountFactory(is_ours=True), BoardFactory(name="县级榜")
    for month in range(1, 13):
        ObservationFactory(
            board=board,
            account=account,
            period=f"2018-{month:02d}",
            status="reported",
            source_kind="media",
            source_name="株洲当地报纸",
        )
    ObservationFactory(board=board, account=account, period="2019-01")
    honours = HonoursPage(title="荣誉", slug="honours", account=account, live=True)
    honours.honoured_boards.add(HonouredBoard(board=board))
    HomePage.objects.get().add_child(instance=honours)
    shown = look().find(class_="brief-honours")
    reported, proved = shown.find_all("svg")
    assert len(reported.find_all(class_="petal--reported")) == 12
    assert not reported.find_all(class_="petal--first")
    assert len(proved.find_all(class_="petal--first")) == 1
    assert len(proved.find_all(class_="petal--none")) == 11
    assert "《县级榜》" in shown.text
    assert shown.find_all("a")[-1]["href"] == "/honours/"


def page_section(page: BeautifulSoup, name: str) -> Any:
    return next(h2 for h2 in page.find_all("h2") if h2.text == name).parent
