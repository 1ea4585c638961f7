"""Evidence that belongs together: a page, its pictures, its screenshot. Told by apps above."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Companion:
    """A capture (its pk) that belongs to another; ``picture`` may be shown in place."""

    label: str
    capture: int
    picture: bool = False


# Given a capture's pk.
Finder = Callable[[int], Iterable[Companion]]

_finders: list[Finder] = []


def register_companions(find: Finder) -> None:
    _finders.append(find)


def companions_of(capture: int) -> list[Companion]:
    """What belongs to the capture, each once."""
    found = [companion for find in _finders for companion in find(capture)]
    return [each for each in dict.fromkeys(found) if each.capture != capture]
