"""Columns and articles in every stage, brought there by the real services."""

import json
from typing import Any

import factory
from django.utils import timezone
from wagtail.models import TaskState

from articles.models import ArticlePage, ColumnPage, HomePage, SourceCitation
from articles.review import services
from demo.reviewing import complete_answers


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
        column.add_child(instance=article)
        if not article.live:
            article.save_revision(user=writer)
        return article


def running_step(article: ArticlePage) -> TaskState:
    """The step of the workflow that the article waits in."""
    return ArticlePage.objects.get(pk=article.pk).current_workflow_task_state


def approve_by(article: ArticlePage, *reviewers: Any) -> None:
    """Let ``reviewers`` approve the running steps one after the other."""
    for reviewer in reviewers:
        step = running_step(article)
        services.approve(reviewer, step, comment="同意", answers=complete_answers(step))
