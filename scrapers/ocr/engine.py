"""The OCR engine: rapidocr with the models inside its wheel, on onnxruntime, without a network.

Loaded when a picture is to be read and let go afterwards (it holds some 400 MB), one picture at a
time in a process. Nothing here knows of rankings.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from PIL import Image

from .geometry import Area, joined, lines_of, overlap_x, tiles, turn_of, turned_back

#: What must be importable; the rest comes with it.
_MODULES = ("rapidocr", "onnxruntime", "cv2", "numpy")
INSTALL = ".venv/bin/python -m pip install -r requirements-ocr.txt"

#: Beyond that many pieces of text a picture is no table (100 rows of 10 columns are 1,000).
MAX_WORDS = 5_000
#: The detector enlarges small tiles to 736 px; narrower ones are first set on a wider ground.
_LEAST_TILE = 368
#: Input widths of the two readings. Narrow cells padded to the model's usual 320 px take three
#: times as long and are read no better; two widths also make two opinions out of one model.
_FIRST_WIDTH, _SECOND_WIDTH, _THIRD_WIDTH = 96, 160, 320
#: A reading that doubts itself as much as this is outvoted where two others agree.
_OUTVOTED = 0.75
#: Letters behind each other at a time; more gains nothing on one core.
_BATCH = 6

_ONE_AT_A_TIME = threading.Lock()


class OcrUnavailable(RuntimeError):
    """The optional packages are not installed; the message is a Chinese sentence."""


def ocr_available() -> bool:
    """Whether pictures can be read here. Imports nothing."""
    return all(importlib.util.find_spec(name) for name in _MODULES)


def why_unavailable() -> str:
    """What is missing and how to install it; empty when :func:`ocr_available`."""
    if ocr_available():
        return ""
    return (
        "没有安装图片识别组件,图片榜单只能人工录入。"
        f"需要自动识别时,请管理员在项目目录执行:{INSTALL}"
    )


#: The letters of a line of text: character, confidence, x in the picture.
Letters = tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text in one line."""

    area: Area
    text: str
    confidence: float
    letters: Letters = ()


class Reader:
    """A picture being read. ``whole`` is its frame after it was turned upright."""

    def __init__(self, engine: Any, picture: Image.Image) -> None:
        self._engine: Any = engine
        self._original = Area(0, 0, *picture.size)
        self._degrees = 0.0
        self._look_at(picture)

    def _look_at(self, picture: Image.Image) -> None:
        import numpy as np

        self._pixels: Any = np.asarray(picture)
        self.whole = Area(0, 0, *picture.size)

    def close(self) -> None:
        """Let the models and the picture go; nothing can be read any more."""
        self._engine = self._pixels = None

    def words(self) -> list[Word]:
        """All text of the picture, turned upright first where it stands a little aslant."""
        boxes, degrees = self._boxes()
        if degrees:
            self._degrees = degrees
            picture = Image.fromarray(self._pixels)
            corner = picture.getpixel((1, 1))
            turned = picture.rotate(
                degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=corner
            )
            self._look_at(turned)
            boxes, _ = self._boxes()
        return self.read(boxes[: MAX_WORDS + 1])

    def crop(self, area: Area) -> tuple[int, int, int, int]:
        """``x, y, width, height`` of ``area`` in pixels of the picture as it was given."""
        spot = turned_back(area, self._degrees, self.whole, self._original)
        x, y = int(spot.x0), int(spot.y0)
        return x, y, max(round(spot.x1) - x, 1), max(round(spot.y1) - y, 1)

    def read(self, areas: Sequence[Area]) -> list[Word]:
        """The text in each of ``areas``, read twice; a word is as sure as both readings agree.

        The second reading sees a little more around the word and at another width, so that what
        was cut off, and what hung on a pixel, comes out as a disagreement.
        """
        spots = [area for area in areas if area.width >= 3 and area.height >= 3]
        if not spots:
            return []
        first = self._recognised(spots, _FIRST_WIDTH)
        wider = [area.grown(*margin, self.whole) for area, margin in _margins(spots)]
        second = self._recognised(wider, _SECOND_WIDTH)
        self._vote(wider, first, second)
        pairs = zip(spots, first, second, strict=True)
        return [word for spot, one, two in pairs if (word := _agreed(spot, one, two)) is not None]

    def _vote(self, areas: Sequence[Area], first: list[Letters], second: list[Letters]) -> None:
        """Read once more where two readings differ and one doubts itself: two others outvote it."""
        split = [
            number
            for number, (one, two) in enumerate(zip(first, second, strict=True))
            if _text(one) != _text(two) and min(_least(one), _least(two)) < _OUTVOTED
        ]
        third = self._recognised([areas[number] for number in split], _THIRD_WIDTH)
        for number, letters in zip(split, third, strict=True):
            for outvoted, other in ((first, second), (second, first)):
                doubts = _least(outvoted[number]) < _OUTVOTED
                if doubts and _text(letters) == _text(other[number]):
                    outvoted[number] = letters
                    break

    def _boxes(self) -> tuple[list[Area], float]:
        import cv2
        import numpy as np

        found = []
        for tile in tiles(int(self.whole.width), int(self.whole.height)):
            pixels = self._cut(tile)
            height, width = pixels.shape[:2]
            below, beside = max(_LEAST_TILE - height, 0), max(_LEAST_TILE - width, 0)
            pixels = cv2.copyMakeBorder(pixels, 0, below, 0, beside, cv2.BORDER_REPLICATE)
            answer = self._engine(np.ascontiguousarray(pixels), use_rec=False)
            quads = answer.boxes if answer.boxes is not None else []
            areas = [_around(quad, width, height).moved(tile.x0, tile.y0) for quad in quads]
            found.append((tile, areas))
        boxes = joined(found, self.whole)
        return boxes, turn_of(boxes)

    def _cut(self, area: Area) -> Any:
        import numpy as np

        part = self._pixels[int(area.y0) : int(area.y1 + 0.5), int(area.x0) : int(area.x1 + 0.5)]
        return np.ascontiguousarray(part[:, :, ::-1])  # the models were trained on BGR

    def _recognised(self, areas: Sequence[Area], width: int) -> list[Letters]:
        """For each area its letters."""
        if not areas:
            return []
        recogniser = self._engine.text_rec
        recogniser.rec_image_shape = [3, 48, width]
        answer = self._engine.recognize_txt([self._cut(area) for area in areas])
        return [
            tuple(
                (letter.char, letter.confidence, area.x0 + letter.at * area.width)
                for letter in line
            )
            for area, line in zip(areas, answer.word_results, strict=True)
        ]


@contextmanager
def reading(picture: Image.Image, threads: int = 1) -> Iterator[Reader]:
    """The loaded engine with ``picture`` before it; let go at the end. Waits for another picture.

    ``threads`` are the processor cores one picture may take. Raises :class:`OcrUnavailable`.
    """
    if not ocr_available():
        raise OcrUnavailable(why_unavailable())
    with _ONE_AT_A_TIME:
        reader = _loaded(picture, threads)
        try:
            yield reader
        finally:
            reader.close()
            _give_back_memory()


def _give_back_memory() -> None:
    """Freed memory stays with the process until it is asked back, where the C library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _loaded(picture: Image.Image, threads: int) -> Reader:
    # Before onnxruntime is imported: it reports its use to its maker otherwise, from native code
    # that no Python guard sees, and leaves an identifier of the machine among temporary files.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from rapidocr import RapidOCR

    from .ctc import Alphabet

    cores = max(1, min(threads, os.cpu_count() or 1))
    engine = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": cores,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Rec.rec_batch_num": _BATCH,
        }
    )
    _warm(engine)
    alphabet = Alphabet(engine.text_rec.postprocess_op.character)
    engine.text_rec.postprocess_op = _Letters(alphabet)
    return Reader(engine, picture)


def _warm(engine: Any) -> None:
    """The recogniser is made when first used; its alphabet is wanted before."""
    import numpy as np

    engine.recognize_txt([np.zeros((48, 48, 3), np.uint8)])


class _Letters:
    """Takes the place of the engine's decoder, which keeps but one probability a letter."""

    def __init__(self, alphabet: Any) -> None:
        self._alphabet = alphabet

    def __call__(self, answers: Any, *_: Any, **shapes: Any) -> tuple[list, list]:
        from .ctc import decode

        # Lines read together are filled up to the width of the widest.
        widest = shapes["max_wh_ratio"]
        filled = [widest / ratio for ratio in shapes["wh_ratio_list"]]
        lines = [
            decode(steps, self._alphabet, stretch)
            for steps, stretch in zip(answers, filled, strict=True)
        ]
        texts = ["".join(letter.char for letter in line) for line in lines]
        least = [min((letter.confidence for letter in line), default=0.0) for line in lines]
        return list(zip(texts, least, strict=True)), lines


def _around(corners: Any, width: int, height: int) -> Area:
    xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return Area(max(min(xs), 0), max(min(ys), 0), min(max(xs), width), min(max(ys), height))


def _margins(areas: Sequence[Area]) -> Iterator[tuple[Area, tuple[float, float]]]:
    """How much more around each area the second reading sees: half the gap to the next word."""
    gaps: dict[int, float] = {}
    for line in lines_of([_Spot(area, number) for number, area in enumerate(areas)]):
        for left, right in pairwise(line):
            gap = max(-overlap_x(left.area, right.area), 0) / 2
            for spot in (left, right):
                gaps[spot.number] = min(gap, gaps.get(spot.number, gap))
    for number, area in enumerate(areas):
        yield area, (min(gaps.get(number, 99), area.height * 0.2), area.height * 0.1)


@dataclass(frozen=True, slots=True)
class _Spot:
    area: Area
    number: int


def _text(letters: Letters) -> str:
    return "".join(char for char, _, _ in letters)


def _least(letters: Letters) -> float:
    return min((sure for _, sure, _ in letters), default=0.0)


def _agreed(area: Area, one: Letters, two: Letters) -> Word | None:
    """What both readings say; unsure through and through where they differ."""
    if _text(one) != _text(two):
        kept = tuple((char, 0.0, x) for char, _, x in one or two)
    else:
        pairs = zip(one, two, strict=True)
        kept = tuple((char, min(sure, other), x) for (char, sure, x), (_, other, _) in pairs)
    return Word(area, _text(kept), _least(kept), kept) if kept else None


def text_height(words: Sequence[Word]) -> float:
    """The height of ordinary text on the picture, 0 without any."""
    return median(word.area.height for word in words) if words else 0.0
