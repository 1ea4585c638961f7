"""What the two databases have in common: what is indexed, what is asked, in which order.

Stock modelsearch ranks by the engine's own score, which differs between the databases, costs a
subquery a hit on SQLite, and needs the mean length of all titles after each change. Here a result
ranks by whether its title matches, then by age; so both databases answer alike, and indexing one
object looks at no other.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Case, FloatField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

from . import fts5, tsvector
from . import query as asking

TITLE, BODY, AUTOCOMPLETE = "title", "body", "autocomplete"
TEXT = (TITLE, BODY)


class UnknownQuery(NotImplementedError):
    """A kind of search query that cannot be asked here."""


def texts(instance: Any) -> dict[str, str]:
    """What is indexed of ``instance``, by the column of the index: title, body, autocomplete."""
    found: dict[str, list[str]] = {TITLE: [], BODY: [], AUTOCOMPLETE: []}

    def read(obj: Any, fields: Iterable[Any]) -> None:
        for field in fields:
            if isinstance(field, SearchField):
                column = TITLE if field.field_name == "title" else BODY
                found[column].append(plain(field.get_value(obj)))
            elif isinstance(field, AutocompleteField):
                found[AUTOCOMPLETE].append(plain(field.get_value(obj)))
            elif isinstance(field, RelatedFields):
                related = field.get_value(obj)
                if isinstance(related, models.Manager):
                    related = related.all()
                elif related is None:
                    related = ()
                elif isinstance(related, models.Model):
                    related = (related,)
                for each in related:
                    read(each, field.fields)

    read(instance, instance.get_search_fields())
    return {column: "\n".join(parts) for column, parts in found.items()}


def plain(value: Any) -> str:
    """What a field gives for indexing, as one text."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(map(plain, value.values()))
    if isinstance(value, list | tuple | QuerySet):
        return "\n".join(map(plain, value))
    return "" if value is None else str(value)


class OurIndex:
    """For an ``Index`` of modelsearch: writes entries as this package wants them.

    One statement for however many objects; two workers that index one at the same moment do not
    get into each other's way.
    """

    #: From the tokens of a text to what its column holds.
    column_value: ClassVar[Callable[[str], str]]

    def add_items(self, model: type[models.Model], objs: Iterable[Any]) -> None:
        entries = [self._entry(model, obj) for obj in objs]
        if entries and model.get_search_fields():
            IndexEntry.objects.bulk_create(
                entries,
                update_conflicts=True,
                unique_fields=["content_type", "object_id"],
                update_fields=[TITLE, BODY, AUTOCOMPLETE],
                batch_size=100,
            )

    def _entry(self, model: type[models.Model], obj: Any) -> IndexEntry:
        make = type(self).column_value
        return IndexEntry(
            content_type_id=get_content_type_pk(model),
            object_id=str(obj.pk),
            **{column: make(text) for column, text in texts(obj).items()},
        )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing: the order of results does not depend on the mean length of titles."""


class OurCompiler:
    """For a query compiler of modelsearch: asks for phrases of characters.

    Subclasses say in SQL which entries of the index a node matches.
    """

    #: Columns of the index that are looked in, the first one ranks highest.
    columns: ClassVar[Sequence[str]] = TEXT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.fields is not None:
            self.columns = self._columns_of(self.fields)

    def get_config(self, backend: Any) -> None:
        return None

    def parse(self, query: Any) -> asking.Query | None:
        """What a text that somebody typed asks for."""
        if isinstance(query, Phrase):
            return asking.exactly(query.query_string)
        operator = "or" if isinstance(query, Fuzzy) else str(query.operator).lower()
        return asking.parse(query.query_string, operator=operator)

    def search(
        self,
        config: None,
        start: int | None,
        stop: int | None,
        score_field: str | None = None,
        backend: Any = None,
    ) -> QuerySet:
        """The queryset of what matches, in its order, from ``start`` to ``stop``."""
        if isinstance(self.query, MatchAll):
            return self.queryset[start:stop]
        if isinstance(self.query, Not) and isinstance(self.query.subquery, MatchAll):
            return self.queryset.none()
        condition = self._condition(self.query, self.columns)
        if condition is None:
            return self.queryset.none()
        found = self.queryset.filter(condition)
        if self.order_by_relevance or score_field is not None:
            in_first = self._condition(self.query, self.columns[:1])
            score = Case(
                *([When(in_first, then=Value(1.0))] if in_first else []),
                default=Value(0.0),
                output_field=FloatField(),
            )
            score_field = score_field or "_score"
            found = found.annotate(**{score_field: score})
        if self.order_by_relevance:
            found = found.order_by(f"-{score_field}", "-pk")
        elif not found.query.order_by:
            found = found.order_by("-pk")
        return found[start:stop]

    def _condition(self, query: Any, columns: Sequence[str]) -> Q | None:
        """``query`` as a condition on the queryset; None where nothing can match."""
        if isinstance(query, PlainText | Phrase | Fuzzy):
            asked = self.parse(query)
            return asked and Q(pk__in=ids(self.queryset.model, asked.node, columns))
        if isinstance(query, Boost):
            return self._condition(query.subquery, columns)
        if isinstance(query, MatchAll):
            return ~Q(pk__in=[])
        if isinstance(query, Not):
            inner = self._condition(query.subquery, columns)
            return ~Q(pk__in=[]) if inner is None else ~inner
        if not isinstance(query, And | Or):
            raise UnknownQuery(f"{type(query).__name__} cannot be searched for here")
        parts = [self._condition(part, columns) for part in query.subqueries]
        if isinstance(query, And):
            return None if None in parts else _joined(parts, Q.AND)
        return _joined([part for part in parts if part is not None], Q.OR)

    def _columns_of(self, fields: Sequence[str]) -> Sequence[str]:
        """Where to look for what stands in ``fields``: the index tells only titles apart."""
        if set(fields) == {"title"}:
            return (TITLE,)
        return TEXT if "title" in fields else (BODY,)


class OurAutocompleteCompiler(OurCompiler):
    """Finds what is not typed to its end; titles and names first, then the text itself.

    Wagtail's admin uses it for its lists, where people look for words inside a text as well.
    """

    columns = (AUTOCOMPLETE, *TEXT)

    def parse(self, query: Any) -> asking.Query | None:
        return asking.beginning(query.query_string)

    def _columns_of(self, fields: Sequence[str]) -> Sequence[str]:
        return (AUTOCOMPLETE,)


def _joined(parts: Sequence[Q], connector: str) -> Q | None:
    return Q(*parts, _connector=connector) if parts else None


def ids(model: type[models.Model], node: asking.Node, columns: Sequence[str] = TEXT) -> RawSQL:
    """The keys of the ``model``'s objects that match ``node`` in ``columns``, as a subquery.

    All the words of a node may stand in different columns, a phrase stands in one.
    """
    language = {"sqlite": fts5, "postgresql": tsvector}[connection.vendor]
    is_number = isinstance(model._meta.pk, models.IntegerField) or (
        model._meta.pk.remote_field is not None  # page_ptr
    )
    key = "CAST(e.object_id AS BIGINT)" if is_number else "e.object_id"
    table = IndexEntry._meta.db_table
    types = sorted(get_descendants_content_types_pks(model))
    source, condition, params = language.matching(table, node, columns)
    of_type = " OR ".join([language.OF_TYPE] * len(types))
    return RawSQL(  # noqa: S611 - names of tables and columns only
        f"SELECT {key} FROM {source} WHERE {condition} AND ({of_type})",  # noqa: S608
        [*params, *types],
    )


class OurBackend:
    """What the public search asks of a backend beside Wagtail's own questions."""

    #: What is raised when the search server cannot be reached; databases have none.
    failures: ClassVar[tuple[type[Exception], ...]] = ()

    def matching_ids(
        self, model: type[models.Model], node: asking.Node, columns: Sequence[str]
    ) -> Any:
        """For ``pk__in``: the keys of the objects that match ``node`` in ``columns``."""
        return ids(model, node, columns)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Around queries with `matching_ids`: whatever makes the database read them well."""
        yield
