"""The records as files, from the list of statements."""

import pytest
from django.urls import reverse

from rankings.importing.reading import open_table
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .screens import refused, text_of

pytestmark = pytest.mark.django_db

EXPORT = reverse("rankings:export")


@pytest.fixture
def records(board, ours):
    ObservationFactory(board=board, account=ours)
    ObservationFactory(board=BoardFactory(key="b", name="乙榜"), account=AccountFactory(name="=1"))


def lines(response) -> list[list[str]]:
    return [line.cells for line in open_table(b"".join(response)).lines()]


def test_everything_in_one_file(client, as_role, records) -> None:
    as_role("editor")
    response = client.get(EXPORT)
    assert response.streaming and "attachment" in response["Content-Disposition"]
    rows = lines(response)
    assert rows[0][:3] == ["board", "period", "account"]
    assert [row[0] for row in rows[1:]] == ["乙榜", "县级榜"]
    assert [row[2] for row in rows[1:]] == ["=1", "在荷塘"]
    sheet = client.get(EXPORT, {"format": "xlsx"})
    assert [line.cells for line in open_table(sheet.content).lines()][1:][0][2] == "=1"


def test_one_board(client, as_role, records) -> None:
    as_role("editor")
    assert len(lines(client.get(EXPORT, {"board": "b"}))) == 2
    assert client.get(EXPORT, {"board": "none"}).status_code == 404


def test_the_list_leads_there_and_readers_only(client, as_role, records) -> None:
    as_role("auditor")
    assert refused(client.get(EXPORT))
    as_role("editor")
    text = text_of(client.get(reverse("rankings:observations")))
    assert f'href="{EXPORT}"' in text and f'href="{EXPORT}?format=xlsx"' in text


def test_own_entries_are_found(client, as_role, board, ours, records) -> None:
    me = as_role("office")
    ObservationFactory(board=board, account=ours, period="2019-07", recorded_by=me)
    ObservationFactory(
        board=board,
        account=ours,
        period="2019-06",
        recorded_by=UserFactory(),
        is_current=False,
        status="rejected",
    )
    page = reverse("rankings:observations")
    found = client.get(page, {"mine": "true"}).context["object_list"]
    assert [str(row.period) for row in found] == ["2019-07"]
    assert len(client.get(page, {"mine": "false"}).context["object_list"]) == 3
    own = ObservationFactory(board=board, account=ours, status="proposed", recorded_by=me)
    theirs = ObservationFactory(
        board=board, account=AccountFactory(), status="proposed", recorded_by=UserFactory()
    )
    text = text_of(client.get(page))
    assert reverse("rankings:withdraw", args=[own.pk]) in text
    assert reverse("rankings:withdraw", args=[theirs.pk]) not in text
    assert "第1版（已退回）" in text_of(client.get(page, {"status": "rejected"}))
