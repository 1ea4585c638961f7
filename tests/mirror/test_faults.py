"""Killed builders, several at once, withdrawals in the middle: never half a page, none lost."""

import gzip
import os
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from articles import publishing
from articles.models import ArticlePage
from articles.release import withdrawal
from articles.review import services
from cms.mirror import jobs, registry, release, rendering, verifying, worker
from cms.mirror.files import UNFINISHED, Store
from cms.mirror.models import MirrorFile, MirrorJob
from cms.users.models import User
from tests.at_once import PATIENCE, at_once
from tests.factories.articles import ArticleFactory, approve_by
from tests.factories.users import one_of_each

from .scene import Site, build, site, waiting

__all__ = ["site"]
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PAGES = 120
WORDS = "荷塘" * 2000


def differences(*, is_full: bool = True) -> list[str]:
    return [
        str(each) for _, result in verifying.verify(is_full=is_full) for each in result.differences
    ]


class Child:
    """A process that does ``deed``, forked from this one; ``said`` is how it talks to us."""

    def __init__(self, deed: Callable[[Callable[[bytes], Any]], Any]) -> None:
        connections.close_all()
        ours, theirs = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.setpgid(0, 0)
            code = 1
            try:
                os.close(ours)
                deed(lambda words: os.write(theirs, words))
                code = 0
            finally:
                os._exit(code)
        os.close(theirs)
        self.said = ours

    def hear(self, number: int = 1) -> bytes:
        return os.read(self.said, number)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(self.pid, 0)[1])
        self._forget()

    def join(self) -> None:
        assert os.waitpid(self.pid, 0)[1] == 0
        self._forget()

    def rest_is_over(self) -> None:
        """Return when every process that held this pipe has ended."""
        while os.read(self.said, 100):
            pass
        os.close(self.said)

    def _forget(self) -> None:
        pass


@pytest.fixture
def many(site: Site) -> list[str]:
    for number in range(PAGES):
        site.words[f"/many/{number}/"] = f"{number} {WORDS}"
    return list(site.words)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_builder_that_is_killed_leaves_the_rest_to_the_next(
    site: Site, mirror: Store, many: list[str], monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(worker, "BATCH", 5)
    release.request_everything()

    def deed(say: Callable[[bytes], Any]) -> None:
        worker.render_pending(processes=processes, progress=lambda done, left: say(b"."))

    child = Child(deed)
    child.hear(1), child.hear(1), child.hear(1)
    child.kill()
    child.rest_is_over()  # renderers do not outlive whom they render for
    left = waiting()
    assert 0 < len(left) < len(many)
    for address, status in mirror.addresses():
        _, body = mirror.read(address)
        assert (status, body.decode()) == (200, site.words[address])

    report = worker.render_pending()
    assert not report.is_busy and report.failed == [] and waiting() == []
    assert differences() == [] and differences(is_full=False) == []
    mirror.sweep(older_than=0)
    assert list((mirror.root / UNFINISHED).iterdir()) == []


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_several_processes_write_the_same_mirror_as_one(
    site: Site, mirror: Store, many: list[str], processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PAGES_PER_PROCESS", 20)  # made anew several times
    monkeypatch.setattr(worker, "BATCH", 10)
    release.request_everything()
    seen: list[tuple[int, int]] = []
    report = worker.render_pending(
        processes=processes, progress=lambda done, left: seen.append((done, left))
    )
    assert report.written == len(many) and seen[-1] == (len(many), 0)
    assert {address: mirror.read(address) for address in many} == {
        address: (200, words.encode()) for address, words in site.words.items()
    }
    assert MirrorFile.objects.count() == len(many)
    assert differences() == []


def test_a_reader_never_sees_half_a_page(
    site: Site, mirror: Store, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process reads on and on while pages are written over; both representations are whole."""
    build()
    versions = {f"{number}" * (200_000 - number * 7000) for number in range(6)}
    page = mirror.path("/many/0/")
    copy = page.with_name("index.html.gz")
    site.words["/many/0/"] = min(versions)
    jobs.request(["/many/0/"], "改")
    worker.render_pending()

    def read_on(say: Callable[[bytes], Any]) -> None:
        seen: set[str] = set()
        while len(seen) < len(versions):
            body = page.read_bytes().decode()
            assert body in versions
            assert gzip.decompress(copy.read_bytes()).decode() in versions
            if body not in seen:
                seen.add(body)
                say(b".")

    reader = Child(read_on)
    assert reader.hear() == b"."
    for version in sorted(versions)[1:]:
        site.words["/many/0/"] = version
        jobs.request(["/many/0/"], "改")
        worker.render_pending()
        assert reader.hear() == b"."  # which saw it, and nothing in between
    reader.join()
    os.close(reader.said)


def test_two_workers_at_once_lose_nothing(
    site: Site, mirror: Store, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BATCH", 5)
    release.request_everything()
    reports = at_once(worker.render_pending, worker.render_pending)
    assert sum(report.done for report in reports) >= len(many)
    assert waiting() == [] and differences() == []


# --- the real site --------------------------------------------------------------------------------


@pytest.fixture
def people(db: None) -> Any:
    return one_of_each()


def ready(people: Any, title: str, column: Any = None) -> ArticlePage:
    article = ArticleFactory(writer=people.editor, title=title, column=column)
    services.submit(people.editor, article)
    approve_by(
        article,
        people.reviewer_credible,
        people.reviewer_readable,
        people.reviewer_approachable,
    )
    return article


def person(of: User) -> User:
    """Nobody shares an object between threads."""
    return User.objects.get(pk=of.pk)


def address_of(article: ArticlePage) -> str:
    return ArticlePage.objects.get(pk=article.pk).url_path.removeprefix("/home")


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], tuple[Any, Any]]]:
    """Have whoever renders an address wait, the page read and not yet written."""
    render = rendering.render
    at: dict[str, tuple[threading.Barrier, threading.Barrier]] = {}

    def and_wait(address: str) -> rendering.Rendered:
        made = render(address)
        if barriers := at.pop(address, None):
            for barrier in barriers:
                barrier.wait()
        return made

    def pause(address: str) -> tuple[threading.Barrier, threading.Barrier]:
        at[address] = threading.Barrier(2, timeout=PATIENCE), threading.Barrier(2, timeout=PATIENCE)
        return at[address]

    monkeypatch.setattr(rendering, "render", and_wait)
    yield pause


def test_a_page_withdrawn_while_it_is_rendered_is_never_seen_again(
    people: Any, mirror: Store, paused: Any
) -> None:
    article = ready(people, "说错了的")
    publishing.publish_now(people.publisher, article)
    address = address_of(article)
    worker.render_pending()
    assert "说错了的" in mirror.read(address)[1].decode()

    read, go_on = paused(address)

    def render() -> list[worker.Outcome]:
        return worker.render_all([address])

    def withdraw() -> None:
        read.wait()  # the renderer has the page's text in its hands
        withdrawal.withdraw(
            person(people.publisher),
            ArticlePage.objects.get(pk=article.pk),
            "wrong",
            "第三段的时间写错了，已核实。",
        )
        seen.append(mirror.read(address))
        go_on.wait()

    seen: list[Any] = []
    at_once(render, withdraw)
    ((status, notice),) = seen
    assert status == 410 and "说错了的" not in notice.decode()
    assert mirror.read(address) == (410, notice)
    worker.render_pending()
    assert mirror.read(address)[0] == 410 and differences() == []


def test_ten_editors_publishing_at_once_leave_a_mirror_that_verifies_clean(
    people: Any, mirror: Store
) -> None:
    from tests.factories.articles import ColumnFactory

    column = ColumnFactory(title="要闻", slug="yaowen")
    articles = [ready(people, f"开潮{number}", column) for number in range(10)]
    build()

    def publish(pk: int) -> None:
        publishing.publish_now(person(people.publisher), ArticlePage.objects.get(pk=pk))

    answers = at_once(
        *(partial(publish, article.pk) for article in articles),
        worker.render_pending,
        refusals=(),
    )
    assert len(answers) == 11
    worker.render_pending()
    assert not MirrorJob.objects.exists()
    for article in articles:
        assert mirror.read(address_of(article))[0] == 200
        assert article.title in mirror.read("/yaowen/")[1].decode()
    assert differences() == [] and differences(is_full=False) == []
    assert set(registry.all_addresses()) <= set(dict(mirror.addresses()))


def test_a_disk_that_is_full_in_the_middle_of_a_build(
    site: Site, mirror: Store, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    before = {address: mirror.read(address) for address in many}
    for address in many:
        site.words[address] = f"new {site.words[address]}"
    release.request_everything()
    room = [40]
    write = Path.open

    def with_little_room(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if self.parent.name == UNFINISHED:
            room[0] -= 1
            if room[0] < 0:
                raise OSError(28, "No space left on device")
        return write(self, mode, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", with_little_room)
        report = worker.render_pending()
    assert report.written == 20 and len(report.failed) == len(many) - 20
    for address in many:
        status, body = mirror.read(address)
        assert body in (before[address][1], site.words[address].encode())
        assert mirror.compressed_copy_agrees(address, status, body)
    assert len(waiting()) == len(many) - 20
    MirrorJob.objects.update(retry_at=None)  # their rest is over
    assert worker.render_pending().failed == []
    assert differences() == []
