"""Refusals that a person can act on, and the permission check they share."""

from typing import Any

from django.core.exceptions import PermissionDenied


class RankingError(ValueError):
    """The action cannot be done; the message is a Chinese sentence that says what to do."""


def require(actor: Any, permission: str) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` holds ``rankings.<permission>``.

    None is the system itself (a schedule or the command line) and passes.
    """
    if actor is not None and not actor.has_perm(f"rankings.{permission}"):
        raise PermissionDenied(f"您没有这项权限（rankings.{permission}），请联系管理员。")
