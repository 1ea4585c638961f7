"""Past articles as rows: what is known of each from its saved page and from the sheet."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from .archive import Archive, ArchiveRefused
from .wechat_page import PageRefused, SavedPage, one_address, read_page, read_time

# What the columns of a sheet may be called.
COLUMNS = {
    "url": ("地址", "原文地址", "链接", "网址", "url"),
    "title": ("标题", "title"),
    "date": ("日期", "发布日期", "发布时间", "时间", "date"),
    "author": ("作者", "author"),
    "column": ("栏目", "column"),
    "file": ("文件名", "文件", "file"),
    "digest": ("摘要", "digest"),
    "in_charge": ("责任编辑", "责编", "editor"),
}


@dataclass(slots=True)
class Row:
    """One article before it is checked. ``place`` is how people are told of it."""

    place: str
    file: str = ""
    url: str = ""
    title: str = ""
    author: str = ""
    column: str = ""
    digest: str = ""
    in_charge: str = ""
    account: str = ""
    published_at: dt.datetime | None = None
    page: SavedPage | None = None
    errors: list[str] = field(default_factory=list)


def rows(archive: Archive) -> Iterator[Row]:
    """A row for each line of the sheet, then one for each page that the sheet does not name.

    Raises:
        ArchiveRefused: nothing in it, or a sheet without the columns it needs.
    """
    named: set[str] = set()
    if archive.table is not None:
        for row in _sheet_rows(archive):
            named.add(row.file.replace("\\", "/").lower())
            yield row
    elif not archive.pages:
        raise ArchiveRefused("里面没有网页文件（.html），也没有表格。")
    for name in archive.pages:
        if name.lower() not in named:
            row = Row(name, file=name)
            _add_page(row, archive)
            yield row


def _sheet_rows(archive: Archive) -> Iterator[Row]:
    lines = archive.table.lines()
    heading = next(lines, None)
    if heading is None:
        raise ArchiveRefused("表格是空的。")
    positions = _positions(heading.cells)
    if "file" not in positions and not {"url", "date"} <= positions.keys():
        raise ArchiveRefused(
            "表格第一行要有“文件名”，或者至少有“地址”和“日期”两列（还可以有标题、作者、栏目、"
            "摘要、责任编辑）。"
        )
    for line in lines:
        cells = {
            name: line.cells[at] if at < len(line.cells) else "" for name, at in positions.items()
        }
        row = Row(archive.table.where(line.number), file=cells.get("file", ""))
        row.title, row.author = cells.get("title", ""), cells.get("author", "")
        row.column, row.digest = cells.get("column", ""), cells.get("digest", "")
        row.in_charge = cells.get("in_charge", "")
        if given := cells.get("url", ""):
            row.url = one_address(given)
            if not row.url:
                row.errors.append(f"地址“{given[:60]}”不是网页地址。")
        _add_page(row, archive, cells.get("date", ""))
        yield row


def _positions(cells: list[str]) -> dict[str, int]:
    known = {word: name for name, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        if name := known.get(cell.strip().lower()):
            found.setdefault(name, at)
    return found


def _add_page(row: Row, archive: Archive, date: str = "") -> None:
    """What the saved page says, where the sheet says nothing; where both do they must agree."""
    if row.file:
        data = archive.read(row.file)
        if data is None:
            row.errors.append(f"找不到文件 {row.file}。")
        else:
            try:
                row.page = read_page(data)
            except PageRefused as refusal:
                row.errors.append(str(refusal))
    page = row.page
    if page is not None:
        row.url = row.url or page.url
        row.title, row.author = row.title or page.title, row.author or page.author or page.account
        row.digest, row.account = row.digest or page.digest, page.account
        row.in_charge = row.in_charge or page.in_charge
    _add_date(row, date)


def _add_date(row: Row, date: str) -> None:
    on_page = row.page.published_at if row.page else None
    given = read_time(date) if date else None
    if date and given is None:
        row.errors.append(f"日期“{date[:30]}”看不懂，请写成 2019-11-08 或 2019-11-08 08:30。")
    if given is None:
        row.published_at = on_page
        return
    moment, has_time = given
    if on_page is not None and on_page.date() != moment.date():
        row.errors.append(
            f"表格的日期 {moment:%Y-%m-%d} 与网页里的 {on_page:%Y-%m-%d} 不一致，请核对。"
        )
    row.published_at = moment if has_time or on_page is None else on_page
