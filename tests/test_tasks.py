"""Wagtail's background work on django-q2: after the commit, once, and safely repeated."""

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ
from django_tasks import task
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import ReferenceIndex
from wagtail.search.models import IndexEntry

from cms import tasks
from tests.factories.articles import ArticleFactory
from tests.factories.media import ImageFactory

calls: list[int] = []


@task()
def note(number: int) -> None:
    calls.append(number)
    if number < 0 and len(calls) == 1:
        raise IntegrityError("another worker was quicker")


@pytest.fixture(autouse=True)
def nothing_called():
    calls.clear()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sent_on_commit_and_once():
    with transaction.atomic():
        note.enqueue(1)
        note.enqueue(2)
        with transaction.atomic():
            note.enqueue(1)
        assert not OrmQ.objects.exists()
    assert [item.task["args"][1] for item in OrmQ.objects.order_by("pk")] == [[1], [2]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_not_sent_when_rolled_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        note.enqueue(1)
        raise RuntimeError
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            note.enqueue(3)
            raise RuntimeError
        note.enqueue(3)
    assert [item.task["args"][1] for item in OrmQ.objects.all()] == [[3]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_block_sends_one_task_for_all_its_commits():
    with pytest.raises(LookupError), tasks.sent_together():
        for number in (1, 2):
            with transaction.atomic():
                note.enqueue(number)
        with pytest.raises(RuntimeError), transaction.atomic():
            note.enqueue(3)
            raise RuntimeError
        assert not OrmQ.objects.exists()
        raise LookupError
    (sent,) = OrmQ.objects.all()
    assert sent.task["func"] == "cms.tasks.run_all"
    tasks.run_all(*sent.task["args"])
    assert calls == [1, 2]
    with transaction.atomic():
        note.enqueue(4)
    assert OrmQ.objects.count() == 2


@pytest.mark.django_db
def test_a_clash_of_two_workers_is_repeated_once():
    tasks.run("tests.test_tasks.note", [-1], {})
    assert calls == [-1, -1]


@pytest.mark.django_db
def test_what_is_gone_needs_no_work():
    path = "modelsearch.tasks.insert_or_update_object_task"
    tasks.run(path, ["articles", "articlepage", "0"], {})


@pytest.mark.django_db
def test_who_shows_what_is_known_at_once():
    image = ImageFactory()
    article = ArticleFactory(cover=image)
    shown_by = ReferenceIndex.get_references_to(image)
    assert [int(reference.object_id) for reference in shown_by] == [article.pk]


@pytest.mark.django_db
def test_indexing_twice_keeps_one_entry():
    article = ArticleFactory()
    path = f"{insert_or_update_object_task.func.__module__}.insert_or_update_object_task"
    for _ in range(2):
        tasks.run(path, ["articles", "articlepage", str(article.pk)], {})
    assert IndexEntry.objects.filter(object_id=str(article.pk)).count() == 1
