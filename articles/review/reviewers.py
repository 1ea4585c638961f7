"""Who gives each review: the members of its groups, and their deputies of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cms.users.models import User

from . import rules
from .approvals import Behind
from .models import Deputation, ReviewTask


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may give a review; ``deputation`` when only in another's place."""

    person: User
    deputation: Deputation | None = None

    def __str__(self) -> str:
        if self.deputation is None:
            return str(self.person)
        return f"{self.person}（代{self.deputation.person}）"


def of_tasks(tasks: Iterable[ReviewTask]) -> dict[int, list[Reviewer]]:
    """Everybody whom each task admits today, by the task's id, members first.

    The same people as `ReviewTask.admits`, in four queries however many tasks and people.
    """
    tasks = list(tasks)
    groups: dict[int, set[int]] = {task.pk: set() for task in tasks}
    for task, group in ReviewTask.groups.through.objects.filter(reviewtask__in=groups).values_list(
        "reviewtask_id", "group_id"
    ):
        groups[task].add(group)
    every = set().union(*groups.values())
    memberships: dict[int, set[int]] = {}
    for person, group in User.groups.through.objects.filter(group__in=every).values_list(
        "user_id", "group_id"
    ):
        memberships.setdefault(person, set()).add(group)
    people = list(User.objects.filter(pk__in=memberships, is_active=True).order_by("pk"))
    deputations = list(
        Deputation.objects.in_force()
        .filter(dimension__in=[task.dimension for task in tasks], deputy__is_active=True)
        .select_related("person", "deputy")
        .order_by("pk")
    )
    return {
        task.pk: _of_task(task, groups[task.pk], people, memberships, deputations) for task in tasks
    }


def who_may(admitted: Iterable[Reviewer], dimension: str, behind: Behind) -> list[Reviewer]:
    """Those of ``admitted`` who may judge the text that ``behind`` tells of."""
    return [
        reviewer
        for reviewer in admitted
        if not rules.why_not_review(reviewer.person.pk, dimension, behind.authors, behind.given)
    ]


def _of_task(
    task: ReviewTask,
    groups: set[int],
    people: list[User],
    memberships: dict[int, set[int]],
    deputations: list[Deputation],
) -> list[Reviewer]:
    members = [person for person in people if memberships[person.pk] & groups]
    found: dict[Any, Reviewer] = {person.pk: Reviewer(person) for person in members}
    for deputation in deputations:
        holds = memberships.get(deputation.person_id, set()) & groups
        if deputation.dimension == task.dimension and holds:
            found.setdefault(deputation.deputy_id, Reviewer(deputation.deputy, deputation))
    return list(found.values())
