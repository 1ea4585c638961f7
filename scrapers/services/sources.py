"""Saving sources."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.ops import audit

from .. import checking
from ..models import Source


def save_source(actor: Any, save: Callable[[], Source], *, created: bool) -> Source:
    """Save what a checked form holds, with an audit entry; ``save`` answers the saved source.

    Raises ``PermissionDenied``.
    """
    needed = "scrapers.add_source" if created else "scrapers.change_source"
    if not actor.has_perm(needed):
        raise PermissionDenied("您没有修改来源的权限。")
    with transaction.atomic():
        source = save()
        detail = {
            field: getattr(source, field)
            for field in (
                "source_kind",
                "address",
                "index_address",
                "title_pattern",
                "selector",
                "allowed_hosts",
                "days",
                "hour",
                "active",
            )
        }
        detail["boards"] = [str(row) for row in source.boards.all()]
        audit.record(actor, "source.create" if created else "source.change", source, detail)
    return source


def rules_of(source: Source) -> list[checking.Rule]:
    """The source's headings as plain rules."""
    return [
        checking.Rule(
            heading=row.heading,
            board=row.board_id,
            label=str(row.board or "不入库"),
            list_size=row.board.list_size if row.board else None,
        )
        for row in source.boards.select_related("board")
    ]
