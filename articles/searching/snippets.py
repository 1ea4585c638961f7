"""What is shown of a result: its title and a piece of its text, with the hits marked. Pure.

Marking goes by the tokens of `cms.search.text`, so that what was found is what is marked, whatever
its script, width or case. Everything else is escaped: texts are not trusted.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cms.search.query import Phrase
from cms.search.text import Token, spans

# Characters of a piece of text.
LENGTH = 110
# A sentence that begins a little before is shown from its beginning.
_SENTENCE = re.compile(r"[。！？；!?\n]+[”’」』）)]*\s*")
_REACH = 40

Place = tuple[int, int]


def marked(text: str, phrases: Sequence[Phrase]) -> SafeString:
    """``text``, escaped, with ``<mark>`` around every hit."""
    return _written(text, hits(text, phrases), 0, len(text))


def snippet(texts: Iterable[str], phrases: Sequence[Phrase], length: int = LENGTH) -> SafeString:
    """The piece of ``texts`` with most of the ``phrases`` in it, escaped and marked.

    It begins and ends with a sentence where one is near, else with …, and the hits stand in its
    middle. Without a hit it is the beginning of the first text.
    """
    best, best_places, best_score = "", [], -1
    for text in texts:
        if not text.strip():
            continue
        places = hits(text, phrases)
        score = len({text[start:end].lower() for start, end in places}) * 10 + min(len(places), 9)
        if score > best_score:
            best, best_places, best_score = text, places, score
    start, end = _window(best, best_places, length)
    before = "…" if best[:start].strip() and not _is_sentence_start(best, start) else ""
    after = "…" if best[end:].strip() and not _SENTENCE.search(best[max(0, end - 3) : end]) else ""
    return mark_safe(before + _written(best, best_places, start, end).strip() + after)


def hits(text: str, phrases: Sequence[Phrase]) -> list[Place]:
    """Where the ``phrases`` stand in ``text``: places that neither touch nor overlap."""
    tokens = spans(text)
    found: list[Place] = []
    for phrase in phrases:
        found += _of_phrase(tokens, phrase.tokens)
    joined: list[Place] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _of_phrase(tokens: Sequence[Token], wanted: Sequence[str]) -> list[Place]:
    length = len(wanted)
    return [
        (tokens[place].start, tokens[place + length - 1].end)
        for place in range(len(tokens) - length + 1)
        if tokens[place].text == wanted[0]
        and all(tokens[place + n].text == wanted[n] for n in range(1, length))
    ]


def _window(text: str, places: Sequence[Place], length: int) -> Place:
    """What of ``text`` is shown: where most hits stand close together, at sentences' bounds."""
    if len(text) <= length:
        return 0, len(text)
    first = last = 0
    if places:
        crowd = max(([q for q in places if p[0] <= q[0] < p[0] + length] for p in places), key=len)
        first, last = crowd[0][0], min(crowd[-1][1], crowd[0][0] + length)
    middle = (first + last) // 2
    start = max(0, min(middle - length // 2, len(text) - length))
    bounds = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    near = [b for b in bounds if start - _REACH <= b <= first and abs(b - start) <= _REACH]
    start = min(near, key=lambda b: abs(b - start)) if near and places else start
    end = min(len(text), start + length)
    if places and end < last:
        end = min(len(text), last)
    ends = [b for b in bounds if max(last, end - _REACH) <= b <= end]
    return start, max(ends) if ends else end


def _is_sentence_start(text: str, start: int) -> bool:
    return any(match.end() == start for match in _SENTENCE.finditer(text[:start]))


def _written(text: str, places: Sequence[Place], start: int, end: int) -> SafeString:
    written: list[str] = []
    at = start
    for first, last in places:
        first, last = max(first, start), min(last, end)
        if first < last:
            written += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
            at = last
    written.append(escape(text[at:end]))
    return mark_safe("".join(written))
