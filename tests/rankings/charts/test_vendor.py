"""The vendored script is the published one, and serves a page that may not evaluate strings."""

import hashlib
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "rankings/static/rankings/vendor/echarts"
SCRIPT = FOLDER / "echarts.common.min.js"


def test_the_script_is_the_one_the_readme_names() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    [(name, version, digest)] = re.findall(
        r"\| `([\w.]+)` \| ([\d.]+) \| `([0-9a-f]{64})` \|", readme
    )
    assert name == SCRIPT.name
    assert hashlib.sha256(SCRIPT.read_bytes()).hexdigest() == digest
    assert f'version="{version}"' in SCRIPT.read_text(encoding="utf-8")


def test_the_licence_comes_with_it() -> None:
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "Apache ECharts" in (FOLDER / "NOTICE").read_text(encoding="utf-8")


def test_it_evaluates_nothing_and_fetches_nothing() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    assert "new Function" not in script and not re.search(r"\beval\(", script)
    assert "XMLHttpRequest" not in script and not re.search(r"\bfetch\(", script)
    assert "sourceMappingURL" not in script
