"""Work that only one worker may do at a time, on whatever machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

# Longer than the queue lets a task live: whoever held it that long was killed.
HELD = 330


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether the work called ``name`` is this worker's for the block; others get False."""
    key = f"scrapers:alone:{name}"
    mine = cache.add(key, True, HELD)
    try:
        yield mine
    finally:
        if mine:
            cache.delete(key)
