"""Reading pictures of rankings: cells right, seconds on one core, and names that are wrong."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rankings.figures import parse_figure
from scrapers.extract.contract import Extraction
from scrapers.extract.movement import parse_mark
from scrapers.extract.rows import is_single, posts_and_articles
from scrapers.ocr import ocr_available, read_picture, why_unavailable

from .drawing import DESIGNS, Design, Printed, draw
from .harness import DEFAULT, FULL, TINY, Line

TITLE = "读取图片榜单，单线程"
# Rows of a picture, pictures of each design, rows of the long picture (0: none).
SIZES = {TINY: (6, 1, 0), DEFAULT: (20, 2, 0), FULL: (20, 6, 100)}

LIGHT, DARK = 0.98, 0.95  # cells right, of all that are printed
SECONDS = 15.0  # processor time of one picture of 20 rows


@dataclass
class Score:
    """What came of the pictures of one design."""

    cells: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    named: int = 0
    seconds: list[float] = field(default_factory=list)

    def count(self, printed: Printed, found: Extraction) -> None:
        """Hold the rows found against those printed. ``wrong`` are ranks and names only."""
        rows = [row for board in found.boards for row in board.rows]
        subject = found.boards[0].subject if found.boards else ""
        by_rank = {row.rank: row.to_json() for row in rows}
        for truth in printed.rows:
            row = by_rank.pop(int(truth["rank"]), {})
            name = row.get("account")
            self.named += name is not None
            if name is not None and name != truth["account"]:
                self.wrong.append(f"第{truth['rank']}名“{truth['account']}”读成“{name}”")
            for key, text in truth.items():
                for part, value in _expected(key, text, subject).items():
                    self.cells += 1
                    self.right += _found(row, part) == value
        self.wrong += [f"多出第 {rank} 名“{row.get('account')}”" for rank, row in by_rank.items()]


def _expected(key: str, text: str, subject: str) -> dict[str, Any]:
    """What a printed cell says, by contract keys."""
    if key == "rank":
        return {key: int(text)}
    if key in ("account", "title", "wechat_id"):
        return {key: text.replace(" ", "")}
    if key == "movement":
        mark = parse_mark(text)
        return {key: mark.to_json() if mark else None}
    if key == "posts/articles":
        return {part: figure.value for part, figure in posts_and_articles(text).items()}
    figure = parse_figure(text, single_article=is_single(key, subject))
    return {key: figure.value if figure else None}


def _found(row: dict[str, Any], key: str) -> Any:
    if key in row:
        found = row[key]
        return found.replace(" ", "") if isinstance(found, str) else found
    return row.get("values", {}).get(key, {}).get("value")


def read(printed: Printed) -> tuple[Extraction, float]:
    """What is read from the picture, and the processor seconds it took, the engine included."""
    began = time.process_time()
    found = read_picture(printed.data, fetched_at=datetime(2027, 1, 9, tzinfo=UTC), threads=1)
    return found, time.process_time() - began


def measure(design: Design, rows: int, pictures: int) -> Score:
    score = Score()
    for seed in range(pictures):
        printed = draw(design, rows, seed)
        found, seconds = read(printed)
        score.seconds.append(seconds)
        score.count(printed, found)
    return score


def run(size: str) -> Iterator[Line]:
    if not ocr_available():
        print(f"  {why_unavailable()}")
        return
    rows, pictures, long = SIZES[size]
    designs = DESIGNS[:1] if size == TINY else DESIGNS
    scores = []
    for design in designs:
        score = measure(design, rows, pictures)
        scores.append(score)
        yield Line(
            "",
            f"{design.name}：读对的单元格",
            score.right / score.cells,
            DARK if design.dark else LIGHT,
            least=True,
            detail=f"{score.right}/{score.cells}，读出名称 {score.named}/{rows * pictures}",
        )
    yield Line(
        "",
        f"{rows} 行一张，最慢的用时（秒，单核）",
        max(second for score in scores for second in score.seconds),
        SECONDS,
    )
    wrong = [text for score in scores for text in score.wrong]
    yield Line("", "读错的名次和名称", len(wrong), 0, detail="；".join(wrong))
    if long:
        score = measure(DESIGNS[0], long, 1)
        yield Line(
            "",
            f"{long} 行一张：读对的单元格",
            score.right / score.cells,
            LIGHT,
            least=True,
            detail=f"{score.seconds[0]:.0f} 秒；" + "；".join(score.wrong),
        )
