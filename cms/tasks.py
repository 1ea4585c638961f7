"""A django-tasks backend that runs on django-q2, so that the project has one queue.

Wagtail hands its background work (search index, file deletion, cache purging) to django-tasks.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.tasks import async_task
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.signals import task_enqueued
from django_tasks.utils import get_module_path, get_random_id, normalize_json

logger = logging.getLogger(__name__)

# Who shows what must be known in the transaction that changes it: the mirror computes
# the pages to render from the reference index.
AT_ONCE = frozenset({"wagtail.tasks.update_reference_index_task"})


def run(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Run the task function at ``path`` in the worker.

    An object deleted since it was queued needs no work any more, so its absence is no failure.
    Two workers that index one object at the same moment both find no entry and both add one; the
    second run finds the other's and updates it.
    """
    task: Task = import_string(path)
    try:
        try:
            with transaction.atomic():
                task.call(*args, **kwargs)
        except IntegrityError:
            logger.info("%s: %s was written by another worker, once more", path, args)
            task.call(*args, **kwargs)
    except ObjectDoesNotExist:
        logger.info("%s: %s is gone, nothing to do", path, args)


def run_all(path: str, calls: list[tuple[list[Any], dict[str, Any]]]) -> None:
    """Run the task function at ``path`` once for each of ``calls``, as `run` does."""
    for args, kwargs in calls:
        run(path, args, kwargs)


@contextmanager
def sent_together() -> Iterator[None]:
    """Send what is committed in this block as one task for each function, at its end.

    For work on many objects: a thousand tasks take longer to write than what they do. What was
    committed is sent also when the block ends with an exception.
    """
    waiting: list[_Sending] = []
    token = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(token)
        by_path: dict[str, list[_Sending]] = {}
        for sending in waiting:
            by_path.setdefault(sending.path, []).append(sending)
        for path, of_path in by_path.items():
            calls = [(sending.args, sending.kwargs) for sending in of_path]
            async_task("cms.tasks.run_all", path, calls, task_name=of_path[0].name)


@dataclass(frozen=True)
class _Sending:
    """A task on its way to the queue; equal ones of a transaction are sent once."""

    path: str
    args: list[Any]
    kwargs: dict[str, Any]

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def __call__(self) -> None:
        if (together := _together.get()) is not None:
            together.append(self)
        else:
            async_task("cms.tasks.run", self.path, self.args, self.kwargs, task_name=self.name)


_together: ContextVar[list[_Sending] | None] = ContextVar("together", default=None)


class DjangoQBackend(BaseTaskBackend):
    """Enqueues on commit: a worker never sees rows that may yet be rolled back."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        result = TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        path = get_module_path(task.func)
        if path in AT_ONCE:
            task.call(*args, **kwargs)
            return result
        sending = _Sending(path, normalize_json(list(args)), normalize_json(dict(kwargs)))
        connection = transaction.get_connection()
        # Saving an article touches it several times; each time Wagtail asks for the same work.
        if not any(waiting == sending for _, waiting, *_ in connection.run_on_commit):
            transaction.on_commit(sending)
        task_enqueued.send(type(self), task_result=result)
        return result
