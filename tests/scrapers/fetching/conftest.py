from collections.abc import Iterator

import pytest

from .servers import Pauses, Server, running_server


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()
