"""From what somebody typed to what is asked of the index. Pure; raises for no string at all.

The index knows single characters, so every word is asked for as a phrase of characters. Words
are cut by rjieba; one of four and more characters is asked for as its parts, which need not stand
together (下岗职工 in 下岗的职工). Numbers stick to the characters that follow (200亿元).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .text import Token, is_cjk, spans

# Of longer queries only the beginning is looked for; people are told.
MOST_CHARACTERS = 100

# Words between words: asking for them only loses results.
_PARTICLES = frozenset("的了和与及在是等之而也着")
# What is counted: 200亿元 is one thing, 2026荷塘 is two.
_UNITS = frozenset(
    "年月日号时点分秒周天岁亿万千百元角个人名次位件篇期届场里米斤吨亩公平度倍多余几第"
)
_BETWEEN_DIGITS = frozenset(",.，．:：/-%")
_QUOTED = re.compile(r'["＂]([^"＂]*)["＂]|“([^”]*)”|「([^」]*)」|『([^』]*)』|《([^》]*)》')


def together(before: str, token: str) -> str:
    """``token`` after what was written before it."""
    return f"{before}{'' if is_cjk(before[-1]) or is_cjk(token[0]) else ' '}{token}"


@dataclass(frozen=True)
class Phrase:
    """Tokens that follow each other; with ``prefix`` the last may be the beginning of one."""

    tokens: tuple[str, ...]
    prefix: bool = False

    def __str__(self) -> str:
        """As people write it: a space only between two words that are no characters."""
        written = ""
        for token in self.tokens:
            written = together(written, token) if written else token
        return written


@dataclass(frozen=True)
class Exact(Phrase):
    """One that stood in quotes: never taken apart."""


@dataclass(frozen=True)
class Every:
    """All of the parts, anywhere in the text."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    """At least one of the parts."""

    parts: tuple["Node", ...]


Node = Phrase | Every | Either


@dataclass(frozen=True)
class Query:
    """``node`` is what must be found, ``whole`` all of it as one phrase.

    ``words`` are the words it was cut into.
    """

    node: Node
    whole: Phrase
    words: tuple[Phrase, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Every phrase of it, the whole first: what is marked in results."""
        return tuple(dict.fromkeys([self.whole, *_phrases(self.node)]))


def cut(typed: str) -> str:
    """As much of ``typed`` as is looked for."""
    return typed[:MOST_CHARACTERS]


def parse(typed: str, *, operator: str = "and") -> Query | None:
    """What to look for; None where ``typed`` holds nothing that can be found.

    ``operator`` ``or``: any of the words will do.
    """
    typed = cut(typed)
    words: list[Phrase] = []
    rest = 0
    for quoted in _QUOTED.finditer(typed):
        words += _words(typed[rest : quoted.start()])
        if exact := _tokens(spans(next(filter(None, quoted.groups()), ""))):
            words.append(Exact(exact))
        rest = quoted.end()
    words += _words(typed[rest:])
    words = [word for word in words if not _is_particle(word)] or words
    words = list(dict.fromkeys(words))
    if not words:
        return None
    parts = tuple(dict.fromkeys(_parted(word) for word in words))
    several = Either if operator == "or" else Every
    node = parts[0] if len(parts) == 1 else several(parts)
    return Query(node, Phrase(_tokens(spans(typed))), tuple(words))


def exactly(typed: str) -> Query | None:
    """``typed`` as one phrase."""
    found = _tokens(spans(cut(typed)))
    return Query(Phrase(found), Phrase(found)) if found else None


def beginning(typed: str) -> Query | None:
    """For suggestions while typing: each run as a phrase, the last one still unfinished."""
    found = spans(cut(typed))
    if not found:
        return None
    phrases = [Phrase(_tokens(run)) for run in _runs(cut(typed))]
    phrases[-1] = replace(phrases[-1], prefix=True)
    node = phrases[0] if len(phrases) == 1 else Every(tuple(phrases))
    return Query(node, Phrase(_tokens(found), prefix=True))


def _tokens(found: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.text for token in found)


def _phrases(node: Node) -> Iterator[Phrase]:
    if isinstance(node, Phrase):
        yield node
    else:
        for part in node.parts:
            yield from _phrases(part)


def _runs(typed: str) -> list[list[Token]]:
    """The tokens in the runs that white space and punctuation leave; 1,000 is one run."""
    runs: list[list[Token]] = []
    for token in spans(typed):
        before = runs[-1][-1] if runs else None
        goes_on = before is not None and (
            token.joined
            or (
                before.text.isdecimal()
                and token.text.isdecimal()
                and typed[before.end : token.start] in _BETWEEN_DIGITS
            )
        )
        if not goes_on:
            runs.append([])
        runs[-1].append(token)
    return runs


def _words(typed: str) -> Iterator[Phrase]:
    """The words of running text."""
    for run in _runs(typed):
        number: tuple[str, ...] = ()
        for group in _groups(run):
            if group.isdecimal():
                number += (group,)
                continue
            if number and (not is_cjk(group[0]) or group[0] not in _UNITS):
                yield Phrase(number)
                number = ()
            for word in _cut(group) if is_cjk(group[0]) else [[group]]:
                yield Phrase((*number, *word))
                number = ()
        if number:
            yield Phrase(number)


def _groups(run: Sequence[Token]) -> list[str]:
    """The characters between other words, each stretch as one string."""
    groups: list[str] = []
    for token in run:
        if groups and is_cjk(token.text[0]) and is_cjk(groups[-1][0]):
            groups[-1] += token.text
        else:
            groups.append(token.text)
    return groups


def _parted(word: Phrase) -> Node:
    """``word`` as what it is found by."""
    if (
        isinstance(word, Exact)
        or len(word.tokens) < 4
        or not all(is_cjk(token[0]) for token in word.tokens)
    ):
        return Phrase(word.tokens)
    parts = dict.fromkeys(Phrase(tuple(part)) for part in _parts("".join(word.tokens)))
    return Every(tuple(parts)) if len(parts) > 1 else Phrase(word.tokens)


def _parts(word: str) -> list[str]:
    """The shorter words that make up ``word`` from end to end; none where they do not."""
    known = sorted(set(_segmenter().cut_for_search(word)) - {word}, key=len, reverse=True)
    known = [each for each in known if len(each) > 1]
    parts: list[str] = []
    place = 0
    while place < len(word):
        part = next((each for each in known if word.startswith(each, place)), None)
        if part is None:
            return []
        parts.append(part)
        place += len(part)
    return parts


def _is_particle(word: Phrase) -> bool:
    return len(word.tokens) == 1 and word.tokens[0] in _PARTICLES


def _cut(characters: str) -> list[str]:
    return [characters] if len(characters) < 3 else _segmenter().cut(characters)


@cache
def _segmenter() -> Any:
    """Loaded by the first query and not with the process: its dictionary takes 118 MB."""
    import rjieba

    return rjieba
