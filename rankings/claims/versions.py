"""Which program froze a claim: its version, and a hash of the rules it applied."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cms.version import VERSION

# Raised whenever the same statements may come to another state, run or sentence.
RULES_VERSION = "1"

_RULES = ("claims/superlatives.py", "lineage.py", "periods.py", "sentences.py", "streaks.py")


def source_sha256(sources: Mapping[str, bytes]) -> str:
    """One hash for named source files, whatever order they come in."""
    total = hashlib.sha256()
    for name in sorted(sources):
        total.update(f"{name}\0{hashlib.sha256(sources[name]).hexdigest()}\n".encode())
    return total.hexdigest()


@lru_cache(maxsize=1)
def rules() -> dict[str, str]:
    """``version`` and ``sha256`` of the rules in force, as a claim keeps them."""
    folder = Path(__file__).resolve().parents[1]
    files = {name: (folder / name).read_bytes() for name in _RULES if (folder / name).exists()}
    return {"version": RULES_VERSION, "sha256": source_sha256(files)}


def code_version() -> str:
    return VERSION
