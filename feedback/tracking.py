"""How a sender finds their message again: its number and a code that only they have."""

import hashlib
import hmac
import secrets

from .models import Message

# Without the letters and digits that look alike on a screen: sixty bits in twelve of them.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12


def new_code() -> str:
    """A code such as ``K7QM-2XFD-93RT``."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(code[n : n + 4] for n in range(0, LENGTH, 4))


def digest(number: str, code: str) -> str:
    """What is stored of ``code``: as random as it is, no slow hash is needed."""
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(f"{number}:{plain}".encode()).hexdigest()


def find(number: str, code: str) -> Message | None:
    """The message of ``number`` when ``code`` is its code; says nothing about which was wrong."""
    number = number.strip()[:20]
    message = (
        Message.objects.select_related("place__parent", "unit", "merged_into")
        .filter(number=number)
        .exclude(secret_hash="")
        .first()
    )
    stored = message.secret_hash if message else digest("", "")
    fits = hmac.compare_digest(stored, digest(number, code[:60]))
    return message if message and fits else None
