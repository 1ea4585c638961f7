"""Places and units, kept by the administrator."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from cms.ops import audit

from ..access import CARRY_OUT
from ..models import Place, Unit
from .base import FeedbackRefused


@transaction.atomic
def save_place(actor: Any, place: Place) -> Place:
    """Add ``place``, or keep what was changed of it; the caller has cleaned it.

    Raises:
        FeedbackRefused: no permission.
    """
    verb = "change" if place.pk else "add"
    if not actor.has_perm(f"feedback.{verb}_place"):
        raise FeedbackRefused("地点由管理员维护，您没有这个权限。")
    place.save()
    audit.record(
        actor,
        "feedback.place_save",
        place,
        {"kind": place.get_level_display(), "in_use": "在用" if place.is_active else "停用"},
    )
    return place


@transaction.atomic
def save_unit(actor: Any, unit: Unit, people: Iterable[Any]) -> Unit:
    """Add ``unit``, or keep what was changed of it, with ``people`` as its contacts.

    Raises:
        FeedbackRefused: no permission, or one of the people has not the role.
    """
    verb = "change" if unit.pk else "add"
    if not actor.has_perm(f"feedback.{verb}_unit"):
        raise FeedbackRefused("承办单位由管理员维护，您没有这个权限。")
    people = list(people)
    for person in people:
        if not person.has_perm(CARRY_OUT):
            raise FeedbackRefused(f"{person}没有“承办单位”角色，请先在用户里给他。")
    unit.save()
    unit.people.set(people)
    audit.record(
        actor,
        "feedback.unit_save",
        unit,
        {"contacts": [str(person) for person in people]},
    )
    return unit
