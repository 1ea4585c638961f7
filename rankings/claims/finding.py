"""Claims by what people call them."""

from ..models import Claim

# More digits than any row's number has.
_LONGEST_ID = 18


class NoSuchClaim(LookupError):
    """No claim is called so; the message is a Chinese sentence."""


def find_claim(text: str) -> Claim:
    """The claim with this number (JL-2026-0001) or id. Raises ``NoSuchClaim``."""
    text = text.strip()
    claims = Claim.objects.select_related("board", "account")
    found = claims.filter(number__iexact=text).first()
    if found is None and text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID:
        found = claims.filter(pk=int(text)).first()
    if found is None:
        raise NoSuchClaim(f"没有编号为“{text}”的结论，请核对编号，例如 JL-2026-0001。")
    return found
