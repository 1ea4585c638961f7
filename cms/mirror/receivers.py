"""Hearing of changes. Wagtail tells of publishing; of everything else we hear by ourselves."""

from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import COMMENTS_RELATION_NAME, Page
from wagtail.signals import post_page_move

from . import jobs, registry, worker
from .pages import address_of, addresses_below, moved

# Written beside a live page without changing what it shows.
NOT_SHOWN = frozenset(
    {
        COMMENTS_RELATION_NAME,
        "latest_revision",
        "latest_revision_created_at",
        "has_unpublished_changes",
        "draft_title",
        "locked",
        "locked_at",
        "locked_by",
        "go_live_at",
        "planned_for",
        "numchild",
    }
)
BEFORE = "_mirror_before"


class Before(NamedTuple):
    """A thing before a change: who showed it, and its row where it was shown at all."""

    addresses: set[str]
    stored: Model | None


def connect() -> None:
    """Listen; called once, when the app is ready."""
    for signal, receiver in (
        (pre_save, on_pre_save),
        (post_save, on_post_save),
        (pre_delete, on_pre_delete),
        (post_delete, on_post_delete),
        (post_page_move, on_moved),
    ):
        signal.connect(receiver, dispatch_uid=f"mirror.{receiver.__name__}")


def _concerns(instance: Model) -> bool:
    return isinstance(instance, (*registry.models(), Page))


def _of(instance: Model) -> set[str]:
    """The addresses that show ``instance``; a page that is not live is shown nowhere."""
    if isinstance(instance, Page) and not instance.live:
        return set()
    return registry.dependents_of(_specific(instance))


def _specific(instance: Model) -> Model:
    return instance.specific if type(instance) is Page else instance


def _stored(instance: Model) -> Model | None:
    """The row as it lies in the database; of pages only what is live."""
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    return (rows.filter(live=True) if isinstance(instance, Page) else rows).first()


def on_pre_save(
    sender: Any, instance: Model, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Remember who shows the thing as it was."""
    if raw or not _concerns(instance):
        return
    before = None
    if update_fields is None or not NOT_SHOWN.issuperset(update_fields):
        stored = None if instance._state.adding else _stored(instance)
        before = Before(set() if stored is None else _of(stored), stored)
    setattr(instance, BEFORE, before)


def on_post_save(sender: Any, instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """Have rendered who showed the thing, and who shows it now."""
    if raw or not _concerns(instance) or (before := getattr(instance, BEFORE, None)) is None:
        return
    setattr(instance, BEFORE, None)
    wanted = before.addresses
    if isinstance(instance, Page) and before.stored is not None:
        old = address_of(before.stored)
        if before.stored.url_path != instance.url_path:
            below = addresses_below(old)
            wanted |= {*below, *moved(below, old, address_of(instance))}
        if not instance.live:
            # Silence does not wait for the worker.
            transaction.on_commit(partial(worker.render_at_once, [old]))
    if isinstance(instance, Page) and not instance.live:
        jobs.request(wanted, _reason(instance, "保存"))
    else:
        jobs.changed(_specific(instance), _reason(instance, "保存"), wanted)


def on_pre_delete(sender: Any, instance: Model, **kwargs: Any) -> None:
    if _concerns(instance):
        stored = _stored(instance)
        before = Before(set() if stored is None else _of(stored), stored)
        if isinstance(stored, Page):
            before.addresses.update(addresses_below(address_of(stored)))
        setattr(instance, BEFORE, before)


def on_post_delete(sender: Any, instance: Model, **kwargs: Any) -> None:
    if _concerns(instance) and (before := getattr(instance, BEFORE, None)):
        setattr(instance, BEFORE, None)
        jobs.request(before.addresses, _reason(instance, "删除"))


def on_moved(
    sender: Any, instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    """All that lies below has another address as well."""
    if url_path_before == url_path_after:
        return
    instance = instance.specific
    old, new = address_of(url_path_before), address_of(url_path_after)
    below = addresses_below(old)
    jobs.changed(instance, _reason(instance, "移动"), {*below, *moved(below, old, new)})


def _reason(instance: Model, what: str) -> str:
    return f"{what}{instance._meta.verbose_name}“{instance}”"[:120]
