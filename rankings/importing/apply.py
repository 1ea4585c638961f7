"""Importing a table: one transaction, all rows or none unless told otherwise."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.ops import audit

from ..models import Board
from ..services.errors import require
from ..services.recording import second_person
from ..services.writing import Changes, Draft, RecordResult, lock_boards, write
from .names import Names
from .options import ImportOptions
from .plan import Plan, Planner
from .reading import Table


@dataclass(frozen=True, slots=True)
class ImportResult:
    """``written`` is false when bad rows kept the whole table back."""

    plan: Plan
    written: bool
    result: RecordResult


@transaction.atomic
def import_table(actor: Any, table: Table, options: ImportOptions) -> ImportResult:
    """Compare the table with the records and write what differs.

    With bad rows nothing is written, unless ``options.skip_bad_rows``. Rows that correct a record
    without a reason are bad rows. Raises ``PermissionDenied``, ``RankingError`` (an unfit second
    person), ``UnreadableFile`` and ``UnusableTable``.
    """
    require(actor, "import_rankings")
    if options.as_archive and actor is not None and not actor.is_superuser:
        raise PermissionDenied("只有管理员可以把已核实的档案一次导入，请联系管理员。")
    second_person(actor, options.confirmed_by)
    # The comparison must still hold when the rows are written.
    lock_boards(Board.objects.values_list("pk", flat=True))
    planner = Planner(table, options, actor)
    plan = planner.plan()
    planner.refuse_missing_reasons(plan)
    if plan.bad and not options.skip_bad_rows:
        return ImportResult(plan, False, RecordResult())
    result = _write(actor, planner, options)
    audit.record(
        actor,
        "rankings.import",
        None,
        {
            "created": result.created,
            "corrected": result.corrected,
            "unchanged": plan.unchanged,
            "waiting": result.waiting,
            "bad": len(plan.bad),
            "reason": options.reason,
            "confirmed_by": str(options.confirmed_by) if options.confirmed_by else "",
            "as_archive": options.as_archive,
        },
    )
    return ImportResult(plan, True, result)


def _write(actor: Any, planner: Planner, options: ImportOptions) -> RecordResult:
    names = Names(options, actor=actor, write=True)
    policy = options.policy(actor)
    changes = Changes()
    total = RecordResult()
    for chunk in planner.drafts(names):
        # A later version can only be written when the earlier one has its number in the database.
        by_version: dict[int, list[Draft]] = defaultdict(list)
        for _, draft in chunk:
            by_version[draft.version or 0].append(draft)
        for version in sorted(by_version):
            total += write(by_version[version], policy, changes)
    changes.announce()
    return total
