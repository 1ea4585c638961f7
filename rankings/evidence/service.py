"""Keeping evidence and reading it back."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, Storage, storages
from django.db import transaction

from cms.ops import audit

from .checks import INSTALL
from .errors import (
    EvidenceDamaged,
    EvidenceError,
    EvidenceMissing,
    EvidenceUnreachable,
    StoreUnreachable,
)
from .models import Capture, Sighting

URL_LIMIT = Sighting._meta.get_field("url").max_length


class Condition(StrEnum):
    """How a capture was found by :func:`verify`."""

    SOUND = "sound"
    MISSING = "missing"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """One capture's condition; ``message`` is empty when it is sound."""

    capture: Capture
    condition: Condition
    message: str = ""


def storage() -> Storage:
    """The configured store, local or S3-compatible. Raises ``EvidenceUnreachable``."""
    try:
        return storages["evidence"]
    except InvalidStorageError as error:
        raise EvidenceUnreachable(
            f"存证存储用不了，多半是没有安装存取 S3 所需的软件。请管理员执行：{INSTALL}"
        ) from error


def path_for(sha256: str) -> str:
    """``ab/cd/<hash>.gz``: two levels keep folders small."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"


def store(
    data: bytes,
    *,
    kind: str,
    fetched_at: datetime,
    url: str = "",
    final_url: str = "",
    http_status: int | None = None,
    content_type: str = "",
    request_headers: Mapping[str, str] | None = None,
    response_headers: Mapping[str, str] | None = None,
) -> Sighting:
    """Keep ``data`` and this sighting of it; ``.capture`` of the answer is the evidence itself.

    The file is written first and the rows after it: no row ever points at bytes that were not
    kept. ``fetched_at`` must be aware. Raises ``EvidenceError`` (``OSError`` from a full or
    read-only disk is turned into one); then nothing is recorded.
    """
    if not data:
        raise EvidenceError("内容为空，没有可以存证的东西。")
    if max(len(url), len(final_url)) > URL_LIMIT:
        raise EvidenceError(f"网址超过 {URL_LIMIT} 个字符，无法存证。")
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_for(sha256)
    restored = _keep_file(data, sha256, path)
    with transaction.atomic():
        capture, _ = Capture.objects.get_or_create(
            sha256=sha256, defaults={"size": len(data), "path": path}
        )
        if restored:
            audit.record(None, "evidence.restore", capture, {"sha256": sha256})
        return Sighting.objects.create(
            capture=capture,
            kind=kind,
            url=url,
            final_url=final_url,
            http_status=http_status,
            content_type=content_type[:255],
            request_headers=dict(request_headers or {}),
            response_headers=dict(response_headers or {}),
            fetched_at=fetched_at,
        )


def read(capture: Capture) -> bytes:
    """The kept bytes, hash checked.

    Raises ``EvidenceMissing``, ``EvidenceDamaged`` or ``EvidenceUnreachable``.
    """
    return _read(capture.path, capture.sha256, capture.size)


def verify(start: int = 0, limit: int | None = None) -> Iterator[Finding]:
    """Hash kept files again, oldest first, one at a time, from the capture of pk ``start`` on."""
    captures = Capture.objects.filter(pk__gte=start).order_by("pk")[:limit]
    for capture in captures.iterator(chunk_size=500):
        yield examine(capture)


def examine(capture: Capture) -> Finding:
    """Hash one kept file again."""
    try:
        read(capture)
    except EvidenceMissing as error:
        return Finding(capture, Condition.MISSING, str(error))
    except EvidenceDamaged as error:
        return Finding(capture, Condition.DAMAGED, str(error))
    except EvidenceUnreachable as error:
        return Finding(capture, Condition.UNREADABLE, str(error))
    return Finding(capture, Condition.SOUND)


def _keep_file(data: bytes, sha256: str, path: str) -> bool:
    """Write the file unless its bytes are kept already; true when a lost file was put back."""
    try:
        _read(path, sha256, len(data))
    except EvidenceMissing:
        lost = Capture.objects.filter(sha256=sha256).exists()
    else:
        return False
    try:
        # No time stamp inside: the same bytes make the same file.
        storage().save(path, ContentFile(gzip.compress(data, mtime=0)))
    except StoreUnreachable as error:
        raise EvidenceUnreachable(f"{error}。本次内容没有入库。") from error
    except OSError as error:
        raise EvidenceError(
            f"存证文件写入失败（{error.strerror or error}），本次内容没有入库。"
            "请检查磁盘空间和目录权限后重试。"
        ) from error
    return lost


def _read(path: str, sha256: str, size: int) -> bytes:
    try:
        with storage().open(path) as file:
            packed = file.read()
    except FileNotFoundError as error:
        raise EvidenceMissing(f"存证文件 {path} 不见了，请从备份恢复。") from error
    except StoreUnreachable as error:
        raise EvidenceUnreachable(f"存证文件 {path} 读不到：{error}。") from error
    except PermissionError as error:
        raise EvidenceUnreachable(
            f"没有权限读存证文件 {path}，请检查 evidence 目录的属主和权限。"
        ) from error
    except OSError as error:
        raise EvidenceDamaged(
            f"存证文件 {path} 读不出来（{error.strerror or error}），请检查磁盘和目录权限。"
        ) from error
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            # One byte more than recorded shows a file that was blown up, without unpacking it all.
            data = stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise EvidenceDamaged(f"存证文件 {path} 已损坏，无法解压，请从备份恢复。") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EvidenceDamaged(f"存证文件 {path} 的内容与哈希值不符，请从备份恢复并查明原因。")
    return data
