"""The mirror's files over WSGI, outside Django: no middleware, no session, no database.

What is in the mirror is answered here from memory; one ``os.stat`` a request tells whether the file
is still the same, so that a renamed or removed file shows at once. Everything else goes to the
application behind. ``deploy/nginx.conf`` answers the same requests in the same way.

Imports the standard library and the addresses only.
"""

import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Sequence
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from .addresses import GENERAL, INDEX, file_of, gone_file_of, is_application, is_proper

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

LIVE, CLOSED, COMPRESSED = "live", "closed", ".gz"
IMAGES = "/media/images/"
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
}
IMAGE_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# 503.html stands alone, its style within; nothing in it comes from outside.
NOTICE_POLICY = POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'")
SECURITY: tuple[tuple[str, str], ...] = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", POLICY),
)
# Kept by browsers, and asked for again each time: a page that was taken down is gone at once.
REVALIDATE = ("Cache-Control", "no-cache")
FOREVER = ("Cache-Control", "public, max-age=31536000, immutable")
RETRY_SECONDS = 120
KEEP_BYTES = 64 * 1024 * 1024
LONGEST_PATH = 2000  # of characters; old addresses are shorter by far

# Never part of an address, here or in the application: hidden files, steps upwards, empty names,
# control characters, Windows' separator. The path is decoded by now.
_TRICK = re.compile(r"/\.|//|[\x00-\x1f\x7f\\]")
# Files that stand for something else and have no address.
_INTERNAL = {INDEX, *(address[1:] for address in GENERAL if address.endswith(".html"))}
# As Django's, which cannot be imported here: name or address in brackets, and a port.
_HOST = re.compile(r"([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::[0-9]+)?")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_PLAIN_TEXT = ("Content-Type", "text/plain; charset=utf-8")


class Copy:
    """One representation of a file, ready to be sent."""

    __slots__ = ("body", "etag", "headers", "length", "unchanged")

    def __init__(self, body: bytes, etag: str, kind: str, modified: str, *rest: tuple[str, str]):
        self.length = len(body)
        self.body = [body]
        self.etag = etag
        self.unchanged: Headers = [("ETag", etag), ("Last-Modified", modified), *rest]
        self.headers: Headers = [
            ("Content-Type", kind),
            ("Content-Length", str(self.length)),
            *self.unchanged,
        ]


class Kept:
    """A file as it was read: how to tell that it is the same, and its representations."""

    __slots__ = ("file", "inode", "modified", "moment", "plain", "size", "zipped")

    def __init__(self, file: str, found: os.stat_result, plain: Copy, zipped: Copy | None) -> None:
        self.file = file
        self.inode, self.moment, self.size = found.st_ino, found.st_mtime_ns, found.st_size
        self.modified = int(found.st_mtime)
        self.plain, self.zipped = plain, zipped

    def is_same(self) -> bool:
        """Whether the file still stands there; the one look at the disk of a request."""
        try:
            found = os.stat(self.file)
        except (OSError, ValueError):
            return False
        return (
            found.st_ino == self.inode
            and found.st_mtime_ns == self.moment
            and found.st_size == self.size
        )

    @property
    def weight(self) -> int:
        return 2000 + self.plain.length + (self.zipped.length if self.zipped else 0)


class Mirror:
    """Answers from ``root/live`` what is a file there, and has ``application`` answer the rest.

    ``hosts`` are patterns as in Django's ``ALLOWED_HOSTS``. ``images`` is the folder of the images'
    renditions, where they lie on this machine. ``extra`` headers go with every answer given here,
    such as Strict-Transport-Security. At most ``keep`` bytes are held in memory.
    """

    def __init__(
        self,
        application: Application,
        root: str | Path,
        *,
        hosts: Sequence[str] = ("*",),
        images: str | Path | None = None,
        extra: Sequence[tuple[str, str]] = (),
        keep: int = KEEP_BYTES,
    ) -> None:
        self.application = application
        self.live = os.path.join(os.path.abspath(root), LIVE)
        self.images = images and os.path.abspath(images)
        self.hosts = [pattern.lower() for pattern in hosts]
        self.common = (*SECURITY, *extra)
        self.keep = keep
        self.weight = 0
        self._kept: dict[Any, Kept] = {}
        self._lock = Lock()
        self._good_hosts: set[str] = set()
        self._takes_gzip: dict[str | None, bool] = {None: False}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        # The way of nearly every request; nothing here that can be done before.
        kept = self._kept.get(environ["PATH_INFO"])
        if (
            kept is not None
            and environ.get("HTTP_HOST") in self._good_hosts
            and environ["REQUEST_METHOD"] == "GET"
            and kept.is_same()
        ):
            return self._send(kept, environ, start)
        return self._answer(environ, start)

    # --- what a request asks for ------------------------------------------------------------------

    def _answer(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        trick = len(path) > LONGEST_PATH or _TRICK.search(path)
        if not trick and is_application(path):
            if self.images and path.startswith(IMAGES) and self._is_read(environ):
                return self._image(path, environ, start)
            return self.application(environ, start)
        if not self._is_our_host(environ):
            return self._say(environ, start, "400 Bad Request", "请求的主机名不属于本网站。\n")
        if not self._is_read(environ):
            method = ("Allow", "GET, HEAD")
            return self._say(environ, start, "405 Method Not Allowed", "这里只能读。\n", method)
        if trick or self._is_internal(path):
            return self._missing(environ, start)
        if is_proper(path):
            if kept := self._find(path, file_of(path)):
                return self._send(kept, environ, start)
            notice = gone_file_of(path)
            if notice and (gone := self._find((path,), notice)):
                return self._notice(gone, environ, start, "410 Gone")
        elif is_proper(f"{path}/") and self._is_folder(path[1:]):
            # A path and no host: nobody is ever sent elsewhere, whatever the request says.
            headers = [("Location", f"{path}/"), ("Content-Length", "0"), REVALIDATE, *self.common]
            start("301 Moved Permanently", headers)
            return []
        if self.is_closed:
            return self._closed(environ, start)
        return self.application(environ, start)

    @property
    def is_closed(self) -> bool:
        """Whether the whole mirror is taken down."""
        try:
            return os.path.basename(os.readlink(self.live)) == CLOSED
        except OSError:
            return False

    def _is_our_host(self, environ: Environ) -> bool:
        given = environ.get("HTTP_HOST")
        if given in self._good_hosts:
            return True
        # HTTP/1.0 knows no Host; as in Django the server's own name stands in.
        named = _HOST.fullmatch((given or environ.get("SERVER_NAME") or "").lower())
        host = named[1].removesuffix(".") if named else ""
        good = bool(host) and any(
            pattern in ("*", host)
            or (pattern.startswith(".") and (host.endswith(pattern) or host == pattern[1:]))
            for pattern in self.hosts
        )
        if good and given and len(self._good_hosts) < 100:
            self._good_hosts.add(given)
        return good

    @staticmethod
    def _is_read(environ: Environ) -> bool:
        return environ["REQUEST_METHOD"] in ("GET", "HEAD")

    @staticmethod
    def _is_internal(path: str) -> bool:
        return path.endswith(COMPRESSED) or path.rpartition("/")[2] in _INTERNAL

    # --- files ------------------------------------------------------------------------------------

    def _find(self, key: Any, relative: str) -> Kept | None:
        """The file at ``relative``, from memory where it is still the same; None: there is none."""
        kept = self._kept.get(key)
        if kept is not None and kept.is_same():
            return kept
        made = None
        try:
            if kind := TYPES.get(relative.rpartition(".")[2]):
                made = self._load(relative, kind)
        except OSError:
            made = None
        kept, certain = made or (None, False)
        with self._lock:
            if old := self._kept.pop(key, None):
                self.weight -= old.weight
            if kept and certain and kept.weight <= self.keep // 4:
                self._kept[key] = kept
                self.weight += kept.weight
                while self.weight > self.keep:
                    self.weight -= self._kept.pop(next(iter(self._kept))).weight
        return kept

    def _load(self, relative: str, kind: str) -> tuple[Kept, bool]:
        """The file, and whether its compressed copy is certain to belong to it.

        Raises:
            OSError: there is no such file, or it may not be read.
        """
        body, found = _read(self.live, relative)
        modified = formatdate(int(found.st_mtime), usegmt=True)
        digest = sha256(body).hexdigest()[:24]
        rest = (("Vary", "Accept-Encoding"), REVALIDATE, *self.common)
        plain = Copy(body, f'"{digest}"', kind, modified, *rest)
        zipped, certain = None, True
        try:
            packed, _ = _read(self.live, relative + COMPRESSED)
        except OSError:
            packed = b""
        if packed:
            # Page and copy are renamed one after the other: between the two they differ.
            certain = _unpacked(packed, len(body)) == body
            if certain:
                encoded = ("Content-Encoding", "gzip")
                zipped = Copy(packed, f'"{digest}-gz"', kind, modified, encoded, *rest)
        return Kept(os.path.join(self.live, relative), found, plain, zipped), certain

    def _is_folder(self, relative: str) -> bool:
        try:
            os.close(_open_folder(self.live, relative.split("/")))
        except OSError:
            return False
        return True

    # --- answers ----------------------------------------------------------------------------------

    def _copy(self, kept: Kept, environ: Environ) -> Copy:
        if kept.zipped is None:
            return kept.plain
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        takes = self._takes_gzip.get(accepted)
        if takes is None:
            takes = takes_gzip(accepted or "")
            if len(self._takes_gzip) < 200:
                self._takes_gzip[accepted] = takes
        return kept.zipped if takes else kept.plain

    def _send(self, kept: Kept, environ: Environ, start: Start) -> Iterable[bytes]:
        copy = self._copy(kept, environ)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None:
            # Tags are in quotes, which makes lists and weak ones (W/"…") a matter of searching.
            unchanged = copy.etag in known or known.strip() == "*"
        else:
            since = environ.get("HTTP_IF_MODIFIED_SINCE")
            unchanged = since is not None and kept.modified <= _seconds(since)
        # Servers may add to the list they are given.
        if unchanged:
            start("304 Not Modified", list(copy.unchanged))
            return []
        start("200 OK", list(copy.headers))
        return copy.body if environ["REQUEST_METHOD"] == "GET" else []

    def _notice(
        self, kept: Kept, environ: Environ, start: Start, status: str, *more: tuple[str, str]
    ) -> Iterable[bytes]:
        copy = self._copy(kept, environ)
        left_out = ("ETag", "Last-Modified", *(name for name, _ in more))
        start(status, [pair for pair in copy.headers if pair[0] not in left_out] + list(more))
        return copy.body if environ["REQUEST_METHOD"] == "GET" else []

    def _missing(self, environ: Environ, start: Start) -> Iterable[bytes]:
        if self.is_closed:
            return self._closed(environ, start)
        status = "404 Not Found"
        if notice := self._find((status,), "404.html"):
            return self._notice(notice, environ, start, status)
        return self._say(environ, start, status, "没有这个页面。\n")

    def _closed(self, environ: Environ, start: Start) -> Iterable[bytes]:
        status = "503 Service Unavailable"
        retry = ("Retry-After", str(RETRY_SECONDS))
        if notice := self._find((status,), "503.html"):
            policy = ("Content-Security-Policy", NOTICE_POLICY)
            return self._notice(notice, environ, start, status, retry, policy)
        return self._say(environ, start, status, "网站暂停服务，请稍后再来。\n", retry)

    def _say(
        self, environ: Environ, start: Start, status: str, text: str, *more: tuple[str, str]
    ) -> Iterable[bytes]:
        body = text.encode()
        length = ("Content-Length", str(len(body)))
        start(status, [_PLAIN_TEXT, length, REVALIDATE, *self.common, *more])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _image(self, path: str, environ: Environ, start: Start) -> Iterable[bytes]:
        """A rendition; one that is not there is the application's to miss."""
        name = path.removeprefix(IMAGES)
        kind = IMAGE_TYPES.get(name.rpartition(".")[2].lower())
        if kind is None or "/" in name or not self._is_our_host(environ):
            return self.application(environ, start)
        try:
            body, found = _read(self.images or "", name)
        except (OSError, ValueError):  # ValueError: letters this machine has no bytes for
            return self.application(environ, start)
        etag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
        modified = formatdate(int(found.st_mtime), usegmt=True)
        copy = Copy(body, etag, kind, modified, FOREVER, *self.common)
        return self._send(Kept("", found, copy, None), environ, start)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header names gzip with a weight above zero."""
    for part in accepted.lower().split(","):
        coding, *options = (word.strip() for word in part.split(";"))
        if coding in ("gzip", "x-gzip"):
            weight = next((o[2:] for o in options if o.startswith("q=")), "1")
            return re.fullmatch(r"1(\.0{0,3})?|0?\.0*[1-9]\d*", weight) is not None
    return False


def _seconds(date: str) -> float:
    """A header's date as seconds since 1970; one that cannot be read lies before all files."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return -1


def _open_folder(base: str, names: Sequence[str]) -> int:
    """A descriptor of the folder ``names`` below ``base``; links below ``base`` are not followed.

    Raises:
        OSError: there is none.
    """
    folder = os.open(base, _FOLDER)
    for name in names:
        try:
            inner = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        finally:
            os.close(folder)
        folder = inner
    return folder


def _read(base: str, relative: str) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file below ``base``; links below ``base`` are not followed.

    Raises:
        OSError: there is none, or it may not be read.
    """
    *names, last = relative.split("/")
    folder = _open_folder(base, names)
    try:
        descriptor = os.open(last, _FILE, dir_fd=folder)
    finally:
        os.close(folder)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise IsADirectoryError(relative)
    with open(descriptor, "rb") as file:
        return file.read(), found


def _unpacked(packed: bytes, expected: int) -> bytes | None:
    """What ``packed`` holds, reading no further than ``expected`` bytes; None: nothing whole."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(packed, expected + 1)
    except zlib.error:
        return None
    return body if unpacker.eof else None
