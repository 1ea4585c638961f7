"""What the rankings do when something of theirs happened."""

from typing import Any

from .models import Claim
from .signals import claim_changed


def connect() -> None:
    """Listen; called once, when the app is ready."""
    claim_changed.connect(tell_of_claim, dispatch_uid="rankings.alerts.claims")


def tell_of_claim(sender: Any, claim: Claim, **rest: Any) -> None:
    """结论需复核. Should the process die before this, the schedule tells it."""
    from .services.alert_checks import claim_needs_review

    claim_needs_review(claim)
