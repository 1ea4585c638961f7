"""From flags to a verdict (README §1)."""

from __future__ import annotations

from collections.abc import Iterable

from .contract import FAILED, FLAGS, NEEDS_TRANSCRIPTION, OK, REVIEW

#: Flags that a person need not look at.
HARMLESS = frozenset(("period_year_inferred", "charset_conflict", "picture_only"))


def verdict_of(flags: Iterable[str]) -> str:
    """The first that applies: failed, review, needs_transcription, ok."""
    found = set(flags)
    if "page_failed" in found:
        return FAILED
    if found - HARMLESS:
        return REVIEW
    return NEEDS_TRANSCRIPTION if "picture_only" in found else OK


def in_order(flags: Iterable[str]) -> list[str]:
    """The flags once each, in the contract's order."""
    found = set(flags)
    return [flag for flag in FLAGS if flag in found]
