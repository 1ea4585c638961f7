"""What later recordings do to issued briefs: 需复核, with what changed; never rewritten."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cms.ops import audit

from ..briefs import content
from ..briefs.content import Base
from ..briefs.differences import differences
from ..claims.checking import boards_leaning_on
from ..models import Board, Brief, BriefStatus
from .briefs import checked_reason, composed, locked
from .errors import RankingError, require


def recheck_briefs(board_ids: Iterable[int], months: Iterable[int]) -> int:
    """Compare the issued briefs that lean on these boards in these months with the record.

    Called in the transaction of every recording; one query where no brief is touched. A brief
    tells of every month until its own. Answers how many turned 需复核.
    """
    months = set(months)
    if not months:
        return 0
    found = _open().filter(month__gte=min(months)).values_list("pk", "board_id")
    rows = list(found.order_by("pk"))
    if not rows:
        return 0
    affected = boards_leaning_on(board_ids)
    return _verify_each([pk for pk, board_id in rows if board_id in affected])


def recheck_board(board: Board) -> int:
    """Compare every issued brief on a board and on what continues it: its links changed."""
    affected = boards_leaning_on([board.pk])
    return _verify_each(_open().filter(board__in=affected).values_list("pk", flat=True))


def _open() -> QuerySet[Brief]:
    """Issued and not corrected by an issued one: what people may still rely on."""
    return Brief.objects.filter(status=BriefStatus.ISSUED).exclude(
        replaced_by__status=BriefStatus.ISSUED
    )


def _verify_each(pks: Iterable[int]) -> int:
    base = _base_cache()
    turned = 0
    with transaction.atomic():
        for pk in sorted(pks):
            turned += _verify(locked(Brief(pk=pk), BriefStatus.ISSUED), base)
    return turned


def _verify(brief: Brief, base: Callable[[Board], Base]) -> bool:
    """Keep what the record says otherwise by now; whether the brief turned 需复核."""
    try:
        now = differences(brief.document, composed(brief, base).document)
    except RankingError as error:
        now = [{"month": str(brief.statistics_month), "text": str(error)}]
    brief.verified_at = timezone.now()
    turned = False
    if now != brief.findings:
        turned = bool(now) and brief.review_since is None
        brief.findings = now
        brief.review_since = (brief.review_since or brief.verified_at) if now else None
        action = "rankings.brief.review" if now else "rankings.brief.restore"
        audit.record(None, action, brief, {"findings": "；".join(i["text"] for i in now)[:500]})
    brief.save(update_fields=["verified_at", "findings", "review_since"])
    return turned


@transaction.atomic
def settle_brief(actor: Any, brief: Brief, reason: str) -> Brief:
    """The office looked at the findings and leaves the brief as it is; the reason is kept."""
    require(actor, "issue_brief")
    reason = checked_reason(reason, "请写明为什么不必更正，会长期保留。")
    brief = locked(brief, BriefStatus.ISSUED)
    if brief.review_since is None:
        raise RankingError("这份简报现在没有要复核的内容，请刷新页面。")
    brief.review_since = None
    brief.save(update_fields=["review_since"])
    audit.record(actor, "rankings.brief.settle", brief, {"reason": reason})
    return brief


def _base_cache() -> Callable[[Board], Base]:
    """Lineage and record of a board, read once for one pass over many briefs."""
    known: dict[int, Base] = {}

    def base(board: Board) -> Base:
        if board.pk not in known:
            known[board.pk] = content.base_of(board)
        return known[board.pk]

    return base
