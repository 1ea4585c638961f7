"""Where apps tell which public addresses there are, and which of them show an object.

An app calls these functions in its ``AppConfig.ready()``.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

Dependents = Callable[[Any], Iterable[str]]
_dependents: dict[type[Model], list[Dependents]] = {}
_addresses: dict[str, Callable[[], Iterable[str]]] = {}


def register_dependents(model: type[Model], fn: Dependents) -> None:
    """Say which public addresses show an instance of ``model`` as it is now.

    ``fn`` is asked before and after a change, in its transaction, so that a page that no longer
    shows the object is rendered as well. It must ask few questions, however large the site.
    """
    functions = _dependents.setdefault(model, [])
    if fn not in functions:
        functions.append(fn)


def register_addresses(name: str, fn: Callable[[], Iterable[str]]) -> None:
    """Say which addresses of one kind exist now; ``fn`` is asked by build, verify and prune."""
    _addresses[name] = fn


def models() -> list[type[Model]]:
    """The models whose changes the mirror hears of."""
    return list(_dependents)


def dependents_of(instance: Model) -> set[str]:
    """The public addresses that show ``instance`` now, by everybody who registered for it."""
    return {
        address
        for model, functions in _dependents.items()
        if isinstance(instance, model)
        for fn in functions
        for address in fn(instance)
    }


def all_addresses() -> Iterable[str]:
    """Every address that exists now, each once, in the order of registration."""
    seen: set[str] = set()
    for fn in _addresses.values():
        for address in fn():
            if address not in seen:
                seen.add(address)
                yield address
