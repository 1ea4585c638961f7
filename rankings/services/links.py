"""Written links between boards, and between the methods of one board.

A link makes two series one (docs/streak-rules.md §2, case 4), so it needs a reason, what the
publisher says, and two people.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.ops import audit

from .. import lineage, queries
from ..evidence.models import Capture
from ..models import Board, BoardLink, LinkStatus
from ..models.names import WEB_ADDRESS
from ..periods import Month
from ..signals import standing_changed
from .alerts import Noticing
from .errors import RankingError, require
from .proving import keep_upload
from .writing import lock_boards

REASON_MINIMUM = 10
REASON_LIMIT = BoardLink._meta.get_field("reason").max_length
METHOD_LIMIT = BoardLink._meta.get_field("later_method").max_length
URL_LIMIT = BoardLink._meta.get_field("source_url").max_length


@transaction.atomic
def propose_link(
    actor: Any,
    *,
    earlier: Board,
    later: Board,
    month: Month,
    reason: str,
    source_url: str = "",
    capture: Capture | None = None,
    upload: bytes | None = None,
    methods: tuple[str, str] = ("", ""),
) -> BoardLink:
    """Say that ``later`` continues ``earlier`` from ``month`` on; it counts once confirmed.

    Both are one board when only its method changed. ``methods`` are the old and the new label,
    taken from the records where they are left empty. The publisher's word must be given as an
    address, a capture or a file. Raises ``RankingError`` and ``PermissionDenied``.
    """
    require(actor, "link_board")
    reason, source_url = reason.strip(), source_url.strip()
    if len(reason) < REASON_MINIMUM:
        raise RankingError(
            f"请写明衔接理由（至少 {REASON_MINIMUM} 个字）：发布机构怎样说明前后是同一个榜单。"
        )
    if len(reason) > REASON_LIMIT:
        raise RankingError(f"衔接理由太长（{len(reason)} 字），最多 {REASON_LIMIT} 字。")
    if source_url:
        _check_address(source_url)
    elif capture is None and upload is None:
        raise RankingError("衔接要有发布机构的依据，请填写网址、选择存证或上传文件。")
    lock_boards([earlier.pk, later.pk])
    earlier, later = _fresh(earlier), _fresh(later)
    link = BoardLink(
        earlier=earlier,
        later=later,
        month=month.index,
        reason=reason,
        source_url=source_url,
        capture=capture,
        linked_by=actor,
    )
    link.earlier_method, link.later_method = _methods(link, methods)
    standing = BoardLink.objects.filter(
        status__in=[LinkStatus.PROPOSED, LinkStatus.CONFIRMED]
    ).select_related("earlier", "later")
    _check_fits(link, list(standing))
    if upload is not None:
        link.capture = keep_upload(actor, upload, url=source_url)
    link.save()
    audit.record(actor, "rankings.link.propose", link, _detail(link) | {"reason": reason})
    return link


@transaction.atomic
def confirm_link(actor: Any, link: BoardLink) -> BoardLink:
    """The second person confirms a link: from now on the two series are one.

    Raises ``PermissionDenied``, and ``RankingError`` when the person proposed it, it no longer
    waits, or it no longer fits the links in force.
    """
    if actor is None:
        raise PermissionDenied("复核必须由人来做。")
    require(actor, "confirm_observation")
    link = _locked(link, LinkStatus.PROPOSED)
    if link.linked_by_id == actor.pk:
        raise RankingError("这条衔接是您自己提出的，请由另一位同事复核。")
    in_force = BoardLink.objects.filter(status=LinkStatus.CONFIRMED)
    _check_fits(link, list(in_force.select_related("earlier", "later")))
    noticing = _look(link)
    _decide(actor, link, LinkStatus.CONFIRMED)
    audit.record(actor, "rankings.link.confirm", link, _detail(link))
    _announce(link, noticing)
    return link


@transaction.atomic
def reject_link(actor: Any, link: BoardLink, reason: str) -> BoardLink:
    """The second person sends a proposed link back, with a reason.

    Raises ``PermissionDenied``, and ``RankingError`` as ``confirm_link`` does.
    """
    if actor is None:
        raise PermissionDenied("复核必须由人来做。")
    require(actor, "confirm_observation")
    link = _locked(link, LinkStatus.PROPOSED)
    if link.linked_by_id == actor.pk:
        raise RankingError("这条衔接是您自己提出的，不能自己退回，可以撤销。")
    _decide(actor, link, LinkStatus.REJECTED, _checked_reason(reason, "退回"))
    audit.record(actor, "rankings.link.reject", link, _detail(link) | {"reason": reason})
    return link


@transaction.atomic
def withdraw_link(actor: Any, link: BoardLink, reason: str) -> BoardLink:
    """Take a link back; the series are two again, and what leaned on it is looked at again.

    Raises ``PermissionDenied``, and ``RankingError`` without a reason or when it is neither
    proposed nor in force.
    """
    require(actor, "link_board")
    link = _locked(link, LinkStatus.PROPOSED, LinkStatus.CONFIRMED)
    counted = link.status == LinkStatus.CONFIRMED
    noticing = _look(link)
    _decide(actor, link, LinkStatus.WITHDRAWN, _checked_reason(reason, "撤销"))
    audit.record(actor, "rankings.link.withdraw", link, _detail(link) | {"reason": reason})
    if counted:
        _announce(link, noticing)
    return link


def _fresh(board: Board) -> Board:
    return Board.objects.get(pk=board.pk)


def _locked(link: BoardLink, *expected: str) -> BoardLink:
    boards = BoardLink.objects.values_list("earlier_id", "later_id").get(pk=link.pk)
    lock_boards(boards)
    link = (
        BoardLink.objects.select_for_update(of=("self",))
        .select_related("earlier", "later")
        .get(pk=link.pk)
    )
    if link.status not in expected:
        raise RankingError(f"这条衔接{link.get_status_display()}，请刷新页面。")
    return link


def _decide(actor: Any, link: BoardLink, status: str, reason: str = "") -> None:
    link.status, link.decision_reason = status, reason
    link.decided_by, link.decided_at = actor, timezone.now()
    link.save(update_fields=["status", "decision_reason", "decided_by", "decided_at"])


def _checked_reason(reason: str, act: str) -> str:
    reason = reason.strip()
    limit = BoardLink._meta.get_field("decision_reason").max_length
    if not reason:
        raise RankingError(f"请写明{act}理由。")
    if len(reason) > limit:
        raise RankingError(f"{act}理由太长（{len(reason)} 字），最多 {limit} 字。")
    return reason


def _check_address(url: str) -> None:
    if len(url) > URL_LIMIT:
        raise RankingError(f"依据网址太长（{len(url)} 字），最多 {URL_LIMIT} 字。")
    try:
        WEB_ADDRESS(url)
    except ValidationError as error:
        raise RankingError("".join(error.messages)) from error


def _detail(link: BoardLink) -> dict[str, str]:
    detail = {"from": str(link.earlier), "to": str(link.later), "month": str(link.since)}
    if link.within_board:
        detail |= {"from": link.earlier_method, "to": link.later_method}
    return detail


# --- whether a link fits --------------------------------------------------------------------------


def _check_fits(link: BoardLink, others: Sequence[BoardLink]) -> None:
    """Raise ``RankingError`` where the link contradicts the boards or the ``others``."""
    others = [each for each in others if each.pk != link.pk]
    for board in (link.earlier, link.later):
        if not board.is_monthly:
            kind = board.get_period_kind_display()
            raise RankingError(f"《{board}》是{kind}榜，连续榜首只按月榜计算，不能衔接。")
    if any(each.later_id == link.later_id and each.month == link.month for each in others):
        raise RankingError(
            f"《{link.later}》在{link.since.label}已有一条衔接（待复核或已生效），请先处理那一条。"
        )
    if link.within_board:
        _check_change(link, others)
    else:
        _check_joint(link, others)


def _check_change(link: BoardLink, others: Sequence[BoardLink]) -> None:
    joint = next((each for each in _joints(others) if each.later_id == link.later_id), None)
    if joint is not None and link.month <= joint.month:
        raise RankingError(
            f"《{link.later}》自{joint.since.label}起才接续《{joint.earlier}》，"
            "方法改变的月份必须在这之后。"
        )
    line = queries.lineage_of(link.later)
    if line.first is None or link.month <= line.first:
        raise RankingError(
            f"《{link.later}》在{link.since.label}之前没有月度记录，没有可以衔接的。"
        )
    if lineage.method_key(link.earlier_method) == lineage.method_key(link.later_method):
        raise RankingError("新旧计算方法相同，或没有写明，请分别写明原计算方法和新计算方法。")


def _check_joint(link: BoardLink, others: Sequence[BoardLink]) -> None:
    if link.earlier.is_example != link.later.is_example:
        raise RankingError("示例榜单和真实榜单不能衔接。")
    if link.later_id in _forebears(link.earlier_id, others):
        raise RankingError(
            f"《{link.earlier}》的前身里已有《{link.later}》，这样衔接会绕成一圈，请检查先后。"
        )
    for each in _joints(others):
        if each.later_id == link.later_id:
            raise RankingError(
                f"《{link.later}》已经接续《{each.earlier}》（{each.since.label}起），"
                "一个榜单只能有一个前身，请先撤销那一条。"
            )
        if each.earlier_id == link.earlier_id:
            raise RankingError(
                f"《{link.earlier}》已经由《{each.later}》接续（{each.since.label}起），"
                "一个榜单只能由一个榜单接续，请先撤销那一条。"
            )
        if each.later_id == link.earlier_id and link.month <= each.month:
            raise RankingError(
                f"《{link.earlier}》自己从{each.since.label}起才接续《{each.earlier}》，"
                "衔接的月份必须在这之后。"
            )
        if each.earlier_id == link.later_id and each.month <= link.month:
            raise RankingError(
                f"《{link.later}》到{each.since.label}已由《{each.later}》接续，"
                "衔接的月份必须在这之前。"
            )
    first = queries.lineage_of(link.earlier).first
    if first is None or first >= link.month:
        raise RankingError(
            f"《{link.earlier}》在{link.since.label}之前没有月度记录，没有可以衔接的。"
        )


def _joints(links: Iterable[BoardLink]) -> list[BoardLink]:
    return [link for link in links if not link.within_board]


def _forebears(board_id: int, links: Iterable[BoardLink]) -> set[int]:
    """The boards that lead up to a board, itself included."""
    back = {link.later_id: link.earlier_id for link in _joints(links)}
    found: set[int] = set()
    while board_id not in found:
        found.add(board_id)
        board_id = back.get(board_id, board_id)
    return found


def _methods(link: BoardLink, given: tuple[str, str]) -> tuple[str, str]:
    """The labels of the link: as given, else as the records name them at the change."""
    old, new = (label.strip() for label in given)
    for label in (old, new):
        if len(label) > METHOD_LIMIT:
            raise RankingError(f"计算方法太长（{len(label)} 字），最多 {METHOD_LIMIT} 字。")
    if not link.within_board:
        return old, new
    for change in queries.lineage_of(link.later).method_changes:
        inside = change.board.pk == link.later_id
        if inside and change.before_month < link.month <= change.month:
            old, new = old or change.before[0], new or change.after[0]
            _check_label(old, change.before, Month.from_index(change.before_month))
            _check_label(new, change.after, change.since)
    return old, new


def _check_label(label: str, named: Sequence[str], month: Month) -> None:
    if lineage.method_key(label) not in map(lineage.method_key, named):
        raise RankingError(
            f"{month.label}的记录写的计算方法是“{'、'.join(named)}”，不是“{label}”，请核对。"
        )


# --- who is told ----------------------------------------------------------------------------------


def _look(link: BoardLink) -> Noticing:
    """The streaks as they are before the link counts, or while it still does."""
    noticing = Noticing()
    noticing.look(link.later_id, link.month)
    return noticing


def _announce(link: BoardLink, noticing: Noticing) -> None:
    """Look again at all that leans on the later board, raise alerts, tell others on commit."""
    from . import brief_checks, claims

    noticing.tell(f"link-{link.pk}-{link.status}")

    claims.recheck_board(link.later)
    brief_checks.recheck_board(link.later)
    in_force = BoardLink.objects.filter(status=LinkStatus.CONFIRMED)
    boards = Board.objects.filter(pk__in=lineage.continued_by([link.later_id], in_force))
    # The earlier board's months came to the record or left it, so all of them are news.
    first = queries.lineage_of(link.earlier).first
    told = []
    for board in boards.order_by("pk"):
        line = queries.lineage_of(board)
        if line.last is not None:
            begin = min(line.first, link.month if first is None else first)
            months = tuple(Month.from_index(month) for month in range(begin, line.last + 1))
            told.append((board, months))

    def send() -> None:
        for board, months in told:
            standing_changed.send(sender=BoardLink, board=board, account=None, months=months)

    transaction.on_commit(send)


def waiting_links() -> list[BoardLink]:
    """Links that wait for the second person, oldest first; one query."""
    return list(
        BoardLink.objects.filter(status=LinkStatus.PROPOSED)
        .select_related("earlier", "later", "linked_by", "capture")
        .order_by("linked_at", "pk")
    )


def links_about(board: Board) -> list[BoardLink]:
    """Every link of a board to an earlier or a later one, newest month first; one query."""
    return list(
        BoardLink.objects.filter(Q(earlier=board) | Q(later=board))
        .select_related("earlier", "later", "linked_by", "decided_by", "capture")
        .order_by("-month", "-pk")
    )
