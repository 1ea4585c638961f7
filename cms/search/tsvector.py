"""PostgreSQL's text search, with vectors written by us and not by its parser.

A vector holds every token and every two and three that follow each other (荷, 荷塘, 荷塘区),
without their places. So a word of up to three characters is one entry of the GIN index, and a
longer phrase is the three-character pieces of it. Asked for a phrase by places, PostgreSQL would
fetch and unpack the vector of every text that holds the characters: a quarter of a second for a
district's name in 16,000 articles. Its own parser also splits by the database's locale.
"""

from collections.abc import Iterator, Sequence

from . import text
from .query import Every, Node, Phrase

# The words of a vector may take 1 MB together; what is beyond is left out, longest pieces first.
MOST_BYTES = 1_000_000
LONGEST_PIECE = 3


def vector(value: str) -> str:
    """The text as PostgreSQL reads a ``tsvector``."""
    tokens = text.tokens(value)
    kept: list[str] = []
    room = MOST_BYTES
    for length in range(1, LONGEST_PIECE + 1):
        for piece in dict.fromkeys(_pieces(tokens, length)):
            room -= len(piece.encode())
            if room < 0:
                return " ".join(kept)
            kept.append(f"'{piece}'")
    return " ".join(kept)


def expression(phrase: Phrase) -> str:
    """A phrase as PostgreSQL reads a ``tsquery``. Tokens hold nothing that must be escaped."""
    pieces = list(_pieces(phrase.tokens, min(LONGEST_PIECE, len(phrase.tokens))))
    quoted = [f"'{piece}'" for piece in dict.fromkeys(pieces[:-1])]
    return " & ".join([*quoted, f"'{pieces[-1]}'{':*' if phrase.prefix else ''}"])


def matching(table: str, node: Node, columns: Sequence[str]) -> tuple[str, str, list[str]]:
    """FROM, WHERE and parameters for the entries ``e`` of ``table`` that match ``node``."""
    condition, params = _condition(node, columns)
    return f"{table} e", condition, params


def _pieces(tokens: Sequence[str], length: int) -> Iterator[str]:
    for place in range(len(tokens) - length + 1):
        yield str(Phrase(tuple(tokens[place : place + length])))


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
