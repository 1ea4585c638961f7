"""Recording one period of one board as one source states it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from cms.ops import audit

from ..figures import Figure
from ..models import Account, Board, Edition, Observation, Origin, SourceKind, State
from ..periods import Period
from ..resolve import NotResolved, Resolver, account_resolver
from .accounts import create_account
from .errors import RankingError, require
from .writing import (
    GONE,
    Changes,
    Draft,
    Policy,
    RecordResult,
    draft_errors,
    lock_boards,
    period_error,
    write,
)

__all__ = [
    "ListRow",
    "RecordResult",
    "ShrunkenList",
    "SourceRef",
    "record_list",
    "record_not_issued",
]


class ShrunkenList(RankingError):
    """A list lost more than half of its rows: more likely misread than true."""


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Who says it. ``kind`` is a ``SourceKind``; a later word of the same name is a correction."""

    kind: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list. ``account`` is an Account, or a name as printed.

    ``figures`` maps a figure's key to a ``Figure`` or to its JSON form
    (``value``, ``bound``, ``capped``, ``raw``).
    """

    account: Account | str
    rank: int | None = None
    tied: bool = False
    state: str = State.RANKED
    unit: str = ""
    wechat_id: str = ""
    figures: Mapping[str, Figure | Mapping[str, Any]] = field(default_factory=dict)
    note: str = ""


def figure_json(figure: Figure | Mapping[str, Any]) -> dict[str, Any]:
    """The form in which an observation keeps a figure."""
    if isinstance(figure, Figure):
        return {
            "value": figure.value,
            "bound": figure.bound,
            "capped": figure.capped,
            "raw": figure.raw,
        }
    return {name: figure[name] for name in ("value", "bound", "capped", "raw")}


def second_person(actor: Any, confirmed_by: Any) -> None:
    """Raise ``RankingError`` unless ``confirmed_by`` may confirm what ``actor`` records."""
    if confirmed_by is None:
        return
    if not confirmed_by.is_active or not confirmed_by.has_perm("rankings.confirm_observation"):
        raise RankingError(f"{confirmed_by} 没有复核名次的权限，请换一位复核人。")
    if actor is not None and actor.pk == confirmed_by.pk:
        raise RankingError("复核人不能是录入人自己，请换一位复核人。")


@transaction.atomic
def record_list(
    actor: Any,
    *,
    board: Board,
    period: Period,
    source: SourceRef,
    rows: Sequence[ListRow],
    status: str,
    origin: str,
    edition: str = Edition.FINAL,
    published: dt.date | None = None,
    list_size: int | None = None,
    method: str = "",
    capture: Any = None,
    reason: str = "",
    confirmed_by: Any = None,
    create_accounts: bool = False,
    complete: bool = False,
) -> RecordResult:
    """Record a list, or the part of it that was read.

    The same statement of the same source is left alone; a differing one becomes a new version and
    needs ``reason`` (a fetched page brings its own). ``status`` confirmed counts at once when a
    second person is named, or when a publisher's page or an official repost was fetched; otherwise
    the rows are proposals. Unknown names become unconfirmed accounts with ``create_accounts``.
    ``complete`` says that ``rows`` is the whole list: accounts that the same source ranked in the
    same edition and no longer names become absent. By itself the system does so only when at least
    half of them are still named, else ``ShrunkenList`` leaves it to a person.
    Raises ``RankingError`` for what cannot be recorded and ``PermissionDenied``.
    """
    require(actor, "record_observation")
    second_person(actor, confirmed_by)
    if error := period_error(board, period):
        raise RankingError(error)
    lock_boards([board.pk])
    resolver = account_resolver()
    drafts: dict[int | None, Draft] = {}
    for row in rows:
        account = _account(actor, row, period, resolver, create_accounts)
        draft = Draft(
            board_id=board.pk,
            period=period,
            account_id=account.pk,
            state=row.state,
            rank=row.rank,
            tied=row.tied,
            status=status,
            source_kind=source.kind,
            source_name=source.name,
            source_url=source.url,
            edition=edition,
            unit=row.unit or "",
            published=published,
            list_size=list_size,
            method=method,
            figures={key: figure_json(figure) for key, figure in row.figures.items()},
            note=row.note,
            capture_id=None if capture is None else capture.pk,
        )
        if errors := draft_errors(draft):
            raise RankingError(f"{account}：{''.join(errors)}")
        if drafts.setdefault(account.pk, draft) != draft:
            raise RankingError(f"同一期里“{account}”出现两次，内容不同，请核对后再录入。")
    gone: list[Draft] = []
    if complete:
        former = Observation.objects.in_force().filter(
            board=board,
            start=period.start,
            end=period.end,
            source_kind=source.kind,
            source_name=source.name,
            edition=edition,
            state=State.RANKED,
        )
        named, left_out = 0, []
        for old in former.order_by("pk"):
            if old.account_id in drafts:
                named += 1
            else:
                left_out.append(old)
        if actor is None and named < len(left_out):
            raise ShrunkenList(
                f"《{board}》{period.label}原有 {named + len(left_out)} 个公众号，新名单里只有其中 "
                f"{named} 个，可能没有读全，请对照原页面核对。"
            )
        gone = [
            Draft(
                board_id=board.pk,
                period=period,
                account_id=old.account_id,
                state=State.ABSENT,
                status=status,
                source_kind=source.kind,
                source_name=source.name,
                source_url=source.url,
                edition=edition,
                unit=old.unit,
                published=published or old.published,
                list_size=list_size or old.list_size,
                method=method or old.method,
                capture_id=None if capture is None else capture.pk,
                reason=reason.strip() or (GONE if origin == Origin.SCRAPE else ""),
            )
            for old in left_out
        ]
    return _record(
        actor, board, period, source, list(drafts.values()), origin, reason, confirmed_by, gone
    )


@transaction.atomic
def record_not_issued(
    actor: Any,
    *,
    board: Board,
    period: Period,
    source: SourceRef,
    status: str,
    origin: str,
    published: dt.date | None = None,
    capture: Any = None,
    note: str = "",
    reason: str = "",
    confirmed_by: Any = None,
) -> RecordResult:
    """Record that a board was not issued for a period; ``status`` as in ``record_list``.

    A suspended month needs evidence (docs/streak-rules.md §2, case 13): without a confirmed
    statement the month stays unknown. Raises ``RankingError`` and ``PermissionDenied``.
    """
    require(actor, "record_observation")
    second_person(actor, confirmed_by)
    if error := period_error(board, period):
        raise RankingError(error)
    lock_boards([board.pk])
    draft = Draft(
        board_id=board.pk,
        period=period,
        account_id=None,
        state=State.NOT_ISSUED,
        status=status,
        source_kind=source.kind,
        source_name=source.name,
        source_url=source.url,
        published=published,
        capture_id=None if capture is None else capture.pk,
        note=note,
    )
    if errors := draft_errors(draft):
        raise RankingError("".join(errors))
    return _record(actor, board, period, source, [draft], origin, reason, confirmed_by)


def _account(
    actor: Any, row: ListRow, period: Period, resolver: Resolver[Account], create: bool
) -> Account:
    if isinstance(row.account, Account):
        return row.account
    try:
        return resolver.find(row.account, period)
    except NotResolved as error:
        if not (create and error.unknown):
            raise RankingError(str(error)) from error
    account = create_account(actor, row.account, wechat_id=row.wechat_id or "")
    resolver.add(account)
    return account


def _record(
    actor: Any,
    board: Board,
    period: Period,
    source: SourceRef,
    drafts: Sequence[Draft],
    origin: str,
    reason: str,
    confirmed_by: Any,
    gone: Sequence[Draft] = (),
) -> RecordResult:
    if source.kind not in SourceKind.values:
        raise RankingError(f"不认识的来源种类“{source.kind}”。")
    changes = Changes()
    policy = Policy(actor, origin, reason.strip(), confirmed_by)
    result = write(drafts, policy, changes)
    if gone:
        retired = write(gone, policy, changes)
        result = replace(result + retired, retired=retired.corrected)
    changes.announce()
    if result.created or result.corrected:
        detail = {
            "period": str(period),
            "source": source.name,
            "origin": origin,
            "created": result.created,
            "corrected": result.corrected,
            "waiting": result.waiting,
            "reason": reason,
            "confirmed_by": str(confirmed_by) if confirmed_by else "",
        }
        if result.retired:
            detail["retired"] = result.retired
        audit.record(actor, "rankings.record", board, detail)
    return result
