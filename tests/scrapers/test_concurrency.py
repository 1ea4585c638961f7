"""Two machines at once: one run of a source, one worker for a run."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection

from rankings.models import Observation
from scrapers import services
from scrapers.models import Run, RunState, Trigger

from .conftest import AUGUST, SEPTEMBER_1, fetching, page

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page"),
]
MACHINES = 4


@pytest.fixture(autouse=True)
def first_of_september() -> Iterator[None]:
    with time_machine.travel(SEPTEMBER_1, tick=False):
        yield


def at_once(action: Callable[[], Any]) -> list[Any]:
    """What ``action`` answers or raises on several machines that begin together."""
    start = threading.Barrier(MACHINES)
    answers: list[Any] = []

    def machine() -> None:
        try:
            start.wait()
            answers.append(action())
        except services.ScrapeError as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=machine) for _ in range(MACHINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_of_many_polls_requests_a_due_source(source) -> None:
    answers = at_once(services.run_due_sources)
    assert sum(len(requested) for requested in answers) == 1
    assert Run.objects.count() == 1


def test_one_of_many_buttons_wins(source) -> None:
    answers = at_once(lambda: services.request_run(None, source, AUGUST, Trigger.BUTTON))
    assert sum(isinstance(answer, Run) for answer in answers) == 1
    assert Run.objects.count() == 1


def test_one_of_many_workers_carries_a_run_out(source) -> None:
    asked = services.request_run(None, source, AUGUST, Trigger.BUTTON)
    fetch = fetching(page())
    at_once(lambda: services.execute_run(asked.pk, fetch=fetch))
    assert len(fetch.calls) == 1
    assert Run.objects.get().state == RunState.RECORDED
    assert Observation.objects.count() == 3
