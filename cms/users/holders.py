"""Who holds a permission."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import QuerySet

from .models import User

# The only one that knows permissions; Django wants it named where there are several.
_BACKEND = "django.contrib.auth.backends.ModelBackend"

_read: ContextVar[dict[str, Mapping[int, User]] | None] = ContextVar("read", default=None)


def holders(permission: str, *, superusers: bool = True) -> QuerySet[User]:
    """The active people who hold ``permission`` (``app.codename``), by their roles or directly."""
    return User.objects.with_perm(permission, backend=_BACKEND, include_superusers=superusers)


def holders_among(ids: set[int], permission: str) -> list[User]:
    """Those of ``ids`` who hold ``permission``, in the order of their ids. One query."""
    known = _read.get()
    if known is None:
        return list(holders(permission).filter(pk__in=ids).order_by("pk"))
    if permission not in known:
        known[permission] = {person.pk: person for person in holders(permission)}
    return [known[permission][pk] for pk in sorted(ids & known[permission].keys())]


@contextmanager
def read_once() -> Iterator[None]:
    """Have the holders of each permission read once in this block, however often it is asked.

    For the many alike of one transaction; a role that is given meanwhile counts from the next.
    """
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)
