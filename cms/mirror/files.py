"""The files. Each appears by rename, whole or not at all, with a compressed copy beside it.

``live`` below the root is a symbolic link: to ``pages``, or to ``closed`` while the whole mirror is
taken down. Servers read through it, so that switching is one rename.
"""

import gzip
import hashlib
import itertools
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .addresses import GONE_FILE, HOME, INDEX, UNAVAILABLE, file_of, gone_file_of, is_proper

LIVE, PAGES, CLOSED = "live", "pages", "closed"
COMPRESSED = ".gz"
# Where files are written before their rename: what a killed writer leaves is found at once.
UNFINISHED = "unfinished"
ALTERED = "altered"
ABANDONED_SECONDS = 600  # no writer takes so long for one file
PATIENCE = 5
_numbers = itertools.count()

Mark = tuple[int, int] | None


class Store:
    """The mirror's files below ``root``.

    ``durable`` has each file reach the disk before its rename; whoever writes thousands syncs
    once for all of them.
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root = root
        self.pages = root / PAGES
        self.durable = durable

    # --- questions --------------------------------------------------------------------------------

    def path(self, address: str) -> Path:
        return self.pages / file_of(address)

    def gone_path(self, address: str) -> Path | None:
        name = gone_file_of(address)
        return self.pages / name if name else None

    def read(self, address: str) -> tuple[int, bytes] | None:
        """Status and bytes of what stands at ``address``; None where nothing does."""
        with suppress(FileNotFoundError, NotADirectoryError):
            return 200, self.path(address).read_bytes()
        if gone := self.gone_path(address):
            with suppress(FileNotFoundError, NotADirectoryError):
                return 410, gone.read_bytes()
        return None

    def compressed_copy_agrees(self, address: str, status: int, body: bytes) -> bool:
        """Whether the copy that most readers are sent holds the same page."""
        path = self.path(address) if status == 200 else self.gone_path(address)
        return path is not None and _agrees(path, body)

    def addresses(self) -> Iterator[tuple[str, int]]:
        """Address and status of every page that lies in the mirror."""
        for prefix, files in self._folders():
            for name in files:
                if name == GONE_FILE and prefix != HOME:
                    if INDEX not in files and is_proper(prefix):
                        yield prefix, 410
                elif address := _address(prefix, name):
                    yield address, 200

    def strangers(self) -> Iterator[Path]:
        """Files among the pages that belong to no address: nobody of ours put them there."""
        for prefix, files in self._folders():
            folder = self.pages / prefix[1:]
            for name in files:
                plain = name.removesuffix(COMPRESSED)
                is_ours = is_proper(prefix) and (
                    (plain == GONE_FILE and prefix != HOME) or _address(prefix, plain)
                )
                if not is_ours or plain not in files or (folder / name).is_symlink():
                    yield folder / name

    def _folders(self) -> Iterator[tuple[str, list[str]]]:
        for folder, folders, files in os.walk(self.pages):
            folders.sort()
            below = Path(folder).relative_to(self.pages).as_posix()
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            yield "/" if below == "." else f"/{below}/", sorted([*files, *links])

    # --- actions ----------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the folders and the link, where they are missing."""
        self.pages.mkdir(parents=True, exist_ok=True)
        (self.root / UNFINISHED).mkdir(exist_ok=True)
        if not (self.root / LIVE).is_symlink():
            self.switch(PAGES)

    def mark(self, address: str) -> Mark:
        """The notice that stands at ``address`` now, to be told from one put there later."""
        if gone := self.gone_path(address):
            with suppress(FileNotFoundError, NotADirectoryError):
                found = gone.stat()
                return found.st_ino, found.st_ctime_ns
        return None

    def put(self, address: str, body: bytes, mark: Mark) -> bool:
        """Have ``body`` stand at ``address``; whether that was anything new.

        ``mark`` was asked before ``body`` was read out of the database: a page that was taken down
        since then stays down.

        Raises:
            OSError: the disk is full, say; what stood there stands there still, whole.
        """
        path, gone = self.path(address), self.gone_path(address)
        new = self._write(path, body)
        if (now := self.mark(address)) is None:
            return new
        if now != mark:
            self._remove(path)
            return False
        self._remove(gone)
        return new

    def take_down(self, address: str, notice: bytes) -> bool:
        """Have ``notice`` answer for ``address`` with 410; whether that was anything new.

        The notice first, so that whoever is writing the page just now sees it and steps back.

        Raises:
            OSError: there is no room for the notice; the page is gone nevertheless.
        """
        gone = self.gone_path(address)
        if gone is None:
            return self.remove(address)
        try:
            new = self._write(gone, notice)
            if not new:
                os.utime(gone)
        finally:
            removed = self._remove(self.path(address))
        return removed or new

    def remove(self, address: str) -> bool:
        """Have nothing stand at ``address``; whether anything did."""
        path, gone = self.path(address), self.gone_path(address)
        removed = self._remove(path)
        if gone is not None:
            removed = self._remove(gone) or removed
        self._drop_empty(path.parent)
        return removed

    def switch(self, name: str) -> None:
        """Have servers read from ``pages`` or ``closed``, from one moment to the next."""
        link = self._unfinished()
        link.symlink_to(name)
        link.replace(self.root / LIVE)

    def close(self) -> None:
        """Show nothing but the notice that the site is not available."""
        closed = self.root / CLOSED
        closed.mkdir(parents=True, exist_ok=True)
        notice = file_of(UNAVAILABLE)
        for name in (notice, notice + COMPRESSED):
            if (self.pages / name).exists():
                shutil.copy2(self.pages / name, closed / name)
        self.switch(CLOSED)

    @property
    def is_closed(self) -> bool:
        try:
            return os.readlink(self.root / LIVE) == CLOSED
        except OSError:
            return False

    def sweep(self, older_than: float = ABANDONED_SECONDS) -> int:
        """Remove what killed writers left unfinished ``older_than`` seconds ago; how many."""
        removed = 0
        for path in (self.root / UNFINISHED).iterdir():
            with suppress(FileNotFoundError):  # its writer has just finished it
                if path.lstat().st_ctime <= time.time() - older_than:
                    path.unlink()
                    removed += 1
        return removed

    def set_aside(self, path: Path, moment: str) -> Path:
        """Move a file that others altered below ``altered/<moment>``; where it lies now.

        Raises:
            OSError: it is gone, or the disk is full.
        """
        kept = self.root / ALTERED / moment / path.relative_to(self.pages)
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.replace(kept)
        return kept

    # --- single files -----------------------------------------------------------------------------

    def _unfinished(self) -> Path:
        return self.root / UNFINISHED / f"{os.getpid()}-{time.time_ns()}-{next(_numbers)}"

    def _write(self, path: Path, body: bytes) -> bool:
        try:
            before = path.lstat()
            if before.st_size == len(body) and path.read_bytes() == body and _agrees(path, body):
                return False
        except (FileNotFoundError, NotADirectoryError):
            before = None
        # Servers tell versions apart by whole seconds and size.
        moment = max(_now(), int(before.st_mtime) + 1) if before else _now()
        unfinished = []
        try:
            for target, data in ((_copy(path), gzip.compress(body, 6, mtime=0)), (path, body)):
                temporary = self._unfinished()
                unfinished.append((temporary, target))
                with temporary.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.utime(file.fileno(), (moment, moment))
                    if self.durable:
                        os.fsync(file.fileno())
            for temporary, target in unfinished:
                self._rename(temporary, target)
        except BaseException:
            for temporary, _ in unfinished:
                temporary.unlink(missing_ok=True)
            raise
        self._settle(path.parent)
        return True

    def _rename(self, temporary: Path, target: Path) -> None:
        for _ in range(PATIENCE):
            target.parent.mkdir(parents=True, exist_ok=True)
            # Somebody who removes the last page of a folder may have removed the folder again.
            with suppress(FileNotFoundError):
                temporary.replace(target)
                return
        raise FileNotFoundError(f"the folder of {target} is removed again and again")

    def _remove(self, path: Path) -> bool:
        with suppress(NotADirectoryError):
            _copy(path).unlink(missing_ok=True)
        try:
            path.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        self._settle(path.parent)
        return True

    def _settle(self, folder: Path) -> None:
        """Have renames and removals outlast a power cut: what was taken down stays down."""
        if not self.durable:
            return
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _drop_empty(self, folder: Path) -> None:
        while folder != self.pages and self.pages in folder.parents:
            try:
                folder.rmdir()
            except OSError:  # something else lies there
                return
            folder = folder.parent


def _address(prefix: str, name: str) -> str:
    """The address of the file ``name`` in a folder; empty when it has none."""
    if name == INDEX:
        address = prefix
    elif (address := prefix + name).endswith("/"):
        return ""
    return address if is_proper(address) else ""


def _agrees(path: Path, body: bytes) -> bool:
    try:
        return gzip.decompress(_copy(path).read_bytes()) == body
    except (OSError, EOFError, zlib.error):
        return False


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _copy(path: Path) -> Path:
    return path.with_name(path.name + COMPRESSED)


def _now() -> int:
    return int(time.time())
