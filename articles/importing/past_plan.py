"""Bringing past articles in: first what would happen, then each in its own transaction."""

import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from PIL import Image

from media.models import Licence

from ..models import ArticlePage, ColumnPage, Kind, SourceCitation
from . import past, past_rows
from .archive import Archive
from .drafts import Described, ImportRefused, pictures_stored, stream, with_pictures
from .html import Conversion, blocks_from_html
from .past_rows import Row
from .reader import Picture
from .word import PICTURE_TYPES, WordPicture

MAX_DIGEST = 120
# WeChat puts these into the alternative text of pictures nobody described.
_NO_ALT = {"", "图片", "image", "img"}
_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PastOptions:
    """What the files do not say. ``column`` is where articles without a column of their own go.

    Pictures beside a page are taken only when ``alt_from_caption`` says that their captions
    describe them and ``credit`` and ``licence`` are given.
    """

    column: ColumnPage | None = None
    author: str = ""
    in_charge: str = ""
    kind: str = Kind.NEWS
    credit: str = ""
    licence: str = ""
    alt_from_caption: bool = False

    @property
    def takes_pictures(self) -> bool:
        return self.alt_from_caption and bool(self.credit) and self.licence in Licence.values


@dataclass(slots=True)
class PastItem:
    """One article as it would come in; ``known`` when it is already here."""

    row: Row
    column: ColumnPage | None
    known: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.row.title or self.row.place

    def __str__(self) -> str:
        return f"{self.row.place}：{''.join(self.errors)}"


@dataclass(slots=True)
class PastPlan:
    items: list[PastItem] = field(default_factory=list)

    @property
    def new(self) -> list[PastItem]:
        return [item for item in self.items if not item.errors and not item.known]

    @property
    def known(self) -> list[PastItem]:
        return [item for item in self.items if item.known]

    @property
    def bad(self) -> list[PastItem]:
        return [item for item in self.items if item.errors]


def plan(archive: Archive, options: PastOptions) -> PastPlan:
    """What would come in from ``archive``; nothing is written.

    Raises:
        ArchiveRefused: there is nothing to read.
    """
    found = PastPlan()
    columns = _Columns()
    seen: dict[str, str] = {}
    for row in past_rows.rows(archive):
        item = PastItem(row, columns.find(row.column) if row.column else options.column)
        item.errors = [*row.errors, *_missing(item, options)]
        if row.url and row.url in seen:
            item.errors.append(f"与{seen[row.url]}是同一篇文章。")
        elif row.url:
            seen[row.url] = row.place
        if row.page is not None and not item.errors:
            made, _ = _converted(archive, row, options)
            item.warnings = made.warnings
            if not made.blocks:
                item.errors.append("网页里没有可以导入的文字。")
        found.items.append(item)
    _mark_known(found.items)
    return found


def run(
    actor: Any,
    archive: Archive,
    items: Sequence[PastItem],
    options: PastOptions,
    progress: Callable[[int], None] = lambda done: None,
) -> list[PastItem]:
    """Import ``items`` of a plan; answers those that failed, with the reason in their errors.

    Each stands for itself: what was imported stays when a later one fails, and a second run
    goes on where the first ended.
    """
    failed = []
    for done, item in enumerate(items, start=1):
        try:
            _import_one(actor, archive, item, options)
        except ValidationError as error:
            item.errors.extend(_in_words(error))
            failed.append(item)
        except PermissionDenied as refusal:
            item.errors.append(str(refusal))
            failed.append(item)
        progress(done)
    return failed


def _import_one(actor: Any, archive: Archive, item: PastItem, options: PastOptions) -> None:
    row = item.row
    made, pictures = _converted(archive, row, options)
    described = [
        Described(alt[:160], options.credit, options.licence) if alt else None
        for alt, _ in pictures
    ]
    with (
        pictures_stored(actor, [picture for _, picture in pictures], described) as store,
        transaction.atomic(),
    ):
        if ArticlePage.objects.filter(original_url=row.url).exists():
            raise ImportRefused("刚刚已经导入过。")
        article = ArticlePage(
            title=row.title,
            digest=Truncator(row.digest or _opening(made, row)).chars(MAX_DIGEST, truncate="…"),
            kind=options.kind,
            author=row.author or options.author,
            editor_in_charge=row.in_charge or options.in_charge,
            original_url=row.url,
            body=stream(with_pictures(made.blocks, store.ids())),
        )
        article.sources = [
            SourceCitation(
                name=row.account or "微信公众号原文", url=row.url, date=_day(row.published_at)
            )
        ]
        past.import_past_article(actor, item.column, article, row.published_at)


def _converted(
    archive: Archive, row: Row, options: PastOptions
) -> tuple[Conversion, list[tuple[str, WordPicture]]]:
    """The blocks of a row and its pictures, each with what describes it (empty: left out)."""
    if row.page is None:
        link = f'<p><a href="{escape(row.url)}">原文刊于微信公众号，点此阅读</a></p>'
        return Conversion(
            [{"type": "paragraph", "value": link}],
            ["只有地址，没有正文，正文是一条指向原文的链接。"],
        ), []
    pictures: list[WordPicture] = []

    def take(picture: Picture) -> dict[str, Any] | None:
        found = _saved_picture(archive, row, picture) if options.takes_pictures else None
        if found is None:
            return None
        pictures.append(found)
        alt = "" if picture.alt.lower() in _NO_ALT else picture.alt
        return {"image": len(pictures) - 1, "alt_text": alt}

    made = blocks_from_html(row.page.body, take)
    words = [""] * len(pictures)
    for block in made.blocks:
        if block["type"] == "picture":
            value = block["value"]
            words[value["image"]] = value["alt_text"] or value["caption"].lstrip("▲△↑▼↓ ")
    if without := words.count(""):
        made.warnings.append(f"有 {without} 张图片没有图注，没有带入。")
    return made, list(zip(words, pictures, strict=True))


def _saved_picture(archive: Archive, row: Row, picture: Picture) -> WordPicture | None:
    data = archive.beside(row.file, picture.beside) if picture.beside else None
    extension = _picture_type(data) if data else ""
    return WordPicture(data, extension, "") if data and extension else None


def _missing(item: PastItem, options: PastOptions) -> Iterator[str]:
    """What is lacking or cannot be, as sentences."""
    row = item.row
    if not row.title:
        yield "没有标题。"
    if not row.url and not row.errors:
        yield "没有原文地址，请在表格的“地址”一栏写明。"
    if row.published_at is None:
        yield "没有发布日期，请在表格的“日期”一栏写明。"
    elif row.published_at > timezone.now():
        yield f"发布日期 {row.published_at:%Y-%m-%d} 在今天之后，历史文章只能是过去的。"
    if item.column is None:
        yield f"没有名为“{row.column}”的栏目。" if row.column else "没有指定栏目。"
    if not (row.author or options.author):
        yield "没有作者，请在表格写明，或统一指定。"
    if not (row.in_charge or options.in_charge):
        yield "没有责任编辑，请在表格写明，或统一指定。"


def _mark_known(items: list[PastItem]) -> None:
    urls = [item.row.url for item in items if item.row.url]
    dates: dict[str, dt.datetime] = {}
    for start in range(0, len(urls), _ASKED_AT_ONCE):
        dates |= ArticlePage.objects.filter(
            original_url__in=urls[start : start + _ASKED_AT_ONCE]
        ).values_list("original_url", "first_published_at")
    for item in items:
        before = dates.get(item.row.url)
        if before is None or item.errors:
            continue
        if _day(before) == _day(item.row.published_at):
            item.known = True
        else:
            item.errors.append(
                f"这个地址已经导入过，日期是 {_day(before):%Y-%m-%d}，与这里的不同。"
            )


class _Columns:
    """Columns by their address name or title; one query for all rows."""

    def __init__(self) -> None:
        self.columns = list(ColumnPage.objects.live())

    def find(self, name: str) -> ColumnPage | None:
        found = [c for c in self.columns if name in (c.slug, c.title)]
        return found[0] if len(found) == 1 else None


def find_column(name: str) -> ColumnPage | None:
    """The one live column with this address name or title."""
    return _Columns().find(name)


def _opening(made: Conversion, row: Row) -> str:
    """A digest for an article without one: how its text begins, else its title."""
    for block in made.blocks:
        if block["type"] == "paragraph" and row.page is not None:
            return strip_tags(block["value"].replace("</p>", " ")).strip()
    return row.title


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localtime(moment).date() if moment else None


def _in_words(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    labels = {f.name: str(f.verbose_name) for f in ArticlePage._meta.fields}
    return [
        f"{labels.get(name, name)}：{message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def _picture_type(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return PICTURE_TYPES.get(opened.format or "", "")
    except (OSError, ValueError, SyntaxError):
        return ""
