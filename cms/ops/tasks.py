"""What the worker runs. Only calls services."""

from . import notices


def send_notice_mails() -> str:
    """Send what is due; the answer is shown in the list of finished tasks."""
    return str(notices.MAILS.send())
