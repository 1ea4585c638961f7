"""Search on an OpenSearch 2, for installations of many machines. Needs requirements-opensearch.txt.

Our normalisation is applied before text and queries are sent, so the server needs no plugin: its
own CJK analyser makes pairs of characters of what we send. It indexes single characters as well;
a query is pairs only, or the one character it consists of.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from modelsearch.index import AutocompleteField, FilterField, Indexed, SearchField
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Or, Phrase

from . import query as asking
from . import text
from .compiling import TITLE, OurBackend, plain

try:
    from modelsearch.backends import opensearch2 as stock
    from opensearchpy.exceptions import OpenSearchException
except ImportError as error:
    raise ImproperlyConfigured(
        "填了 OPENSEARCH_URL，但没有安装 opensearch-py。"
        "请执行 .venv/bin/python -m pip install -r requirements-opensearch.txt，或去掉这一项"
    ) from error

# As many keys as a server gives at once; of more hits the newest are ranked.
MOST_HITS = 10_000

INDEXED, ASKED, BEGINNINGS = "zh_indexed", "zh_asked", "zh_beginnings"
NORMAL = ["cjk_width", "lowercase"]
SETTINGS = {
    "settings": {
        "analysis": {
            "filter": {
                "zh_singles_and_pairs": {"type": "cjk_bigram", "output_unigrams": True},
                "zh_pairs": {"type": "cjk_bigram"},
                "zh_edges": {"type": "edge_ngram", "min_gram": 1, "max_gram": 15},
            },
            "analyzer": {
                INDEXED: {
                    "type": "custom",
                    "tokenizer": "standard",
                    "filter": [*NORMAL, "zh_singles_and_pairs"],
                },
                ASKED: {
                    "type": "custom",
                    "tokenizer": "standard",
                    "filter": [*NORMAL, "zh_pairs"],
                },
                BEGINNINGS: {
                    "type": "custom",
                    "tokenizer": "standard",
                    "filter": [*NORMAL, "zh_singles_and_pairs", "zh_edges"],
                },
            },
        }
    }
}

NOTHING = {"bool": {"must_not": {"match_all": {}}}}


def body(node: asking.Node, fields: Sequence[str]) -> dict[str, Any]:
    """``node`` in OpenSearch's language; a phrase stands in one of the ``fields``."""
    if isinstance(node, asking.Phrase):
        return {"multi_match": {"query": str(node), "type": "phrase", "fields": list(fields)}}
    parts = [body(part, fields) for part in node.parts]
    if isinstance(node, asking.Every):
        return {"bool": {"must": parts}}
    return {"bool": {"should": parts, "minimum_should_match": 1}}


class Mapping(stock.OpenSearch2Mapping):
    """Texts go through our normalisation, and every field of text through our analysers."""

    edgengram_analyzer_config = {"analyzer": BEGINNINGS, "search_analyzer": ASKED}

    def get_parent(self) -> "Mapping | None":
        """The nearest model above that has a table; the stock one stumbles over abstract ones."""
        for base in self.model.__mro__[1:]:
            if issubclass(base, Indexed) and hasattr(base, "_meta") and not base._meta.abstract:
                return type(self)(base)
        return None

    def get_mapping(self) -> dict[str, Any]:
        mapping = super().get_mapping()
        _analyse(mapping["properties"])
        return mapping

    def _get_document_field_data(self, field: Any, obj: Any) -> tuple[str, Any, list[Any]]:
        if isinstance(field, FilterField) or not isinstance(field, SearchField | AutocompleteField):
            return super()._get_document_field_data(field, obj)
        value = text.joined(plain(field.get_value(obj)))
        beginnings = [value] if isinstance(field, AutocompleteField) else []
        return self.get_field_column_name(field), value, beginnings


def _analyse(properties: dict[str, Any]) -> None:
    for field in properties.values():
        if field["type"] == "nested":
            _analyse(field["properties"])
        elif field["type"] == "text":
            field.setdefault("analyzer", INDEXED)
            field["search_analyzer"] = ASKED


class Compiler(stock.OpenSearch2SearchQueryCompiler):
    mapping_class = Mapping

    def parse(self, query: Any) -> asking.Query | None:
        if isinstance(query, Phrase):
            return asking.exactly(query.query_string)
        operator = "or" if isinstance(query, Fuzzy) else str(query.operator).lower()
        return asking.parse(query.query_string, operator=operator)

    def _compile(self, query: Any, fields: Any, boost: float = 1.0) -> dict[str, Any]:
        asked = self.parse(query)
        if asked is None:
            return NOTHING
        found = body(asked.node, [field.field_name_with_boost for field in fields])
        return found if boost == 1.0 else {"bool": {"must": found, "boost": boost}}

    _compile_plaintext_query = _compile_phrase_query = _compile_fuzzy_query = _compile


class AutocompleteCompiler(stock.OpenSearch2AutocompleteQueryCompiler):
    mapping_class = Mapping

    def _compile_plaintext_query(self, query: Any, fields: Any, boost: float = 1.0) -> Any:
        asked = asking.beginning(query.query_string)
        return body(asked.node, [field.field_name for field in fields]) if asked else NOTHING

    def get_inner_query(self) -> dict[str, Any]:
        if isinstance(self.query, And | Or | Boost | Phrase):  # the admin sends what it parsed
            return self._compile_query(self.query, stock_field("_edgengrams"))
        return super().get_inner_query()


def stock_field(name: str) -> Any:
    """A field as the stock compiler names it."""
    from modelsearch.backends.elasticsearchbase import Field

    return Field(name)


class SearchBackend(OurBackend, stock.OpenSearch2SearchBackend):
    mapping_class = Mapping
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    settings = SETTINGS
    failures = (OpenSearchException,)

    def matching_ids(
        self, model: type[models.Model], node: asking.Node, columns: Sequence[str]
    ) -> list[int]:
        compiler = self.query_compiler_class(model._default_manager.all(), MATCH_ALL)
        fields = ["title"] if set(columns) == {TITLE} else ["_all_text"]
        answer = self.es.search(
            index=self.get_index_for_model(model).name,
            body={
                "query": {
                    "bool": {
                        "must": body(node, fields),
                        "filter": compiler.get_content_type_filter(),
                    }
                },
                "sort": [{"first_published_at_filter": "desc"}, {"pk": "desc"}],
            },
            params={"size": MOST_HITS, "_source": "false", "stored_fields": "pk"},
        )
        return [int(hit["fields"]["pk"][0]) for hit in answer["hits"]["hits"]]
