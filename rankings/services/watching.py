"""Reading alerts, and the accounts that are watched."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from cms.ops import audit

from ..models import Account, Alert, AlertReading, Board, Watch
from .errors import RankingError, require


def alerts_for(person: Any) -> QuerySet[Alert]:
    """Every alert, with ``is_read``: whether ``person`` has read it.

    What was told before somebody joined is no news to them.
    """
    read = AlertReading.objects.filter(alert=OuterRef("pk"), user=person)
    return Alert.objects.annotate(is_read=Exists(read)).select_related("board", "account")


def unread_for(person: Any) -> QuerySet[Alert]:
    """What ``person`` has yet to read, newest first."""
    return alerts_for(person).filter(is_read=False, created_at__gte=person.date_joined)


@transaction.atomic
def mark_read(person: Any, alerts: QuerySet[Alert]) -> int:
    """Note that ``person`` has read ``alerts``; answers how many were unread until now."""
    require(person, "view_report")
    wanted = unread_for(person).filter(pk__in=alerts.order_by().values("pk"))
    readings = [AlertReading(alert=alert, user=person) for alert in wanted]
    AlertReading.objects.bulk_create(readings, ignore_conflicts=True, batch_size=500)
    return len(readings)


def add_watch(actor: Any, board: Board, account: Account, margin: Decimal | None = None) -> Watch:
    """Watch ``account`` on ``board``. Raises ``PermissionDenied`` and ``RankingError``."""
    require(actor, "watch_account")
    if not board.is_monthly:
        raise RankingError(f"《{board}》不是月榜，不能比较各期名次，请换一个月榜。")
    if account.is_ours:
        raise RankingError(f"“{account}”就是本账号，不用关注，它的消息一定会提醒。")
    if margin is not None and margin < 0:
        raise RankingError("指数差距不能是负数。")
    try:
        with transaction.atomic():
            watch = Watch.objects.create(
                board=board, account=account, margin=margin, added_by=actor
            )
            audit.record(actor, "rankings.watch.add", watch, {"margin": _text(margin)})
    except IntegrityError as error:
        if not Watch.objects.filter(board=board, account=account).exists():
            raise
        raise RankingError(f"“{account}”在《{board}》上已经关注了。") from error
    return watch


@transaction.atomic
def change_watch(actor: Any, watch: Watch, margin: Decimal | None) -> Watch:
    """Another margin. Raises ``PermissionDenied`` and ``RankingError``."""
    require(actor, "watch_account")
    if margin is not None and margin < 0:
        raise RankingError("指数差距不能是负数。")
    held = Watch.objects.select_for_update(of=("self",)).filter(pk=watch.pk).first()
    if held is None:
        raise RankingError("这项关注已经取消了，请刷新页面。")
    if held.margin != margin:
        audit.record(
            actor,
            "rankings.watch.change",
            held,
            {"from": _text(held.margin), "to": _text(margin)},
        )
        held.margin = margin
        held.save(update_fields=["margin"])
    return held


@transaction.atomic
def remove_watch(actor: Any, watch: Watch) -> None:
    """Stop watching. What was told stays. Raises ``PermissionDenied`` and ``RankingError``."""
    require(actor, "watch_account")
    held = Watch.objects.select_for_update(of=("self",)).filter(pk=watch.pk).first()
    if held is None:
        raise RankingError("这项关注已经取消了，请刷新页面。")
    audit.record(actor, "rankings.watch.remove", held)
    held.delete()


def _text(margin: Decimal | None) -> str:
    return "" if margin is None else str(margin)
