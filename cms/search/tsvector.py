"""PostgreSQL's text search, with vectors written by us and not by its parser.

A vector holds every token, every pair of neighbours (荷塘, 塘区) and, with its places, every three
(荷塘区). So a phrase of up to three characters is one entry of the GIN index, found without looking
at any text, however common it is. Only for longer phrases PostgreSQL unpacks the vectors of the
texts that hold all their threes, some 12 µs each. Its own parser splits and drops by the database's
locale.
"""

from collections.abc import Sequence

from . import text
from .query import Every, Node, Phrase, together

# A place in a vector is at most 16383. Longer texts begin again from 1, with the last tokens of
# the lap before them once more, so that no phrase is cut.
LAP = 16_000
OVERLAP = 300
# PostgreSQL refuses a vector of 1 MB, places included.
MOST_BYTES = 1_000_000
# Of one phrase of three so many places are kept, by PostgreSQL as well.
MOST_PLACES = 256
LONGEST = 3
# As a function: the planner would take the index of the types and unpack every vector, and as an
# expression with = it would count on a handful of rows.
OF_TYPE = "int4eq(e.content_type_id, %s)"


def vector(value: str) -> str:
    """The text as PostgreSQL reads a ``tsvector``.

    Of texts that are too much for one (tens of thousands of long words) the beginning.
    """
    tokens = text.tokens(value)
    while (size := _size(entries := _entries(tokens))) > MOST_BYTES:
        tokens = tokens[: len(tokens) * MOST_BYTES // size]
    return " ".join(
        f"'{entry}':{','.join(map(str, places))}" if places else f"'{entry}'"
        for entry, places in entries.items()
    )


def _entries(tokens: Sequence[str]) -> dict[str, list[int]]:
    """What the vector of ``tokens`` holds, with the places of threes."""
    entries: dict[str, list[int]] = {token: [] for token in tokens}
    pairs = list(map(together, tokens, tokens[1:]))
    entries.update((pair, []) for pair in pairs)
    threes = list(map(together, pairs, tokens[2:]))
    for lap in range(0, len(threes), LAP):
        for place, three in enumerate(threes[lap : lap + LAP + OVERLAP], start=1):
            places = entries.setdefault(three, [])
            if len(places) < MOST_PLACES:
                places.append(place)
    return entries


def _size(entries: dict[str, list[int]]) -> int:
    """At most so many bytes PostgreSQL needs for the texts and places of ``entries``."""
    return sum(len(entry.encode()) + 3 + 2 * len(at) for entry, at in entries.items())


def expression(phrase: Phrase) -> str:
    """A phrase as PostgreSQL reads a ``tsquery``. Tokens hold nothing that must be escaped."""
    tokens = phrase.tokens
    if len(tokens) > LONGEST:
        asked = [tokens[at : at + LONGEST] for at in range(len(tokens) - LONGEST + 1)]
    else:
        asked = [tokens]
    written = " <-> ".join(f"'{Phrase(each)}'" for each in asked)
    return written + (":*" if phrase.prefix else "")


def matching(table: str, node: Node, columns: Sequence[str]) -> tuple[str, str, list[str]]:
    """FROM, WHERE and parameters for the entries ``e`` of ``table`` that match ``node``."""
    if not isinstance(node, Every):
        condition, params = _condition(node, columns)
        return f"{table} e", condition, params
    # Each part by the index. Of conditions joined by AND the planner would look up one and unpack
    # every vector that it gives for the others.
    parts = [_condition(part, columns) for part in node.parts]
    selects = (
        f"SELECT e.object_id, e.content_type_id FROM {table} e WHERE {condition}"  # noqa: S608
        for condition, _ in parts
    )
    entries = f"({' INTERSECT '.join(selects)}) e"
    return entries, "TRUE", [param for _, params in parts for param in params]


def _condition(node: Node, columns: Sequence[str]) -> tuple[str, list[str]]:
    if isinstance(node, Phrase):
        # Columns are asked one by one, each has its index; joined, a phrase could begin at the
        # end of the title.
        asked = " OR ".join(f"e.{column} @@ %s::tsquery" for column in columns)
        return f"({asked})", [expression(node)] * len(columns)
    parts = [_condition(part, columns) for part in node.parts]
    connector = " AND " if isinstance(node, Every) else " OR "
    sql = connector.join(part for part, _ in parts)
    return f"({sql})", [param for _, params in parts for param in params]
