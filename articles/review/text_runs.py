"""Differences between two texts, as runs a person can read. Pure.

Chinese has no spaces, so the unit is the sentence first and the character inside a changed
sentence; figures and Latin words stay whole (120 that became 130 is one change, not “2→3”).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

Op = Literal["same", "del", "ins"]

# Comparing is quadratic at worst. What goes beyond is shown as taken out and put in whole.
MOST_SENTENCES = 1000
MOST_TOKENS = 1200
# Tokens compared one by one in one text, whatever number of sentences they stand in.
TOKENS_A_TEXT = 20_000

_SENTENCE = re.compile(r"[^。！？；!?\n]*(?:[。！？；!?]+[”’」』）)]*\n?|\n)|[^。！？；!?\n]+")
_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.,:]\d+)*[%％‰]?|.", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """A stretch that stayed (``same``), was taken out (``del``) or put in (``ins``)."""

    op: Op
    text: str


def runs(old: str, new: str) -> tuple[Run, ...]:
    """The way from ``old`` to ``new``; a ``del`` stands before the ``ins`` that replaces it.

    The texts of all runs but ``ins`` are ``old`` again, those of all but ``del`` are ``new``.
    """
    budget = TOKENS_A_TEXT
    found: list[Run] = []
    for a, b in _pairs(_SENTENCE.findall(old), _SENTENCE.findall(new), MOST_SENTENCES):
        if a == b:
            found.append(Run("same", "".join(a)))
            continue
        before, after = "".join(a), "".join(b)
        tokens = _TOKEN.findall(before), _TOKEN.findall(after)
        budget -= sum(map(len, tokens))
        for c, d in _pairs(*tokens, MOST_TOKENS if budget > 0 else 0):
            if c == d:
                found.append(Run("same", "".join(c)))
            else:
                found += [Run("del", "".join(c)), Run("ins", "".join(d))]
    return _readable(found)


def _pairs(
    old: Sequence[str], new: Sequence[str], most: int
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Stretches of both in their order: equal ones, and what replaces what.

    More than ``most`` units between the equal beginning and the equal end are one replacement.
    """
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next(
        (i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]),
        shorter - head,
    )
    yield old[:head], new[:head]
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if not a or not b or len(a) + len(b) > most:
        yield a, b
    else:
        # Above 200 units very common ones (的, “，”) are no anchors: quicker, and more readable.
        for _, i, j, k, m in SequenceMatcher(None, a, b).get_opcodes():
            yield a[i:j], b[k:m]
    yield old[len(old) - tail :], new[len(new) - tail :]


def _readable(found: list[Run]) -> tuple[Run, ...]:
    """Join what belongs together: one character kept between two changes is chance, not sense."""
    changes: list[list[str]] = []  # [same before, del, ins]
    same = gone = come = ""
    for run in found:
        if not run.text:
            continue
        if run.op == "same":
            if gone or come:
                changes.append([same, gone, come])
                same = gone = come = ""
            same += run.text
        elif run.op == "del":
            gone += run.text
        else:
            come += run.text
    changes.append([same, gone, come])
    joined: list[list[str]] = []
    for same, gone, come in changes:
        # The last entry may be only what stayed at the end.
        if joined and (gone or come) and _is_chance(same, joined[-1], gone, come):
            joined[-1][1] += same + gone
            joined[-1][2] += same + come
        else:
            joined.append([same, gone, come])
    for entry, following in pairwise(joined):
        _end_with_the_sentence(entry, following)
    return tuple(
        Run(op, text)
        for entry in joined
        for op, text in zip(("same", "del", "ins"), entry, strict=True)
        if text
    )


def _end_with_the_sentence(entry: list[str], following: list[str]) -> None:
    """“。完” put in before “。” is “完。” put in after it: told as people see it."""
    same, gone, come = entry
    edit = gone or come
    if (gone and come) or edit[:1] not in "。，、；：！？" or not following[0].startswith(edit[:1]):
        return
    mark, edit = edit[0], edit[1:] + edit[0]
    following[0] = following[0][1:]
    entry[:] = [same + mark, edit if gone else "", edit if come else ""]


def _is_chance(kept: str, before: list[str], gone: str, come: str) -> bool:
    """Whether ``kept`` between two changes is too little to be left standing."""
    if not kept or "\n" in kept:
        return False
    smaller = min(max(len(before[1]), len(before[2])), max(len(gone), len(come)))
    return len(kept) == 1 or (len(kept) == 2 and smaller >= 3)


def replacements(found: Sequence[Run]) -> list[tuple[str, str]]:
    """``(taken out, put in)`` of every place that changed, in order; one of both may be empty."""
    pairs: list[tuple[str, str]] = []
    after_del = False
    for run in found:
        if run.op == "del":
            pairs.append((run.text, ""))
        elif run.op == "ins" and after_del:
            pairs[-1] = (pairs[-1][0], run.text)
        elif run.op == "ins":
            pairs.append(("", run.text))
        after_del = run.op == "del"
    return pairs


# Characters kept around a change when only the changes are of interest.
AROUND = 24


def excerpt(found: Sequence[Run]) -> tuple[Run, ...]:
    """``found`` with the long stretches that stayed cut down to what stands around a change."""
    last = len(found) - 1
    cut = []
    for index, run in enumerate(found):
        head = AROUND if index > 0 else 0
        tail = AROUND if index < last else 0
        if run.op == "same" and len(run.text) > head + tail + AROUND:
            end = run.text[len(run.text) - tail :] if tail else ""
            cut.append(Run("same", f"{run.text[:head]}……{end}"))
        else:
            cut.append(run)
    return tuple(cut)
