"""Several people at the same moment, for tests with real transactions."""

import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

PATIENCE = 30.0  # seconds


def at_once(
    *deeds: Callable[[], Any], refusals: tuple[type[Exception], ...] = (PermissionDenied,)
) -> list[Any]:
    """What each deed answers, or is refused with, when all begin together; in no certain order.

    Nobody shares an object between threads: hand each deed rows of its own.
    """
    start = threading.Barrier(len(deeds), timeout=PATIENCE)
    answers: list[Any] = []

    def person_at_work(deed: Callable[[], Any]) -> None:
        try:
            start.wait()
            answers.append(deed())
        except refusals as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=person_at_work, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def refused(answers: list[Any]) -> list[PermissionDenied]:
    """Those of ``answers`` that are refusals."""
    return [answer for answer in answers if isinstance(answer, PermissionDenied)]
