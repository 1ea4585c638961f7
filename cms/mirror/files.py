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
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .addresses import GONE_FILE, HOME, INDEX, UNAVAILABLE, file_of, gone_file_of

LIVE, PAGES, CLOSED = "live", "pages", "closed"
COMPRESSED = ".gz"
UNFINISHED = ".new-"
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
        try:
            return gzip.decompress(_copy(path).read_bytes()) == body
        except (OSError, EOFError):
            return False

    def addresses(self) -> Iterator[tuple[str, int]]:
        """Address and status of every page that lies in the mirror."""
        for folder, folders, files in os.walk(self.pages):
            folders.sort()
            below = Path(folder).relative_to(self.pages).as_posix()
            prefix = "/" if below == "." else f"/{below}/"
            for name in sorted(files):
                if name == GONE_FILE and prefix != HOME:
                    if INDEX not in files:
                        yield prefix, 410
                elif name == INDEX:
                    yield prefix, 200
                elif not name.startswith(".") and not name.endswith(COMPRESSED):
                    yield prefix + name, 200

    # --- actions ----------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the folders and the link, where they are missing."""
        self.pages.mkdir(parents=True, exist_ok=True)
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
            OSError: the disk is full, say; what stood there stands there still.
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
        """
        gone = self.gone_path(address)
        if gone is None:
            return self.remove(address)
        new = self._write(gone, notice)
        if not new:
            os.utime(gone)
        return self._remove(self.path(address)) or new

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
        link = self.root / f"{UNFINISHED}{os.getpid()}-{next(_numbers)}"
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

    def sweep(self) -> int:
        """Remove what killed writers left unfinished; how many files that was."""
        left = [path for path in self.pages.rglob(f"{UNFINISHED}*") if path.is_file()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    # --- single files -----------------------------------------------------------------------------

    def _write(self, path: Path, body: bytes) -> bool:
        copy = _copy(path)
        try:
            before = path.stat()
            if before.st_size == len(body) and path.read_bytes() == body and copy.exists():
                return False
        except FileNotFoundError:
            before = None
        path.parent.mkdir(parents=True, exist_ok=True)
        # Servers tell versions apart by whole seconds and size.
        moment = max(_now(), int(before.st_mtime) + 1) if before else _now()
        unfinished = []
        try:
            for target, data in (
                (copy, gzip.compress(body, 6, mtime=0)),
                (path, body),
            ):
                temporary = path.parent / f"{UNFINISHED}{os.getpid()}-{next(_numbers)}"
                unfinished.append((temporary, target))
                with temporary.open("wb") as file:
                    file.write(data)
                    if self.durable:
                        file.flush()
                        os.fsync(file.fileno())
                os.utime(temporary, (moment, moment))
            for temporary, target in unfinished:
                temporary.replace(target)
        except BaseException:
            for temporary, _ in unfinished:
                temporary.unlink(missing_ok=True)
            raise
        return True

    def _remove(self, path: Path) -> bool:
        _copy(path).unlink(missing_ok=True)
        try:
            path.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def _drop_empty(self, folder: Path) -> None:
        while folder != self.pages and self.pages in folder.parents:
            try:
                folder.rmdir()
            except OSError:  # something else lies there
                return
            folder = folder.parent


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _copy(path: Path) -> Path:
    return path.with_name(path.name + COMPRESSED)


def _now() -> int:
    return int(time.time())
