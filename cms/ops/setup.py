"""What must stand beside the tables after ``migrate``: the cache table and the schedules."""

from typing import Any

from django.core.management import call_command

from . import schedules


def after_migrate(*, using: str, verbosity: int, **kwargs: Any) -> None:
    """Create the cache table (database cache only) and bring the schedules up to date."""
    call_command("createcachetable", database=using, verbosity=0)
    schedules.sync(using=using)
