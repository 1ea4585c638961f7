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

    Receives `cms.users.services.roles_synced`; safe to repeat.
    """
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    steps: list[Task] = []
    for dimension in Dimension:
        task, _ = ReviewTask.objects.get_or_create(
            dimension=dimension.value, defaults={"name": f"{dimension.label}审核"}
        )
        task.groups.set([groups[ROLE_OF_DIMENSION[dimension]]])
        steps.append(task)
    ready = ReadyTask.objects.first() or ReadyTask.objects.create(name=READY)
    ready.groups.set([groups["publisher"]])
    steps.append(ready)

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
