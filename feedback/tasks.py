"""What the worker runs. Only calls services."""

from .models import Message
from .services import contacts, keeping


def note_overdue() -> str:
    """Tell of deadlines that are over; the answer is shown in the list of finished tasks."""
    return f"提醒 {keeping.note_overdue()} 条超期留言"


def daily() -> str:
    """Close what nobody rates, delete personal data whose term is over."""
    closed, erased = keeping.close_unrated(), keeping.erase_due()
    return f"办结 {closed} 条，删除 {erased} 条的个人信息"


def send_contact_link(pk: int) -> None:
    """Mail the link for the contact of message ``pk``, if there is still something to ask."""
    message = Message.objects.filter(pk=pk).first()
    if message is not None:
        contacts.send_link(message)
