"""Refusals that a person can act on, and the permission check they share."""

from typing import Any

from django.core.exceptions import PermissionDenied


class RankingError(ValueError):
    """The action cannot be done; the message is a Chinese sentence that says what to do."""


def require(actor: Any, *permissions: str) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` holds one of ``rankings.<permission>``.

    None is the system itself (a schedule or the command line) and passes.
    """
    if actor is None or any(actor.has_perm(f"rankings.{each}") for each in permissions):
        return
    wanted = "、".join(f"rankings.{each}" for each in permissions)
    raise PermissionDenied(f"您没有这项权限（{wanted}），请联系管理员。")
