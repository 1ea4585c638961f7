"""Writing the index anew where it was written by other rules, after ``migrate``."""

import hashlib
import sys
import time
from collections.abc import Iterator
from typing import Any, TextIO

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from modelsearch.index import RelatedFields, get_indexed_models
from modelsearch.management.commands.rebuild_modelsearch_index import group_models_by_index
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from cms.ops.models import SearchIndex

from . import fts5, text

CHUNK = 200
# Fewer are written before anybody could read about it.
WORTH_TELLING = 200


def backend_name() -> str:
    """What keeps the index: the module of the backend and, on a database, its vendor."""
    name = settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"]
    return f"{name} {connections['default'].vendor}" if name == "cms.search.backend" else name


def version() -> str:
    """By what rules the index would be written now: those of `text`, and which fields there are."""
    fields = sorted(
        f"{model._meta.label}.{line}"
        for model in get_indexed_models()
        for line in _described(model.get_search_fields())
    )
    digest = hashlib.sha256("\n".join(fields).encode()).hexdigest()[:16]
    return f"{text.VERSION}-{digest}"


def build_if_needed(*, using: str, out: TextIO | None = None) -> bool:
    """Write the index anew unless it was last written by today's rules; whether it was.

    Nothing is done while migrations are missing, as when going back to an earlier state: the
    models would not fit the tables. Long work tells of itself on ``out``.
    """
    connection = connections[using]
    if using != "default" or not _is_migrated(connection):
        return False
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            fts5.prepare(cursor, IndexEntry._meta.db_table)
    name, now = backend_name(), version()
    if SearchIndex.objects.filter(backend=name, version=now).exists():
        return False
    out = out or sys.stdout
    try:
        build(out)
    except get_search_backend().failures as error:
        out.write(
            f"搜索服务连不上，索引没有重建：{error}。恢复后请再执行一次 migrate；"
            "在那以前，其他功能不受影响。\n"
        )
        return False
    SearchIndex.objects.update_or_create(backend=name, defaults={"version": now})
    # Another backend's index is out of date from now on.
    SearchIndex.objects.exclude(backend=name).delete()
    return True


def build(out: TextIO) -> int:
    """Write every entry anew; returns how many. People find the old ones until then."""
    models = get_indexed_models()
    total = sum(model.get_indexed_objects().count() for model in models)
    tells = total >= WORTH_TELLING
    if tells:
        out.write(f"正在为搜索重建索引（{total} 项）……\n")
    backend = get_search_backend()
    began, done, tenths = time.monotonic(), 0, 0
    for whole, of_index in group_models_by_index(backend, models).items():
        rebuilder = backend.rebuilder_class(whole)
        index = rebuilder.start()
        for model in of_index:
            index.add_model(model)
        for model in of_index:
            for chunk in _chunks(model.get_indexed_objects().order_by("pk")):
                index.add_items(model, chunk)
                done += len(chunk)
                if tells and done * 10 // total > tenths:
                    tenths = done * 10 // total
                    out.write(f"已完成 {tenths}0%\n")
                    out.flush()
        rebuilder.finish()
    if tells:
        out.write(f"搜索索引已重建，用时 {time.monotonic() - began:.0f} 秒。\n")
    return done


def _is_migrated(connection: Any) -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _chunks(found: Any) -> Iterator[list[Model]]:
    """By key and not by place: what is added or deleted meanwhile moves nothing."""
    last = None
    while True:
        chunk = list((found if last is None else found.filter(pk__gt=last))[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk


def _described(fields: Any, before: str = "") -> Iterator[str]:
    for field in fields:
        name = f"{before}{type(field).__name__}:{field.field_name}"
        if isinstance(field, RelatedFields):
            yield from _described(field.fields, f"{name}/")
        else:
            yield name
