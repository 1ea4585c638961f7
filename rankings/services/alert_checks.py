"""What no recording tells: lists that do not come, and claims and briefs nobody was told about."""

from collections.abc import Iterable

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from .. import alerts, lateness
from ..models import (
    Alert,
    AlertKind,
    AlertLevel,
    Board,
    BoardLink,
    Brief,
    BriefStatus,
    Claim,
    ClaimStatus,
    LinkStatus,
    Observation,
    PeriodKind,
)
from ..periods import SHANGHAI, Month
from .alerts import raise_alert


def check_alerts() -> int:
    """Raise what is to be told and was not; answers how many.

    Run by the schedule. Every alert has a key, so that it makes no difference how often.
    """
    raised = [*_late_boards(), *_claims(), *_briefs()]
    return sum(alert is not None for alert in raised)


def _late_boards() -> Iterable[Alert | None]:
    today = timezone.now().astimezone(SHANGHAI).date()
    links = BoardLink.objects.filter(status=LinkStatus.CONFIRMED)
    # A board that another one continues comes out under that name.
    continued = {link.earlier_id for link in links if not link.within_board}
    # What waits for the second person is there already, though it does not count yet.
    newest = dict(
        Observation.objects.current()
        .filter(month__isnull=False)
        .order_by()
        .values_list("board")
        .annotate(Max("month"))
    )
    for board in Board.objects.filter(period_kind=PeriodKind.MONTH, pk__in=newest):
        if board.pk in continued:
            continue

        def expected(month: Month, board: Board = board):
            return lateness.expected_by(month, board.issue_day, board.late_days)

        missing = alerts.overdue(newest[board.pk], today, expected)
        if not missing:
            continue
        draft = alerts.late(alerts.BoardInfo(board.pk, board.name), missing, expected(missing[-1]))
        yield raise_alert(
            draft.kind,
            draft.key,
            draft.level,
            draft.message,
            board=board,
            month=draft.month,
            url=reverse("rankings:board_table", args=[board.key]),
        )


def _claims() -> Iterable[Alert | None]:
    for claim in Claim.objects.filter(status=ClaimStatus.REVIEW).select_related("board", "account"):
        yield claim_needs_review(claim)


def claim_needs_review(claim: Claim) -> Alert | None:
    """结论需复核, once each time a claim comes into doubt."""
    if claim.status != ClaimStatus.REVIEW:
        return None
    since = claim.review_since.isoformat() if claim.review_since else ""
    return raise_alert(
        AlertKind.CLAIM_REVIEW,
        f"claim:{claim.pk}:{since}",
        AlertLevel.ALARM,
        f"结论 {claim.number} 需复核，所依据的记录有了变化，复核之前请不要再用：{claim.text}",
        board=claim.board,
        account=claim.account,
        month=claim.end,
        url=reverse("rankings:claim", args=[claim.pk]),
    )


def _briefs() -> Iterable[Alert | None]:
    doubtful = Brief.objects.filter(status=BriefStatus.ISSUED).exclude(review_since=None)
    for brief in doubtful.select_related("board", "account"):
        yield raise_alert(
            AlertKind.CLAIM_REVIEW,
            f"brief:{brief.pk}:{brief.review_since.isoformat()}",
            AlertLevel.WARNING,
            f"简报《{brief.title}》（{brief.number}）需复核：签发后所依据的记录有了变化。",
            board=brief.board,
            account=brief.account,
            month=brief.month,
            url=reverse("rankings:brief", args=[brief.pk]),
        )
