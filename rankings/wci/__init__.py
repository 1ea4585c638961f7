"""WCI, the index of the 清博 boards: versions, computing, fingerprint and what-if.

Pure functions over plain values; nothing here knows Django or a database. What is known of each
version and what is inferred stands in docs/wci.md.
"""

from .compute import (
    DAYS_IN_MONTH,
    INPUTS,
    LABELS,
    Contradiction,
    Interval,
    MissingInput,
    WciError,
    bounds,
    days_of,
    index,
    truth_of,
)
from .fingerprint import Fingerprint, Verdict, fingerprint
from .versions import VERSIONS, Version, version_of, versions_of

__all__ = [
    "DAYS_IN_MONTH",
    "INPUTS",
    "LABELS",
    "VERSIONS",
    "Contradiction",
    "Fingerprint",
    "Interval",
    "MissingInput",
    "Verdict",
    "Version",
    "WciError",
    "bounds",
    "days_of",
    "fingerprint",
    "index",
    "truth_of",
    "version_of",
    "versions_of",
]
