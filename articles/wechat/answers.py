"""What WeChat answers, in our own shapes. An answer that lacks what it must hold is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import ReplyLost


@dataclass(frozen=True)
class Material:
    """A picture in the account's library for good."""

    media_id: str
    url: str


@dataclass(frozen=True)
class DraftItem:
    """A draft in the box; its ``articles`` come without ``content``. ``update_time`` is epoch."""

    media_id: str
    articles: list[dict[str, Any]]
    update_time: int


@dataclass(frozen=True)
class DraftPage:
    """Some drafts of ``total``."""

    total: int
    items: list[DraftItem]


@dataclass(frozen=True)
class PublishItem:
    """Something published without telling followers (never a 群发)."""

    article_id: str
    articles: list[dict[str, Any]]
    update_time: int


@dataclass(frozen=True)
class PublishPage:
    """Some publications of ``total``."""

    total: int
    items: list[PublishItem]


@dataclass(frozen=True)
class MassSent:
    """A 群发 that WeChat has taken on.

    ``repeated``: it had it already, under the same ``clientmsgid``; then WeChat does not say
    ``msg_data_id``.
    """

    msg_id: str
    msg_data_id: str
    repeated: bool = False


@dataclass(frozen=True)
class Statistics:
    """Rows of a datacube answer. ``is_delay``: not all is counted yet, ask again later."""

    is_delay: bool
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class CommentPage:
    """Some comments of ``total`` below one article."""

    total: int
    comments: list[dict[str, Any]]


def text(answer: Mapping[str, Any], key: str) -> str:
    """A text that is not empty."""
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise ReplyLost(f"缺少 {key}")
    return value


def name(answer: Mapping[str, Any], key: str) -> str:
    """A number of WeChat's that is a name to us: it comes as a number or as text."""
    value = answer.get(key)
    if not isinstance(value, str | int) or value == "":
        raise ReplyLost(f"缺少 {key}")
    return str(value)


def number(answer: Mapping[str, Any], key: str) -> int:
    """A whole number."""
    value = answer.get(key)
    if not isinstance(value, int):
        raise ReplyLost(f"缺少 {key}")
    return value


def rows(answer: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects."""
    value = answer.get(key)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ReplyLost(f"缺少 {key}")
    return value


def content(item: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """The articles and the epoch of an entry in a list of drafts or publications."""
    inner = item.get("content")
    if not isinstance(inner, dict):
        raise ReplyLost("缺少 content")
    return rows(inner, "news_item"), number(item, "update_time")
