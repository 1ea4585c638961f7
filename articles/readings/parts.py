"""Lists too long for one question to a database."""

from collections.abc import Iterable, Iterator
from typing import Any

ASKED_AT_ONCE = 500


def in_parts(values: Iterable[Any], size: int = ASKED_AT_ONCE) -> Iterator[list[Any]]:
    """``values``, each once and in their order, in lists of at most ``size``."""
    each = list(dict.fromkeys(values))
    for start in range(0, len(each), size):
        yield each[start : start + size]
