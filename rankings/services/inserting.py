"""Writing many statements at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

from ..models import Observation

BATCH = 1000
_FIELDS = [field for field in Observation._meta.concrete_fields if not field.primary_key]


def insert(rows: Sequence[Observation]) -> None:
    """Insert new rows; the last one of each board learns its number, the others do not.

    ``bulk_create`` spends most of an import on making statements of 1,000 placeholders. SQLite runs
    one short statement with every row's values instead, which is several times as fast; with
    PostgreSQL each statement is a journey to the server, so there the long ones stay.
    """
    if connection.vendor != "sqlite":
        Observation.objects.bulk_create(rows, batch_size=BATCH)
        return
    newest = {row.board_id: number for number, row in enumerate(rows)}
    numbered = set(newest.values())
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in _FIELDS)
    places = ", ".join(["%s"] * len(_FIELDS))
    table = quote(Observation._meta.db_table)
    values = _values([row for number, row in enumerate(rows) if number not in numbered])
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608
    Observation.objects.bulk_create([rows[number] for number in sorted(numbered)])


def _values(rows: Sequence[Observation]) -> list[list[Any]]:
    """A list of column values for each row, as the database takes them."""
    now = timezone.now()
    for row in rows:
        row.recorded_at = now
    columns = []
    for field in _FIELDS:
        taken = [getattr(row, field.attname) for row in rows]
        adapt = _adapter(field)
        if adapt is not None:
            known: dict[Any, Any] = {}
            if isinstance(field, models.JSONField):
                taken = [adapt(value) for value in taken]
            else:
                for value in set(taken):
                    known[value] = adapt(value)
                taken = [known[value] for value in taken]
        columns.append(taken)
    return list(map(list, zip(*columns, strict=True)))


def _adapter(field: models.Field) -> Callable[[Any], Any] | None:
    """How a column's values are put to the database; None where it takes them as they are."""
    if isinstance(field, models.DateField | models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None
