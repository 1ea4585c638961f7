"""The page tree and the review workflow that an installation starts with."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Site, Task, Workflow, WorkflowPage, WorkflowTask

from .models import HomePage, ReadyTask, ReviewTask
from .review.stages import ROLE_OF_DIMENSION, Dimension

WORKFLOW = "三审"
READY = "待发布"


def sync_site(sender: Any, **kwargs: Any) -> None:
    """Let Wagtail know the public address of the settings, for links in mails and feeds."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.filter(is_default_site=True).update(hostname=address.hostname, port=port)
    Site.clear_site_root_paths_cache()


@transaction.atomic
def bind_workflow(sender: Any, groups: dict[str, Group], **kwargs: Any) -> Workflow:
    """Make the workflow 可信 → 可读 → 可亲 → 待发布 and bind each step to its group.

    Receives `cms.users.services.roles_synced`; safe to repeat. What an administrator has
    switched off or taken apart is put right: without it nothing can be reviewed or published.
    Rounds that were cancelled by it stay cancelled, and their texts are submitted again.
    """
    workflow = Workflow.objects.filter(name=WORKFLOW).order_by("-active", "pk").first()
    workflow = _switched_on(workflow or Workflow.objects.create(name=WORKFLOW))
    steps: list[Task] = []
    for dimension in Dimension:
        task, _ = ReviewTask.objects.get_or_create(
            dimension=dimension.value, defaults={"name": f"{dimension.label}审核"}
        )
        task.groups.set([groups[ROLE_OF_DIMENSION[dimension]]])
        steps.append(_switched_on(task))
    ready = ReadyTask.objects.first() or ReadyTask.objects.create(name=READY)
    ready.groups.set([groups["publisher"]])
    steps.append(_switched_on(ready))

    for order, task in enumerate(steps):
        WorkflowTask.objects.update_or_create(
            workflow=workflow, task_id=task.pk, defaults={"sort_order": order}
        )
    WorkflowTask.objects.filter(workflow=workflow).exclude(
        task_id__in=[task.pk for task in steps]
    ).delete()
    home = HomePage.objects.first()
    if home:
        WorkflowPage.objects.update_or_create(page_id=home.pk, defaults={"workflow": workflow})
    return workflow


def _switched_on(thing: Any) -> Any:
    """A workflow or task, active again if somebody had deactivated it."""
    if not thing.active:
        thing.active = True
        thing.save(update_fields=["active"])
    return thing


def is_workflow_whole() -> bool:
    """Whether the pages are under the workflow with its four steps, all of them active."""
    workflow = Workflow.objects.filter(name=WORKFLOW, active=True, workflow_pages__isnull=False)
    steps = WorkflowTask.objects.filter(workflow__in=workflow, task__active=True).order_by(
        "sort_order"
    )
    tasks = dict(ReviewTask.objects.values_list("dimension", "pk"))
    ready = ReadyTask.objects.values_list("pk", flat=True).first()
    return [step.task_id for step in steps] == [*map(tasks.get, Dimension.values), ready]
