"""A board, our account and another one, and lists that two people record."""

import pytest

from rankings import services
from rankings.periods import Period
from rankings.services import ListRow
from tests.factories.rankings import AccountFactory, BoardFactory

from .news import index


@pytest.fixture
def board():
    return BoardFactory(key="county", name="县级榜", issue_day=8)


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


@pytest.fixture
def other():
    return AccountFactory(key="other", name="掌上攸县")


@pytest.fixture
def record(board, ours, other, recorder, checker, publisher):
    """``record("2019-08", 1, 2)``: our place and theirs in a month, confirmed by two people."""

    def act(period, mine, theirs=None, *, status="confirmed", indexes=(), on=None, **options):
        figures = [{"index": index(value)} for value in indexes] or [{}, {}]
        rows = [ListRow(ours, mine, figures=figures[0])] if mine else []
        if theirs:
            rows.append(ListRow(other, theirs, figures=figures[-1]))
        return services.record_list(
            recorder,
            board=on or board,
            period=Period.parse(period),
            source=options.pop("source", publisher),
            rows=rows,
            status=status,
            origin="hand",
            confirmed_by=checker if status == "confirmed" else None,
            **options,
        )

    return act
