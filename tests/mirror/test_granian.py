"""The layer under the real server: two processes, while files are replaced beneath them."""

import gzip
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from bench import nginx
from cms.mirror.files import PAGES, Store

from .served import FILES, HOST, SECRET, TABLE, Case, application, ask, call, make_mirror

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
SECONDS = 2.0
ENTRY = """
from cms.mirror.serving import Mirror
from tests.mirror.served import application as behind
application = Mirror(behind, {root!r}, hosts=[{host!r}])
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_mirror(tmp_path_factory.mktemp("granian"))


@pytest.fixture(scope="module")
def port(store: Store) -> Iterator[int]:
    """granian as in the Procfile, but for the application behind."""
    folder = store.root.parent
    (folder / "entry.py").write_text(ENTRY.format(root=str(store.root), host=HOST))
    found = nginx.free_port()
    told = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()[0]
    words = told.partition("-m granian ")[2].replace("${WEB_WORKERS:-2}", "2").split()
    words = [str(found) if word == "$PORT" else word for word in words[:-1]]
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    with (folder / "granian.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", *words, "entry:application"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            until = time.monotonic() + PATIENCE
            while True:
                assert process.poll() is None, (folder / "granian.log").read_text()
                try:
                    ask(found, "/")
                    break
                except (OSError, http.client.HTTPException):
                    assert time.monotonic() < until, "granian does not answer"
                    Event().wait(0.05)
            yield found
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_the_table_over_the_wire(case: Case, port: int) -> None:
    case.check(ask(port, case.path.encode("latin-1"), case.method, **case.sent))


def test_hosts_and_null_bytes_over_the_wire(port: int) -> None:
    assert ask(port, "/yaowen/", host="evil.example").status == 400
    answer = ask(port, "/yaowen/%00")
    assert (answer.status, SECRET in answer.body) == (404, False)


def test_while_files_are_replaced_no_answer_is_half_or_old(port: int, store: Store) -> None:
    """Every answer is one version, whole; and never older than the one before the request."""
    address = "/yaowen/bian/"

    def version(number: int) -> bytes:
        return f"第{number:06}稿".encode() * (500 + 300 * (number % 7))

    store.put(address, version(0), None)
    done = [0]  # the version that stands there for certain
    until = time.monotonic() + SECONDS
    wrong: list[str] = []
    asked = [0, 0]

    def read(reader: int, coding: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        while time.monotonic() < until and not wrong:
            before = done[0]
            connection.request("GET", address, headers={"Host": HOST, "Accept-Encoding": coding})
            response = connection.getresponse()
            body = response.read()
            if response.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            number = int(body.decode()[1:7])
            if response.status != 200 or body != version(number) or number < before:
                wrong.append(f"{response.status}, version {number} after {before}, {len(body)}")
            asked[reader] += 1
        connection.close()

    readers = [Thread(target=read, args=pair) for pair in enumerate(("gzip", "identity"))]
    for reader in readers:
        reader.start()
    number = 0
    while time.monotonic() < until:
        number += 1
        store.put(address, version(number), None)
        done[0] = number
    for reader in readers:
        reader.join()
    assert not wrong, wrong
    assert min(asked) > 20
    assert number > 20


def test_taking_the_mirror_down_reaches_every_process(port: int, store: Store) -> None:
    def statuses() -> set[int]:
        return {ask(port, "/yaowen/").status for _ in range(12)}

    assert statuses() == {200}
    store.close()
    try:
        assert statuses() == {503}
    finally:
        store.switch(PAGES)
    assert statuses() == {200}


def test_the_entry_point_puts_the_mirror_in_front(settings, tmp_path: Path) -> None:
    from cms.wsgi import with_mirror

    settings.MIRROR_LIVE = True
    assert with_mirror(application) is application
    settings.MIRROR_LIVE = False
    settings.MIRROR_ROOT = make_mirror(tmp_path).root
    settings.ALLOWED_HOSTS = [HOST]
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_PRELOAD = 60, True
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (tmp_path / "media" / "images").mkdir(parents=True)
    (tmp_path / "media" / "images" / "a.jpg").write_bytes(b"picture")
    mirror = with_mirror(application)
    answer = call(mirror, "/yaowen/")
    assert answer.text == FILES["/yaowen/"]
    assert answer.headers["strict-transport-security"] == "max-age=60; preload"
    assert call(mirror, "/yaowen/", "GET", "evil.example").status == 400
    assert call(mirror, "/media/images/a.jpg").body == b"picture"
    assert call(mirror, "/search/").is_applications
