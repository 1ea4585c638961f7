"""Other names under which sources print accounts and boards."""

import datetime as dt
from typing import Any

from django.db import transaction

from cms.ops import audit

from ..models import Account, AccountName, Board, BoardAlias, NameKind
from ..resolve import matching_form
from .errors import RankingError, require

Alias = AccountName | BoardAlias


@transaction.atomic
def add_alias(
    actor: Any,
    thing: Account | Board,
    name: str,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Alias:
    """Let an account or a board be found by another name; an open bound is None.

    Raises ``RankingError`` when the name is empty, too long, already borne by the thing, or ends
    before it begins. A name that two things bear is allowed: sources then have to write the key.
    """
    model = type(thing)
    kind = model._meta.model_name
    require(actor, "record_observation", f"change_{kind}")
    thing = model.objects.select_for_update().get(pk=thing.pk)
    name = name.strip()
    limit = AccountName._meta.get_field("name").max_length
    if not matching_form(name):
        raise RankingError("请填写别名。")
    if len(name) > limit:
        raise RankingError(f"别名太长（{len(name)} 字），最多 {limit} 字。")
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise RankingError("截止日期不能早于起始日期。")
    names = thing.names if isinstance(thing, Account) else thing.aliases
    borne = {matching_form(thing.name), *map(matching_form, names.values_list("name", flat=True))}
    if matching_form(name) in borne:
        raise RankingError(f"“{thing.name}”已经可以用“{name}”找到，不需要再添加。")
    fields = {"name": name, "valid_from": valid_from, "valid_to": valid_to}
    if isinstance(thing, Account):
        alias = AccountName.objects.create(account=thing, kind=NameKind.ALIAS, **fields)
    else:
        alias = BoardAlias.objects.create(board=thing, **fields)
    audit.record(actor, f"rankings.{kind}.alias", thing, {"added": name})
    return alias


@transaction.atomic
def remove_alias(actor: Any, alias: Alias) -> None:
    """Take an alias away again; recorded statements stay. Raises ``RankingError`` for a name."""
    thing = alias.account if isinstance(alias, AccountName) else alias.board
    kind = thing._meta.model_name
    require(actor, "record_observation", f"change_{kind}")
    if isinstance(alias, AccountName) and alias.kind != NameKind.ALIAS:
        raise RankingError("正式名称是历史记录，不能删除。")
    name = alias.name
    alias.delete()
    audit.record(actor, f"rankings.{kind}.alias", thing, {"removed": name})
