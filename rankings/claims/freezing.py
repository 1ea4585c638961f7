"""The proof of a claim as one plain JSON value that never changes, and its hash.

The value has two parts. Everything but ``people`` may be shown to anyone; ``people`` names who
recorded and confirmed the statements and never leaves the office. The shown part carries the hash
of the other, so that one hash (``digest``) stands for both, and anyone who holds only the shown
part can check it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
PEOPLE = "people"
PEOPLE_HASH = "people_sha256"

# What a statement keeps; ``account`` is a key, or None for the board as a whole.
STATEMENT_FIELDS = (
    "id",
    "version",
    "month",
    "board",
    "account",
    "state",
    "rank",
    "tied",
    "list_size",
    "status",
    "edition",
    "method",
    "published",
    "recorded_at",
    "confirmed_at",
    "source",
    "evidence_sha256",
)


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value: sorted keys, UTF-8, no spaces, no NaN."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256_of(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def document(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """The part that may be shown to anyone, as it was frozen."""
    return {name: value for name, value in frozen.items() if name != PEOPLE}


def digest(frozen: Mapping[str, Any]) -> str:
    """The hash of a frozen value.

    The hash of the hidden part is computed again, so that no change of it passes.
    """
    shown = document(frozen)
    if PEOPLE in frozen:
        shown[PEOPLE_HASH] = sha256_of(frozen[PEOPLE])
    return sha256_of(shown)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the records say about an account in the months of a claim, as plain JSON values.

    ``months`` are oldest first, one each, with ``month`` (``YYYY-MM``), ``state`` (a letter of
    ``streaks``), ``board``, ``methods`` and ``statements`` (ids). ``people`` maps statement ids,
    as text, to the names of who recorded and confirmed them.
    """

    board: Mapping[str, Any]
    account: Mapping[str, Any]
    lineage: Mapping[str, Any]
    months: Sequence[Mapping[str, Any]]
    statements: Sequence[Mapping[str, Any]]
    captures: Sequence[Mapping[str, Any]]
    latest_observation: int
    open_start: bool
    cuts: Sequence[str] = ()
    people: Mapping[str, Any] = field(default_factory=dict)

    @property
    def states(self) -> str:
        return "".join(month["state"] for month in self.months)


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said, and how far it is proved (``ClaimProof``)."""

    sentence: str
    proof: str
    length: int
    superlative: str = ""
    superlative_basis: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When, by whom and by which program a claim was frozen; ``salt`` keeps names unguessable."""

    computed_at: str
    made_by: str
    salt: str
    code_version: str
    rules: Mapping[str, str]


def freeze(basis: Basis, wording: Wording, circumstances: Circumstances) -> dict[str, Any]:
    """The frozen value of a claim."""
    letters = basis.states
    sources = {}
    for statement in basis.statements:
        source = statement["source"]
        sources.setdefault((source["kind"], source["name"], source["url"]), source)
    people = {
        "salt": circumstances.salt,
        "made_by": circumstances.made_by,
        "statements": dict(basis.people),
    }
    return {
        "format": FORMAT,
        "sentence": wording.sentence,
        "proof": wording.proof,
        "superlative": wording.superlative,
        "superlative_basis": wording.superlative_basis,
        "is_example": basis.board["is_example"],
        "board": dict(basis.board),
        "account": dict(basis.account),
        "lineage": dict(basis.lineage),
        "from": basis.months[0]["month"],
        "to": basis.months[-1]["month"],
        "length": wording.length,
        "open_start": basis.open_start,
        "counts": {
            "first": letters.count("F"),
            "tied": letters.count("T"),
            "suspended": letters.count("S"),
            "reported": letters.count("R"),
            "disputed": letters.count("D"),
            "unknown": letters.count("?"),
        },
        "months": [dict(month) for month in basis.months],
        "statements": [dict(statement) for statement in basis.statements],
        "sources": [sources[key] for key in sorted(sources)],
        "captures": [dict(capture) for capture in basis.captures],
        "evidence_hashes": [capture["sha256"] for capture in basis.captures],
        "method_versions": sorted({label for month in basis.months for label in month["methods"]}),
        "computed_at": circumstances.computed_at,
        "code_version": circumstances.code_version,
        "rules": dict(circumstances.rules),
        "latest_observation": basis.latest_observation,
        PEOPLE: people,
        PEOPLE_HASH: sha256_of(people),
    }
