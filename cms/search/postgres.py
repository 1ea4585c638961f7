"""Search on PostgreSQL. Can be imported only where that is the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from modelsearch.backends.database.postgres import postgres as stock

from . import tsvector
from .compiling import OurAutocompleteCompiler, OurBackend, OurCompiler, OurIndex


class Index(OurIndex, stock.PostgresIndex):
    column_value = staticmethod(tsvector.vector)


class Compiler(OurCompiler, stock.PostgresSearchQueryCompiler):
    pass


class AutocompleteCompiler(OurAutocompleteCompiler, stock.PostgresAutocompleteQueryCompiler):
    pass


class SearchBackend(OurBackend, stock.PostgresSearchBackend):
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    index_class = Index
    # Entries are replaced one by one, so people find the old ones until then; one transaction
    # around all of it would keep everybody else from writing.
    atomic_rebuilder_class = stock.PostgresSearchRebuilder

    @contextmanager
    def reading(self) -> Iterator[None]:
        """By the GIN index, and each word looked up once.

        The planner does not reckon with unpacking the vectors and would rather read them all; for
        the newest ten it would go through all hits again for every article.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_nestloop = off")
            yield
            cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_nestloop = on")
