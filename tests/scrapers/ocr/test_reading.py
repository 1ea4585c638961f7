"""From drawn pictures to rows, with the engine itself; and what happens without it."""

from __future__ import annotations

import gc
import importlib.util
import io
import json
import os
import socket
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image

from bench.drawing import DESIGNS, Design, Printed, draw, rotate
from bench.pictures import Score
from scrapers import ocr
from scrapers.extract.contract import Extraction
from scrapers.ocr import engine, reading
from scrapers.ocr.engine import Word
from scrapers.ocr.geometry import OVERLAP, TILE, Area
from tests.scrapers.ocr.words import FETCHED

NAMES = ["在荷塘", "荷塘发布", "掌上张家界", "武侯微讯", "12345热线", "青白江·微观"]
PLACES = [
    "荷塘",
    "芦淞",
    "石峰",
    "天元",
    "攸县",
    "茶陵",
    "炎陵",
    "醴陵",
    "岳麓",
    "开福",
    "雨花",
    "望城",
    "浏阳",
    "宁乡",
    "湘潭",
    "韶山",
    "衡阳",
    "耒阳",
    "常宁",
]
PLACES += ["邵阳", "武冈", "岳阳", "临湘", "常德", "津市", "慈利", "桑植", "益阳", "沅江", "郴州"]
LIGHT, DARK = DESIGNS[0], next(design for design in DESIGNS if design.medals == "circle")
with_engine = pytest.mark.needs("ocr", "fonts-noto-cjk")


def read(data: bytes) -> Extraction:
    return ocr.read_picture(data, fetched_at=FETCHED)


def score(printed: Printed, found: Extraction) -> Score:
    answer = Score()
    answer.count(printed, found)
    return answer


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_, **__) -> None:
        raise AssertionError("reading a picture opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@with_engine
@pytest.mark.parametrize("design", [LIGHT, DARK], ids=["light", "dark with medals"])
def test_a_picture_is_read_as_printed_without_a_network(design: Design, no_sockets: None) -> None:
    printed = draw(design, 6, 1, NAMES)
    found = read(printed.data)
    got = score(printed, found)
    assert (got.wrong, got.right) == ([], got.cells)
    assert (found.verdict, found.flags) == ("needs_transcription", ["picture_only"])
    assert found.boards[0].name == printed.title
    assert found.period is not None
    assert not engine._ONE_AT_A_TIME.locked()


@with_engine
def test_crops_are_places_on_the_picture_as_it_was_given() -> None:
    """Of a picture aslant, too: cut out and read alone, each crop shows its name again."""
    design = Design("aslant", spoil=rotate(2), columns=("排名", "公众号", "WCI"))
    printed = draw(design, 6, 1, NAMES)
    found = read(printed.data)
    assert score(printed, found).wrong == []
    picture = Image.open(io.BytesIO(printed.data)).convert("RGB")
    with engine.reading(picture) as reader:
        for row in found.boards[0].rows:
            x, y, width, height = row.cells["account"]["crop"]
            assert 0 <= x < x + width <= picture.width
            assert 0 <= y < y + height <= picture.height
            assert reader.read([Area(x, y, x + width, y + height)])[0].text == row.account


@with_engine
def test_a_tall_picture_is_read_in_tiles() -> None:
    names = [f"{place}发布" for place in PLACES]
    printed = draw(Design("tall", columns=("排名", "公众号", "WCI")), len(names), 2, names)
    got = score(printed, read(printed.data))
    assert Image.open(io.BytesIO(printed.data)).height > TILE + OVERLAP
    assert (got.wrong, got.right) == ([], got.cells)


@with_engine
@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (400, 400), "white"),
        Image.effect_noise((400, 400), 80).convert("RGB"),
        Image.radial_gradient("L").convert("RGB"),
        Image.new("RGB", (3000, 101), "white"),
    ],
    ids=["blank", "noise", "gradient", "strip"],
)
def test_a_picture_without_a_ranking_fails_with_a_sentence(picture: Image.Image) -> None:
    answer = io.BytesIO()
    picture.save(answer, "PNG")
    found = read(answer.getvalue())
    assert (found.verdict, found.flags) == ("failed", ["page_failed"])
    assert found.note.startswith("图片里没有找到榜单")


ALONE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from scrapers.ocr import read_picture

found = read_picture(Path(sys.argv[1]).read_bytes(), fetched_at=datetime.now(UTC))
assert found.boards[0].rows
links = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if int(fd) > 2
         and os.path.islink(f"/proc/self/fd/{fd}")]
print([link for link in links if link.startswith("socket:")])
"""


@with_engine
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="系统没有 /proc")
def test_the_engine_reports_nothing_to_its_maker(tmp_path: Path) -> None:
    """Its native code opens sockets and leaves an identifier of the machine unless told not to."""
    picture, left = tmp_path / "picture", tmp_path / "left"
    picture.write_bytes(draw(LIGHT, 3, 1, NAMES).data)
    left.mkdir()
    kept = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(picture)],
        cwd=Path(__file__).parents[3],
        env={**kept, "TMPDIR": str(left)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert list(left.iterdir()) == []


@with_engine
def test_the_models_are_let_go() -> None:
    with engine.reading(Image.new("RGB", (200, 200), "white")) as reader:
        models = weakref.ref(reader._engine)
        assert models() is not None
    gc.collect()
    assert models() is None


@with_engine
def test_one_picture_at_a_time() -> None:
    picture = Image.new("RGB", (200, 200), "white")
    began = threading.Event()

    def another() -> None:
        with engine.reading(picture):
            began.set()

    with engine.reading(picture):
        thread = threading.Thread(target=another)
        thread.start()
        assert not began.wait(0.2)
    thread.join()
    assert began.is_set()


def test_too_many_words_are_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crowded:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def words(self):
            return [Word(Area(0, 0, 9, 9), "字", 1.0)] * (engine.MAX_WORDS + 1)

    monkeypatch.setattr(reading, "reading", lambda *_: Crowded())
    monkeypatch.setattr(reading, "ocr_available", lambda: True)
    found = read(png())
    assert (found.verdict, found.note) == (
        "failed",
        "图片上的文字太多,不像一张榜单;请分成几张再读。",
    )


# --- without the engine -----------------------------------------------------------------------


def png() -> bytes:
    answer = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(answer, "PNG")
    return answer.getvalue()


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: name != "rapidocr" and find(name, *rest)
    )


def test_what_is_missing_is_said_with_the_command(not_installed: None) -> None:
    assert not ocr.ocr_available()
    assert "pip install -r requirements-ocr.txt" in ocr.why_unavailable()
    with pytest.raises(ocr.OcrUnavailable, match="没有安装图片识别组件"):
        engine.reading(Image.new("RGB", (200, 200))).__enter__()


def test_nothing_is_said_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda *_: True)
    assert ocr.ocr_available()
    assert ocr.why_unavailable() == ""


def parse(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict:
    arguments = ["--url=", "--content-type=text/html", "--fetched-at=2026-09-06T09:00:00"]
    call_command("parse_ranking", str(path), *arguments, *more)
    return json.loads(capsys.readouterr().out)


def test_the_command_answers_without_the_engine(not_installed, tmp_path, capsys) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(png())
    answer = parse(path, capsys)
    assert (answer["verdict"], answer["flags"]) == ("needs_transcription", ["picture_only"])
    assert [board["rows"] for board in answer["boards"]] == [[]]
    assert "pip install -r requirements-ocr.txt" in answer["note"]


def test_the_command_refuses_a_broken_picture(tmp_path, capsys) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(png()[:90])
    answer = parse(path, capsys)
    assert (answer["verdict"], answer["boards"], answer["flags"]) == ("failed", [], ["page_failed"])
    assert "不完整或已损坏" in answer["note"]


@with_engine
def test_the_command_takes_a_picture_whatever_it_is_called(tmp_path, capsys) -> None:
    printed = draw(LIGHT, 3, 1, NAMES)
    path = tmp_path / "page.html"
    path.write_bytes(printed.data)
    answer = parse(path, capsys, "--threads=1", "--explain")
    rows = answer["boards"][0]["rows"]
    assert [row["account"] for row in rows] == NAMES[:3]
    assert answer["published"] is None
    for row in rows:
        for key in ("rank", "account", *row["values"]):
            assert row["cells"][key]["confidence"] > 0.8
            assert len(row["cells"][key]["crop"]) == 4
