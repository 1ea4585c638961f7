"""Raising alerts, and noticing what a recording is news of.

What is news is decided by ``rankings.alerts``. It is looked for in the transaction that records, so
that news and records stand or fall together; what only the clock knows (a list that does not come)
and what another transaction may have left behind is looked for by ``check_alerts``.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from .. import alerts, lateness, lineage, queries, streaks
from ..alerts import AccountInfo, AlertDraft, BoardInfo, Listed
from ..models import (
    Account,
    Alert,
    AlertKind,
    AlertLevel,
    Board,
    BoardLink,
    LinkStatus,
    Observation,
    PeriodKind,
    Watch,
)
from ..periods import SHANGHAI, Month
from . import alert_mail

EXAMPLE_MARK = "〔示例〕"
_LONGEST = Alert._meta.get_field("message").max_length
_STATEMENT = (
    "month",
    "account_id",
    "state",
    "rank",
    "tied",
    "status",
    "source_kind",
    "edition",
)


# --- raising --------------------------------------------------------------------------------------


@transaction.atomic
def raise_alert(
    kind: str,
    key: str,
    level: str,
    message: str,
    *,
    board: Board | None = None,
    account: Account | None = None,
    month: int | None = None,
    url: str = "",
) -> Alert | None:
    """Tell the office something once; answers None when ``key`` was told before.

    ``month`` is a month index, ``url`` a path of this site. News of an example board is marked and
    never mailed. Who wants it by mail is written down in the same transaction; the mail itself is
    sent by the worker.
    """
    example = board is not None and board.is_example
    alert, created = Alert.objects.get_or_create(
        key=key,
        defaults={
            "kind": AlertKind(kind),
            "level": AlertLevel(level),
            "board": board,
            "account": account,
            "month": month,
            "message": _shown(message, example),
            "url": url,
        },
    )
    if not created:
        return None
    if not example:
        alert_mail.address(alert)
    return alert


def settle(alerts_told: Iterable[Alert], words: str) -> None:
    """Say on alerts that the matter is over, dated, once: ``〔2019-09-02 已入库〕…``."""
    today = timezone.now().astimezone(SHANGHAI).date()
    for alert in alerts_told:
        if not alert.message.startswith("〔20"):
            alert.message = _shown(f"〔{today:%Y-%m-%d} {words}〕{alert.message}", example=False)
            alert.save(update_fields=["message"])


def _shown(message: str, example: bool) -> str:
    """One line without control characters, marked where it is an example's, as long as fits."""
    plain = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in message)
    text = f"{EXAMPLE_MARK}{plain}" if example else plain
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


# --- noticing what a recording changes ------------------------------------------------------------


@dataclass(slots=True)
class _View:
    """A board as it stood when a transaction first touched its record."""

    board: Board
    ours: Account | None
    watches: list[Watch]
    before: streaks.Record
    own: bool
    months: set[int] = field(default_factory=set)
    newest: Observation | None = None

    @property
    def tracked(self) -> list[int]:
        watched = [watch.account_id for watch in self.watches]
        return watched if self.ours is None else [self.ours.pk, *watched]


class Noticing:
    """What one transaction changes. ``look`` before the rows change, ``tell`` after they did."""

    def __init__(self) -> None:
        self._views: dict[int, dict[int, _View]] = {}

    def look(self, board_id: int, month: int | None, row: Observation | None = None) -> None:
        """Remember the record of the board, and of those that continue it, before it changes.

        ``month`` None stands for a period that is no month: nothing of it is news. ``row`` is the
        statement that changes; its number tells this change from later ones.
        """
        if month is None:
            return
        views = self._views.get(board_id)
        if views is None:
            views = self._views[board_id] = _views(board_id)
        for view in views.values():
            view.months.add(month)
            view.newest = row or view.newest

    def tell(self, change_id: str = "") -> None:
        """Raise what is news. ``change_id`` names the change where it is no statement's."""
        for views in self._views.values():
            for view in views.values():
                _tell(view, change_id or str(view.newest.pk if view.newest else ""))
        self._views = {}


def _views(board_id: int) -> dict[int, _View]:
    """The board's own view, and those of the boards whose record contains its months."""
    links = list(BoardLink.objects.filter(status=LinkStatus.CONFIRMED))
    ids = lineage.continued_by([board_id], links)
    boards = Board.objects.filter(pk__in=ids, period_kind=PeriodKind.MONTH).order_by("pk")
    ours = Account.objects.filter(is_ours=True).first()
    watches = list(Watch.objects.filter(board__in=ids).select_related("account"))
    found = {}
    for board in boards:
        own = [watch for watch in watches if watch.board_id == board.pk]
        subject = _stand_in(board) if board.is_example else ours
        view = _View(board, subject, own, streaks.Record(), board.pk == board_id)
        view.before = decisive_record(board, view.tracked)
        found[board.pk] = view
    return found


def _stand_in(board: Board) -> Account | None:
    """Whose news an example board tells: ours is not on it, so the one that was first most often.

    An account that is ours in truth comes first even there.
    """
    first = (
        Observation.objects.in_force()
        .filter(board=board, rank=1)
        .values("account", "account__is_ours")
        .annotate(months=Count("pk"))
        .order_by("-account__is_ours", "-months", "account")
        .first()
    )
    return None if first is None else Account.objects.get(pk=first["account"])


def decisive_record(board: Board, accounts: Iterable[int]) -> streaks.Record:
    """The record of a board as far as ``accounts`` are concerned.

    It reads their own statements, first places, and months in which somebody says that the board
    was not issued; of a list of thousands no more than these decide the states of the accounts.
    """
    line = queries.lineage_of(board)
    record = (
        Observation.objects.in_force()
        .filter(queries.in_lineage(line), month__isnull=False)
        .order_by()
        .values_list("pk", *_STATEMENT)
    )
    # Apart, since each finds its rows by an index of its own; a statement may be in several.
    # Without an account is what says that the board was not issued, and nothing else.
    parts = [
        record.filter(account__in=list(accounts)),
        record.filter(rank=1),
        record.filter(account=None),
    ]
    rows = {row[0]: row[1:] for part in parts for row in part}
    stopped = {row[0] for row in rows.values() if row[1] is None}
    if stopped:
        rows |= {row[0]: row[1:] for row in record.filter(month__in=stopped)}
    return streaks.resolve(rows.values(), line.cuts)


def _tell(view: _View, change_id: str) -> None:
    if not view.months:
        return
    if view.ours is None and view.board.is_example:
        view.ours = _stand_in(view.board)
    change = alerts.Change(
        BoardInfo(view.board.pk, view.board.name),
        view.before,
        decisive_record(view.board, view.tracked),
        frozenset(view.months),
        change_id,
    )
    ours = view.ours and AccountInfo(view.ours.pk, view.ours.name)
    accounts = {watch.account_id: watch.account for watch in view.watches}
    if view.ours is not None:
        accounts[view.ours.pk] = view.ours
    fresh = _fresh(view, change) if view.own else []
    drafts: list[AlertDraft] = []
    for month in fresh:
        drafts += _month_drafts(view, change, month, ours, accounts)
    if ours is not None:
        drafts += alerts.milestones(change, ours, fresh)
    lost = {draft.account for draft in drafts if draft.kind == AlertKind.LOST_FIRST}
    for pk, account in accounts.items():
        is_ours = ours is not None and pk == ours.pk
        if pk in lost and change.months <= set(fresh):
            continue  # told already, as what it is
        draft = alerts.streak_changed(change, AccountInfo(pk, account.name, ours=is_ours))
        if draft is not None:
            drafts.append(draft)
    for draft in drafts:
        account = accounts.get(draft.account)
        raise_alert(
            draft.kind,
            draft.key,
            draft.level,
            draft.message,
            board=view.board,
            account=account,
            month=draft.month,
            url=_address(view.board, account, draft.month),
        )


def _fresh(view: _View, change: alerts.Change) -> list[int]:
    today = timezone.now().astimezone(SHANGHAI).date()
    if len(view.months) > alerts.BULK_MONTHS:
        return []
    days = _published(view.board, view.months)
    return alerts.fresh_months(change.after, view.months, today, days)


def _published(board: Board, months: Iterable[int]) -> dict[int, dt.date]:
    """The first day on which a source dates each month's list, where one does."""
    dated = (
        Observation.objects.in_force()
        .filter(board=board, month__in=list(months), published__isnull=False)
        .order_by()
        .values_list("month")
        .annotate(Min("published"))
    )
    return dict(dated)


def _month_drafts(
    view: _View,
    change: alerts.Change,
    month: int,
    ours: AccountInfo | None,
    accounts: Mapping[int, Account],
) -> list[AlertDraft]:
    """The news of one new list."""
    earlier = _list_before(change.after, month)
    listed = _listed(view.board, change.after, accounts, [month, *([earlier] if earlier else [])])
    nobody = Listed()
    place = listed.get((month, ours.pk), nobody) if ours else nobody
    drafts = []
    out = alerts.month_out(change, month, ours, place, _days_late(view.board, month))
    if out is not None and not _reword(out, view.board) and _is_out_now(change, month):
        drafts.append(out)
        _close_late(view.board, month)
    if ours is None:
        return drafts
    drafts.append(alerts.lost_first(change, month, ours, place))
    drafts.append(alerts.tie(change, month, ours, _names(change.after, month)))
    for watch in view.watches:
        if watch.account_id == ours.pk:
            continue
        before = None
        if earlier is not None:
            before = (
                listed.get((earlier, ours.pk), nobody),
                listed.get((earlier, watch.account_id), nobody),
            )
        drafts.append(
            alerts.close_competitor(
                change,
                month,
                ours,
                AccountInfo(watch.account_id, watch.account.name, ours=False),
                watch.margin,
                (place, listed.get((month, watch.account_id), nobody)),
                before,
            )
        )
    return [draft for draft in drafts if draft is not None]


def _is_out_now(change: alerts.Change, month: int) -> bool:
    """Whether this transaction brought the month's list, or the word that there is none."""
    before = change.before.months.get(month)
    return before is None or before.suspended != change.after.months[month].suspended


def _reword(draft: AlertDraft, board: Board) -> bool:
    """A list that comes in pieces is one piece of news, whose words follow what is known.

    Answers whether it was told before.
    """
    told = Alert.objects.filter(key=draft.key)
    return bool(told.update(message=_shown(draft.message, board.is_example)))


def _close_late(board: Board, month: int) -> None:
    """Say on 榜单迟发 that the list has come."""
    settle(Alert.objects.filter(kind=AlertKind.LATE, board=board, month=month), "已入库")


def _days_late(board: Board, month: int) -> int:
    """By how many days a list is dated after the usual day; 0 where either is not known."""
    day = _published(board, [month]).get(month)
    if day is None or board.issue_day is None:
        return 0
    usual = lateness.expected_by(Month.from_index(month), board.issue_day, 0)
    return max(0, (day - usual).days)


def _list_before(record: streaks.Record, month: int) -> int | None:
    """The month before, suspended ones stepped over; None when nothing is on record of it."""
    earlier = month - 1
    while earlier in record.months and record.months[earlier].suspended:
        earlier -= 1
    return earlier if earlier in record.months else None


def _listed(
    board: Board, record: streaks.Record, accounts: Iterable[int], months: Iterable[int]
) -> dict[tuple[int, int], Listed]:
    """What the lists of ``months`` say of ``accounts``, by (month, account); one query."""
    from ..reports import place_of

    rows: dict[tuple[int, int], list[Observation]] = {}
    about = Observation.objects.in_force().filter(
        queries.in_lineage(queries.lineage_of(board)),
        month__in=list(months),
        account__in=list(accounts),
    )
    for row in about:
        rows.setdefault((row.month, row.account_id), []).append(row)
    found = {}
    for (month, account), statements in rows.items():
        place = place_of(record.state(account, month), statements)
        index = None if place.source is None else _exact(place.source.figures.get("index"))
        found[month, account] = Listed(place.rank, place.tied, place.reported, index)
    return found


def _exact(figure: Mapping[str, Any] | None) -> Decimal | None:
    """The printed number, unless it is a bound or capped."""
    if not figure or figure.get("value") is None:
        return None
    if figure.get("bound") != "exact" or figure.get("capped"):
        return None
    try:
        return Decimal(str(figure["value"]))
    except InvalidOperation:
        return None


def _names(record: streaks.Record, month: int) -> dict[int, str]:
    """The names of those tied first."""
    states = record.months.get(month, streaks.MonthStates())
    tied = [pk for pk, state in states.of.items() if state == streaks.TIED]
    return dict(Account.objects.filter(pk__in=tied).values_list("pk", "name")) if tied else {}


def _address(board: Board, account: Account | None, month: int | None) -> str:
    """Where to look: the month behind the news."""
    if month is None:
        return reverse("rankings:board_table", args=[board.key])
    when = str(Month.from_index(month))
    if account is None:
        return reverse("rankings:month_table", args=[board.key, when])
    return reverse("rankings:month_detail", args=[board.key, account.key, when])
