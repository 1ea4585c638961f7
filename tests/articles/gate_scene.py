"""A site with a text in every stage, and what readers of it see; for the proofs about the gate."""

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from articles import publishing
from articles.models import ArticlePage, ColumnPage, HomePage
from articles.release.withdrawal import withdraw
from articles.review import services
from cms.users.roles import ROLES
from media.models import CustomImage
from tests.factories.articles import ArticleFactory, ColumnFactory, approve_by, body
from tests.factories.media import ImageFactory
from tests.factories.users import UserFactory, one_of_each

ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
COLUMNS = [*(role.key for role in ROLES), "superuser", "superuser everywhere"]
CHINESE = re.compile(r"[\u4e00-\u9fff]{3,}")


class Scene(SimpleNamespace):
    """Rows are read when they are asked for; after `forget` anew, for objects may be changed."""

    def forget(self) -> None:
        for name, thing in list(vars(self).items()):
            if isinstance(thing, Page | CustomImage):
                self.rows[name] = type(thing), thing.pk
                delattr(self, name)

    def __getattr__(self, name: str) -> Any:
        if name not in (rows := vars(self).get("rows", {})):
            raise AttributeError(name)
        model, pk = rows[name]
        setattr(self, name, model.objects.get(pk=pk))
        return vars(self)[name]


def make() -> Scene:
    """People of every role, a superuser, and one who is in all groups as well; and texts.

    ``draft`` was never sent in; ``reviewing`` waits for its first review, ``ready`` for a time,
    ``scheduled`` for tomorrow; ``live`` is public and has an unreviewed change; ``withdrawn`` was
    public with all its approvals until it was taken down.
    """
    s = Scene(people=vars(one_of_each()), rows={})
    s.writer = UserFactory(roles=["editor"])
    s.reviewers = [
        UserFactory(roles=[f"reviewer_{name}"]) for name in ("credible", "readable", "approachable")
    ]
    s.publisher = UserFactory(roles=["publisher"])
    s.people["superuser"] = UserFactory(is_superuser=True)
    s.people["superuser everywhere"] = UserFactory(is_superuser=True, roles=[r.key for r in ROLES])
    s.image = ImageFactory()
    s.home = HomePage.objects.get()
    s.column = ColumnFactory(title="身边", slug="around")
    s.other_column = ColumnFactory(title="小区", slug="estate")
    pictures = body(("picture", {"image": s.image.pk, "caption": "", "alt_text": ""}))
    s.live = _article(s, "已公开", body=pictures)
    _approve(s, s.live)
    publishing.publish_now(s.publisher, s.live)
    s.live = again(s.live)
    change(s.live, s.writer, "没人审过的改动")
    s.withdrawn = _article(s, "撤下", column=s.other_column)
    _approve(s, s.withdrawn)
    publishing.publish_now(s.publisher, s.withdrawn)
    withdraw(s.publisher, s.withdrawn, "wrong", "数字写错了，先撤下")
    s.draft = _article(s, "草稿")
    s.reviewing = _article(s, "在审")
    services.submit(s.writer, s.reviewing)
    s.ready = _article(s, "待发")
    _approve(s, s.ready)
    s.scheduled = _article(s, "定时")
    _approve(s, s.scheduled)
    s.at = timezone.now() + timedelta(days=1)
    publishing.schedule(s.publisher, s.scheduled, s.at)
    s.forget()
    s.addresses = [page.url for page in (s.home, s.column, s.live, s.withdrawn, s.draft)]
    s.forget()
    return s


def _article(s: Scene, title: str, **fields: Any) -> ArticlePage:
    return ArticleFactory(**{"writer": s.writer, "column": s.column, "title": title, **fields})


def _approve(s: Scene, article: ArticlePage) -> None:
    services.submit(s.writer, article)
    approve_by(article, *s.reviewers)


def again(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


def change(page: Any, person: Any, title: str) -> Any:
    """A revision by ``person`` with another title."""
    text = again(page).get_latest_revision_as_object()
    text.title = title
    return text.save_revision(user=person)


def what_readers_see(s: Scene) -> dict[str, Any]:
    """Every live text by its digest, and the answers at the addresses of the site."""
    seen: dict[str, Any] = {
        f"article {article.pk}": (article.content_digest, article.first_published_at)
        for article in ArticlePage.objects.live()
    }
    for page in Page.objects.live().type(HomePage, ColumnPage).specific():
        words = (page.title, page.slug, getattr(page, "tagline", ""))
        seen[f"frame {page.pk}"] = (*words, getattr(page, "description", ""))
    for image in CustomImage.objects.all():
        seen[f"image {image.pk}"] = (image.file.name, *image.shown_words())
    reader = Client()
    for address in s.addresses:
        answer = reader.get(address)
        seen[address] = (answer.status_code, answer.content)
    return seen


def changes(before: dict[str, Any], s: Scene) -> list[str]:
    """What readers see otherwise than ``before``."""
    after = what_readers_see(s)
    return [
        f"readers see another {name}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def refusal_of(attempt: Callable, s: Scene, person: Any) -> str:
    """Why it was refused, with all that it did taken back; empty when it was not."""
    try:
        with transaction.atomic():
            attempt(s, person)
        return ""
    except PermissionDenied as error:
        return str(error) or "without words"


class Writes:
    """Whether anything was written into the database; when not, readers see what they saw."""

    READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")

    def __enter__(self) -> "Writes":
        self.any = False
        self._wrapper = connection.execute_wrapper(self._watch)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._wrapper.__exit__(*error)

    def _watch(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.any |= not sql.lstrip("( ").upper().startswith(self.READS)
        return execute(sql, *rest)


def why_not_told(answer: Any) -> str:
    """Empty when whoever pressed the button got a Chinese sentence, on a page or on its way."""
    if answer.status_code not in (200, 302, 403, 404, 409):
        return f"answered {answer.status_code}"
    if "json" in answer.get("Content-Type", ""):
        return ""  # the admin's own API answers machines
    if answer.status_code == 302:
        words = messages = " ".join(map(str, get_messages(answer.wsgi_request)))
    else:
        page = BeautifulSoup(answer.content, "lxml")
        words = page.select_one("main, .notice-page, body").get_text(" ", strip=True)
        messages = " ".join(part.get_text(" ", strip=True) for part in page.select(".messages"))
    if english := ENGLISH.search(messages):
        return f"English: {english.group()}"
    return "" if CHINESE.search(words) else f"no sentence: {words[:200]}"


def what_got_round(
    s: Scene, ways: dict[str, Callable[[Scene, Any], Any]], harmless: Collection[str]
) -> list[str]:
    """What is wrong when everybody tries each of ``ways`` alone, each try taken back again.

    A way is refused with a sentence, or it is ``harmless`` and readers see what they saw before.
    """
    before = what_readers_see(s)
    failed = []
    for role in COLUMNS:
        for way, attempt in ways.items():
            with transaction.atomic():
                s.forget()
                refusal = refusal_of(attempt, s, s.people[role])
                if refusal and not CHINESE.search(refusal):
                    failed.append(f"{role}: {way}: refused without a sentence: {refusal!r}")
                if not refusal and way not in harmless:
                    failed.append(f"{role}: {way}: nobody refused it")
                if not refusal:
                    failed += [f"{role}: {way}: {each}" for each in changes(before, s)]
                transaction.set_rollback(True)
    return failed
