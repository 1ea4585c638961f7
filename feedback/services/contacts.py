"""Whether a contact is the sender's: somebody called or wrote, or a link in a mail was opened.

There is no SMS in a government network; nothing counts as verified that nobody has tried.
"""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit
from cms.ops.outbox import mail, site_address

from ..models import ContactCheck, Deed, Message
from .base import SENDER, FeedbackRefused, begun, finished, locked, log

SALT = "feedback.contact"
DAYS = 3
MAILS_A_DAY = 3
SEND = "feedback.tasks.send_contact_link"
# Where the sender confirms; the page asks them to press a button, for mail scanners open links.
ADDRESS = "/feedback/track/verify/{token}/"
BY_HAND = (ContactCheck.CALLED, ContactCheck.WROTE)


@transaction.atomic
def record_verified(actor: Any, message: Message, how: str, note: str = "") -> Message:
    """Write down that ``actor`` reached the sender under the contact they left.

    Raises:
        FeedbackRefused: no permission, no contact, verified before, or no such way.
    """
    message = begun(actor, Deed.VERIFY_CONTACT, message)
    if how not in BY_HAND:
        raise FeedbackRefused("请选择打电话核实还是书面核实。")
    _verified(message, how, actor)
    label = ContactCheck(how).label
    note = f"{label}：{note.strip()}" if note.strip() else label
    finished(actor, Deed.VERIFY_CONTACT, message, note=note, detail={"noticed": label})
    return message


def is_email(contact: str) -> bool:
    try:
        validate_email(contact)
    except ValidationError:
        return False
    return True


def can_mail() -> bool:
    """Whether mails leave this machine; without a mail server they are only kept as files."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def ask_on_commit(message: Message) -> bool:
    """Have the link sent when the transaction commits; answers whether there is a way to."""
    if not (is_email(message.contact) and can_mail()) or _is_flooded(message):
        return False
    transaction.on_commit(
        lambda: async_task(SEND, message.pk, task_name="发送联系方式核实邮件"), robust=True
    )
    return True


def token_for(message: Message) -> str:
    """What the link carries: it holds for this contact of this message and three days."""
    return signing.dumps([message.pk, _contact_digest(message)], salt=SALT)


def send_link(message: Message) -> None:
    """Mail the link; run by the worker.

    Raises:
        SMTPException, OSError: the mail server did not take it.
    """
    if message.is_contact_verified or not is_email(message.contact):
        return
    address = site_address(ADDRESS.format(token=token_for(message)))
    body = render_to_string(
        "feedback/mail/contact.txt",
        {
            "message": message,
            "address": address,
            "days": DAYS,
            "house": settings.WAGTAIL_SITE_NAME,
        },
    )
    mail(message.contact, "请确认您的邮箱", body)


def message_of(token: str) -> Message | None:
    """The message a link is for; nothing when it is forged, too old or the contact changed."""
    try:
        pk, contact = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    message = Message.objects.filter(pk=pk, erased_at=None).first()
    return message if message and _contact_digest(message) == contact else None


@transaction.atomic
def confirm(token: str) -> Message:
    """Note that the sender opened the link; a second time changes nothing.

    Raises:
        FeedbackRefused: the link does not hold (any more).
    """
    found = message_of(token)
    if found is None:
        raise FeedbackRefused("链接已失效。没有关系，留言照常办理，我们会用其他方式核实。")
    message = locked(found)
    if not message.is_contact_verified:
        _verified(message, ContactCheck.LINK, None)
        message.save()
        log(
            None,
            Deed.VERIFY_CONTACT,
            message,
            note=ContactCheck.LINK.label,
            by_name=SENDER,
        )
        audit.record(None, "feedback.verify_contact", message, {"noticed": ContactCheck.LINK.label})
    return message


def _verified(message: Message, how: str, actor: Any) -> None:
    message.contact_verified_at = timezone.now()
    message.contact_verified_how = how
    message.contact_verified_by = actor


def _is_flooded(message: Message) -> bool:
    """Whether so many messages of a day name this address that somebody may mean it harm."""
    since = timezone.now() - dt.timedelta(days=1)
    same = Message.objects.filter(received_at__gt=since, contact__iexact=message.contact)
    return same.count() > MAILS_A_DAY


def _contact_digest(message: Message) -> str:
    return hashlib.sha256(message.contact.encode()).hexdigest()[:16]
