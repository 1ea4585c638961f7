"""Two people at one desk at the same moment."""

from collections.abc import Iterator
from functools import partial

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from rankings.models import Observation
from scrapers import services
from scrapers.models import Run, RunState
from scrapers.services import CellEdit
from tests.at_once import at_once as everybody

from .conftest import DOUBTFUL, REVIEWER, SEPTEMBER_1, page, person, run

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page"),
]
CHECKER = (*REVIEWER, "rankings.confirm_observation")
EDIT = CellEdit(0, "1", "index", "901")


@pytest.fixture(autouse=True)
def first_of_september() -> Iterator[None]:
    with time_machine.travel(SEPTEMBER_1, tick=False):
        yield


at_once = partial(everybody, refusals=(services.ScrapeError, PermissionDenied))


@pytest.fixture
def waiting(source) -> Run:
    return run(source, page(**DOUBTFUL))


def test_one_of_two_who_saw_the_same_is_asked_to_look_again(waiting) -> None:
    people = [person(*CHECKER) for _ in range(3)]
    answers = at_once(
        *(
            lambda who=who: services.edit_cells(who, waiting, [EDIT], "原文901", seen=0)
            for who in people
        )
    )
    assert sum(isinstance(answer, Run) for answer in answers) == 1
    assert len(Run.objects.get().edits) == 1


def test_no_edit_is_lost_between_two(waiting) -> None:
    edits = [CellEdit(0, str(n), "account", f"号{n}") for n in range(3)]
    at_once(
        *(
            lambda each=each: services.edit_cells(person(*CHECKER), waiting, [each], "改")
            for each in edits
        )
    )
    assert {each["row"] for each in Run.objects.get().edits} == {"0", "1", "2"}


def test_one_of_two_decisions_holds(waiting) -> None:
    services.edit_cells(person(*CHECKER), waiting, [EDIT], "原文901")
    one, two = person(*CHECKER), person(*CHECKER)
    answers = at_once(
        lambda: services.accept_run(one, waiting, "核对"),
        lambda: services.reject_run(two, waiting, "不要"),
    )
    assert sum(isinstance(answer, Run) for answer in answers) == 1
    run = Run.objects.get()
    assert run.state in (RunState.CHECK, RunState.REJECTED)
    assert (run.state == RunState.CHECK) == (run.decision is not None)
    assert run.decided_by == (one if run.state == RunState.CHECK else two)


def test_passing_twice_records_once_and_never_with_a_return(waiting) -> None:
    services.edit_cells(person(*CHECKER), waiting, [EDIT], "原文901")
    services.accept_run(person(*CHECKER), waiting, "核对")
    two, three, four = (person(*CHECKER) for _ in range(3))
    answers = at_once(
        lambda: services.pass_run(two, waiting),
        lambda: services.pass_run(three, waiting),
        lambda: services.return_run(four, waiting, "看不清"),
    )
    assert sum(isinstance(answer, Run) for answer in answers) == 1
    run = Run.objects.get()
    assert Observation.objects.count() == (3 if run.state == RunState.RECORDED else 0)
    assert run.state in (RunState.RECORDED, RunState.REVIEW)
