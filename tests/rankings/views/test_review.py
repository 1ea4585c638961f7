"""The second person, and corrections."""

import pytest
from django.test import Client
from django.urls import reverse

from cms.ops.models import AuditEntry
from rankings import services
from rankings.models import Observation
from rankings.periods import Period
from rankings.services import ListRow, SourceRef
from tests.factories.rankings import AccountFactory, ObservationFactory
from tests.factories.users import UserFactory

from .screens import READERS, REVIEW, refused, text_of

pytestmark = pytest.mark.django_db


def propose(actor, board, account, rank=1):
    services.record_list(
        actor,
        board=board,
        period=Period.parse("2019-08"),
        source=SourceRef("publisher", "某报社"),
        rows=[ListRow(account, rank)],
        status="confirmed",
        origin="hand",
    )
    return Observation.objects.waiting().get(account=account)


def test_the_second_person_confirms_and_it_counts(
    client, as_role, board, ours, django_capture_on_commit_callbacks
) -> None:
    first = UserFactory(roles=["office"])
    row = propose(first, board, ours)
    as_role("office", display_name="李敏")
    text = text_of(client.get(REVIEW))
    assert "复核通过" in text and str(first) in text
    response = client.post(REVIEW, {"row": [row.pk]}, follow=True)
    assert "已复核通过 1 条" in text_of(response)
    row.refresh_from_db()
    assert row.status == "confirmed" and str(row.confirmed_by) == "李敏"
    assert "没有待复核的记录" in text_of(client.get(REVIEW))
    assert AuditEntry.objects.filter(action="rankings.confirm").exists()


def test_whoever_entered_it_gets_the_reason_instead_of_the_button(
    client, as_role, board, ours
) -> None:
    me = as_role("office")
    row = propose(me, board, ours)
    text = text_of(client.get(REVIEW))
    assert "这些是您自己录入的，请由另一位同事复核。" in text
    assert 'type="submit" class="button">复核通过' not in text
    response = client.post(REVIEW, {"row": [row.pk]}, follow=True)
    assert "是您自己录入的，请由另一位同事复核" in text_of(response)
    row.refresh_from_db()
    assert row.status == "proposed"


@pytest.mark.parametrize("rows", [[], ["abc"], ["99999999"], ["１"]])
def test_confirming_nothing_is_told(client, as_role, rows) -> None:
    as_role("office")
    response = client.post(REVIEW, {"row": rows}, follow=True)
    assert "没有选中任何一条" in text_of(response)


def test_a_number_too_big_for_the_database_is_no_fault(client, as_role) -> None:
    as_role("office")
    assert client.post(REVIEW, {"row": ["9" * 40]}, follow=True).status_code == 200


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_only_the_office_confirms(client, as_role, board, ours, role) -> None:
    row = propose(UserFactory(roles=["office"]), board, ours)
    as_role(role)
    assert refused(client.post(REVIEW, {"row": [row.pk]}))
    row.refresh_from_db()
    assert row.status == "proposed"


def test_forms_are_guarded_against_forgery(board, ours) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory(roles=["office"]))
    for name in ("rankings:review", "rankings:import"):
        assert strict.post(reverse(name)).status_code == 403


def test_queries_of_the_review_do_not_grow_with_rows(
    client, as_role, board, django_assert_max_num_queries
) -> None:
    first = UserFactory(roles=["office"])
    for account in AccountFactory.create_batch(30):
        propose(first, board, account, 5)
    as_role("office")
    client.get(REVIEW)
    with django_assert_max_num_queries(18):
        assert text_of(client.get(REVIEW)).count('name="row"') == 30


def correction(row, **changes):
    data = {
        "state": row.state,
        "rank": row.rank or "",
        "status": row.status,
        "source_url": row.source_url,
        "published": row.published or "",
        "list_size": row.list_size or "",
        "method": row.method,
        "note": row.note,
        "reason": "看错一行",
    }
    return {**data, **{f"figure_{k}": f["raw"] for k, f in row.figures.items()}, **changes}


@pytest.fixture
def row(board, ours):
    figures = {"max_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"}}
    return ObservationFactory(board=board, account=ours, rank=2, figures=figures)


def test_a_correction_is_a_new_version_that_waits(client, as_role, row) -> None:
    as_role("office")
    url = reverse("rankings:correct", args=[row.pk])
    assert "更正理由" in text_of(client.get(url))
    response = client.post(url, correction(row, rank=1), follow=True)
    assert "等另一位同事复核后生效" in text_of(response)
    new = Observation.objects.get(supersedes=row)
    assert (new.rank, new.version, new.status, new.reason) == (1, 2, "proposed", "看错一行")
    assert new.figures == row.figures
    row.refresh_from_db()
    assert row.is_current and row.rank == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "  "}, "请写明更正理由"),
        ({}, "内容没有变化，不需要更正"),
        ({"rank": ""}, "请填写名次"),
        ({"state": "absent"}, "请清空名次和并列"),
        ({"figure_reads": "很多"}, "看不懂总阅读数“很多”"),
        ({"source_url": "javascript:alert(1)"}, "网址"),
    ],
)
def test_an_unfit_correction_is_refused_with_a_sentence(
    client, as_role, row, changes, sentence
) -> None:
    as_role("office")
    response = client.post(reverse("rankings:correct", args=[row.pk]), correction(row, **changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Observation.objects.count() == 1


def test_figures_are_corrected_as_they_are_printed(client, as_role, row) -> None:
    as_role("office")
    client.post(
        reverse("rankings:correct", args=[row.pk]),
        correction(row, figure_reads="3.6万", figure_max_reads=""),
    )
    new = Observation.objects.get(supersedes=row)
    assert new.figures["reads"]["value"] == 36000
    assert "max_reads" not in new.figures


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_only_the_office_corrects(client, as_role, row, role) -> None:
    as_role(role)
    url = reverse("rankings:correct", args=[row.pk])
    assert refused(client.get(url))
    assert refused(client.post(url, correction(row, rank=1)))
    assert Observation.objects.count() == 1
