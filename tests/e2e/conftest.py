"""A browser, people who sign in with a password, and an album of what they saw."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connections
from django.test import Client
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from playwright.sync_api import Browser, sync_playwright

from cms.users.models import User
from tests.articles.wechat.conftest import fake, fake_server  # noqa: F401
from tests.factories.users import UserFactory

from .browser import Person, launch

PASSWORD = "三人审核才见报-2026"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[object]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def browser(live_server, monkeypatch) -> Iterator[Browser]:
    """Chromium, started and ended with the test.

    Playwright keeps an event loop in this thread while it runs. Django would refuse database work
    beside a loop; here that work stands between the clicks and never inside a callback. It also
    has a connection of its own while the loop runs, which nobody else would close.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def album(request) -> Path:
    """Where this journey's pictures are kept: ``var/screenshots/<module>``."""
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    folder = project.BASE_DIR / "var" / "screenshots" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visitor(request, browser, live_server, album) -> Iterator[Callable[[str], Person]]:
    """``visitor()`` is a reader; ``visitor("name")`` somebody who may sign in."""
    people: list[Person] = []

    def come(name: str = "") -> Person:
        people.append(Person(browser, live_server.url, album, name))
        return people[-1]

    yield come
    failed = request.node.stash.get(FAILED, True)
    for person in people:
        person.leave(failed=failed)


@pytest.fixture
def signed_in(visitor) -> Callable[[User], Person]:
    """A person of ours at a browser of their own, signed in, before the dashboard.

    The sign-in form is left out: ``Person.sign_in`` goes through it, and one journey is enough.
    """

    def sign_in(user: User) -> Person:
        person = visitor(user.username)
        client = Client()
        client.force_login(user)
        person.keep_session(client.session.session_key)
        person.home()
        return person

    return sign_in


@pytest.fixture
def hire(live_server) -> Callable[..., User]:
    """``hire("wang", "王老师", "editor")``: somebody with a password and these roles."""

    def one(username: str, name: str, *roles: str) -> User:
        user = UserFactory(username=username, display_name=name, roles=list(roles))
        user.set_password(PASSWORD)
        user.save()
        return user

    return one


@pytest.fixture
def work_off() -> Callable[[], int]:
    """What the worker does: carry out everything queued; answers how many tasks."""

    def run() -> int:
        done = 0
        while queued := OrmQ.objects.order_by("pk").first():
            task = queued.task
            queued.delete()
            import_string(task["func"])(*task["args"], **task.get("kwargs", {}))
            done += 1
        return done

    return run


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
