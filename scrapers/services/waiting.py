"""What every decision about a waiting run begins with."""

from typing import Any

from django.core.exceptions import PermissionDenied

from ..models import Run, RunState
from .errors import ScrapeError

# Waiting for the first person; in ``CHECK`` it waits for the second.
AT_THE_DESK = (RunState.REVIEW, RunState.TRANSCRIPTION)


def may_review(actor: Any) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may judge runs."""
    if actor is None or not actor.has_perm("scrapers.review_run"):
        raise PermissionDenied("您没有核对抓取结果的权限。")


def reason_text(text: str, missing: str) -> str:
    """A reason that fits; raises ``ScrapeError``, with ``missing`` for an empty one."""
    text = text.strip()
    if not text:
        raise ScrapeError(missing)
    limit = Run._meta.get_field("decision_reason").max_length
    if len(text) > limit:
        raise ScrapeError(f"理由超过 {limit} 个字，请写短一些。")
    return text


def hold_waiting(run: Run, states: tuple[str, ...] = AT_THE_DESK) -> Run:
    """Lock the run's row and make sure that it still waits; needs a transaction."""
    held = Run.objects.select_for_update().get(pk=run.pk)
    if held.state not in states:
        raise ScrapeError(f"这条抓取记录已经是“{held.get_state_display()}”，请刷新页面查看。")
    return held
