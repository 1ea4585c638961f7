"""The one opening between articles and the mirror.

An article's row becomes live, changes while it is live, or leaves the mirror only inside one of
these two blocks; `articles.guards` refuses every other save, whoever asks and by whatever way.
Only `ArticlePage.publish` (after the approvals were asserted) and the import of past articles
open `going_live`; only withdrawal and expiry open `taking_down`. What a push holds goes live in
`going_together`, which only the publication of that push opens.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import PermissionDenied

TAKE_DOWN = "不能这样撤下文章：请在“审核与发布”页撤稿，写明原因。"

# What is open in this thread of work: ``(pk or None, digest)`` and pks.
_going_live: ContextVar[frozenset[tuple[int | None, str]]] = ContextVar(
    "going_live", default=frozenset()
)
_together: ContextVar[frozenset[int]] = ContextVar("together", default=frozenset())
_taking_down: ContextVar[frozenset[int]] = ContextVar("taking_down", default=frozenset())


class NotApproved(PermissionDenied):
    """The text may not go public, or may not leave it; the message says why in Chinese."""


@contextmanager
def going_live(article: Any, digest: str) -> Iterator[None]:
    """Let the row of ``article`` (an unsaved one too) be live with exactly this content digest."""
    token = _going_live.set(_going_live.get() | {(article.pk, digest)})
    try:
        yield
    finally:
        _going_live.reset(token)


@contextmanager
def going_together(articles: Iterable[int]) -> Iterator[None]:
    """Let the articles with these ids, which one push holds, go live: together or none."""
    token = _together.set(_together.get() | set(articles))
    try:
        yield
    finally:
        _together.reset(token)


@contextmanager
def taking_down(article: Any) -> Iterator[None]:
    """Let the row of ``article`` stop being live."""
    token = _taking_down.set(_taking_down.get() | {article.pk})
    try:
        yield
    finally:
        _taking_down.reset(token)


def lets_live(pk: int | None, digest: str) -> bool:
    """Whether the row ``pk`` (None: a new one) may now be live with ``digest``."""
    return (pk, digest) in _going_live.get()


def goes_with_its_push(pk: int | None) -> bool:
    """Whether the row ``pk`` is just going live with the push that holds it."""
    return pk in _together.get()


def is_open_for(pk: int | None) -> bool:
    """Whether the row ``pk`` is just going live, with whatever digest."""
    return any(going == pk for going, _ in _going_live.get())


def lets_down(pk: int) -> bool:
    """Whether the row ``pk`` may now leave the mirror."""
    return pk in _taking_down.get()
