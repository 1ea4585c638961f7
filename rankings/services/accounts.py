"""Creating and renaming accounts and boards."""

import datetime as dt
import hashlib
from typing import Any

from django.core.validators import validate_slug
from django.db import transaction
from django.utils.text import slugify

from cms.ops import audit

from ..models import Account, AccountName, Board, NameKind, PeriodKind
from .errors import RankingError, require

KEY_LIMIT = Account._meta.get_field("key").max_length


def _free_key(
    model: type[Account] | type[Board], wished: str, name: str, prefix: str, exact: str = ""
) -> str:
    """A key nobody has: from ``wished`` where that is ASCII, else from a digest of ``name``.

    ``exact`` is taken as it is. Raises ``RankingError`` where somebody has it or it is none.
    """
    if exact:
        if validate_slug.regex.fullmatch(exact) is None or len(exact) > KEY_LIMIT:
            raise RankingError(f"“{exact[:20]}”不能作编号，请只用英文字母、数字和连字符。")
        if model.objects.filter(key=exact).exists():
            raise RankingError(f"编号“{exact}”已经有了，请换一个。")
        return exact
    base = slugify(wished)[:50] or f"{prefix}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    key, number = base, 2
    while model.objects.filter(key=key).exists():
        key, number = f"{base}-{number}", number + 1
    return key


@transaction.atomic
def create_account(
    actor: Any, name: str, *, wechat_id: str = "", confirmed: bool = False, key: str = ""
) -> Account:
    """Add an account under a name as printed; an unconfirmed one waits for a person.

    Raises ``RankingError`` for a name that is empty or too long, or a ``key`` that is taken.
    """
    require(actor, "record_observation", "import_rankings", "add_account")
    name = name.strip()
    _check_length(name, Account._meta.get_field("name").max_length, "公众号名称")
    _check_length(wechat_id, Account._meta.get_field("wechat_id").max_length, "微信号", empty=True)
    account = Account.objects.create(
        key=_free_key(Account, wechat_id, name, "a", key),
        name=name,
        wechat_id=wechat_id,
        confirmed=confirmed,
    )
    audit.record(actor, "rankings.account.create", account, {"confirmed": confirmed})
    return account


@transaction.atomic
def create_board(
    actor: Any, name: str, *, period_kind: str = PeriodKind.MONTH, key: str = ""
) -> Board:
    """Add a board under a name as printed; publisher and scope are filled in by a person.

    Raises ``RankingError`` for a name that is empty or too long, or a ``key`` that is taken.
    """
    require(actor, "record_observation", "import_rankings", "add_board")
    name = name.strip()
    _check_length(name, Board._meta.get_field("name").max_length, "榜单名称")
    board = Board.objects.create(
        key=_free_key(Board, "", name, "b", key), name=name, period_kind=period_kind
    )
    audit.record(actor, "rankings.board.create", board)
    return board


def _check_length(text: str, limit: int | None, label: str, *, empty: bool = False) -> None:
    if not text and not empty:
        raise RankingError(f"{label}不能为空。")
    if limit is not None and len(text) > limit:
        raise RankingError(f"{label}太长（{len(text)} 字），最多 {limit} 字。")


@transaction.atomic
def rename_account(actor: Any, account: Account, name: str, from_date: dt.date) -> AccountName:
    """Give an account a new name from a day on; the old one ends the day before.

    Identity is the account, not its name: streaks pass through (docs/streak-rules.md §2, case 5).
    Raises ``RankingError`` when the name is the present one or the day is not after the day on
    which the present name began.
    """
    require(actor, "record_observation", "change_account")
    account = Account.objects.select_for_update().get(pk=account.pk)
    name = name.strip()
    _check_length(name, Account._meta.get_field("name").max_length, "公众号名称")
    if name == account.name:
        raise RankingError(f"“{name}”就是现用名称，请填写新的名称。")
    held = account.names.filter(kind=NameKind.NAME, valid_to=None).last()
    if held is not None:
        if held.valid_from is not None and held.valid_from >= from_date:
            raise RankingError(
                f"现用名称“{held.name}”自 {held.valid_from} 起使用，改名日期必须晚于这一天。"
            )
        held.valid_to = from_date - dt.timedelta(days=1)
        held.save(update_fields=["valid_to"])
    row = AccountName.objects.create(account=account, name=name, valid_from=from_date)
    old, account.name = account.name, name
    account.save(update_fields=["name"])
    audit.record(
        actor, "rankings.account.rename", account, {"from": old, "to": name, "date": from_date}
    )
    return row
