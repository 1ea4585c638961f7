"""Pages of at most 200; a size or a number that is none is refused, not guessed."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination, PageNumberPagination

from .errors import BadParameter

PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
SIZE_HELP = f"每页条数，1 至 {MAX_PAGE_SIZE}，默认 {PAGE_SIZE}。"


def _number(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise BadParameter(name, f"“{text[:20]}”不行，请填 1 至 {most} 的整数。")
    return int(text)


def _size_limits(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say in the description what ``get_page_size`` refuses."""
    for each in parameters:
        if each["name"] == "page_size":
            each["schema"] |= {"minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        elif each["name"] == "page":
            each["schema"] |= {"minimum": 1, "default": 1}
    return parameters


_WORDS = {
    "count": "一共多少条。",
    "next": "下一页的网址，没有时为 null。",
    "previous": "上一页的网址，没有时为 null。",
    "results": "这一页的内容。",
}


def _page_words(schema: dict[str, Any], following: str) -> dict[str, Any]:
    """The envelope in Chinese, its example as a first page."""
    for name, each in schema["properties"].items():
        if isinstance(each, dict):  # the generator of examples passes a mark for the rows
            each["description"] = _WORDS[name]
    for name, example in (
        ("next", f"https://example.org/api/v1/...?{following}"),
        ("previous", None),
    ):
        each = schema["properties"][name]
        # The framework speaks OpenAPI 3.0 here; 3.1 has no `nullable`.
        each.pop("nullable", None)
        each |= {"type": ["string", "null"], "example": example}
    return schema


class Pages(PageNumberPagination):
    """Numbered pages, for lists of modest length."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    page_query_description = "页码，从 1 开始。"
    page_size_query_description = SIZE_HELP
    names = frozenset({"page", "page_size"})

    def get_page_size(self, request: Any) -> int:
        text = request.query_params.get("page_size")
        return PAGE_SIZE if text is None else _number("page_size", text, MAX_PAGE_SIZE)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return _size_limits(super().get_schema_operation_parameters(view))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return _page_words(super().get_paginated_response_schema(schema), "page=2")

    def get_page_number(self, request: Any, paginator: Any) -> int:
        return _number("page", request.query_params.get("page", "1"), 10**8)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound as error:
            raise NotFound("没有这一页，已经超过最后一页。") from error


class Cursor(CursorPagination):
    """A mark instead of a number: new rows shift nothing, and no page is slow."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    ordering = "-id"
    cursor_query_description = "翻页标记，照抄上一次回答的 next 或 previous，不要自己写。"
    page_size_query_description = SIZE_HELP
    names = frozenset({"cursor", "page_size"})

    def get_page_size(self, request: Any) -> int:
        text = request.query_params.get("page_size")
        return PAGE_SIZE if text is None else _number("page_size", text, MAX_PAGE_SIZE)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return _size_limits(super().get_schema_operation_parameters(view))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return _page_words(super().get_paginated_response_schema(schema), "cursor=cD00MDUx")

    def decode_cursor(self, request: Any) -> Any:
        """As the framework does, but a mark that holds nothing is no first page."""
        found = super().decode_cursor(request)
        text = request.query_params.get(self.cursor_query_param)
        if text is not None and (found is None or found.position is None):
            raise NotFound
        return found

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError) as error:
            raise BadParameter(
                "cursor", "翻页标记无效，请从第一页重新开始，照抄回答里的 next。"
            ) from error
