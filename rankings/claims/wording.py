"""What is said of a claim in public."""

from datetime import datetime

from django.utils import timezone

from ..models import Claim, ClaimStatus
from ..periods import SHANGHAI


def chinese_day(moment: datetime) -> str:
    """2026年11月22日, as the day is in Beijing."""
    day = timezone.localtime(moment, SHANGHAI).date()
    return f"{day.year}年{day.month}月{day.day}日"


def public_note(claim: Claim) -> str:
    """The dated sentence for a public page whose claim does not hold; ``""`` while it does."""
    if claim.status == ClaimStatus.APPROVED:
        return ""
    if claim.status == ClaimStatus.REVIEW:
        since = f"{chinese_day(claim.review_since)}起，" if claim.review_since else ""
        return f"{since}这一结论正在复核。{_own(claim)}"
    if claim.status == ClaimStatus.WITHDRAWN:
        when = f"{chinese_day(claim.decided_at)}，" if claim.decided_at else ""
        if claim.public_note:
            return f"{when}这一结论已撤回：{_own(claim)}"
        return f"{when}这一结论已撤回。"
    return "这一结论没有经过批准。"


def _own(claim: Claim) -> str:
    note = claim.public_note.strip()
    return note if not note or note.endswith(("。", "！", "？")) else f"{note}。"
