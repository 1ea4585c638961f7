"""Why a page was not got."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .fetching import FetchedPage


class FetchError(Exception):
    """A page was not got; the message is a Chinese sentence that says why and what to do."""


class AddressRefused(FetchError):
    """The address, or one it leads to, is not one this source may be fetched from."""


class Unreachable(FetchError):
    """No connection, no such name, or an untrusted certificate."""


class FetchTimeout(FetchError):
    """The server was too slow; tried again with growing pauses before this is raised."""


class TooManyRedirects(FetchError):
    """The address leads on and on."""


class TooBig(FetchError):
    """The page, packed or unpacked, is over the limit."""


class BadContent(FetchError):
    """The body is empty, cut off, wrongly packed or not text."""


class BadStatus(FetchError):
    """The server answered with an error; ``page`` holds what it sent, when that was readable."""

    def __init__(self, message: str, status: int, page: FetchedPage | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.page = page


class ServerFault(BadStatus):
    """5xx; tried again with growing pauses before this is raised."""
