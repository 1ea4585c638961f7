"""What is to be done about a draft: nothing, change single articles, make it anew, or ask. Pure.

``draft/update`` changes one article of a draft that keeps its number and order (WeChat:
draft/update), so a reordered or longer push becomes a new draft in place of the old one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from ...review.digest import digest_of
from .differences import between
from .marks import mark, mark_of


@dataclass(frozen=True)
class Wanted:
    """An article as it is to stand in WeChat.

    ``fields`` is one of the articles of draft/add; its ``content_source_url`` ends in our mark,
    without which ``content_hash`` is taken.
    """

    article_id: int
    form: str
    title: str
    fields: Mapping[str, Any]
    content_hash: str

    @classmethod
    def marked(
        cls, push_pk: int, article_id: int, form: str, fields: Mapping[str, Any]
    ) -> "Wanted":
        """``fields`` (without a mark) as they are sent for push ``push_pk``."""
        content_hash = digest_of(dict(fields))
        sent = dict(fields)
        if address := fields.get("content_source_url"):  # 图片消息 have none
            sent["content_source_url"] = address + mark(push_pk, content_hash)
        return cls(article_id, form, str(fields.get("title", "")), sent, content_hash)


@dataclass(frozen=True)
class Entry:
    """What we know of one article of the draft; kept in ``Delivery.stored``.

    ``sent`` is the hash of what we wrote, ``article`` what draft/get then answered (None: not yet
    asked). ``pending`` is the hash of a writing whose outcome is not known. ``seen`` is what a
    person found there and may overwrite; ``article_id`` 0 marks what was added by hand, ``gone``
    what was taken out.
    """

    article_id: int = 0
    form: str = ""
    sent: str = ""
    article: dict[str, Any] | None = None
    pending: str = ""
    seen: dict[str, Any] | None = None
    gone: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Deed(StrEnum):
    """What the draft needs next."""

    NOTHING = "nothing"
    UPDATE = "update"
    RENEW = "renew"
    ASK = "ask"
    SPOILT = "spoilt"


@dataclass(frozen=True)
class Decision:
    """``places`` are the articles to write (from 0); ``sentences`` what a person is told.

    ``entries`` is what is known now and is to be kept.
    """

    deed: Deed
    entries: tuple[Entry, ...]
    places: tuple[int, ...] = ()
    sentences: tuple[str, ...] = ()


class _Verdict(StrEnum):
    KEEP = "keep"
    WRITE = "write"
    CHANGED = "changed"
    SPOILT = "spoilt"


def first_entries(wanted: Sequence[Wanted]) -> list[Entry]:
    """What is known right after draft/add."""
    return [Entry(w.article_id, w.form, sent=w.content_hash) for w in wanted]


def decide(
    entries: Sequence[Entry], got: Sequence[Mapping[str, Any]], wanted: Sequence[Wanted]
) -> Decision:
    """Compare what we wrote, what stands in WeChat now, and what is to stand there."""
    known = [replace(entry, seen=None) for entry in entries if entry.article_id or entry.article]
    if len(got) != len(known):
        return _other_number(known, got)
    in_place = [(e.article_id, e.form) for e in known] == [(w.article_id, w.form) for w in wanted]
    changed: list[str] = []
    spoilt: list[str] = []
    places: list[int] = []
    kept: list[Entry] = []
    for place, (entry, there) in enumerate(zip(known, got, strict=True)):
        target = wanted[place] if in_place else None
        verdict, sentences = _judge(entry, there, target)
        told = [f"第{place + 1}篇《{there.get('title', '')}》：{each}" for each in sentences]
        if verdict is _Verdict.CHANGED:
            changed += told
            kept.append(replace(entry, seen=dict(there)))
        elif verdict is _Verdict.SPOILT:
            spoilt += told
            # Known as it stands and as not what we want: trying again writes it again.
            kept.append(replace(entry, sent="", article=dict(there)))
        elif verdict is _Verdict.WRITE:
            places.append(place)
            kept.append(entry)
        else:
            # What a person changed and we leave alone is still told from what we wrote.
            kept.append(entry if entry.article else replace(entry, article=dict(there)))
    if changed:
        return Decision(Deed.ASK, tuple(kept), sentences=tuple(changed))
    if spoilt:
        return Decision(Deed.SPOILT, tuple(kept), sentences=tuple(spoilt))
    if not in_place:
        return Decision(Deed.RENEW, tuple(kept))
    if places:
        return Decision(Deed.UPDATE, tuple(kept), places=tuple(places))
    return Decision(Deed.NOTHING, tuple(kept))


def changes_by_hand(entries: Sequence[Entry], got: Sequence[Mapping[str, Any]]) -> list[str]:
    """What differs from what stood there after our last writing, whoever wants what."""
    known = [entry for entry in entries if entry.article_id]
    if len(known) != len(got):
        return [_number_changed(len(known), len(got))]
    return [
        f"第{place + 1}篇《{there.get('title', '')}》：{sentence}"
        for place, (entry, there) in enumerate(zip(known, got, strict=True))
        if entry.article is not None
        for sentence in between(entry.article, there)
    ]


def pending(entries: Sequence[Entry], place: int, target: Wanted) -> list[Entry]:
    """Before the call of draft/update for ``place``."""
    return _with(entries, place, replace(entries[place], pending=target.content_hash))


def written(entries: Sequence[Entry], place: int, target: Wanted) -> list[Entry]:
    """After it was answered."""
    fresh = Entry(target.article_id, target.form, sent=target.content_hash)
    return _with(entries, place, fresh)


def overwritable(entries: Sequence[Entry]) -> list[Entry]:
    """A person said that what was seen may be overwritten: it counts as known from here on."""
    if any(entry.gone or not entry.article_id for entry in entries):
        return [Entry(form=e.form, article=e.seen) for e in entries if e.seen is not None]
    return [
        replace(entry, sent="", article=entry.seen, pending="", seen=None) if entry.seen else entry
        for entry in entries
    ]


def left_alone(entries: Sequence[Entry]) -> list[Entry]:
    """A person said that what was seen stays; it is told again before any later overwriting."""
    return [replace(entry, seen=None, gone=False) for entry in entries if entry.article_id]


def is_ours(got: Sequence[Mapping[str, Any]], wanted: Sequence[Wanted]) -> bool:
    """Whether a draft found in the box is the one we meant to make: by its marks, or by what is in
    it where WeChat keeps no address (图片消息)."""
    return len(got) == len(wanted) and all(
        _carries(there, target.content_hash) or not _unlike(there, target)
        for there, target in zip(got, wanted, strict=True)
    )


def is_of_push(got: Sequence[Mapping[str, Any]], push_pk: int) -> bool:
    """Whether a draft was made for the push, of whatever text; by its marks alone."""
    marks = [mark_of(str(there.get("content_source_url", ""))) for there in got]
    ours = [each for each in marks if each]
    return bool(ours) and all(each.startswith(f"#p{push_pk}-") for each in ours)


def _judge(
    entry: Entry, there: Mapping[str, Any], target: Wanted | None
) -> tuple[_Verdict, list[str]]:
    if entry.pending:
        known = entry.article is None or not between(entry.article, there)
        if known or _carries(there, entry.pending) or (target and not _unlike(there, target)):
            return _Verdict.WRITE, []
        return _Verdict.CHANGED, between(entry.article or {}, there)
    if entry.article is None:
        if target is None or entry.sent != target.content_hash:
            return _Verdict.WRITE, []
        sentences = _unlike(there, target)
        return (_Verdict.SPOILT, sentences) if sentences else (_Verdict.KEEP, [])
    if target is not None and entry.sent == target.content_hash:
        return _Verdict.KEEP, []
    if sentences := between(entry.article, there):
        return _Verdict.CHANGED, sentences
    return _Verdict.WRITE, []


def _unlike(there: Mapping[str, Any], target: Wanted) -> list[str]:
    """How what stands there differs from what we sent."""
    sent = dict(target.fields)
    if not sent.get("digest"):
        sent.pop("digest", None)  # WeChat fills it from the text
    return between(sent, there)


def _carries(there: Mapping[str, Any], content_hash: str) -> bool:
    found = mark_of(str(there.get("content_source_url", "")))
    return bool(found) and found.endswith(f"-{content_hash[:12]}")


def _other_number(known: Sequence[Entry], got: Sequence[Mapping[str, Any]]) -> Decision:
    kept = [
        replace(entry, seen=dict(got[place])) if place < len(got) else replace(entry, gone=True)
        for place, entry in enumerate(known)
    ]
    kept += [Entry(seen=dict(there)) for there in got[len(known) :]]
    return Decision(Deed.ASK, tuple(kept), sentences=(_number_changed(len(known), len(got)),))


def _number_changed(before: int, after: int) -> str:
    return f"草稿里原来有{before}篇，现在有{after}篇。"


def _with(entries: Sequence[Entry], place: int, entry: Entry) -> list[Entry]:
    return [*entries[:place], entry, *entries[place + 1 :]]
