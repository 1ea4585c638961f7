"""The signed token of a form: when it was handed out, and that it is used once.

It stands in place of a session. What it carries is no secret; only its signature counts.
"""

import hashlib
import math
import secrets
import time
from dataclasses import dataclass
from enum import Enum, auto

from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac

SALT = "feedback.form"
YOUNGEST, OLDEST = 3.0, 3 * 3600.0  # seconds
# Longer than a token holds, so that none is forgotten while it could be used again.
REMEMBERED = int(OLDEST) + 600
# Values of the cache: being kept at this moment, or the number it was kept under.
UNDER_WAY = "-"


class Age(Enum):
    """What a token is worth."""

    FITS = auto()
    YOUNG = auto()
    OLD = auto()
    FORGED = auto()


@dataclass(frozen=True)
class Token:
    """``made`` in seconds since 1970; ``consent`` names the terms that stood beside it."""

    made: float
    nonce: str
    consent: str

    def signed(self) -> str:
        return signing.dumps([self.made, self.nonce, self.consent], salt=SALT)


def issue(consent: str) -> Token:
    """A new token for a form that shows the terms ``consent``."""
    return Token(round(time.time(), 2), secrets.token_urlsafe(12), terms(consent))


def read(signed: str) -> tuple[Token | None, Age]:
    """The token and what it is worth now; None when it is forged."""
    try:
        made, nonce, consent = signing.loads(signed, salt=SALT)
        token = Token(float(made), str(nonce), str(consent))
    except (signing.BadSignature, ValueError, TypeError):
        return None, Age.FORGED
    age = time.time() - token.made
    if not math.isfinite(age) or age < YOUNGEST:
        return token, Age.YOUNG
    return token, Age.OLD if age > OLDEST else Age.FITS


def terms(consent: str) -> str:
    """A short name of the terms; others have another."""
    return hashlib.sha256(consent.encode()).hexdigest()[:12]


# --- used once ------------------------------------------------------------------------------------


def use(token: Token) -> bool:
    """Take ``token``; of several at once only one may, whichever process asks."""
    return cache.add(_key(token), UNDER_WAY, REMEMBERED)


def used_for(token: Token) -> str | None:
    """None: not used. Else the number of the message, or `UNDER_WAY`."""
    return cache.get(_key(token))


def keep(token: Token, number: str) -> None:
    """Remember what ``token`` was used for."""
    cache.set(_key(token), number, REMEMBERED)


def give_back(token: Token) -> None:
    """It was taken and nothing was kept: it may be used again."""
    cache.delete(_key(token))


def _key(token: Token) -> str:
    return f"feedback.token.{token.nonce}"


# --- a small question -----------------------------------------------------------------------------

DIGITS = "零一二三四五六七八九十"


def question(token: Token) -> str:
    """A sum in words, another one with each token."""
    left, right = _numbers(token)
    return f"{DIGITS[left]}加{DIGITS[right]}等于几？"


def is_answer(token: Token, typed: str) -> bool:
    """Whether ``typed`` is the sum, in digits or in words; full-width digits are digits."""
    wanted = sum(_numbers(token))
    plain = "".join(typed.split())
    if plain.isdecimal() and len(plain) < 4:
        return int(plain) == wanted
    return plain == _in_words(wanted)


def _numbers(token: Token) -> tuple[int, int]:
    """Known to the server only: they follow from the nonce by its secret."""
    made = salted_hmac(f"{SALT}.question", token.nonce, algorithm="sha256").digest()
    return made[0] % 8 + 2, made[1] % 9 + 1


def _in_words(number: int) -> str:
    if number <= 10:
        return DIGITS[number]
    return f"十{DIGITS[number - 10]}"
