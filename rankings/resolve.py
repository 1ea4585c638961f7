"""Finding a board or an account by what people write: key, exact name or alias."""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from .models import Account, AccountName, Board, BoardAlias
from .periods import Period

# What sources print around a name; dropped for comparing, never from what is stored.
_DECORATION = re.compile(r"[\s\"'“”‘’「」『』《》〈〉@\u200b-\u200f\u2060\ufeff]+")
CANDIDATES = 5

Thing = TypeVar("Thing", Account, Board)


@lru_cache(maxsize=16_384)
def matching_form(name: str) -> str:
    """The form in which names are compared: NFKC, without quotes, @ and white space."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name))


class NotResolved(ValueError):
    """No single board or account answers to a name; its text is a Chinese sentence.

    ``unknown`` tells a name nobody bears from one that several bear. ``plain`` is the sentence
    without the nearest names, which take long to find and are looked for only when asked.
    """

    def __init__(
        self, plain: str, *, unknown: bool, nearest: Callable[[], list[str]] | None = None
    ) -> None:
        super().__init__(plain)
        self.plain = plain
        self.unknown = unknown
        self._nearest = nearest

    def __str__(self) -> str:
        near = self._nearest() if self._nearest is not None else []
        return f"{self.plain.rstrip('。')}，相近的有：{'、'.join(near)}。" if near else self.plain


@dataclass(frozen=True, slots=True)
class _Named(Generic[Thing]):
    thing: Thing
    valid_from: dt.date | None
    valid_to: dt.date | None

    def holds(self, period: Period | None) -> bool:
        """Whether the name was valid on some day of the period; always, when none is given."""
        if period is None:
            return True
        return (self.valid_from is None or self.valid_from <= period.end) and (
            self.valid_to is None or self.valid_to >= period.start
        )


class Resolver(Generic[Thing]):
    """All names of one kind of thing, read once; look-ups need no query."""

    def __init__(
        self,
        label: str,
        things: Iterable[Thing],
        names: Iterable[tuple[Thing, str, dt.date | None, dt.date | None]],
    ) -> None:
        self._label = label
        self._by_key: dict[str, Thing] = {}
        self._by_name: dict[str, list[_Named[Thing]]] = {}
        self._printed: dict[str, str] = {}
        for thing in things:
            self._by_key[thing.key] = thing
        for thing, name, valid_from, valid_to in names:
            self._add_name(thing, name, valid_from, valid_to)

    def _add_name(
        self, thing: Thing, name: str, valid_from: dt.date | None, valid_to: dt.date | None
    ) -> None:
        form = matching_form(name)
        self._by_name.setdefault(form, []).append(_Named(thing, valid_from, valid_to))
        self._printed.setdefault(form, name)

    def add(self, thing: Thing) -> None:
        """Make a thing that was just created known."""
        self._by_key[thing.key] = thing
        self._add_name(thing, thing.name, None, None)

    def has_key(self, key: str) -> bool:
        return key in self._by_key

    def with_key(self, key: str) -> Thing | None:
        return self._by_key.get(key)

    def bears(self, thing: Thing, text: str) -> bool:
        """Whether ``text`` is the key of the thing, or a name it bore at any time."""
        if text == thing.key:
            return True
        named = self._by_name.get(matching_form(text), [])
        return any(entry.thing.pk == thing.pk for entry in named)

    def find(self, text: str, period: Period | None = None) -> Thing:
        """The one thing with this key, or with this name or alias valid in ``period``.

        Raises ``NotResolved``, naming the keys that compete or the nearest names.
        """
        by_key = self._by_key.get(text.strip())
        if by_key is not None:
            return by_key
        form = matching_form(text)
        named = self._by_name.get(form, [])
        if len(named) == 1 and named[0].holds(period):
            return named[0].thing
        found = {entry.thing.pk: entry.thing for entry in named if entry.holds(period)}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            keys = "、".join(sorted(thing.key for thing in found.values()))
            raise NotResolved(
                f"有 {len(found)} 个{self._label}叫“{text}”，请改写编号：{keys}。", unknown=False
            )
        if named:
            keys = "、".join(sorted({entry.thing.key for entry in named}))
            raise NotResolved(
                f"{self._label}“{text}”在这一期还不用或已不用这个名称（编号：{keys}），"
                "请写当时的名称，或写编号。",
                unknown=False,
            )
        raise NotResolved(
            f"没有叫“{text}”的{self._label}。",
            unknown=True,
            nearest=lambda: self._nearest(text, form),
        )

    def _nearest(self, text: str, form: str) -> list[str]:
        forms = difflib.get_close_matches(form, self._printed, CANDIDATES, cutoff=0.4)
        near = [self._printed[form] for form in forms]
        near += difflib.get_close_matches(text, self._by_key, CANDIDATES, cutoff=0.7)
        return near[:CANDIDATES]


def board_resolver() -> Resolver[Board]:
    """Every board by key, name and alias; two queries."""
    boards = {board.pk: board for board in Board.objects.order_by("pk")}
    names = [(board, board.name, None, None) for board in boards.values()]
    names += [
        (boards[pk], name, valid_from, valid_to)
        for pk, name, valid_from, valid_to in BoardAlias.objects.order_by("pk").values_list(
            "board_id", "name", "valid_from", "valid_to"
        )
    ]
    return Resolver("榜单", boards.values(), names)


def account_resolver() -> Resolver[Account]:
    """Every account by key, dated name and alias; two queries."""
    accounts = {account.pk: account for account in Account.objects.order_by("pk")}
    names = [
        (accounts[pk], name, valid_from, valid_to)
        for pk, name, valid_from, valid_to in AccountName.objects.order_by("pk").values_list(
            "account_id", "name", "valid_from", "valid_to"
        )
    ]
    return Resolver("公众号", accounts.values(), names)


def find_board(text: str) -> Board:
    """The board people mean by ``text``. Raises ``NotResolved``."""
    return board_resolver().find(text)


def find_account(text: str, period: Period | None = None) -> Account:
    """The account people mean by ``text`` in ``period``. Raises ``NotResolved``."""
    return account_resolver().find(text, period)
