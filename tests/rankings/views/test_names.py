"""Accounts, boards and their names."""

import pytest
from django.urls import reverse

from cms.ops.models import AuditEntry
from rankings import services
from rankings.models import Account, Board
from tests.factories.rankings import ObservationFactory

from .screens import refused, text_of

pytestmark = pytest.mark.django_db


def test_lists_are_open_to_readers_and_changes_to_administrators(client, as_role, ours) -> None:
    account_list = reverse(Account.snippet_viewset.get_url_name("list"))
    edit = reverse(Account.snippet_viewset.get_url_name("edit"), args=[ours.pk])
    inspect = reverse(Account.snippet_viewset.get_url_name("inspect"), args=[ours.pk])
    add = reverse(Board.snippet_viewset.get_url_name("add"))
    as_role("editor")
    assert "在荷塘" in text_of(client.get(account_list, {"q": "荷塘"}))
    assert "历次名称" in text_of(client.get(inspect))
    assert refused(client.get(edit)) and refused(client.get(add))
    as_role("administrator")
    assert client.get(edit).status_code == 200
    assert client.get(add).status_code == 200
    as_role("auditor")
    assert refused(client.get(account_list))


def test_an_administrator_adds_a_board_and_it_is_audited(client, as_role) -> None:
    as_role("administrator")
    response = client.post(
        reverse(Board.snippet_viewset.get_url_name("add")),
        {
            "key": "new-board",
            "name": "新榜单",
            "publisher": "某报社",
            "scope": "县级",
            "metric": "",
            "period_kind": "month",
            "list_size": "",
            "note": "",
        },
    )
    assert response.status_code == 302
    assert Board.objects.get(key="new-board").name == "新榜单"
    assert AuditEntry.objects.filter(action="rankings.board.create").exists()


def test_key_and_name_of_an_account_do_not_change_by_editing(client, as_role, ours) -> None:
    as_role("administrator")
    client.post(
        reverse(Account.snippet_viewset.get_url_name("edit"), args=[ours.pk]),
        {
            "key": "other",
            "name": "别名",
            "wechat_id": "zht",
            "gh_id": "",
            "place": "",
            "colour": "#2E6A50",
            "is_ours": "on",
            "confirmed": "on",
            "note": "",
        },
    )
    ours.refresh_from_db()
    assert (ours.key, ours.name, ours.wechat_id) == ("ours", "在荷塘", "zht")


def test_nobody_deletes_what_records_hang_on(admin_client, board, ours) -> None:
    ObservationFactory(board=board, account=ours)
    for thing in (board, ours):
        url = reverse(type(thing).snippet_viewset.get_url_name("delete"), args=[thing.pk])
        assert refused(admin_client.post(url))
        thing.refresh_from_db()


def test_a_new_name_begins_on_a_day(client, as_role, ours) -> None:
    as_role("office")
    url = reverse("rankings:rename", args=[ours.pk])
    assert "在荷塘" in text_of(client.get(url))
    same = client.post(url, {"name": "在荷塘", "from_date": "2020-01-01"})
    assert same.status_code == 422 and "就是现用名称" in text_of(same)
    client.post(url, {"name": "荷塘发布", "from_date": "2020-01-01"})
    ours.refresh_from_db()
    assert ours.name == "荷塘发布"
    assert [str(name.valid_to) for name in ours.names.all()] == ["2019-12-31", "None"]
    as_role("editor")
    assert refused(client.get(url))


@pytest.mark.parametrize("role", ["office", "administrator"])
def test_aliases_are_added_and_taken_away(client, as_role, board, ours, role) -> None:
    as_role(role)
    for url, thing in (
        (reverse("rankings:account_aliases", args=[ours.pk]), ours),
        (reverse("rankings:board_aliases", args=[board.pk]), board),
    ):
        assert "还没有别名" in text_of(client.get(url))
        added = client.post(url, {"name": "老叫法", "valid_to": "2020-12-31"}, follow=True)
        assert f"写“老叫法”也能找到“{thing.name}”" in text_of(added)
        again = client.post(url, {"name": "“老叫法”"})
        assert again.status_code == 422 and "不需要再添加" in text_of(again)
        backwards = client.post(
            url, {"name": "新", "valid_from": "2020-02-01", "valid_to": "2020-01-01"}
        )
        assert "截止日期不能早于起始日期" in text_of(backwards)
        assert client.post(url, {"name": ""}).status_code == 422
        rows = client.get(url).context["aliases"]
        removed = client.post(url, {"remove": rows[0].pk}, follow=True)
        assert "已删除别名“老叫法”" in text_of(removed)
        assert "已经不在了" in text_of(client.post(url, {"remove": "x"}, follow=True))
    # The proper name is history, not an alias.
    url = reverse("rankings:account_aliases", args=[ours.pk])
    client.post(url, {"remove": ours.names.get().pk})
    assert ours.names.count() == 1


def test_readers_do_not_touch_names(client, as_role, board, ours) -> None:
    as_role("editor")
    for name, thing in (("account_aliases", ours), ("board_aliases", board), ("rename", ours)):
        assert refused(client.post(reverse(f"rankings:{name}", args=[thing.pk]), {"name": "新"}))
    inspect = reverse(Account.snippet_viewset.get_url_name("inspect"), args=[ours.pk])
    assert "改名</a>" not in text_of(client.get(inspect))


def test_the_service_refuses_to_remove_a_proper_name(ours) -> None:
    with pytest.raises(services.RankingError, match="不能删除"):
        services.remove_alias(None, ours.names.get())


@pytest.mark.parametrize("model", [Account, Board])
def test_authors_choose_accounts_and_boards(client, as_role, board, ours, model) -> None:
    as_role("editor")
    chooser = model.snippet_viewset.chooser_viewset
    response = client.get(reverse(chooser.get_url_name("choose")))
    assert response.status_code == 200
    assert str(model.objects.get()) in response.json()["html"]


def board_fields(board, **changes):
    fields = ("key", "name", "publisher", "scope", "metric", "period_kind", "note")
    return {**{name: getattr(board, name) for name in fields}, "list_size": "", **changes}


def test_the_first_month_of_a_board_is_typed_as_a_month(client, as_role, board, ours) -> None:
    ObservationFactory(board=board, account=ours, period="2018-03")
    as_role("administrator")
    url = reverse(Board.snippet_viewset.get_url_name("edit"), args=[board.pk])
    for text, sentence in (("二月", "请写成 2019-08"), ("2018-04", "首期不能晚于这个月")):
        response = client.post(url, board_fields(board, first_issue=text))
        assert sentence in text_of(response)
    data = board_fields(board, first_issue="2017年9月", issue_day="8", late_days="10")
    assert client.post(url, data).status_code == 302
    board.refresh_from_db()
    assert (board.first_month, board.issue_day, board.late_days) == (2017 * 12 + 8, 8, 10)
    assert 'value="2017-09"' in text_of(client.get(url))
    entry = AuditEntry.objects.filter(action="rankings.board.change").first()
    assert set(entry.detail["fields"]) == {"first_issue", "issue_day", "late_days"}
    inspect = reverse(Board.snippet_viewset.get_url_name("inspect"), args=[board.pk])
    text = text_of(client.get(inspect))
    assert "首期" in text and "2017年9月" in text and "序号" not in text
    client.post(url, board_fields(board, first_issue=""))
    board.refresh_from_db()
    assert (board.first_month, board.late_days) == (None, 10)


@pytest.mark.parametrize("day", ["0", "29", "x"])
def test_a_day_of_issue_that_not_every_month_has_is_refused(client, as_role, board, day) -> None:
    as_role("administrator")
    url = reverse(Board.snippet_viewset.get_url_name("edit"), args=[board.pk])
    assert client.post(url, board_fields(board, issue_day=day)).status_code == 200
    board.refresh_from_db()
    assert board.issue_day is None
