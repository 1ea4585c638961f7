"""The heat map: accounts by months, coloured by place, drawn with few elements.

Cells of one colour are one path: 122 accounts × 36 months stay under 250 kB. A cell without a
confirmed place says why by its mark; a place known by report alone stands in brackets on white.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..periods import Month
from .layout import Label, text_width

CELL_WIDTH, CELL_HEIGHT = 25, 17
HEAT_TOP = 58
GAP = 1
MOST_NAME, LEAST_NAME = 200, 90
LEGEND_ROW = 22

# Last place of each colour and its name; places beyond take the last one.
BUCKETS = ((1, "first"), (3, "top3"), (10, "top10"), (30, "top30"), (60, "top60"))
REST = "rest"
# Cells without a place; their marks and words are the caller's.
UNKNOWN, NOT_ISSUED, ABSENT, DISPUTED = "unknown", "none", "absent", "disputed"
# A place known by report alone has no colour of its rank: it must never look like a proved one.
REPORTED = "reported"

# Ground and text of each colour on paper, at least 4.5:1; the style sheet has the dark ones.
COLOURS = {
    "first": ("#B8476B", "#FFFFFF"),
    "top3": ("#1F4F3B", "#FFFFFF"),
    "top10": ("#3B7A5E", "#FFFFFF"),
    "top30": ("#A4CCB8", "#1F2A28"),
    "top60": ("#CBE2D5", "#1F2A28"),
    REST: ("#E9F2EC", "#1F2A28"),
    ABSENT: ("#F1EDE2", "#55625F"),
    UNKNOWN: ("#E4E4DF", "#55625F"),
    NOT_ISSUED: ("#FBFAF6", "#55625F"),
    DISPUTED: ("#F7E3EA", "#8C2C4C"),
    REPORTED: ("#FFFFFF", "#1F2A28"),
}

# The legend: colour, what stands in the cell, what it means.
KEYS = (
    ("first", "1", "第1名"),
    ("top3", "2", "2–3"),
    ("top10", "9", "4–10"),
    ("top30", "25", "11–30"),
    ("top60", "50", "31–60"),
    (REST, "99", "61以后"),
    ("top10", "9并", "并列"),
    (REPORTED, "(9)", "只据报道，未核实"),
    (ABSENT, "—", "没有进公布的名次"),
    (UNKNOWN, "·", "没有资料"),
    (NOT_ISSUED, "停", "榜单停发"),
    (DISPUTED, "争", "来源有分歧"),
)
CODES = dict(zip(COLOURS, "abcdefgunxr", strict=True))


def bucket_of(rank: int) -> str:
    """The colour of a place."""
    return next((name for last, name in BUCKETS if rank <= last), REST)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """``bucket`` names the colour, ``text`` what stands in the cell."""

    bucket: str
    text: str

    @property
    def code(self) -> str:
        """The colour in one letter: a table of thousands of cells stays small."""
        return CODES[self.bucket]


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    cells: Sequence[HeatCell]
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Patch:
    """All cells of one colour as one path."""

    bucket: str
    path: str

    @property
    def fill(self) -> str:
        return COLOURS[self.bucket][0]

    @property
    def dashed(self) -> bool:
        """Whether the cells have a dashed outline."""
        return self.bucket == REPORTED


@dataclass(frozen=True, slots=True)
class HeatText:
    """The texts of one row and colour: (x, text) pairs on one line."""

    y: int
    bucket: str
    words: tuple[tuple[int, str], ...]

    @property
    def fill(self) -> str:
        return COLOURS[self.bucket][1]


@dataclass(frozen=True, slots=True)
class HeatKey:
    """An entry of the legend."""

    x: int
    y: int
    bucket: str
    text: str
    words: str

    @property
    def ground(self) -> str:
        return COLOURS[self.bucket][0]

    @property
    def fill(self) -> str:
        return COLOURS[self.bucket][1]

    @property
    def code(self) -> str:
        return CODES[self.bucket]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Everything the template draws, in pixels of a ``width`` × ``height`` box."""

    width: int
    height: int
    left: int
    top: int
    names: tuple[Label, ...]
    ours: tuple[int, ...]
    months: tuple[Label, ...]
    years: tuple[Label, ...]
    patches: tuple[Patch, ...]
    hatch: str
    texts: tuple[HeatText, ...]
    legend: tuple[HeatKey, ...] = ()

    @property
    def cell_height(self) -> int:
        return CELL_HEIGHT

    @property
    def frame_width(self) -> int:
        """How wide the frame of a marked row is."""
        return self.width - 8


def shorten(text: str, width: int) -> str:
    """``text`` cut to about ``width`` pixels, with an ellipsis where something is left out."""
    if text_width(text) <= width:
        return text
    while text and text_width(text) + 12 > width:
        text = text[:-1]
    return f"{text}…"


def heat_map(months: Sequence[Month], rows: Sequence[HeatRow]) -> HeatMap | None:
    """Lay out ``rows``, each with a cell for every month; None without rows or months."""
    if not months or not rows:
        return None
    widest = max(text_width(row.name) for row in rows)
    left = min(MOST_NAME, max(LEAST_NAME, widest)) + 14
    paths: dict[str, list[str]] = {}
    hatch: list[str] = []
    texts: list[HeatText] = []
    for number, row in enumerate(rows):
        y = HEAT_TOP + number * CELL_HEIGHT
        words: dict[str, list[tuple[int, str]]] = {}
        for position, cell in enumerate(row.cells):
            x = left + position * CELL_WIDTH
            width, height = CELL_WIDTH - GAP, CELL_HEIGHT - GAP
            paths.setdefault(cell.bucket, []).append(f"M{x} {y}h{width}v{height}h-{width}z")
            if cell.bucket == NOT_ISSUED:
                hatch += [
                    f"M{x + offset} {y + height}l{min(height, width - offset)} "
                    f"-{min(height, width - offset)}"
                    for offset in range(0, width, 6)
                ]
            words.setdefault(cell.bucket, []).append((x + CELL_WIDTH // 2, cell.text))
        texts += [
            HeatText(y + CELL_HEIGHT - 5, bucket, tuple(found)) for bucket, found in words.items()
        ]
    right = left + len(months) * CELL_WIDTH
    foot = HEAT_TOP + len(rows) * CELL_HEIGHT
    legend = heat_legend(right, foot + 12)
    return HeatMap(
        width=right + 10,
        height=legend[-1].y + CELL_HEIGHT + 8,
        left=left,
        top=HEAT_TOP,
        names=tuple(
            Label(
                left - 8,
                HEAT_TOP + number * CELL_HEIGHT + CELL_HEIGHT - 5,
                shorten(row.name, MOST_NAME),
                row.name,
                "end",
            )
            for number, row in enumerate(rows)
        ),
        ours=tuple(HEAT_TOP + number * CELL_HEIGHT for number, row in enumerate(rows) if row.ours),
        months=tuple(
            Label(left + at * CELL_WIDTH + CELL_WIDTH // 2, HEAT_TOP - 8, str(month.month))
            for at, month in enumerate(months)
        ),
        years=tuple(
            Label(left + at * CELL_WIDTH, HEAT_TOP - 26, f"{month.year}年", anchor="start")
            for at, month in enumerate(months)
            if at == 0 or month.month == 1
            # The first year is not named when the next one would be written over it.
            if at or months[0].month <= 11
        ),
        patches=tuple(Patch(bucket, "".join(found)) for bucket, found in paths.items()),
        hatch="".join(hatch),
        texts=tuple(texts),
        legend=legend,
    )


def heat_legend(right: int = 0, y: int = 0) -> tuple[HeatKey, ...]:
    """The legend in as many lines as fit between the left side and ``right``."""
    found: list[HeatKey] = []
    x = 16
    for bucket, text, words in KEYS:
        width = CELL_WIDTH + 6 + text_width(words) + 16
        if found and x + width > right:
            x, y = 16, y + LEGEND_ROW
        found.append(HeatKey(x, y, bucket, text, words))
        x += width
    return tuple(found)
