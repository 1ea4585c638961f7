"""The one part that asks other people's servers; only ``guard`` opens sockets.

``visit`` is the way through it: ``targets`` (which addresses) → ``robots`` (allowed there?) →
``hosts`` (whose turn) → ``guard`` (the connection) → ``answers`` and ``bodies`` (what came).
"""

from .answers import FetchedPage, clock_gap, validators
from .hosts import HostMemory, OwnMemory, RobotsFile
from .targets import check_address, is_public
from .visit import Limits, Seen, fetch, user_agent

__all__ = [
    "FetchedPage",
    "HostMemory",
    "Limits",
    "OwnMemory",
    "RobotsFile",
    "Seen",
    "check_address",
    "clock_gap",
    "fetch",
    "is_public",
    "user_agent",
    "validators",
]
