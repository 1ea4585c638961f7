"""Finding boards and accounts by what people write."""

import datetime as dt

import pytest

from rankings.models import AccountName, BoardAlias
from rankings.periods import Period
from rankings.resolve import NotResolved, find_account, find_board, matching_form
from tests.factories.rankings import AccountFactory, BoardFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "printed", ["“在荷塘”", "「在荷塘」", "@在荷塘", "在 荷塘", "《在荷塘》", "在荷塘\u200b"]
)
def test_decoration_does_not_matter(printed):
    assert matching_form(printed) == "在荷塘"


def test_widths_do_not_matter():
    assert matching_form("ＡＢＣ发布") == "ABC发布"


@pytest.mark.parametrize("text", ["在荷塘", "hetang", "“在荷塘”"])
def test_an_account_by_key_or_name(text):
    account = AccountFactory(key="hetang", name="在荷塘")
    AccountFactory(name="荷塘发布")
    assert find_account(text) == account


def test_names_hold_in_their_time():
    account = AccountFactory(name="渌口发布")
    account.names.update(valid_from=dt.date(2018, 12, 18))
    AccountName.objects.create(account=account, name="株洲县发布", valid_to=dt.date(2018, 12, 17))
    assert find_account("株洲县发布", Period.parse("2018-08")) == account
    assert find_account("株洲县发布", Period.parse("2018-12")) == account
    with pytest.raises(NotResolved, match="已不用这个名称") as caught:
        find_account("株洲县发布", Period.parse("2019-08"))
    assert not caught.value.unknown


def test_a_name_of_two_accounts_is_refused_with_their_keys():
    AccountFactory(key="one", name="教育发布")
    AccountFactory(key="two", name="教育发布")
    with pytest.raises(NotResolved, match="one、two") as caught:
        find_account("教育发布")
    assert not caught.value.unknown


def test_similar_names_are_proposed_and_never_taken():
    AccountFactory(name="在荷塘")
    with pytest.raises(NotResolved, match="相近的有：在荷塘") as caught:
        find_account("荷塘")
    assert caught.value.unknown


def test_a_board_by_alias():
    board = BoardFactory(name="影响力排行榜")
    BoardAlias.objects.create(board=board, name="县级榜")
    assert find_board("县级榜") == find_board(board.key) == board
    with pytest.raises(NotResolved, match="没有叫“州县榜”的榜单"):
        find_board("州县榜")
