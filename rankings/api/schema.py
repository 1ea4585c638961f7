"""The OpenAPI description, made once from the endpoints, and the page that prints it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Claim
from .paging import MAX_PAGE_SIZE, PAGE_SIZE
from .views import CACHE_SECONDS, ReadView

PREFIX = "/api/v1/"


def only_ours(endpoints: list[tuple[Any, ...]], **kwargs: Any) -> list[tuple[Any, ...]]:
    """Leave out what other apps serve through the same framework."""
    return [each for each in endpoints if each[0].startswith(PREFIX)]


def say_what_is_answered(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Describe the good answers too: the generator leaves that empty for lists."""
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["200"]["description"] = operation["summary"]
    return result


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document. It depends on nothing but the code."""
    return SchemaGenerator().get_schema(request=None, public=True)


class SchemaView(ReadView):
    pagination_class = None
    queryset = Claim.objects.none()

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        self.read_params()
        return Response(document())


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    words: str
    choices: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    path: str
    title: str
    words: str
    params: tuple[Field, ...]
    fields: tuple[Field, ...]
    example: str


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """What the page prints, read out of the schema: the two cannot differ."""
    whole = document()
    found = []
    for path, methods in whole["paths"].items():
        operation = methods["get"]
        content = operation["responses"]["200"]["content"]["application/json"]
        answer = _deref(whole, content["schema"])
        if "results" in answer["properties"]:
            answer = _deref(whole, answer["properties"]["results"]["items"])
        [example] = content["examples"].values()
        found.append(
            Endpoint(
                path,
                operation["summary"],
                operation.get("description", ""),
                tuple(
                    Field(
                        each["name"],
                        _kind(each["schema"]),
                        *_words(each),
                        each.get("required", False),
                    )
                    for each in operation.get("parameters", ())
                ),
                tuple(
                    Field(name, _kind(_deref(whole, each)), *_words(each))
                    for name, each in answer["properties"].items()
                ),
                json.dumps(example["value"], ensure_ascii=False, indent=2),
            )
        )
    order = ("accounts", "boards", "periods", "observations", "streaks", "claims")
    found.sort(key=lambda each: (order.index(each.path.split("/")[3]), each.path))
    return tuple(found)


def _deref(whole: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    ref = schema.get("$ref")
    return schema if ref is None else whole["components"]["schemas"][ref.rpartition("/")[2]]


def _words(described: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The description, and apart from it the values that the generator lists below it."""
    words, _, listed = described.get("description", "").partition("\n\n* ")
    choices = (each.replace("`", "").replace(" - ", " ") for each in listed.split("\n* ") if each)
    return words, tuple(each for each in choices if not each.startswith(" "))


_KINDS = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "是/否",
    "array": "列表",
    "object": "对象",
}


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value is, in a word or two."""
    if "enum" in schema or "oneOf" in schema:
        return "几种之一"
    if "pattern" in schema:
        return "年-月"
    if schema.get("format") in ("date", "date-time"):
        return "日期" if schema["format"] == "date" else "时间"
    kinds = schema.get("type", "object")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return "、".join(_KINDS[kind] for kind in kinds if kind != "null")


class DocsView(View):
    """/api/v1/: the interface for people. Nothing on it comes from elsewhere."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(
            request,
            "rankings/api/docs.html",
            {
                "endpoints": endpoints(),
                "rate": settings.API_RATE.partition("/")[0],
                "page_size": PAGE_SIZE,
                "max_page_size": MAX_PAGE_SIZE,
                "cache_seconds": CACHE_SECONDS,
                "base": settings.SITE_URL,
            },
        )
