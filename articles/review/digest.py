"""The content digest: one hash over everything reviewers approve."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from articles.models import ArticlePage

FILE_MODELS = ("media.CustomImage", "media.CustomDocument")


def digest_of(values: dict[str, Any]) -> str:
    """SHA-256 (hexadecimal) of JSON values, dates included; the order of keys does not matter."""
    canonical = json.dumps(
        values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def content_digest(article: "ArticlePage") -> str:
    """The digest of ``article`` as it stands in memory (a row or a revision's object)."""
    return digest_of(approved_values(article))


def approved_values(article: "ArticlePage") -> dict[str, Any]:
    """All that readers will see, as plain values.

    Files count by their bytes, so that replacing a picture under the same name is a change.
    Planned day and going-live time are no content.
    """
    # First, for it reads every block: one that nobody has read yet would count as stored, one
    # that was read as it is written now, and the same text would have two digests.
    files = _file_hashes(article)
    body = article.body.stream_block.get_prep_value(article.body)
    return {
        "title": article.title,
        "digest": article.digest,
        "kind": article.kind,
        "author": article.author,
        "editor_in_charge": article.editor_in_charge,
        "cover": article.cover_id,
        "body": without_ids(body),
        "files": files,
        "sources": [
            [s.name, s.url, s.date.isoformat() if s.date else None]
            for s in sorted(article.sources.all(), key=lambda s: s.sort_order or 0)
        ],
        "tags": sorted(tag.name for tag in article.tags.all()),
        "expire_at": article.expire_at.isoformat() if article.expire_at else None,
        "machine_made": article.is_machine_made,
    }


# The editor names each paragraph anew where a text came without names; no reader sees them.
_PARAGRAPH_NAMES = re.compile(r'(<[a-z0-9]+) data-block-key="[^"<>]*"')


def without_ids(value: Any) -> Any:
    """Block ids and names of paragraphs are the editor's bookkeeping, not content."""
    if isinstance(value, str):
        return _PARAGRAPH_NAMES.sub(r"\1", value)
    if isinstance(value, list):
        return [without_ids(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"type", "value", "id"}:
            return {"type": value["type"], "value": without_ids(value["value"])}
        return {key: without_ids(item) for key, item in value.items()}
    return value


def _file_hashes(article: "ArticlePage") -> list[list[Any]]:
    """``[model, id, hash, words shown with it]`` of every image and document shown."""
    shown: dict[str, set[Any]] = {label: set() for label in FILE_MODELS}
    for model, pk, *_ in article.body.stream_block.extract_references(article.body):
        if model._meta.label in shown:
            shown[model._meta.label].add(int(pk))
    if article.cover_id:
        shown["media.CustomImage"].add(article.cover_id)
    return [described for label, pks in shown.items() for described in _described(label, pks)]


_read: ContextVar[dict[tuple[str, Any], list[Any]] | None] = ContextVar("read", default=None)


@contextmanager
def files_read_once() -> Iterator[None]:
    """Have each file read once in this block, in which texts have their digests taken again."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def _described(label: str, pks: set[Any]) -> list[list[Any]]:
    known = _read.get()
    known = {} if known is None else known
    if unknown := [pk for pk in pks if (label, pk) not in known]:
        for file in apps.get_model(label).objects.filter(pk__in=unknown):
            known[label, file.pk] = [label, file.pk, file.get_file_hash(), *file.shown_words()]
    return [known[label, pk] for pk in sorted(pks) if (label, pk) in known]
