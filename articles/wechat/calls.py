"""The record of all calls to WeChat, without secrets, for whoever looks for a fault."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.utils import timezone

from ..models import Push, WeChatCall
from . import quotas

KEPT_FOR = timedelta(days=90)
LONGEST = 20_000
# Keys of WeChat's JSON that are secret, or name a reader.
HIDDEN = frozenset({"secret", "access_token", "openid"})
MASK = "（已隐去）"
# The same in an answer that was cut off.
_HIDDEN_IN_TEXT = re.compile(rf'("(?:{"|".join(sorted(HIDDEN))})"\s*:\s*")[^"]*')


def record(
    push: Push | None,
    endpoint: str,
    sent: str,
    answered: str,
    *,
    status: int | None,
    errcode: int | None,
    milliseconds: int,
    secrets: Iterable[str],
) -> None:
    """Keep one call. ``secrets`` are blotted out wherever they stand.

    Written by itself, after the call and outside any transaction (`quotas.take` saw to that), so
    that nothing that fails afterwards takes it back.
    """
    WeChatCall.objects.create(
        push=push,
        endpoint=endpoint,
        sent=blot(sent, secrets),
        answered=blot(answered, secrets),
        status=status,
        errcode=errcode,
        milliseconds=milliseconds,
    )


def prune() -> int:
    """Forget what is too old to help anybody; answers how many calls that were."""
    before = timezone.now() - KEPT_FOR
    quotas.prune(timezone.localdate(before))
    return WeChatCall.objects.filter(at__lt=before).delete()[0]


def as_text(value: Any) -> str:
    """JSON for the record, without what is `HIDDEN`."""
    return json.dumps(_hide(value), ensure_ascii=False)


def of_file(name: str, data: bytes) -> str:
    """What stands for the bytes of a file."""
    kind = PurePath(name).suffix.removeprefix(".") or "file"
    return f"<{kind} {len(data) / 1000:.0f} kB sha256 {hashlib.sha256(data).hexdigest()}>"


def blot(text: str, secrets: Iterable[str]) -> str:
    """``text`` without ``secrets`` and at most `LONGEST` bytes of it."""
    text = _HIDDEN_IN_TEXT.sub(rf"\1{MASK}", text)
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    # A database takes no NUL.
    whole = text.replace("\0", "").encode()
    if len(whole) <= LONGEST:
        return whole.decode()
    return f"{whole[:LONGEST].decode(errors='ignore')}……（共 {len(whole)} 字节）"


def _hide(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: MASK if key in HIDDEN else _hide(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hide(inner) for inner in value]
    return value
