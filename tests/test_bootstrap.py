"""`make setup` on a bare machine: the real Makefile and scripts in a copy, without a network."""

import ast
import contextlib
import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / "bin"
CLOSED = "http://127.0.0.1:9/simple"  # the discard port: nobody listens


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch):
    """The module `bin/environment.py`, which is no package of ours."""
    monkeypatch.syspath_prepend(str(BIN))
    import environment

    return environment


def wheel(folder: Path, name: str) -> None:
    """The smallest package pip can install."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{module}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{module}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what set-up uses, with two tiny packages in place of the real ones."""
    root = tmp_path / "checkout"
    shutil.copytree(BIN, root / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", root)
    (root / "tests").mkdir()
    (root / "requirements.txt").write_text("example-product==1.0\n")
    (root / "tests" / "requirements.txt").write_text("example-tools==1.0\n")
    (tmp_path / "wheels").mkdir()
    for name in ("example-product", "example-tools"):
        wheel(tmp_path / "wheels", name)
    return root


def surroundings(checkout: Path, **changes: str) -> dict[str, str]:
    """An environment in which pip finds the tiny packages and no server."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON", "MAKE", "VAR_DIR"))
    }
    return {
        **kept,
        "PYTHON": sys.executable,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": CLOSED,
        "PIP_FIND_LINKS": str(checkout.parent / "wheels"),
        **changes,
    }


def make(checkout: Path, target: str, **changes: str) -> subprocess.CompletedProcess[str]:
    answer = subprocess.run(
        ["make", target],
        cwd=checkout,
        env=surroundings(checkout, **changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in answer.stderr + answer.stdout
    return answer


@contextlib.contextmanager
def started(command: list[str], checkout: Path) -> Iterator[subprocess.Popen[str]]:
    """A command that is still running; it is ended when the test fails."""
    process = subprocess.Popen(
        command, cwd=checkout, env=surroundings(checkout), stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def both_languages(answer: subprocess.CompletedProcess[str], chinese: str, english: str) -> None:
    """One sentence in each language, and a failing exit code."""
    said = [line for line in answer.stderr.splitlines() if not line.startswith("make")]
    assert answer.returncode != 0
    assert len(said) == 2, answer.stderr
    assert chinese in said[0]
    assert english in said[1]


# --- which Python -----------------------------------------------------------------------------


def path_with(folder: Path, **scripts: str) -> str:
    """A PATH of make, sed and the given scripts only."""
    folder.mkdir()
    for program in ("make", "sed"):
        (folder / program).symlink_to(shutil.which(program))
    for name, text in scripts.items():
        (folder / name.replace("_", ".")).write_text(text)
        (folder / name.replace("_", ".")).chmod(0o755)
    return str(folder)


def posing_as(version: tuple[int, int, int]) -> str:
    """A script that behaves like the Python of that version, as far as its number goes."""
    number = version[0] << 24 | version[1] << 16 | version[2] << 8
    return f"""#!{sys.executable}
import runpy, sys
sys.hexversion, sys.version_info = {number}, {(*version, "final", 0)}
if sys.argv[1] == "-c":
    exec(sys.argv[2])
else:
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_an_old_python_is_named_in_one_sentence(checkout: Path, tmp_path: Path) -> None:
    path = path_with(tmp_path / "path", python3=posing_as((3, 9, 2)))
    answer = make(checkout, "run", PATH=path, PYTHON="")
    both_languages(answer, "需要 Python 3.11 或更新的版本（找到的是：3.9.2）", "found: 3.9.2")
    assert not (checkout / ".venv").exists()


def test_no_python_at_all(checkout: Path, tmp_path: Path) -> None:
    answer = make(checkout, "run", PATH=path_with(tmp_path / "path"), PYTHON="")
    both_languages(answer, "需要 Python 3.11", "Python 3.11 or newer is needed")


def test_a_command_that_is_no_python_is_passed_over(checkout: Path, tmp_path: Path) -> None:
    path = path_with(
        tmp_path / "path",
        python3_13="#!/bin/sh\necho 'command not found' >&2\nexit 127\n",
        python3_12=posing_as((3, 8, 0)),
        python3=f'#!/bin/sh\n[ "$1" = -c ] && exec {sys.executable} "$@"\necho chosen "$@"\n',
    )
    answer = make(checkout, "setup", PATH=path, PYTHON="")
    assert answer.stdout.split() == ["chosen", "bin/bootstrap.py"]


def test_the_first_file_uses_nothing_an_old_python_cannot_read() -> None:
    source = (BIN / "bootstrap.py").read_bytes()
    assert source.isascii()
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr | ast.AsyncFor)
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            assert node.returns is None
            assert not arguments.kwonlyargs + arguments.posonlyargs
            assert all(argument.annotation is None for argument in arguments.args)
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) != "print"


# --- installing -------------------------------------------------------------------------------


def test_install_repair_and_quick_second_start(checkout: Path) -> None:
    """One story, because each real environment takes seconds to make."""
    # Another command is installing: this one says so and waits.
    (checkout / "var" / "log").mkdir(parents=True)
    lock = (checkout / "var" / "setup.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    with lock, started(["make", "setup"], checkout) as waiting:
        assert "另一条命令正在安装" in waiting.stdout.readline()
        assert not (checkout / ".venv").exists()
        lock.close()
        assert "安装完成" in waiting.stdout.read()
    assert waiting.returncode == 0
    stamp = json.loads((checkout / ".venv" / "installed.json").read_text())
    assert list(stamp["requirements"]) == ["requirements.txt"]
    assert "Successfully installed example-product-1.0" in (
        checkout / "var" / "log" / "pip.log"
    ).read_text(encoding="utf-8")

    # The second start installs nothing, and is quick.
    (checkout / "var" / "log" / "pip.log").unlink()
    began = time.monotonic()
    answer = make(checkout, "setup", PIP_FIND_LINKS="", PIP_NO_INDEX="1")
    assert time.monotonic() - began < 5  # measured 0.1 s; other tests share the machine
    assert (answer.returncode, answer.stdout) == (0, "依赖已齐备，无需安装。\n")
    assert not (checkout / "var" / "log" / "pip.log").exists()

    # The test tools come on top.
    answer = make(checkout, "setup-tests")
    assert answer.returncode == 0
    assert "正在更新" in answer.stdout
    assert make(checkout, "setup-tests").stdout == ""

    # An interrupted installation is made anew, with a word.
    (checkout / ".venv" / "installed.json").unlink()
    (checkout / ".venv" / "left-over").touch()
    answer = make(checkout, "setup")
    assert answer.returncode == 0
    assert "上次安装没有完成" in answer.stderr
    assert "was not finished" in answer.stderr
    assert not (checkout / ".venv" / "left-over").exists()


def test_no_network_while_installing(checkout: Path) -> None:
    answer = make(checkout, "setup", PIP_FIND_LINKS="")
    both_languages(answer, "连不上软件包服务器", "the package server cannot be reached")
    log = checkout / "var" / "log" / "pip.log"
    assert str(log) in answer.stderr
    assert "example-product" in log.read_text(encoding="utf-8")
    assert not (checkout / ".venv" / "installed.json").exists()


def with_our_pip(place) -> None:
    """In place of `make_venv`: unpacking a pip of its own is most of what that takes."""
    venv.create(place.venv, symlinks=True)
    (packages,) = place.venv.glob("lib/python*/site-packages")
    (packages / "pip").symlink_to(Path(importlib.util.find_spec("pip").origin).parent)


def test_a_full_disk(environment, checkout: Path, monkeypatch, capsys) -> None:
    for name, value in surroundings(checkout, VAR_DIR=str(checkout / "var")).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(environment, "ROOT", checkout)
    monkeypatch.setattr(environment, "make_venv", with_our_pip)
    monkeypatch.setattr(environment, "speak_utf8", lambda: None)
    (checkout / "var" / "log").mkdir(parents=True)
    (checkout / "var" / "log" / "pip.log").symlink_to("/dev/full")
    answer = subprocess.CompletedProcess("setup", environment.main([]), *capsys.readouterr())
    assert "正在建立 .venv" in answer.stdout
    both_languages(answer, "磁盘已满", "The disk is full")
    assert not (checkout / ".venv" / "installed.json").exists()


def test_no_permission_to_write(checkout: Path) -> None:
    # Not even root may make a folder there.
    answer = make(checkout, "setup", VAR_DIR="/sys/zai-hetang")
    both_languages(answer, "没有写权限：/sys/zai-hetang", "No permission to write /sys/zai-hetang")


def test_a_file_in_the_place_of_the_folder(checkout: Path) -> None:
    (checkout / "var").touch()
    answer = make(checkout, "setup")
    both_languages(answer, "被同名的文件占了位置", "a file is in its place")


# --- judging what stands there ----------------------------------------------------------------


@pytest.fixture
def place(environment, checkout: Path):
    """A whole environment by all signs, with the running interpreter as its own."""
    place = environment.Place(checkout, checkout / "var")
    (place.venv / "bin").mkdir(parents=True)
    place.log.parent.mkdir(parents=True)
    place.python.symlink_to(sys.executable)
    environment.write_stamp(place, [environment.RUNTIME])
    return place


def test_a_stamped_environment_is_ready(environment, place) -> None:
    assert environment.state(place, [environment.RUNTIME]) is environment.State.READY
    assert environment.ensure(place) is environment.State.READY


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"requirements": {}, "python": "3.11.0a"}'])
def test_a_damaged_stamp_is_not_trusted(environment, place, text: str) -> None:
    place.stamp.write_text(text)
    assert environment.state(place, [environment.RUNTIME]) is environment.State.HALF


def test_an_interpreter_that_is_gone_is_noticed(environment, place) -> None:
    place.python.unlink()
    place.python.symlink_to("/nowhere/python3")
    assert environment.state(place, [environment.RUNTIME]) is environment.State.HALF


def test_a_dangling_link_in_place_of_the_environment(environment, place) -> None:
    shutil.rmtree(place.venv)
    place.venv.symlink_to("/nowhere")
    assert environment.state(place, [environment.RUNTIME]) is environment.State.HALF
    environment.remove(place.venv)
    assert environment.state(place, [environment.RUNTIME]) is environment.State.ABSENT


def test_changed_requirements_are_noticed(environment, place) -> None:
    (place.root / "requirements.txt").write_text("example-product==1.1\n")
    assert environment.state(place, [environment.RUNTIME]) is environment.State.OUTDATED


def test_the_tests_need_the_optional_extras(environment, checkout: Path) -> None:
    (checkout / "requirements-more.txt").write_text("example-more==1.0\n")
    extra = Path("requirements-more.txt")
    assert environment.requirement_files(checkout, False) == [environment.RUNTIME]
    assert extra in environment.requirement_files(checkout, True)


def test_an_update_keeps_the_test_tools(environment, place, monkeypatch) -> None:
    environment.write_stamp(place, environment.requirement_files(place.root, True))
    (place.root / "requirements.txt").write_text("example-product==1.1\n")
    installed = []
    monkeypatch.setattr(environment, "install", lambda place, files: installed.extend(files))
    assert environment.ensure(place) is environment.State.OUTDATED
    assert installed == [environment.RUNTIME, environment.TESTS]
    assert environment.state(place, installed) is environment.State.READY


def test_an_update_that_fails_leaves_no_stamp(environment, place, monkeypatch) -> None:
    def fail(place, files) -> None:
        raise environment.Stop("不行", "no")

    (place.root / "requirements.txt").write_text("example-product==1.1\n")
    monkeypatch.setattr(environment, "install", fail)
    with pytest.raises(environment.Stop):
        environment.ensure(place)
    assert environment.state(place, [environment.RUNTIME]) is environment.State.HALF


def test_a_python_without_venv(environment, place, monkeypatch) -> None:
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: name != "ensurepip" and find(name)
    )
    with pytest.raises(environment.Stop) as caught:
        environment.make_venv(place)
    assert "apt-get install python3-venv" in caught.value.chinese
    assert "apt-get install python3-venv" in caught.value.english


@pytest.mark.parametrize(
    ("output", "chinese", "english"),
    [
        ("OSError: [Errno 28] No space left on device", "磁盘已满", "disk is full"),
        ("error: [Errno 13] Permission denied: '/x'", "没有写权限", "No permission"),
        ("ReadTimeoutError: Read timed out.\nERROR: x", "连不上", "cannot be reached"),
        ("ERROR: No matching distribution found for x==1", "连不上", "cannot be reached"),
        ("ok\nERROR: Hash mismatch for x\n", "Hash mismatch for x", "Hash mismatch for x"),
        ("", "安装依赖失败", "failed"),
    ],
)
def test_a_failed_pip_is_explained(environment, place, output, chinese, english) -> None:
    stop = environment.explain_failure(output, place)
    assert chinese in stop.chinese
    assert english in stop.english
    assert str(place.log) in stop.chinese


@pytest.mark.parametrize(
    ("error", "code", "chinese"),
    [
        (KeyboardInterrupt(), 130, "已中断"),
        (PermissionError(13, "Permission denied", "/x"), 1, "没有写权限：/x"),
        (OSError(28, "No space left on device"), 1, "磁盘已满"),
        (OSError(5, "Input/output error", "/x"), 1, "读写 /x 失败：Input/output error"),
    ],
)
def test_no_failure_ends_in_a_traceback(environment, monkeypatch, capsys, error, code, chinese):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(environment, "ensure", fail)
    monkeypatch.setattr(environment, "speak_utf8", lambda: None)
    assert environment.main([]) == code
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert chinese in said[0]
