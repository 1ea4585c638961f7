"""Files appear whole or not at all, and none lies where it does not belong."""

import errno
import gzip
import os
import resource
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.mirror.addresses import (
    APPLICATION,
    GENERAL,
    file_of,
    gone_file_of,
    is_application,
    is_proper,
)
from cms.mirror.files import CLOSED, PAGES, UNFINISHED, Store

PAGE, FEED = "/yaowen/kaichao/", "/yaowen/feed.atom"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "mirror", durable=False)
    made.prepare()
    return made


def unfinished(store: Store) -> list[Path]:
    return list((store.root / UNFINISHED).iterdir())


def seconds(path: Path) -> int:
    return int(path.stat().st_mtime)


# --- one file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("address", [PAGE, FEED, "/", "/404.html"])
def test_what_is_put_stands_with_a_copy_that_agrees(
    tmp_path: Path, address: str, durable: bool
) -> None:
    store = Store(tmp_path / "mirror", durable=durable)
    store.prepare()
    assert store.read(address) is None
    assert store.put(address, "荷塘".encode(), None)
    assert store.read(address) == (200, "荷塘".encode())
    assert store.compressed_copy_agrees(address, 200, "荷塘".encode())
    assert not store.compressed_copy_agrees(address, 200, b"other")
    assert unfinished(store) == []


def test_the_same_bytes_are_not_written_again(store: Store) -> None:
    store.put(PAGE, b"one", None)
    before = store.path(PAGE).stat()
    assert not store.put(PAGE, b"one", None)
    assert store.path(PAGE).stat().st_ino == before.st_ino
    assert store.put(PAGE, b"two", None)
    assert store.path(PAGE).stat().st_ino != before.st_ino


@pytest.mark.parametrize("damage", [b"", b"no gzip", gzip.compress(b"other", mtime=0), None])
def test_a_copy_that_others_altered_is_written_again(store: Store, damage: bytes | None) -> None:
    store.put(PAGE, b"one", None)
    copy = store.path(PAGE).with_name("index.html.gz")
    copy.unlink() if damage is None else copy.write_bytes(damage)
    assert not store.compressed_copy_agrees(PAGE, 200, b"one")
    assert store.put(PAGE, b"one", None)
    assert gzip.decompress(copy.read_bytes()) == b"one"


def test_the_time_moves_on_by_whole_seconds_however_often_it_is_written(
    store: Store, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 11, 24, 8, tzinfo=UTC), tick=False)
    times = []
    for number in range(5):
        store.put(PAGE, b"%d" % number, None)
        path = store.path(PAGE)
        times.append(seconds(path))
        assert path.with_name("index.html.gz").stat().st_mtime == path.stat().st_mtime
        assert path.stat().st_mtime_ns % 10**9 == 0
    assert times == [times[0] + n for n in range(5)]


def test_a_clock_that_is_set_back_does_not_bring_an_old_time_back(
    store: Store, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 11, 24, 8, tzinfo=UTC))
    store.put(PAGE, b"new", None)
    first = seconds(store.path(PAGE))
    time_machine.move_to(datetime(2026, 11, 23, 8, tzinfo=UTC))
    store.put(PAGE, b"old", None)
    assert seconds(store.path(PAGE)) == first + 1


def test_removing_takes_empty_folders_and_no_others(store: Store) -> None:
    for address in ("/a/b/c/", "/a/", "/a/x/"):
        store.put(address, b"page", None)
    assert store.remove("/a/b/c/")
    assert not (store.pages / "a" / "b").exists()
    assert store.read("/a/") and store.read("/a/x/")
    assert not store.remove("/a/b/c/")
    store.remove("/a/x/")
    store.remove("/a/")
    assert list(store.pages.iterdir()) == []


# --- taking down ----------------------------------------------------------------------------------


def test_what_is_taken_down_says_so_and_can_come_back(store: Store) -> None:
    store.put(PAGE, b"page", None)
    assert store.take_down(PAGE, b"gone")
    assert store.read(PAGE) == (410, b"gone")
    assert store.compressed_copy_agrees(PAGE, 410, b"gone")
    assert not store.path(PAGE).with_name("index.html.gz").exists()
    assert store.put(PAGE, b"again", store.mark(PAGE))
    assert store.read(PAGE) == (200, b"again")
    assert not store.gone_path(PAGE).exists()


def test_who_read_a_page_before_it_was_taken_down_does_not_bring_it_back(store: Store) -> None:
    mark = store.mark(PAGE)
    store.take_down(PAGE, b"gone")
    assert not store.put(PAGE, b"page", mark)
    assert store.read(PAGE) == (410, b"gone")


def test_nor_who_read_it_between_two_takings_down(store: Store) -> None:
    store.take_down(PAGE, b"gone")
    mark = store.mark(PAGE)
    os.utime(store.gone_path(PAGE), ns=(1, 1))  # what taking down once more does to the notice
    assert not store.put(PAGE, b"page", mark)
    assert store.read(PAGE) == (410, b"gone")


def test_a_page_taken_down_while_it_is_written_stays_down(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Store._write

    def write_and_be_late(self: Store, path: Path, body: bytes) -> bool:
        new = write(self, path, body)
        if body == b"page":
            self.take_down(PAGE, b"gone")
            write(self, path, body)  # its rename comes after all that
        return new

    monkeypatch.setattr(Store, "_write", write_and_be_late)
    assert not store.put(PAGE, b"page", None)
    assert store.read(PAGE) == (410, b"gone")


def test_feeds_have_no_notice_of_their_own(store: Store) -> None:
    store.put(FEED, b"feed", None)
    assert store.take_down(FEED, b"gone")
    assert store.read(FEED) is None


# --- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1])
def test_a_full_disk_leaves_what_stood_there(
    store: Store, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Full at the compressed copy, or at the page itself."""
    store.put(PAGE, b"old", None)
    before = store.path(PAGE).stat()
    utime, left = os.utime, [after]

    def full(*args: Any, **kwargs: Any) -> None:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        utime(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr("cms.mirror.files.os.utime", full)
        with pytest.raises(OSError, match="No space left"):
            store.put(PAGE, b"new and longer", None)
    assert store.read(PAGE) == (200, b"old")
    assert store.compressed_copy_agrees(PAGE, 200, b"old")
    assert store.path(PAGE).stat().st_mtime_ns == before.st_mtime_ns
    assert unfinished(store) == []


def test_a_real_limit_of_the_system_leaves_what_stood_there(store: Store) -> None:
    store.put(PAGE, b"old", None)
    program = f"""
        import os, resource, sys
        from pathlib import Path
        from cms.mirror.files import Store
        store = Store(Path({str(store.root)!r}))
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            store.put({PAGE!r}, os.urandom(20_000), None)
        except OSError as error:
            sys.exit(100 + error.errno)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert ended.returncode == 100 + errno.EFBIG
    assert store.read(PAGE) == (200, b"old")
    assert store.compressed_copy_agrees(PAGE, 200, b"old")
    assert unfinished(store) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_a_full_disk_does_not_keep_a_page_from_vanishing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(PAGE, b"secret", None)

    def full(self: Store, path: Path, body: bytes) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Store, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        store.take_down(PAGE, b"gone")
    assert store.read(PAGE) is None


def test_a_folder_that_vanishes_meanwhile_is_made_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, done = Path.replace, []

    def after_a_removal(self: Path, target: Path) -> Path:
        if not done:
            done.append(target.parent)
            target.parent.rmdir()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", after_a_removal)
    store.put(PAGE, b"page", None)
    assert done and store.read(PAGE) == (200, b"page")


def test_what_killed_writers_left_is_swept_and_what_is_being_written_is_not(store: Store) -> None:
    left = store.root / UNFINISHED / "123-1"
    left.write_bytes(b"half a page")
    assert store.sweep() == 0 and left.exists()
    assert store.sweep(older_than=0) == 1 and not left.exists()
    assert list(store.addresses()) == []


# --- the whole mirror ----------------------------------------------------------------------------


def test_servers_read_one_or_the_other(store: Store) -> None:
    store.put("/503.html", b"later", None)
    live = store.root / "live"
    assert os.readlink(live) == PAGES and not store.is_closed
    store.close()
    assert os.readlink(live) == CLOSED and store.is_closed
    assert sorted(path.name for path in live.iterdir()) == ["503.html", "503.html.gz"]
    store.prepare()
    assert store.is_closed
    store.switch(PAGES)
    assert (live / "503.html").read_bytes() == b"later" and not store.is_closed


def test_strangers_are_what_has_no_address(store: Store, tmp_path: Path) -> None:
    for address in (PAGE, FEED, "/", "/404.html"):
        store.put(address, b"page", None)
    store.take_down("/a/", b"gone")
    assert list(store.strangers()) == []
    strange = [
        "shell.php",
        "yaowen/.index.html.swp",
        "yaowen/alone.html.gz",
        "yaowen/kaichao/404.html",
        "荷塘.html",
        os.fsdecode(b"\xff.html"),
    ]
    for name in strange:
        (store.pages / name).write_bytes(b"evil")
    (store.pages / "link").symlink_to(tmp_path)
    found = {str(path.relative_to(store.pages)) for path in store.strangers()}
    assert found == {*strange, "link"} - {"shell.php"}
    # It has an address, so it is told by comparison instead.
    assert ("/shell.php", 200) in store.addresses()


# --- the law of addresses ------------------------------------------------------------------------

letters = st.text("aZ09-_", min_size=1, max_size=6)
proper = st.builds(
    lambda folders, last: "/" + "".join(f"{folder}/" for folder in folders) + last,
    st.lists(letters, max_size=4),
    st.one_of(st.just(""), st.builds("{}.{}".format, letters, st.text("xml5", min_size=1))),
).filter(is_proper)
tricky = st.text(
    st.one_of(st.sampled_from("/.%\\\0ab-_~ \n"), st.characters(codec="utf-8")), max_size=30
).map(lambda text: f"/{text}")


@given(st.one_of(tricky, proper, st.text(max_size=40)))
@example("/../../etc/passwd")
@example("/a/./b/")
@example("/a//b/")
@example("/a/%2e%2e/")
@example("/a\\..\\b/")
@example("/a\0/")
@example("/" + "a" * 300 + "/")
@example("/a/index.html")
@example("/a/410.html")
@example("/a/404.html")
@example("/index.html")
@example("/feed.gz")
@example("/feed.atom.gz")
@example("/feed.atom/")
@example("/.git/")
@example("/admin")
@example("/media/images/x.jpg")
@example("/²/")
def test_no_address_leaves_the_root(address: str) -> None:
    if not is_proper(address):
        with pytest.raises(ValueError, match="not an address"):
            file_of(address)
        return
    name = file_of(address)
    parts = name.split("/")
    assert not name.startswith("/") and all(parts)
    assert not any(part.startswith(".") or len(part.encode()) > 255 - 3 for part in parts)
    assert name.isascii() and name.isprintable() and "\\" not in name
    assert os.path.normpath(name) == name
    assert not name.endswith(".gz")
    assert not is_application(address)


@given(proper, proper)
@example("/", "/410.html")
def test_no_two_addresses_share_a_file(one: str, other: str) -> None:
    files = {file_of(one), *filter(None, [gone_file_of(one)])}
    others = {file_of(other), *filter(None, [gone_file_of(other)])}
    assert (one == other) or not files & others


@given(st.sets(proper, max_size=8), st.data())
def test_the_store_tells_what_was_put_into_it(
    tmp_path_factory: pytest.TempPathFactory, addresses: set[str], data: st.DataObject
) -> None:
    store = Store(tmp_path_factory.mktemp("mirror"), durable=False)
    store.prepare()
    expected = {}
    for address in sorted(addresses):
        down = data.draw(st.booleans()) and gone_file_of(address) is not None
        if down:
            store.take_down(address, address.encode())
        else:
            store.put(address, address.encode(), None)
        expected[address] = 410 if down else 200
    assert dict(store.addresses()) == expected
    assert len(list(store.addresses())) == len(expected)
    assert list(store.strangers()) == []
    for address, status in expected.items():
        assert store.read(address) == (status, address.encode())


def test_the_general_pages_and_no_page_of_the_application_are_addresses() -> None:
    assert all(map(is_proper, GENERAL))
    assert not any(is_proper(address) for address in APPLICATION)
    assert not any(is_proper(f"{address}x/") for address in APPLICATION)
