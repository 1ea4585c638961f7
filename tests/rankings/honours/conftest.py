"""An account with a past, and its page."""

import datetime as dt

import pytest

from articles.models import HomePage
from rankings.models import HonouredBoard, HonoursPage
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory


@pytest.fixture
def board(db):
    return BoardFactory(key="county", name="县级榜", publisher="某报社", scope="县级")


@pytest.fixture
def ours(db):
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


@pytest.fixture
def reported(board, ours):
    """The newspaper's word about 2017-11 to 2018-02."""
    return [
        ObservationFactory(
            board=board,
            account=ours,
            period=period,
            status="reported",
            source_kind="media",
            source_name="株洲当地报纸",
            source_url="https://news.example.org/1",
            published=dt.date(2019, 9, 17),
            note="内部备注：电话核对过",
        )
        for period in ("2017-11", "2017-12", "2018-01", "2018-02")
    ]


@pytest.fixture
def make_page(ours):
    def make(*boards, **fields):
        page = HonoursPage(
            **{"title": "荣誉", "slug": "honours", "account": ours, "live": True, **fields}
        )
        for each in boards:
            page.honoured_boards.add(HonouredBoard(board=each))
        return HomePage.objects.get().add_child(instance=page)

    return make


@pytest.fixture
def page(make_page, board):
    return make_page(board)
