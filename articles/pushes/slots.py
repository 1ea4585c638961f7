"""Sending slots: the times of a day at which a push may go out. Pure."""

import re
from datetime import time

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


def read_slots(text: str) -> list[time]:
    """The times written in ``text`` (``08:30 18:00``), sorted and each once.

    Raises:
        ValueError: a word is no time of day, or there is none at all; the message is a sentence.
    """
    found = set()
    for word in re.split(r"[\s,，、;；]+", text.strip()):
        match = _TIME.fullmatch(word)
        if match is None:
            raise ValueError(f"“{word}”不是时间，请写成 08:30 这样，几个之间用空格隔开。")
        found.add(time(int(match[1]), int(match[2])))
    return sorted(found)
