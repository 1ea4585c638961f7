"""What the services around a release have in common."""

from typing import Any

from django.core.exceptions import PermissionDenied

from cms.ops import audit
from cms.users.models import User

from ..models import ArticlePage


class ReleaseRefused(PermissionDenied):
    """The action is against the rules or came too late; the message is a Chinese sentence."""


def demand(actor: Any, permission: str, refusal: str) -> None:
    """Raise `ReleaseRefused` with ``refusal`` unless ``actor`` has ``permission`` by now.

    Permissions are remembered on the object, and a role may have been taken away since.
    """
    if not User.objects.get(pk=actor.pk).has_perm(permission):
        raise ReleaseRefused(refusal)


def written(text: str, name: str, least: int, most: int) -> str:
    """``text`` without white space around it; ``name`` is what people call it.

    Raises:
        ReleaseRefused: it is shorter than ``least`` or longer than ``most`` characters.
    """
    text = text.strip()
    if len(text) < least:
        raise ReleaseRefused(f"请写明{name}，至少{least}个字。")
    if len(text) > most:
        raise ReleaseRefused(f"{name}写得太长，请压缩到{most}个字以内。")
    return text


def stop_reviews(actor: Any, article: ArticlePage, reason: str) -> None:
    """End the round of reviews that runs or waits for its author; its approvals are void."""
    state = article.current_workflow_state
    if state is not None:
        state.cancel(user=actor)
        audit.record(actor, "article.take_back", article, {"reason": reason})
