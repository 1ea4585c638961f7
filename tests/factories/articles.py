"""Columns and articles in every stage, brought there by the real services."""

import json
from types import SimpleNamespace
from typing import Any

import factory
from django.utils import timezone
from wagtail.models import TaskState

from articles import gate
from articles.desk.review_form import ReviewForm
from articles.models import ArticlePage, ColumnPage, HomePage, SourceCitation
from articles.review import checklists, services
from demo.reviewing import complete_answers

from .users import one_of_each


def body(*blocks: tuple[str, Any]) -> str:
    """StreamField JSON of ``(type, value)`` pairs."""
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


class ColumnFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ColumnPage

    title = factory.Sequence(lambda n: f"栏目{n}")
    slug = factory.Sequence(lambda n: f"column-{n}")
    description = "说身边的事"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> ColumnPage:
        return HomePage.objects.get().add_child(instance=model_class(*args, **kwargs))


class ArticleFactory(factory.django.DjangoModelFactory):
    """A draft with one revision by ``writer``; ``with_sources=False`` leaves the citation out."""

    class Meta:
        model = ArticlePage

    writer = None
    column = None
    with_sources = True

    title = factory.Sequence(lambda n: f"身边事{n}")
    digest = "一件身边的小事。"
    author = "区融媒体中心"
    editor_in_charge = "值班编辑"
    kind = "story"
    live = False
    body = body(("paragraph", "<p>早上八点，社区的门开了。</p>"))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> ArticlePage:
        column = kwargs.pop("column") or ColumnFactory()
        writer = kwargs.pop("writer")
        with_sources = kwargs.pop("with_sources")
        article = model_class(*args, owner=writer, **kwargs)
        if with_sources:
            article.sources = [SourceCitation(name="株洲日报", date=timezone.localdate())]
        if article.live:
            with gate.going_live(article, article.content_digest):
                column.add_child(instance=article)
        else:
            column.add_child(instance=article)
            article.save_revision(user=writer)
        return article


def save_live(article: ArticlePage) -> None:
    """Write ``article`` over its live row, as only the services may."""
    with gate.going_live(article, article.content_digest):
        article.save()


def running_step(article: ArticlePage) -> TaskState:
    """The step of the workflow that the article waits in."""
    return ArticlePage.objects.get(pk=article.pk).current_workflow_task_state


def approve_by(article: ArticlePage, *reviewers: Any) -> None:
    """Let ``reviewers`` approve the running steps one after the other."""
    for reviewer in reviewers:
        step = running_step(article)
        services.approve(reviewer, step, comment="同意", answers=complete_answers(step))


def filled_form(step: TaskState, **changes: str) -> dict[str, str]:
    """What a reviewer who found nothing wrong posts from the desk; ``changes`` override it."""
    answers = complete_answers(step)
    rows = {
        row.question.code: row for row in ReviewForm(checklists.asked(_dimension(step)), []).rows
    }
    post = {"action": "approve", "step": str(step.pk), "slips": "0", "comment": "", "kind": "other"}
    for entry in answers.checklist:
        post[f"asked-{entry['code']}"] = rows[entry["code"]].wording
        post[f"answer-{entry['code']}"] = entry["answer"]
        post[f"note-{entry['code']}"] = entry["note"]
    for fact in answers.facts:
        post[f"checked-{fact['key']}"] = "on"
        post[f"source-{fact['key']}"] = fact["source"]
    return post | changes


def _dimension(step: TaskState) -> str:
    return step.task.specific.dimension


def under_review(**fields: Any) -> SimpleNamespace:
    """``people``, one a role, and the editor's ``article``, which waits for its first review."""
    people = one_of_each()
    article = ArticleFactory(writer=people.editor, **fields)
    services.submit(people.editor, article)
    return SimpleNamespace(people=people, article=article)
