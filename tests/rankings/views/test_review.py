"""The second person: confirming, sending back, taking back."""

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

from .pictures import picture
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
    assert 'value="confirm">复核通过' not in text and 'value="withdraw"' in text
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
    with django_assert_max_num_queries(30):
        assert text_of(client.get(REVIEW)).count('name="row"') == 30


def test_nothing_is_ticked_beforehand(client, as_role, board, ours) -> None:
    propose(UserFactory(roles=["office"]), board, ours)
    as_role("office")
    text = text_of(client.get(REVIEW))
    assert 'type="checkbox" name="row"' in text
    assert "checked" not in text[text.index("rk-waiting") :]


def test_a_correction_is_shown_against_the_version_in_force(client, as_role, board, ours) -> None:
    first = UserFactory(roles=["office"])
    old = ObservationFactory(board=board, account=ours, source_name="某报社", rank=3)
    for rank in (2, 1):
        services.correct_observation(
            first, Observation.objects.get(pk=old.pk), "核对<原榜>", {"rank": rank}
        )
        # Taken back: the next one supersedes a version that never was in force.
        if rank == 2:
            services.withdraw_proposals(first, Observation.objects.waiting())
    as_role("office")
    text = text_of(client.get(REVIEW))
    assert "<del>3</del> → <ins>1</ins>" in text
    assert "核对&lt;原榜&gt;" in text


def test_the_picture_stands_beside_the_statement(client, as_role, board, ours) -> None:
    proof = services.Proof(
        board,
        Period.parse("2019-08"),
        ours,
        SourceRef("publisher", "某报社"),
        "confirmed",
        rank=1,
        upload=picture(),
    )
    row = services.record_proof(UserFactory(roles=["office"]), proof)
    as_role("office")
    text = text_of(client.get(REVIEW))
    shown = reverse("rankings:evidence_picture", args=[row.capture_id])
    assert f'src="{shown}"' in text
    assert "没有存证" not in text


def test_what_is_sent_back_tells_its_recorder_why(client, as_role, board, ours) -> None:
    first = UserFactory(roles=["office"])
    row = propose(first, board, ours)
    as_role("office")
    data = {"row": [row.pk], "action": "reject", "reason": ""}
    assert "请写明退回理由" in text_of(client.post(REVIEW, data, follow=True))
    data["reason"] = "截图<是>七月的"
    assert "已退回 1 条" in text_of(client.post(REVIEW, data, follow=True))
    row.refresh_from_db()
    assert (row.status, row.rejection) == ("rejected", "截图<是>七月的")
    observations = reverse("rankings:observations")
    assert "截图" not in text_of(client.get(observations))
    client.force_login(first)
    for page in (observations, reverse("wagtailadmin_home")):
        text = text_of(client.get(page))
        assert "被退回" in text and "截图&lt;是&gt;七月的" in text
    detail = reverse("rankings:month_detail", args=["county", "ours", "2019-08"])
    assert "已退回" in text_of(client.get(detail)) and "退回理由" in text_of(client.get(detail))
    propose(first, board, ours)
    assert "被退回" not in text_of(client.get(reverse("wagtailadmin_home")))


def test_own_entries_can_be_taken_back(client, as_role, board, ours) -> None:
    me = as_role("office")
    row = propose(me, board, ours)
    text = text_of(client.post(REVIEW, {"row": [row.pk], "action": "withdraw"}, follow=True))
    assert "已撤回 1 条" in text
    again = propose(me, board, ours)
    url = reverse("rankings:withdraw", args=[again.pk])
    assert "撤回后这一版不再等待复核" in text_of(client.get(url))
    assert "已撤回" in text_of(client.post(url, {"reason": "重录"}, follow=True))
    again.refresh_from_db()
    assert (again.status, again.rejection) == ("rejected", "重录")
    assert "已不在待复核之列" in text_of(client.post(url, follow=True))


def test_nobody_takes_back_what_another_entered(client, as_role, board, ours) -> None:
    row = propose(UserFactory(roles=["office"]), board, ours)
    as_role("office")
    url = reverse("rankings:withdraw", args=[row.pk])
    assert "不是您录入的" in text_of(client.post(url, follow=True))
    as_role("editor")
    assert refused(client.post(url))
    row.refresh_from_db()
    assert row.status == "proposed"


def test_hostile_names_are_escaped(client, as_role, board) -> None:
    account = AccountFactory(name="<script>alert(1)</script>")
    row = propose(UserFactory(roles=["office"]), board, account)
    as_role("office")
    for url in (
        REVIEW,
        reverse("rankings:correct", args=[row.pk]),
        reverse("rankings:withdraw", args=[row.pk]),
    ):
        text = text_of(client.get(url))
        assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text
