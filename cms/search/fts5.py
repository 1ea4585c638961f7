"""SQLite's FTS5: it holds tokens with spaces between them and is asked for phrases."""

from collections.abc import Sequence
from typing import Any

from .query import Every, Node, Phrase

KEYS = "zai_hetang_search_keys"
OF_TYPE = "e.content_type_id = %s"


def matching(table: str, node: Node, columns: Sequence[str]) -> tuple[str, str, list[str]]:
    """FROM, WHERE and parameters for the entries ``e`` of ``table`` that match ``node``.

    CROSS JOIN: asked the other way round, SQLite reads every entry and looks each of them up.
    INDEXED BY: else it reads rows that hold whole texts, which takes three times as long.
    """
    fts = f"{table}_fts"
    asked = f"{{{' '.join(columns)}}} : ({expression(node)})"
    source = f"{fts} CROSS JOIN {table} e INDEXED BY {KEYS} ON e.id = {fts}.rowid"
    return source, f"{fts} MATCH %s", [asked]


def prepare(cursor: Any, table: str) -> None:
    """Make the index that `matching` names; a change of the table by Wagtail would drop it."""
    cursor.execute(f"CREATE INDEX IF NOT EXISTS {KEYS} ON {table} (id, content_type_id, object_id)")


def expression(node: Node) -> str:
    """``node`` in FTS5's language. Tokens are letters and digits only: nothing to escape."""
    if isinstance(node, Phrase):
        return f'"{" ".join(node.tokens)}"{"*" if node.prefix else ""}'
    connector = " AND " if isinstance(node, Every) else " OR "
    return f"({connector.join(map(expression, node.parts))})"
