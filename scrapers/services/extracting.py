"""From a kept page to the extraction that a run keeps."""

from collections.abc import Mapping
from typing import Any

from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting

from .. import extract


def extraction_of(sighting: Sighting, selector: str = "") -> dict[str, Any]:
    """The extraction (contract JSON with places) of the stored bytes, as any database takes it.

    Raises ``EvidenceError`` and ``PageRefused``.
    """
    found = extract.extract(
        evidence.read(sighting.capture),
        url=sighting.final_url or sighting.url,
        content_type=sighting.content_type,
        fetched_at=sighting.fetched_at,
        selector=selector,
    )
    return storable(found.to_json(explain=True))


def storable(value: Any) -> Any:
    """The same without NUL and lone surrogates, which no database takes as text."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return value
