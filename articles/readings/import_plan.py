"""What a sheet of readings would write: looked at first, then written in one transaction.

A row is joined by its address; where that does not do, a person chooses among the posts of that
day. A title is only a hint beside the choice.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from cms.ops import audit
from rankings.importing.reading import UnreadableFile

from ..models import Reading, ReadingImport, ReadingSource, Window
from . import recording
from .import_matching import Change, PlanRow, match
from .parts import in_parts
from .sheet import Sheet, UnusableSheet, read_sheet
from .sheet_files import open_sheet

IMPORT = "articles.import_reading"


class ImportRefused(PermissionDenied):
    """The sheet is not taken; the message is a Chinese sentence."""


@dataclass(slots=True)
class ImportPlan:
    """A whole sheet. ``known`` is the earlier import of the very same file."""

    name: str
    data: bytes
    exported_on: dt.date
    sheet: Sheet
    known: ReadingImport | None = None
    rows: list[PlanRow] = field(default_factory=list)

    @property
    def bad(self) -> list[PlanRow]:
        return [row for row in self.rows if row.errors]

    @property
    def open(self) -> list[PlanRow]:
        return [row for row in self.rows if row.is_open]

    @property
    def asked(self) -> list[PlanRow]:
        """Rows with a choice for a person, made or not."""
        return [row for row in self.rows if row.is_asked and not row.errors]

    @property
    def taken(self) -> list[PlanRow]:
        """Rows that would write something."""
        return [row for row in self.rows if row.post is not None and row.changes]

    @property
    def added(self) -> int:
        return sum(change.before is None for row in self.taken for change in row.changes)

    @property
    def changed(self) -> int:
        return sum(change.before is not None for row in self.taken for change in row.changes)


def plan(
    data: bytes, name: str, exported_on: dt.date, choices: Mapping[int, str] | None = None
) -> ImportPlan:
    """What would be written; nothing is. ``choices`` are a person's answers by row number.

    Raises:
        UnreadableFile, UnusableSheet: there is nothing to read.
    """
    found = ImportPlan(name, data, exported_on, read_sheet(open_sheet(data)), _known(data))
    found.rows = [PlanRow(row, errors=list(row.errors)) for row in found.sheet.rows]
    today = timezone.localdate()
    for each in found.rows:
        published = each.row.published_on
        if exported_on > today:
            each.errors.append("导出日期在今天之后。")
        elif published and published > exported_on:
            each.errors.append(f"发表日期 {published} 晚于导出日期 {exported_on}，请核对。")
    match(found.rows, choices or {})
    _compare(found)
    return found


@transaction.atomic
def run(actor: Any, found: ImportPlan) -> ReadingImport:
    """Write ``found``; rows with errors, left out or still open are not written.

    ``actor`` None is not allowed: an import has a person.

    Raises:
        ImportRefused: no permission, the same file again, or nothing to write.
    """
    if not actor.has_perm(IMPORT):
        raise ImportRefused("您没有导入阅读数据的权限，请联系“发布”人员或宣传部。")
    if known := _known(found.data):
        raise ImportRefused(already(known))
    if not found.taken:
        raise ImportRefused("没有可以写入的数据：数值都与已有的相同，或还没有选定是哪一篇。")
    batch = ReadingImport(
        name=found.name[:200],
        sha256=hashlib.sha256(found.data).hexdigest(),
        imported_by=actor,
        exported_on=found.exported_on,
        rows=len(found.taken),
    )
    batch.file.save(f"{batch.sha256}.bin", ContentFile(found.data), save=True)
    now = timezone.now()
    for each in found.taken:
        each.post.save()
    recording.write(
        Reading(
            post=each.post,
            metric=change.value.metric,
            window=Window.AT_EXPORT,
            source=ReadingSource.EXPORT,
            stat_date=found.exported_on,
            value=change.value.value,
            bound=change.value.bound,
            capped=change.value.capped,
            raw=change.value.raw,
            taken_at=now,
            imported=batch,
        )
        for each in found.taken
        for change in each.changes
    )
    detail = {
        "file": batch.name,
        "exported_on": found.exported_on,
        "rows": batch.rows,
        "added": found.added,
        "changes": found.changed,
    }
    audit.record(actor, "reading.import", batch, detail)
    return batch


def already(known: ReadingImport) -> str:
    """That the very same file is here."""
    at = timezone.localtime(known.imported_at)
    return (
        f"这份文件（{known.name}）已由{known.imported_by}在 {at:%Y年%m月%d日 %H:%M} 导入过，"
        "没有新的内容。"
    )


def _known(data: bytes) -> ReadingImport | None:
    found = ReadingImport.objects.filter(sha256=hashlib.sha256(data).hexdigest())
    return found.select_related("imported_by").first()


def _compare(found: ImportPlan) -> None:
    posts = [each.post.pk for each in found.rows if each.post is not None and each.post.pk]
    known: dict[tuple[int, str], Reading] = {}
    for some in in_parts(posts):
        readings = Reading.objects.filter(
            post__in=some,
            source=ReadingSource.EXPORT,
            window=Window.AT_EXPORT,
            stat_date=found.exported_on,
        )
        known |= {(each.post_id, each.metric): each for each in readings}
    for each in found.rows:
        if each.post is None:
            continue
        if each.is_new and each.row.published_on is None:
            each.post = None
            each.errors.append("没有发表日期，不能作为新的微信文章。请在表格里补上。")
            continue
        for value in each.row.values:
            before = known.get((each.post.pk, value.metric)) if each.post.pk else None
            if before is None or (before.value, before.bound) != (value.value, value.bound):
                each.changes.append(Change(value, before))


READ_ERRORS = (UnreadableFile, UnusableSheet)
