"""How a run ends, whoever ends it."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from cms.ops import audit

from ..models import Run


def close(run: Run, state: str, reason: str, counts: Mapping[str, int], by: Any = None) -> None:
    """Write the end of a run; the caller holds its row. ``by`` is the person who decided."""
    run.state, run.reason, run.counts = state, reason, dict(counts)
    run.finished_at = run.heartbeat_at = timezone.now()
    run.save(update_fields=["state", "reason", "counts", "finished_at", "heartbeat_at"])
    audit.record(
        by or run.actor,
        f"scrape.{state}",
        run,
        {"month": str(run.statistics_month), "reason": reason, **counts},
    )


def counts_sentence(counts: Mapping[str, int]) -> str:
    """How many rows were new, corrected and left alone; and which of them need a word more."""
    sentence = (
        f"新增 {counts['created']} 条，更正 {counts['corrected']} 条，"
        f"无变化 {counts['unchanged']} 条。"
    )
    if retired := counts.get("retired"):
        sentence += f"其中 {retired} 个公众号已不在榜上，记为未上榜。"
    if waiting := counts.get("waiting"):
        sentence += f"有 {waiting} 条等另一位同事复核，复核前不计入名次。"
    return sentence
