"""Search on SQLite. Can be imported only where that is the database."""

from modelsearch.backends.database.sqlite import sqlite as stock

from . import text
from .compiling import OurAutocompleteCompiler, OurBackend, OurCompiler, OurIndex


class Index(OurIndex, stock.SQLiteIndex):
    column_value = staticmethod(text.spaced)


class Compiler(OurCompiler, stock.SQLiteSearchQueryCompiler):
    pass


class AutocompleteCompiler(OurAutocompleteCompiler, stock.SQLiteAutocompleteQueryCompiler):
    pass


class SearchBackend(OurBackend, stock.SQLiteSearchBackend):
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    index_class = Index
    # Entries are replaced one by one, so people find the old ones until then; one transaction
    # around all of it would keep everybody else from writing.
    atomic_rebuilder_class = stock.SQLiteSearchRebuilder
