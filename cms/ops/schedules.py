"""Keeps django-q2's schedule rows equal to what the apps registered."""

from django.db import DEFAULT_DB_ALIAS, transaction
from django_q.models import Schedule

from . import registry


def sync(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create or correct the rows of the registered schedules; leave other rows alone.

    ``next_run`` of a row that is already right is kept: restarting must not delay a tick.
    """
    with transaction.atomic(using=using):
        for spec in registry.schedules():
            row, created = Schedule.objects.using(using).get_or_create(
                name=spec.name,
                defaults={
                    "func": spec.func,
                    "schedule_type": Schedule.MINUTES,
                    "minutes": spec.minutes,
                    "repeats": -1,
                },
            )
            if not created and (row.func, row.minutes) != (spec.func, spec.minutes):
                row.func, row.minutes = spec.func, spec.minutes
                row.save(update_fields=["func", "minutes"])
