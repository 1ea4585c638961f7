"""Why a page was not got."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .fetching import FetchedPage


class FetchError(Exception):
    """A page was not got; the message is a Chinese sentence that says why and what to do.

    ``page`` is what the server sent instead, where that was readable: evidence too.
    """

    def __init__(self, message: str, page: FetchedPage | None = None) -> None:
        super().__init__(message)
        self.page = page


class AddressRefused(FetchError):
    """The address, or one it leads to, is not one this source may be fetched from."""


class Unreachable(FetchError):
    """No connection, no such name, or an untrusted certificate."""


class NoSecureConnection(Unreachable):
    """The host answers, but not in TLS, or with a certificate that is not trusted."""


class NoConnection(Unreachable):
    """Nothing listens at the address, or no such name is known."""


class FetchTimeout(FetchError):
    """The server was too slow; tried again with growing pauses before this is raised."""


class TooManyRedirects(FetchError):
    """The address leads on and on."""


class TooBig(FetchError):
    """The page, packed or unpacked, is over the limit."""


class BadContent(FetchError):
    """The answer is empty, cut off, wrongly packed, against the protocol, or of another kind."""


class RobotsRefused(FetchError):
    """The host's robots.txt does not want the page fetched, or only more slowly than we can."""


class RobotsUnreachable(FetchError):
    """robots.txt could not be read, which counts as a refusal (RFC 9309 §2.3.1.4)."""


class TryLater(FetchError):
    """The host is not to be asked before ``until``: it said so, or others wait in line for it."""

    def __init__(self, message: str, until: datetime, page: FetchedPage | None = None) -> None:
        super().__init__(message, page)
        self.until = until


class BadStatus(FetchError):
    """The server answered with an error. ``retry_after`` is its wish in seconds, if it told one."""

    def __init__(
        self,
        message: str,
        status: int,
        page: FetchedPage | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, page)
        self.status = status
        self.retry_after = retry_after


class Throttled(BadStatus):
    """429: tried again only where the server says when."""


class ServerFault(BadStatus):
    """5xx; tried again with growing pauses before this is raised."""
