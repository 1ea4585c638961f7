"""The harness itself: what a missing program, a skip and a connection do to a test run."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import needs
from tests.conftest import NetworkRefused

ROOT = Path(__file__).resolve().parents[1]

SUITE = """
import pytest

@pytest.mark.needs("nothing-like-it")
def test_with_a_program(): pass

def test_skipping(): pytest.skip("no reason")

@pytest.mark.drill
def test_drill(): pass

@pytest.mark.only_on("sqlite")
def test_on_sqlite(): pass

@pytest.mark.only_on("postgresql")
def test_on_postgresql(): pass
"""

PLUGIN = """
from tests import needs
needs.PROGRAMS["nothing-like-it"] = needs.Program("无此程序", "nothing-like-it", lambda: False)
"""

# A database is all that the harness asks Django for; the product takes seconds to import.
SETTINGS = """
VAR_DIR = "var"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
"""

OPTIONS = (
    *("-p", "tests.conftest", "-p", "plugin_of_the_test", "-p", "no:cacheprovider"),
    *("--ds", "settings_of_the_test"),
)


def run(tmp_path: Path, *arguments: str, **environment: str) -> tuple[str, str]:
    """A run of pytest with our conftest over a made-up suite: its output and its last line."""
    (tmp_path / "test_made_up.py").write_text(SUITE)
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_module')")
    (tmp_path / "plugin_of_the_test.py").write_text(PLUGIN)
    (tmp_path / "settings_of_the_test.py").write_text(SETTINGS)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = -rs --strict-markers\nmarkers = needs(program)\n"
    )
    inherited = {k: v for k, v in os.environ.items() if k not in ("REQUIRE_ALL", "DATABASE_URL")}
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, *arguments, str(tmp_path)],
        cwd=tmp_path,
        env={**inherited, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return answer.stdout + answer.stderr, answer.stdout.strip().splitlines()[-1]


def test_a_missing_program_is_a_skip_with_the_way_to_install_it(tmp_path: Path) -> None:
    output, last = run(tmp_path)
    assert "缺少 无此程序。安装：apt-get install nothing-like-it" in output
    assert re.search(r"1 passed, 3 skipped, 2 deselected", last), output


def test_no_skip_passes_where_everything_is_required(tmp_path: Path) -> None:
    output, last = run(tmp_path, "--continue-on-collection-errors", REQUIRE_ALL="1")
    assert "skipped" not in last
    assert re.search(r"1 failed, 1 passed, 2 deselected, 2 errors", last), output
    assert "REQUIRE_ALL=1" in output
    assert "apt-get install nothing-like-it" in output
    assert "no_such_module" in output


def test_drills_run_when_asked_for(tmp_path: Path) -> None:
    output, last = run(tmp_path, "-m", "drill", "test_made_up.py")
    assert re.search(r"1 passed, .*deselected", last), output


def test_an_unknown_program_is_an_error() -> None:
    with pytest.raises(KeyError):
        needs.missing("no such program")


def test_every_program_can_be_looked_for() -> None:
    for name in needs.PROGRAMS:
        sentence = needs.missing(name)
        assert sentence is None or re.search(r"apt-get install|pip install -r", sentence)


@pytest.mark.parametrize("address", ["93.184.216.34", "10.0.0.1", "0.0.0.1", "2001:db8::1"])
def test_connections_stay_on_this_machine(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as outward, pytest.raises(NetworkRefused):
        outward.connect((address, 80))


def test_names_are_not_looked_up() -> None:
    with pytest.raises(NetworkRefused):
        socket.create_connection(("www.example.com", 80), timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("localhost", port), timeout=5).close()
