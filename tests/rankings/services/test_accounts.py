"""Creating and renaming accounts."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from rankings.periods import Period
from rankings.resolve import find_account
from rankings.services import RankingError, create_account, create_board, rename_account
from tests.factories.rankings import AccountFactory

pytestmark = pytest.mark.django_db


def test_a_new_account_has_a_stable_ascii_key_and_a_name():
    one = create_account(None, "在荷塘")
    two = create_account(None, "在荷塘")
    three = create_account(None, "荷塘发布", wechat_id="HeTang_fabu")
    assert one.key.isascii()
    assert two.key == f"{one.key}-2"
    assert three.key == "hetang_fabu"
    assert [name.name for name in one.names.all()] == ["在荷塘"]


@pytest.mark.parametrize("name", ["", "  ", "长" * 101])
def test_unfit_names_are_refused(name):
    with pytest.raises(RankingError, match="名称"):
        create_account(None, name)


def test_a_board_of_another_period():
    assert create_board(None, "周榜", period_kind="week").period_kind == "week"


def test_a_rename_keeps_the_account(recorder):
    account = create_account(recorder, "株洲县发布")
    rename_account(recorder, account, "渌口发布", dt.date(2018, 12, 18))
    account.refresh_from_db()
    assert account.name == "渌口发布"
    for name, period in [("株洲县发布", "2018-11"), ("渌口发布", "2019-01")]:
        assert find_account(name, Period.parse(period)) == account


def test_a_rename_must_change_something_and_move_on(recorder):
    account = create_account(recorder, "甲")
    rename_account(recorder, account, "乙", dt.date(2019, 1, 1))
    with pytest.raises(RankingError, match="现用名称"):
        rename_account(recorder, account, "乙", dt.date(2019, 2, 1))
    with pytest.raises(RankingError, match="必须晚于"):
        rename_account(recorder, account, "丙", dt.date(2018, 6, 1))


def test_only_one_account_is_ours():
    AccountFactory(is_ours=True)
    AccountFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountFactory(is_ours=True)
