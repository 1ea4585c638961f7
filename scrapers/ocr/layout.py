"""Words on a picture to a table: the line of labels, columns below it, rows across.

Pure. A table is what stands under a line of known column labels; without one, rows whose first
number runs 1 by 1 and whose columns tell by their shape what they hold (a picture cut in the
middle of a list). Everything else stays a line of text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from scrapers.extract.folding import compact
from scrapers.extract.labels import (
    ACCOUNT,
    MOVEMENT,
    POSTS_AND_ARTICLES,
    PREVIOUS,
    RANK,
    TITLE,
    UNIT,
    VALUE_KEYS,
    WECHAT_ID,
    Label,
    grouped_label,
    parse_label,
)
from scrapers.extract.ranks import parse_rank

from .engine import Word, text_height
from .geometry import Area, lines_of, overlap_x, union

NAMING = frozenset((ACCOUNT, UNIT, TITLE))
COUNTED = frozenset((*VALUE_KEYS, POSTS_AND_ARTICLES, MOVEMENT, PREVIOUS))
#: These hold text that may take several lines; the others hold one line in the middle of the row.
_WORDY = frozenset((*NAMING, WECHAT_ID))

_HEADER_LINES = 3
#: Lines of one label cell are closer than this, in text heights.
_LABEL_PITCH = 1.1
#: A word further from the middle of a row than this share of the rows' distance is none of it.
_IN_ROW = 0.55
#: The fewest rows that tell columns without labels.
_FEWEST = 3
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(slots=True)
class Spot:
    """What one cell of a picture shows: its words, line by line.

    ``faint``: found only when looked for once more, where a cell had to be.
    """

    words: list[Word] = field(default_factory=list)
    faint: bool = False

    @property
    def lines(self) -> list[list[Word]]:
        return lines_of(self.words)

    @property
    def text(self) -> str:
        return "".join(word.text for line in self.lines for word in line)


@dataclass(slots=True)
class Column:
    """One column: where it stands and what its label says it holds (``None``: unknown)."""

    x0: float
    x1: float
    label: Label | None

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def key(self) -> str | None:
        return self.label.key if self.label else None


@dataclass(slots=True)
class Line:
    """One row of a table: the spots by column number; ``y`` is its middle.

    ``across``: a line of text over the whole width between the rows, kept in the first spot.
    """

    y: float
    spots: dict[int, Spot] = field(default_factory=dict)
    across: bool = False


@dataclass(slots=True)
class Sheet:
    """A table: its columns, its lines, how far they are apart, whether labels are printed."""

    columns: list[Column]
    lines: list[Line]
    pitch: float
    labelled: bool = True


#: A picture from top to bottom: tables, and lines of words outside of them.
Part = Sheet | list[Word]


def read_layout(words: Sequence[Word]) -> list[Part]:
    """The tables and the lines of text of a picture, from the top."""
    lines = lines_of(words)
    height = text_height(words)
    headers = _headers(lines, height)
    if not headers:
        return _unlabelled(lines)
    parts: list[Part] = list(lines[: headers[0][0]])
    ends = [start for start, _, _ in headers[1:]] + [len(lines)]
    for (_, end, columns), stop in zip(headers, ends, strict=True):
        body = [word for line in lines[end:stop] for word in line]
        sheet, rest = _sheet(columns, body, height)
        parts.append(sheet)
        parts += lines_of(rest)
    return parts


# --- labels -----------------------------------------------------------------------------------


def _headers(lines: list[list[Word]], height: float) -> list[tuple[int, int, list[Column]]]:
    """The label lines: first, last (excluded), and the columns they name."""
    found = []
    index = 0
    while index < len(lines):
        best = _header_at(lines, index, height)
        if best is None:
            index += 1
            continue
        end, columns = best
        found.append((index, end, columns))
        index = end
    return found


def _header_at(
    lines: list[list[Word]], index: int, height: float
) -> tuple[int, list[Column]] | None:
    best, known = None, 0
    for end in range(index + 1, min(index + _HEADER_LINES, len(lines)) + 1):
        if end > index + 1 and not _close(lines[end - 2], lines[end - 1], height):
            break
        columns = _columns(lines[index:end])
        count = sum(1 for column in columns if column.label)
        if _is_header(columns) and count > known:
            best, known = (end, columns), count
    return best


def _close(above: list[Word], below: list[Word], height: float) -> bool:
    return median(w.area.cy for w in below) - median(w.area.cy for w in above) < (
        _LABEL_PITCH * height
    )


def _is_header(columns: list[Column]) -> bool:
    keys = {column.key for column in columns}
    known = sum(1 for column in columns if column.label)
    if len(columns) < 2 or known * 2 < len(columns) or not keys & NAMING:
        return False
    return RANK in keys or bool(keys & COUNTED)


def _columns(lines: list[list[Word]]) -> list[Column]:
    """The columns that label lines name; a label over several others is their group."""
    pieces = [[piece for word in line for piece in _labels_in(word)] for line in lines]
    groups = _groups(pieces)
    grouped = {id(group) for group, _ in groups}
    cells: list[list[Word]] = []
    for line in pieces:
        for word in line:
            if id(word) not in grouped:
                _into_column(cells, word)
    return [_column(words, groups) for words in sorted(cells, key=_left)]


def _groups(pieces: list[list[Word]]) -> list[tuple[Word, list[Word]]]:
    """Labels of the first line that stand over several of the last, with those.

    A narrow group label may stand between or over the middle one of its columns, so labels of the
    last line with nothing above them go to the nearest label of the first.
    """
    first, last = pieces[0], pieces[-1]
    if len(pieces) < 2:
        return []
    above = [word for line in pieces[:-1] for word in line]
    under = {id(word): [other for other in last if _beneath(word, other)] for word in first}
    for other in last:
        if not any(_beneath(word, other) for word in above):
            nearest = min(first, key=lambda word: abs(word.area.cx - other.area.cx))
            under[id(nearest)].append(other)
    return [(word, under[id(word)]) for word in first if len(under[id(word)]) > 1]


def _beneath(word: Word, other: Word) -> bool:
    return overlap_x(word.area, other.area) > 0.3 * min(word.area.width, other.area.width)


def _left(words: list[Word]) -> float:
    return min(word.area.x0 for word in words)


def _into_column(cells: list[list[Word]], word: Word) -> None:
    for words in cells:
        area = union(other.area for other in words)
        on_line = any(abs(o.area.cy - word.area.cy) < 0.5 * o.area.height for o in words)
        if not on_line and overlap_x(area, word.area) > 0.3 * min(area.width, word.area.width):
            words.append(word)
            return
    cells.append([word])


def _column(words: list[Word], groups: list[tuple[Word, list[Word]]]) -> Column:
    area = union(word.area for word in words)
    text = "".join(word.text for word in sorted(words, key=lambda word: word.area.cy))
    over = [group for group, under in groups if any(word in under for word in words)]
    label = grouped_label(over[0].text, text) if over else label_of(text)
    return Column(area.x0, area.x1, label)


def label_of(text: str) -> Label | None:
    """The label a text is; an ``I`` may have been taken for an ``l`` or a bar."""
    return parse_label(text) or parse_label(re.sub("[l|1]", "I", text))


def _labels_in(word: Word) -> list[Word]:
    """Neighbouring labels that were taken for one word, apart again."""
    if label_of(word.text) is not None or len(word.letters) != len(word.text):
        return [word]
    cuts = _label_cuts(word.text)
    return split(word, cuts) if cuts else [word]


def _label_cuts(text: str) -> list[int]:
    """Where a text has to be cut so that every piece is a label; empty when it cannot be."""
    ways: list[list[int] | None] = [[]] + [None] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(end):
            before = ways[start]
            if before is None or text[start] in "(（" or label_of(text[start:end]) is None:
                continue
            cuts = [*before, start] if start else before
            if ways[end] is None or len(cuts) < len(ways[end] or []):
                ways[end] = cuts
    return ways[-1] or []


def split(word: Word, cuts: list[int]) -> list[Word]:
    """The word cut before each of the letters numbered in ``cuts``."""
    bounds = [0, *cuts, len(word.letters)]
    edges = [word.area.x0]
    edges += [(word.letters[cut - 1][2] + word.letters[cut][2]) / 2 for cut in cuts]
    edges.append(word.area.x1)
    pieces = []
    for (first, last), (x0, x1) in zip(pairwise(bounds), pairwise(edges), strict=True):
        letters = word.letters[first:last]
        area = Area(x0, word.area.y0, x1, word.area.y1)
        text = "".join(char for char, _, _ in letters)
        pieces.append(Word(area, text, min(sure for _, sure, _ in letters), letters))
    return pieces


# --- rows -------------------------------------------------------------------------------------


def _sheet(columns: list[Column], body: list[Word], height: float) -> tuple[Sheet, list[Word]]:
    """The rows under ``columns``, and the words that belong to none."""
    columns = _with_rank_column(columns, body)
    placed, sole = _placed(columns, body)
    middles = _middles(columns, placed)
    pitch = median(b - a for a, b in pairwise(middles)) if len(middles) > 1 else 2 * height
    lines = [Line(y) for y in middles]
    rest: list[Word] = []
    for column, word in placed:
        line = min(lines, key=lambda line: abs(line.y - word.area.cy), default=None)
        if line is None or abs(line.y - word.area.cy) > _IN_ROW * pitch:
            rest.append(word)
        else:
            line.spots.setdefault(column, Spot()).words.append(word)
    inside = [word for word in [*rest, *sole] if middles and word.area.cy < middles[-1]]
    for words in lines_of(inside):
        lines.append(Line(median(w.area.cy for w in words), {0: Spot(list(words))}, across=True))
    lines.sort(key=lambda line: line.y)
    below = [word for word in [*rest, *sole] if word not in inside]
    return Sheet(columns, lines, pitch), below


def _with_rank_column(columns: list[Column], body: list[Word]) -> list[Column]:
    """Ranks often have no label: numbers left of the first label are a column of their own."""
    if any(column.key == RANK for column in columns):
        return columns
    first = columns[0].x0
    ranks = [word for word in body if word.area.x1 <= first + 4 and parse_rank(word.text)]
    if len(ranks) < _FEWEST:
        return columns
    area = union(word.area for word in ranks)
    return [Column(area.x0, area.x1, Label(RANK)), *columns]


def _placed(columns: list[Column], body: list[Word]) -> tuple[list[tuple[int, Word]], list[Word]]:
    """Each word with its column; words alone on their line across columns belong to none."""
    placed: list[tuple[int, Word]] = []
    sole: list[Word] = []
    open_words: list[Word] = []
    wide: list[Word] = []
    for line in lines_of(body):
        for word in line:
            over = _over(columns, word)
            if len(over) == 1:
                placed.append((over[0], word))
            elif not over:
                open_words.append(word)
            elif len(line) == 1:
                sole.append(word)
            else:
                wide.append(word)
    spans = _spans(columns, placed)
    placed += [(_nearest(spans, word), word) for word in open_words]
    for word in wide:
        placed += [(_nearest(spans, piece), piece) for piece in _apart(spans, columns, word)]
    return placed, sole


def _over(columns: list[Column], word: Word) -> list[int]:
    return [
        number
        for number, column in enumerate(columns)
        if word.area.x0 <= column.centre <= word.area.x1
    ]


def _spans(columns: list[Column], placed: list[tuple[int, Word]]) -> list[tuple[float, float]]:
    """From where to where each column reaches, as its label and the words in it show."""
    spans = []
    for number, column in enumerate(columns):
        own = [word.area for at, word in placed if at == number]
        x0 = min([column.x0, *(area.x0 for area in own)])
        x1 = max([column.x1, *(area.x1 for area in own)])
        spans.append((x0, x1))
    return spans


def _nearest(spans: list[tuple[float, float]], word: Word) -> int:
    """The column a word overlaps most, else the one with the smallest gap to it."""
    shares = [min(x1, word.area.x1) - max(x0, word.area.x0) for x0, x1 in spans]
    return max(range(len(spans)), key=lambda number: shares[number])


def _apart(spans: list[tuple[float, float]], columns: list[Column], word: Word) -> list[Word]:
    """A word that runs over several columns cut where one ends and the next begins."""
    if len(word.letters) != len(word.text):
        return [word]
    over = _over(columns, word)
    cuts = []
    for left, right in pairwise(over):
        border = (spans[left][1] + spans[right][0]) / 2
        cut = sum(1 for _, _, x in word.letters if x < border)
        if 0 < cut < len(word.letters) and cut not in cuts:
            cuts.append(cut)
    return split(word, cuts) if cuts else [word]


def _middles(columns: list[Column], placed: list[tuple[int, Word]]) -> list[float]:
    """The middles of the rows: where ranks and figures stand, then names that are left over."""
    ranks = {n for n, column in enumerate(columns) if column.key == RANK}
    plain = {n for n, column in enumerate(columns) if column.key not in _WORDY}
    steady = [(at, word) for at, word in placed if at in plain]
    middles = []
    for line in lines_of([_At(word.area, at) for at, word in steady]):
        if len(line) > 1 or line[0].column in ranks:
            middles.append(median(item.area.cy for item in line))
    if len(middles) < 2:
        return middles
    pitch = median(b - a for a, b in pairwise(middles))
    names = [word for at, word in placed if columns[at].key in NAMING]
    for line in lines_of(names):
        y = median(word.area.cy for word in line)
        if middles[0] - 3.5 * pitch < y < middles[-1] and all(
            abs(y - middle) > _IN_ROW * pitch for middle in middles
        ):
            middles.append(y)
    return sorted(middles)


@dataclass(frozen=True, slots=True)
class _At:
    area: Area
    column: int


# --- without labels ---------------------------------------------------------------------------


def _unlabelled(lines: list[list[Word]]) -> list[Part]:
    """Rows that begin with ranks running 1 by 1, with what their columns plainly hold."""
    first, last = _longest_run(lines)
    if last - first < _FEWEST:
        return list(lines)
    rows = lines[first:last]
    columns = _shaped(rows)
    if columns is None:
        return list(lines)
    body = [word for row in rows for word in row]
    sheet, rest = _sheet(columns, body, text_height(body))
    sheet.labelled = False
    return [*lines[:first], sheet, *lines_of(rest), *lines[last:]]


def _longest_run(lines: list[list[Word]]) -> tuple[int, int]:
    best, start, before = (0, 0), 0, None
    for number, line in enumerate(lines):
        rank = parse_rank(line[0].text) if len(line) > 1 else None
        if rank is None:
            start, before = number + 1, None
            continue
        if before is None or rank.value != before + 1:
            start = number
        before = rank.value
        best = max(best, (start, number + 1), key=lambda run: run[1] - run[0])
    return best


def _shaped(rows: list[list[Word]]) -> list[Column] | None:
    """Columns told by what stands in them: ranks, names, an index of falling decimals."""
    bands: list[list[Word]] = []
    for word in sorted((word for row in rows for word in row), key=lambda word: word.area.x0):
        if bands and overlap_x(union(other.area for other in bands[-1]), word.area) > 0:
            bands[-1].append(word)
        else:
            bands.append([word])
    columns = []
    for number, band in enumerate(bands):
        area = union(word.area for word in band)
        key = RANK if number == 0 else _shape(band, len(rows))
        if key == ACCOUNT and any(column.key == ACCOUNT for column in columns):
            key = None
        columns.append(Column(area.x0, area.x1, Label(key) if key else None))
    named = any(column.key == ACCOUNT for column in columns)
    return columns if named and all(_plain(band) for band in bands[2:]) else None


def _plain(band: list[Word]) -> bool:
    """Whether the column holds figures and marks, no figures with words before them."""
    return not any(re.match(r"[^\d新持↑↓▲▼+—-]", compact(word.text)) for word in band)


def _shape(band: list[Word], rows: int) -> str | None:
    texts = [compact(word.text) for word in sorted(band, key=lambda word: word.area.cy)]
    if len(texts) * 2 < rows:
        return None
    if sum(bool(_HAN.search(text)) for text in texts) * 2 > len(texts):
        return ACCOUNT if not any(parse_rank(text) for text in texts) else None
    if all(re.fullmatch(r"\d{1,4}\.\d{1,2}", text) for text in texts):
        values = [float(text) for text in texts]
        if all(a >= b for a, b in pairwise(values)) and values[0] <= 2000:
            return "index"
    return None
