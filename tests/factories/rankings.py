"""Accounts, boards and observations for tests."""

import factory
from factory.django import DjangoModelFactory

from rankings.models import Account, Board, Observation
from rankings.periods import Period


class AccountFactory(DjangoModelFactory):
    """An account; its first dated name comes with it."""

    class Meta:
        model = Account

    key = factory.Sequence(lambda n: f"account-{n}")
    name = factory.Sequence(lambda n: f"示例号{n}")


class BoardFactory(DjangoModelFactory):
    class Meta:
        model = Board

    key = factory.Sequence(lambda n: f"board-{n}")
    name = factory.Sequence(lambda n: f"示例榜{n}")
    publisher = "示例研究院"


class ObservationFactory(DjangoModelFactory):
    """A confirmed first place in 2019-08; ``period`` takes any text that ``Period.parse`` reads."""

    class Meta:
        model = Observation
        exclude = ["period"]

    period = "2019-08"
    board = factory.SubFactory(BoardFactory)
    account = factory.SubFactory(AccountFactory)
    period_kind = factory.LazyAttribute(lambda row: Period.parse(row.period).kind)
    start = factory.LazyAttribute(lambda row: Period.parse(row.period).start)
    end = factory.LazyAttribute(lambda row: Period.parse(row.period).end)
    month = factory.LazyAttribute(
        lambda row: month.index if (month := Period.parse(row.period).month) else None
    )
    state = "ranked"
    rank = 1
    status = "confirmed"
    source_kind = "publisher"
    source_name = "示例研究院"
    origin = "hand"
