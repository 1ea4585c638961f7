"""Claims acted upon from several places at once."""

import pytest

from rankings.models import Claim, ClaimStatus
from rankings.services import ListRow, RankingError, SourceRef, record_list
from rankings.services import claims as services
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.rankings.services.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def maker(person):
    return person("甲", "make_claim")


@pytest.fixture
def second(person):
    return person("乙", "approve_claim")


def first_place(**fields):
    return ObservationFactory(board=BoardFactory(), account=AccountFactory(), **fields)


def test_claims_made_at_once_get_numbers_of_their_own(maker):
    rows = [first_place() for _ in range(4)]
    answers = together(
        *[lambda row=row: services.make_claim(maker, row.board, row.account) for row in rows]
    )
    year = answers[0].number[:8]
    assert sorted(claim.number for claim in answers) == [f"{year}{n:04d}" for n in range(1, 5)]


def test_the_same_claim_made_twice_at_once_is_made_once(maker):
    row = first_place()
    answers = together(*[lambda: services.make_claim(maker, row.board, row.account)] * 3)
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    assert Claim.objects.count() == 1


def test_a_claim_is_approved_once(maker, person):
    row = first_place()
    claim = services.make_claim(maker, row.board, row.account)
    people = [person(name, "approve_claim") for name in ("丙", "丁")]
    answers = together(*[lambda who=who: services.approve_claim(who, claim) for who in people])
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    assert any("现在是“有效”" in str(answer) for answer in answers)


def test_no_approval_slips_past_a_recording(maker, second):
    row = first_place(source_kind="media")
    claim = services.make_claim(maker, row.board, row.account)
    other = AccountFactory()

    def record():
        return record_list(
            None,
            board=row.board,
            period=row.period,
            source=SourceRef("publisher", "发布机构"),
            rows=[ListRow(other, 1)],
            status="confirmed",
            origin="scrape",
        )

    together(record, lambda: services.approve_claim(second, claim))
    claim.refresh_from_db()
    # Either the approval was refused, or the recording found it approved and turned it.
    assert claim.status in {ClaimStatus.PROPOSED, ClaimStatus.REVIEW}
    with pytest.raises(RankingError):
        services.approve_claim(second, claim)
