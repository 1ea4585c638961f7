"""What waits for whom."""

from typing import Any

from django.db.models import Q

from cms.users.holders import holders

from .access import APPROVE, CARRY_OUT, HANDLE, visible_to
from .models import Publication, State, Unit
from .models.messages import UNFINISHED, MessageQuerySet

OFFICE = (State.RECEIVED, State.ACCEPTED, State.REPORTED, State.SUPERVISED)
EXTENSION = Q(extension_asked_at__isnull=False, extension_decided_at=None)


def waiting_for(person: Any) -> MessageQuerySet:
    """The messages ``person`` can bring on: by their role, not what four eyes leave to others."""
    wanted = Q(pk=None)
    if person.has_perm(HANDLE):
        wanted |= Q(state__in=OFFICE) & ~Q(state=State.REPORTED, reported_by=person)
        reporters = holders(CARRY_OUT).values("pk")
        with_people = Unit.objects.filter(people__in=reporters).values("pk")
        wanted |= Q(state=State.ASSIGNED) & ~Q(unit__in=with_people)
    if person.has_perm(APPROVE):
        wanted |= Q(state=State.DRAFTED) & ~Q(answer_by=person)
        wanted |= EXTENSION & Q(state__in=UNFINISHED) & ~Q(extension_asked_by=person)
        wanted |= Q(publication=Publication.PREPARED) & ~Q(public_by=person)
    if person.has_perm(CARRY_OUT):
        wanted |= Q(state=State.ASSIGNED, unit__in=person.feedback_units.all())
    return visible_to(person).filter(wanted).distinct()
