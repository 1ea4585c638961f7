"""Two recordings of one board at the same time."""

import pytest

from rankings.models import Observation
from rankings.periods import Period
from rankings.services import (
    ListRow,
    RankingError,
    SourceRef,
    confirm_observations,
    record_list,
    reject_proposals,
    withdraw_proposals,
)
from tests.at_once import at_once
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def together(*actions):
    """What the actions answered when all began at once; a refusal is its sentence."""
    answers = at_once(*actions, refusals=(RankingError,))
    return [str(each) if isinstance(each, RankingError) else each for each in answers]


def test_the_same_list_twice_at_once_is_recorded_once():
    board, account = BoardFactory(), AccountFactory()

    def record():
        return record_list(
            None,
            board=board,
            period=Period.parse("2019-08"),
            source=SourceRef("publisher", "研究院"),
            rows=[ListRow(account, 1)],
            status="confirmed",
            origin="scrape",
        )

    answers = together(record, record, record)
    assert sorted(answer.created for answer in answers) == [0, 0, 1]
    assert Observation.objects.count() == 1


def test_a_proposal_is_confirmed_once(person):
    people = [person(name, "confirm_observation") for name in ("甲", "乙")]
    row = ObservationFactory(status="proposed")
    answers = together(*[lambda who=who: confirm_observations(who, [row]) for who in people])
    assert sorted(str(answer) for answer in answers)[0] == "1"
    assert any("已不在待复核之列" in str(answer) for answer in answers)


def test_a_proposal_is_either_confirmed_or_sent_back_or_taken_back(person):
    recorder = person("录入", "record_observation")
    one, two = (person(name, "confirm_observation") for name in ("甲", "乙"))
    row = ObservationFactory(status="proposed", recorded_by=recorder)
    answers = together(
        lambda: confirm_observations(one, [row]),
        lambda: reject_proposals(two, [row], "看不清"),
        lambda: withdraw_proposals(recorder, [row]),
    )
    assert answers.count(1) == 1
    row.refresh_from_db()
    assert (row.status, row.is_current, bool(row.rejection)) in [
        ("confirmed", True, False),
        ("rejected", False, True),
    ]
