"""What leans on statements is told by whoever knows."""

import pytest
from django.utils import timezone

from rankings import dependents
from rankings.dependents import Dependent, dependents_of, register_dependents
from rankings.evidence import service as evidence
from rankings.models import Poster
from rankings.services import claims as services
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db


def capture():
    return evidence.store(b"poster", kind="picture", fetched_at=timezone.now()).capture


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(dependents, "_registered", {})


@pytest.fixture
def rows():
    board, account = BoardFactory(), AccountFactory()
    return [
        ObservationFactory(board=board, account=account, period=month)
        for month in ("2019-01", "2019-02")
    ]


@pytest.fixture
def claim(rows, person):
    maker, second = person("甲", "make_claim"), person("乙", "approve_claim", "make_claim")
    made = services.make_claim(maker, rows[0].board, rows[0].account)
    return services.approve_claim(second, made)


def test_groups_come_in_the_order_of_registration_and_are_never_empty(empty, rows):
    register_dependents("b", "简报", lambda given: [Dependent("一期", "已签发", "/b/")])
    register_dependents("n", "没有", lambda given: [])
    register_dependents("a", "文章", lambda given: [Dependent(str(len(given)), "已发布")])
    groups = dependents_of(rows)
    assert [(group.key, group.label) for group in groups] == [("b", "简报"), ("a", "文章")]
    assert groups[0].items == (Dependent("一期", "已签发", "/b/"),)
    assert groups[1].items[0].label == "2"
    assert dependents_of([]) == []


def test_claims_and_their_posters_are_told_with_how_they_stand(claim, rows):
    Poster.objects.create(
        claim=claim, layout="cover", colour="#2E6A50", width=900, height=383, capture=capture()
    )
    told = {group.key: group for group in dependents_of(rows[:1])}
    [about] = told["claims"].items
    assert about.label == f"{claim.number} {claim.text}"
    assert about.status == "有效"
    assert about.url.endswith(f"/claims/{claim.pk}/")
    assert [each.status for each in told["posters"].items] == ["可用"]


def test_a_poster_of_a_failed_claim_has_lapsed(claim, rows, person):
    Poster.objects.create(
        claim=claim, layout="cover", colour="#2E6A50", width=900, height=383, capture=capture()
    )
    claim.status = "review"
    claim.save(update_fields=["status"])
    told = {group.key: group for group in dependents_of(rows)}
    assert told["claims"].items[0].status == "需复核"
    assert told["posters"].items[0].status == "已失效"


def test_what_was_withdrawn_leans_on_nothing(claim, rows, person):
    services.withdraw_claim(person("丙", "make_claim"), claim, "不再使用")
    assert {"claims", "posters"}.isdisjoint(group.key for group in dependents_of(rows))
    other = ObservationFactory(board=rows[0].board, account=rows[0].account, period="2020-01")
    assert dependents_of([other]) == []
