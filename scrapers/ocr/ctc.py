"""What a text recognition model says about one line of text, and how sure it is of each letter.

The usual confidence is the mean of the letters' probabilities, which hides the one doubtful
letter a name hangs on. Here a line is as sure as its least sure letter, and a letter is sure when
nothing *else* is likely in its place: probability that merely goes to another writing of the same
letter (``·`` and ``・``, 荆 and 荊), or to the gap beside it, is no doubt.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

#: The class that means "no new letter here".
BLANK = 0

_DOTS = dict.fromkeys("・‧•∙⋅･", "·")
# Forms that fonts draw nearly alike and a model therefore mixes up, each before its standard form.
_FORMS = {
    pair[0]: pair[1]
    for pair in [
        "荊荆",
        "黃黄",
        "卽即",
        "旣既",
        "敎教",
        "靑青",
        "淸清",
        "溫温",
        "產产",
        "戶户",
        "戸户",
        "呂吕",
        "吳吴",
        "錄录",
        "綠绿",
        "內内",
        "顏颜",
        "橫横",
        "髙高",
        "鄕乡",
        "黒黑",
        "歩步",
        "毎每",
    ]
}
#: A form this sure is what is printed: a page in traditional characters.
_PRINTED = 0.9


#: A stroke that stands alone is a dash, whichever of these a model takes it for.
_DASHES = frozenset("-—–―ー一_")


@dataclass(frozen=True, slots=True)
class Letter:
    """One recognised letter; ``at`` is its place in the line, 0 at the left end, 1 at the right."""

    char: str
    confidence: float
    at: float


class Alphabet:
    """A model's classes, each with the plain letter it stands for."""

    def __init__(self, characters: list[str]) -> None:
        self.characters = characters
        self.plain = [plain(char) for char in characters]
        numbers: dict[str, int] = {}
        self.groups = np.array([numbers.setdefault(p, len(numbers)) for p in self.plain])
        space = [n for n, char in enumerate(characters) if n == BLANK or char.isspace()]
        self.gaps = frozenset(space)
        self.dashes = np.array([char in _DASHES for char in characters])


@cache
def plain(char: str) -> str:
    """The letter in its one plain form: half-width, one kind of middle dot, standard form."""
    folded = unicodedata.normalize("NFKC", char)
    folded = folded if len(folded) == 1 else char
    return _DOTS.get(folded) or _FORMS.get(folded, folded)


def decode(steps: Any, alphabet: Alphabet, stretch: float = 1.0) -> list[Letter]:
    """The letters of one line. ``steps`` is an array of probabilities, a row a step.

    ``stretch``: the steps cover so many times the width of the line.
    """
    runs = _runs(steps.argmax(axis=1), alphabet)
    if len(runs) == 1 and alphabet.dashes[runs[0][2]]:
        return [_dash(steps, alphabet)]
    letters = []
    for number, (first, last, best) in enumerate(runs):
        left = runs[number - 1][1] + 1 if number else 0
        right = runs[number + 1][0] if number + 1 < len(runs) else len(steps)
        neighbours = [run[2] for run in runs[max(number - 1, 0) : number + 2]]
        sure = _sureness(steps[left:right], best, neighbours, alphabet)
        at = min((first + last + 1) / 2 / len(steps) * stretch, 1.0)
        printed = alphabet.characters[best]
        if printed not in _FORMS or steps[first : last + 1, best].max() < _PRINTED:
            printed = alphabet.plain[best]
        letters.append(Letter(printed, sure, at))
    return letters


def _dash(steps: Any, alphabet: Alphabet) -> Letter:
    others = steps.max(axis=0)
    others[alphabet.dashes] = 0.0
    others[list(alphabet.gaps)] = 0.0
    mine, doubt = float(steps[:, alphabet.dashes].sum(axis=1).max()), float(others.max())
    return Letter("—", mine / (mine + doubt), 0.5)


def _runs(best: Any, alphabet: Alphabet) -> list[tuple[int, int, int]]:
    """First and last step and class of every letter; a class repeated step by step is one."""
    runs: list[tuple[int, int, int]] = []
    before = BLANK
    for step, number in enumerate(best.tolist()):
        if number in alphabet.gaps:
            before = BLANK
        elif number == before:
            first, _, _ = runs[-1]
            runs[-1] = (first, step, number)
        else:
            runs.append((step, step, number))
            before = number
    return runs


def _sureness(steps: Any, best: int, neighbours: list[int], alphabet: Alphabet) -> float:
    """The chance of ``best`` against the likeliest other letter between its neighbours."""
    own = alphabet.groups == alphabet.groups[best]
    mine = float(steps[:, own].sum(axis=1).max())
    others = steps.max(axis=0)
    others[own] = 0.0
    others[list(alphabet.gaps)] = 0.0
    for other in neighbours:
        others[alphabet.groups == alphabet.groups[other]] = 0.0
    doubt = float(others.max())
    return min(mine / (mine + doubt), 1.0) if mine + doubt else 0.0
