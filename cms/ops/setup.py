"""What must stand beside the tables after ``migrate``: cache table, schedules, search index."""

from typing import Any

from django.core.management import call_command

from cms.search import building

from . import schedules


def after_migrate(*, using: str, verbosity: int, **kwargs: Any) -> None:
    """Create the cache table (database cache only); bring schedules and search up to date."""
    call_command("createcachetable", database=using, verbosity=0)
    schedules.sync(using=using)
    building.build_if_needed(using=using, out=kwargs.get("stdout"))


def without_wagtails_mails(*, instance: Any, **kwargs: Any) -> None:
    """Wagtail would mail about reviews and comments itself, while the person who acts waits.

    Who is told what stands in our own table; these are Wagtail's switches for its mails.
    """
    instance.submitted_notifications = False
    instance.approved_notifications = False
    instance.rejected_notifications = False
    instance.updated_comments_notifications = False
