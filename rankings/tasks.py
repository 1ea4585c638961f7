"""What the worker runs. Only calls services."""

from .services import alert_checks, alert_mail, claims


def check_alerts() -> int:
    """Look for late boards and for what nobody was told; answers how many alerts were raised."""
    return alert_checks.check_alerts()


def send_alert_mails() -> str:
    """Send what is due; the answer is shown in the list of finished tasks."""
    return str(alert_mail.send_mails())


def verify_claims() -> str:
    """Verify claims that were not for a day, a few at a time, their evidence included."""
    due = claims.due_claims()
    failed = sum(any(found.is_error for found in claims.verify_claim(claim)) for claim in due)
    return f"核验 {len(due)} 条结论，{failed} 条不符"
