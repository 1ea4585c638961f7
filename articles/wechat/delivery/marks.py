"""The mark by which we know our own draft again. Pure.

A reply that was lost leaves open whether WeChat has the draft. So each article's 阅读原文 address
ends in a fragment that names the push and the very content; readers never see it, and the mirror
ignores it.
"""

import re

_MARK = re.compile(r"#p(\d+)-([0-9a-f]{12})$")


def mark(push_pk: int, content_hash: str) -> str:
    """``#p12-0123456789ab``: the push, and the beginning of the SHA-256 of what is sent."""
    return f"#p{push_pk}-{content_hash[:12]}"


def without_mark(address: str) -> str:
    """``address`` as it is without a mark of ours."""
    return _MARK.sub("", address)


def mark_of(address: str) -> str:
    """The mark at the end of ``address``, or an empty string."""
    found = _MARK.search(address)
    return found[0] if found else ""
