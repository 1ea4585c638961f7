"""The coverage-guided fuzzer over extraction, for as long as ``FUZZ_SECONDS`` (60) says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scrapers.extract.pages import SAVED
from tests.scrapers.extract.test_hostile import PIECE_LIST

ROOT = Path(__file__).parents[2]
# One page may take two seconds in process (10 MB); under instrumentation ten times that.
SLOW_SECONDS = 20


def _quoted(piece: str) -> str:
    """A line of libFuzzer's dictionary, which knows bytes only."""
    escaped = "".join(f"\\x{byte:02x}" for byte in piece.encode())
    return f'"{escaped}"'


@pytest.mark.drill
@pytest.mark.needs("atheris")
def test_extraction_survives_the_fuzzer(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for page in SAVED:
        (corpus / page.slug).write_bytes(b"\x00" + page.data)
    dictionary = tmp_path / "pieces.dict"
    dictionary.write_text("\n".join(_quoted(piece) for piece in PIECE_LIST))
    seconds = int(os.environ.get("FUZZ_SECONDS", "60"))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.drills.fuzz_extract",
            f"-max_total_time={seconds}",
            f"-timeout={SLOW_SECONDS}",
            "-rss_limit_mb=1024",
            "-max_len=65536",
            f"-dict={dictionary}",
            f"-artifact_prefix={tmp_path}/",
            str(corpus),
        ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test"},
        capture_output=True,
        text=True,
        timeout=seconds * 4 + 120,
    )
    said = done.stderr[-3000:]
    assert done.returncode == 0, said
    assert "Done " in said, said
