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
from django.core.files.storage import Storage, storages
from django.db import transaction

from cms.ops import audit

from .models import Capture, Sighting

URL_LIMIT = Sighting._meta.get_field("url").max_length


class EvidenceError(Exception):
    """Evidence cannot be kept or read; the message is a Chinese sentence for people."""


class EvidenceMissing(EvidenceError):
    """The row is there and the file is not."""


class EvidenceDamaged(EvidenceError):
    """The file no longer holds the bytes whose hash it is named by."""


class Condition(StrEnum):
    """How a capture was found by :func:`verify`."""

    SOUND = "sound"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Finding:
    """One capture's condition; ``message`` is empty when it is sound."""

    capture: Capture
    condition: Condition
    message: str = ""


def storage() -> Storage:
    """The configured store, local or S3-compatible."""
    return storages["evidence"]


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
    """The kept bytes, hash checked. Raises ``EvidenceMissing`` or ``EvidenceDamaged``."""
    return _read(capture.path, capture.sha256, capture.size)


def verify() -> Iterator[Finding]:
    """Hash every kept file again, oldest first, one at a time."""
    for capture in Capture.objects.order_by("pk").iterator(chunk_size=500):
        try:
            read(capture)
        except EvidenceMissing as error:
            yield Finding(capture, Condition.MISSING, str(error))
        except EvidenceDamaged as error:
            yield Finding(capture, Condition.DAMAGED, str(error))
        else:
            yield Finding(capture, Condition.SOUND)


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
