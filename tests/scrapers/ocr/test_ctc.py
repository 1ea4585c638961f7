"""How sure a recognised letter is."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.needs("ocr")

CHARACTERS = [
    "blank",
    "1",
    "7",
    "·",
    "・",
    "荆",
    "荊",
    "成",
    "戌",
    "一",
    "—",
    "-",
    "A",
    "（",
    "(",
    " ",
]


def decoded(*steps: dict[str, float]) -> list[tuple[str, float]]:
    """What steps of probabilities say; what is not named goes to the blank."""
    import numpy as np

    from scrapers.ocr.ctc import Alphabet, decode

    table = np.zeros((len(steps), len(CHARACTERS)), np.float32)
    for row, step in zip(table, steps, strict=True):
        for char, share in step.items():
            row[CHARACTERS.index(char)] = share
        row[0] = 1 - row.sum()
    letters = decode(table, Alphabet(list(CHARACTERS)))
    return [(letter.char, round(letter.confidence, 2)) for letter in letters]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        pytest.param([{"1": 1}, {}, {"7": 1}], [("1", 1), ("7", 1)], id="two letters"),
        pytest.param([{"1": 1}, {"1": 0.9}], [("1", 1)], id="one letter over two steps"),
        pytest.param([{"1": 1}, {}, {"1": 1}], [("1", 1), ("1", 1)], id="twice with a gap"),
        pytest.param([{"1": 1}, {" ": 1}, {"1": 1}], [("1", 1), ("1", 1)], id="a space is a gap"),
        pytest.param([{"1": 0.6}], [("1", 1)], id="the rest is a gap"),
        pytest.param([{"1": 0.6, "7": 0.3}], [("1", 0.67)], id="another letter is likely"),
        pytest.param([{"1": 1}, {"7": 0.4}, {"A": 1}], [("1", 0.71), ("A", 0.71)], id="dropped"),
        pytest.param([{"·": 0.4, "・": 0.5}], [("·", 1)], id="kinds of one dot"),
        pytest.param([{"荆": 0.5, "荊": 0.5}], [("荆", 1)], id="forms of one letter"),
        pytest.param([{"荊": 0.6, "荆": 0.4}], [("荆", 1)], id="the standard form"),
        pytest.param([{"荊": 0.95, "荆": 0.05}], [("荊", 1)], id="plainly the other form"),
        pytest.param([{"戌": 0.7, "成": 0.2}], [("戌", 0.78)], id="look-alikes are letters"),
        pytest.param([{"（": 0.5, "(": 0.4}], [("(", 1)], id="full and half width"),
        pytest.param([{"一": 0.5, "-": 0.4}], [("—", 1)], id="a stroke alone is a dash"),
        pytest.param([{"一": 1}, {"A": 1}], [("一", 1), ("A", 1)], id="not among letters"),
        pytest.param([{}, {}], [], id="nothing"),
    ],
)
def test_decode(steps, said) -> None:
    assert decoded(*steps) == said


def test_letters_know_their_place() -> None:
    import numpy as np

    from scrapers.ocr.ctc import Alphabet, decode

    table = np.zeros((10, len(CHARACTERS)))
    table[:, 0] = 1
    table[2], table[7] = np.eye(len(CHARACTERS))[1], np.eye(len(CHARACTERS))[2]
    found = decode(table, Alphabet(list(CHARACTERS)))
    assert [letter.at for letter in found] == [0.25, 0.75]
