"""What the worker runs. Only calls services."""

from . import notices


def send_notice_mails() -> str:
    """Send what is due; the answer is shown in the list of finished tasks."""
    return str(notices.MAILS.send())


def delete_old_notices() -> str:
    return f"删除 {notices.delete_old()} 条已读的旧通知"
