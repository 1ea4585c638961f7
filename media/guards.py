"""Pictures and documents that readers see: what they show changes only with a reviewed text.

Replacing a file, or the words printed with it, would change public pages without anybody's
review. Apps above say where a file is shown (`register_use`); while it is shown anywhere, what
readers see of it stays as it is. Focal points may move: they choose the cut of a picture that
was reviewed as a whole. Collections, tags and notes are nobody's reading.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.db.models.signals import pre_delete, pre_save

# Given an image or document: titles of what is public, or on its way there, and shows it.
Use = Callable[[Model], list[str]]

_uses: list[Use] = []


class FileInUse(PermissionDenied):
    """Readers see the file, or soon will; the message says where and what to do, in Chinese."""


def register_use(use: Use) -> None:
    """Called in an app's ``ready()``."""
    if use not in _uses:
        _uses.append(use)


def connect(model: type[Model]) -> None:
    """Guard the rows of ``model``, which has ``SHOWN``: names of the fields readers see."""
    pre_save.connect(_before_save, sender=model, dispatch_uid=f"guard.{model.__name__}")
    pre_delete.connect(_before_delete, sender=model, dispatch_uid=f"guard.{model.__name__}")


def why_not_change(file: Any) -> str:
    """Why the changes in ``file`` may not be stored; empty when they may."""
    stored = type(file)._default_manager.filter(pk=file.pk).first()
    if stored is None or all(_value(file, n) == _value(stored, n) for n in file.SHOWN):
        return ""
    return _sentence(
        file,
        "文件和随文显示的说明不能改。请另外上传一份，放进文章草稿，送审发布后读者就看到新的。",
    )


def why_not_delete(file: Any) -> str:
    """Why ``file`` may not be deleted; empty when it may."""
    return _sentence(file, "不能删除。请先在文章草稿里换掉它，送审发布后再删。")


def _sentence(file: Any, refusal: str) -> str:
    titles = list(dict.fromkeys(title for use in _uses for title in use(file)))
    if not titles:
        return ""
    shown = "".join(f"《{title}》" for title in titles[:3])
    more = f"等 {len(titles)} 篇文章" if len(titles) > 3 else ""
    return f"{shown}{more}已公开或正在送审，用到了“{file.title}”，{refusal}"


def _value(file: Any, name: str) -> Any:
    value = getattr(file, name)
    # A new upload has its old name until it is stored.
    return (value.name, value._committed) if name == "file" else value


def _before_save(
    instance: Any, raw: bool = False, update_fields: Collection[str] | None = None, **_: Any
) -> None:
    if raw:
        return
    if update_fields is not None and not set(update_fields) & set(instance.SHOWN):
        return
    if refusal := why_not_change(instance):
        raise FileInUse(refusal)


def _before_delete(instance: Any, **_: Any) -> None:
    if refusal := why_not_delete(instance):
        raise FileInUse(refusal)
