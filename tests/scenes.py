"""Scenes that are made once for many tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction


def fixture(make: Callable[[], Any], scope: str = "module") -> Any:
    """A fixture of what ``make`` writes and answers, made once for all tests of ``scope``.

    Each test's own transaction lies within the scene's, so that what it writes is taken back and
    the scene is not. Every test gets the same answer: hand out its objects read again, or copied,
    by fixtures that ask for ``db`` as well. Not for tests of real transactions.
    """

    @pytest.fixture(scope=scope)
    def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock():
            whole = transaction.atomic()
            whole.__enter__()
            try:
                made = make()
            except BaseException as error:
                whole.__exit__(type(error), error, error.__traceback__)
                raise
        yield made
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)

    return scene
