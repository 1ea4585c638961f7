"""Evidence files in an S3-compatible store. Needs the extra of ``requirements-s3.txt``."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from .errors import StoreUnreachable
from .models import AppendOnly

# Some stores do not know the checksums that newer clients add by themselves; the content's MD5,
# which all of them check, is sent instead.
_CLIENT = {
    "connect_timeout": 10,
    "read_timeout": 20,
    "retries": {"mode": "standard", "max_attempts": 3},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
# Stores that do not know conditional writes say so in one of these ways.
_UNKNOWN_CONDITION = {"NotImplemented", "InvalidArgument", "InvalidRequest"}


@deconstructible
class EvidenceS3Storage(S3Storage):
    """An object appears under its name whole or not at all, and is never written again.

    Faults of the store are ``StoreUnreachable``; an object that is not there is
    ``FileNotFoundError``.
    """

    def __init__(self, **options: Any) -> None:
        style = options.get("addressing_style") or "auto"
        options.setdefault("client_config", Config(s3={"addressing_style": style}, **_CLIENT))
        super().__init__(**options)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: it is the hash of the content, so whoever was first wrote the same."""
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        with _explained():
            answer = self._client.get_object(Bucket=self.bucket_name, Key=self._key(name))
            return ContentFile(answer["Body"].read(), name=name)

    def _save(self, name: str, content: File) -> str:
        body = b"".join(content.chunks())
        with _explained():
            # Asked first, for a store that does not know conditions may ignore them silently.
            if not self._is_there(name):
                self._put(name, body)
        return name

    def exists(self, name: str) -> bool:
        with _explained():
            return self._is_there(name)

    def delete(self, name: str) -> NoReturn:
        raise AppendOnly

    def url(self, name: str, *args: Any, **options: Any) -> NoReturn:
        """Evidence has no address of its own: it is served by views that check permissions."""
        raise NotImplementedError("存证没有公开网址。")

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        return self._normalize_name(name)

    def _is_there(self, name: str) -> bool:
        try:
            self._client.head_object(Bucket=self.bucket_name, Key=self._key(name))
        except ClientError as error:
            if _status(error) == 404:
                return False
            raise
        return True

    def _put(self, name: str, body: bytes) -> None:
        details = {
            "Bucket": self.bucket_name,
            "Key": self._key(name),
            "Body": body,
            "ContentType": "application/gzip",
            "ContentMD5": base64.b64encode(
                hashlib.md5(body, usedforsecurity=False).digest()
            ).decode(),
        }
        try:
            self._client.put_object(**details, IfNoneMatch="*")
        except ClientError as error:
            if _status(error) == 412:
                return  # another worker was first with the same bytes
            if _status(error) != 501 and _code(error) not in _UNKNOWN_CONDITION:
                raise
            self._client.put_object(**details)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code, status = _code(error), _status(error)
        if status == 404 and code != "NoSuchBucket":
            raise FileNotFoundError(code) from error
        raise StoreUnreachable(_sentence(code, status)) from error
    except BotoCoreError as error:
        raise StoreUnreachable(
            f"存储服务连不上（{type(error).__name__}），请检查 S3_ENDPOINT_URL 和网络后重试"
        ) from error


def _sentence(code: str, status: int) -> str:
    if code == "NoSuchBucket":
        return "存储桶不存在，请检查 S3_BUCKET"
    if status in (401, 403):
        return (
            f"存储服务拒绝访问（{code}），请检查 S3_ACCESS_KEY、S3_SECRET_KEY 和本机时间，"
            "并确认账号有读、写和列出存储桶的权限"
        )
    return f"存储服务出错（HTTP {status} {code}），请稍后重试；一直如此请检查 S3_ 开头的设置"


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))[:60]
