"""Refusals that a person can act on, and the permission check they share."""

from typing import Any

from django.core.exceptions import PermissionDenied


class RankingError(ValueError):
    """The action cannot be done; the message is a Chinese sentence that says what to do."""


def require(actor: Any, *permissions: str) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` holds one of ``rankings.<permission>``.

    None is the system itself (a schedule or the command line) and passes.
    """
    names = [f"rankings.{permission}" for permission in permissions]
    if actor is not None and not any(actor.has_perm(name) for name in names):
        raise PermissionDenied(f"您没有这项权限（{'、'.join(names)}），请联系管理员。")
