"""PostgreSQL's text search, with vectors written by us and not by its parser.

A vector holds every token and, with its places, every pair of neighbours (荷塘, 塘区). So a word of
two characters is one entry of the GIN index, found without looking at any text. Only for longer
phrases PostgreSQL unpacks the vectors of the texts that hold all their pairs, some 12 µs each;
asked for single characters it would have to for every word. Threes of neighbours would spare it
that too, but take 80 kB of disk and 30 ms an article. Its own parser splits and drops by the
database's locale.
"""

from collections.abc import Sequence
from itertools import pairwise

from . import text
from .query import Every, Node, Phrase, together

# A place in a vector is at most 16383. Longer texts begin again from 1, with the last tokens of
# the lap before them once more, so that no phrase is cut.
LAP = 16_000
OVERLAP = 300
# As a function: the planner would take the index of the types and unpack every vector, and as an
# expression with = it would count on a handful of rows.
OF_TYPE = "int4eq(e.content_type_id, %s)"


def vector(value: str) -> str:
    """The text as PostgreSQL reads a ``tsvector``."""
    tokens = text.tokens(value)
    places: dict[str, list[int]] = {}
    for lap in range(0, len(tokens), LAP):
        part = tokens[lap : lap + LAP + OVERLAP]
        for place, pair in enumerate(pairwise(part), start=1):
            places.setdefault(together(*pair), []).append(place)
    single = (f"'{token}'" for token in dict.fromkeys(tokens))
    # Of one pair 256 places are kept.
    pairs = (f"'{pair}':{','.join(map(str, at[:256]))}" for pair, at in places.items())
    return " ".join([*single, *pairs])


def expression(phrase: Phrase) -> str:
    """A phrase as PostgreSQL reads a ``tsquery``. Tokens hold nothing that must be escaped."""
    pairs = [together(*pair) for pair in pairwise(phrase.tokens)] or [phrase.tokens[0]]
    return " <-> ".join(f"'{pair}'" for pair in pairs) + (":*" if phrase.prefix else "")


def matching(table: str, node: Node, columns: Sequence[str]) -> tuple[str, str, list[str]]:
    """FROM, WHERE and parameters for the entries ``e`` of ``table`` that match ``node``."""
    condition, params = _condition(node, columns)
    return f"{table} e", condition, params


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
