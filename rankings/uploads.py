"""Files that wait between the preview of an import and its confirmation.

They lie beside the public media, never in it. One machine keeps them under ``VAR_DIR``; several
machines that share no disk name a store of their own as ``STORAGES["imports"]``.
"""

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

KEPT_FOR = dt.timedelta(hours=24)
_TOKEN = re.compile(r"[0-9a-f]{32}")


class UploadGone(LookupError):
    """The file is no longer there or no longer what was uploaded; a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file: ``token`` finds it, ``sha256`` proves that it is the same."""

    token: str
    sha256: str


def _storage() -> Storage:
    if "imports" in settings.STORAGES:
        return storages["imports"]
    return FileSystemStorage(
        location=settings.VAR_DIR / "imports",
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


def keep(data: bytes) -> Upload:
    """Keep ``data`` for a day; older files are cleared away on the occasion."""
    _sweep()
    token = secrets.token_hex(16)
    _storage().save(_name(token), ContentFile(data))
    return Upload(token, hashlib.sha256(data).hexdigest())


def read(upload: Upload) -> bytes:
    """The bytes as they were uploaded. Raises ``UploadGone``."""
    try:
        with _storage().open(_name(upload.token)) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise UploadGone("上传的文件已过期或已处理，请重新上传。") from error
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        raise UploadGone("上传的文件与预览时不一致，没有写入任何内容，请重新上传。")
    return data


def discard(upload: Upload) -> None:
    """Forget the file; nothing happens when it is gone."""
    _storage().delete(_name(upload.token))


def _name(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise UploadGone("上传的文件已过期或已处理，请重新上传。")
    return f"{token}.bin"


def _sweep() -> None:
    storage = _storage()
    if not storage.exists(""):
        return
    _, names = storage.listdir("")
    oldest = timezone.now() - KEPT_FOR
    for name in names:
        if storage.get_modified_time(name) < oldest:
            storage.delete(name)
