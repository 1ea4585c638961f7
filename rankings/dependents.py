"""What leans on statements, told by whoever knows: claims, briefs, posters, articles.

A correction screen lists it before the correction is made. Apps register in ``ready()``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .models import Observation


@dataclass(frozen=True, slots=True)
class Dependent:
    """One thing that leans on statements: what it is, how it stands, and where it is seen."""

    label: str
    status: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class DependentGroup:
    """Things of one kind, such as 结论; never empty."""

    key: str
    label: str
    items: tuple[Dependent, ...]


Finder = Callable[[Sequence[Observation]], Sequence[Dependent]]
_registered: dict[str, tuple[str, Finder]] = {}


def register_dependents(key: str, label: str, fn: Finder) -> None:
    """Say what leans on statements: ``fn`` answers it for given ones; ``label`` heads the list."""
    _registered[key] = (label, fn)


def dependents_of(observations: Sequence[Observation]) -> list[DependentGroup]:
    """Everything that leans on any of ``observations``, by kind in the order of registration."""
    if not observations:
        return []
    groups = []
    for key, (label, fn) in _registered.items():
        if items := tuple(fn(observations)):
            groups.append(DependentGroup(key, label, items))
    return groups
