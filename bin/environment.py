"""The virtual environment: made once, finished or made anew, and then left alone.

A stamp is written last. A ``.venv`` without a stamp is an interrupted installation and is never
trusted. With a fitting stamp nothing is installed and no network is used.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from messages import Stop, from_os_error, interrupted, speak_utf8, tell, warn

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = Path("requirements.txt")
TESTS = Path("tests") / "requirements.txt"

_NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Connection refused|"
    r"Network is unreachable|Temporary failure in name resolution|ProxyError|"
    r"Max retries exceeded|Connection broken|No matching distribution found",
)


@dataclass(frozen=True)
class Place:
    """Where a checkout keeps its environment and its working files."""

    root: Path
    var: Path

    @classmethod
    def here(cls) -> "Place":
        return cls(ROOT, Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve())

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.venv / "installed.json"

    @property
    def log(self) -> Path:
        return self.var / "log" / "pip.log"


class State(Enum):
    """What stands where ``.venv`` should be."""

    ABSENT = "absent"
    HALF = "half"  # no stamp, or an interpreter that does not start
    OUTDATED = "outdated"  # whole, but made from other requirement files
    READY = "ready"


def requirement_files(root: Path, with_tests: bool) -> list[Path]:
    """What runs; the tests need every optional extra and the developers' tools as well."""
    optional = sorted(path.relative_to(root) for path in root.glob("requirements-*.txt"))
    return [RUNTIME, *optional, TESTS] if with_tests else [RUNTIME]


def fingerprint(place: Place, files: list[Path]) -> dict[str, str]:
    """SHA-256 of each requirement file, by its name."""
    return {
        file.as_posix(): hashlib.sha256((place.root / file).read_bytes()).hexdigest()
        for file in files
    }


def python_version(python: Path) -> str | None:
    """The version the interpreter reports; None when it does not start or is too old."""
    program = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    try:
        answer = subprocess.run(
            [python, "-I", "-S", "-c", program], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = answer.stdout.strip()
    return version if tuple(int(n) for n in version.split(".")) >= (3, 11) else None


def state(place: Place, files: list[Path]) -> State:
    """Judge what stands there. Starts the interpreter once; reads nothing from the network."""
    if not place.venv.exists() and not place.venv.is_symlink():
        return State.ABSENT
    try:
        stamp = json.loads(place.stamp.read_text())
        installed, python = stamp["requirements"], stamp["python"]
    except (OSError, ValueError, KeyError, TypeError):
        return State.HALF
    if python_version(place.python) != python:
        return State.HALF
    wanted = fingerprint(place, files)
    return State.READY if wanted.items() <= installed.items() else State.OUTDATED


def write_stamp(place: Place, files: list[Path]) -> None:
    """Say that everything in ``files`` is installed."""
    stamp = {
        "python": python_version(place.python),
        "requirements": fingerprint(place, files),
    }
    unfinished = place.stamp.with_suffix(".new")
    unfinished.write_text(json.dumps(stamp, indent=1) + "\n")
    unfinished.replace(place.stamp)


@contextlib.contextmanager
def only_one(place: Place) -> Iterator[None]:
    """Hold the installation lock; a second ``make`` waits for the first to finish."""
    place.log.parent.mkdir(parents=True, exist_ok=True)
    with (place.var / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("另一条命令正在安装，等它完成……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure(place: Place, with_tests: bool = False) -> State:
    """Leave a whole environment behind and answer what was found.

    Raises Stop when a person has to act, and OSError when a file cannot be written.
    """
    files = requirement_files(place.root, with_tests)
    if state(place, files) is State.READY:
        return State.READY
    with only_one(place):
        found = state(place, files)  # again: the other command may have done it
        if found is State.READY:
            return found
        if found is State.HALF:
            warn(
                "上次安装没有完成（.venv 不完整），现在删除并重新安装。",
                "An earlier installation was not finished (.venv is incomplete); "
                "it is removed and made anew.",
            )
            remove(place.venv)
        began = time.monotonic()
        if found is State.OUTDATED:
            tell("依赖清单有变化，正在更新……")
            # What was already there stays wanted: `make setup` must not forget the test tools.
            known = json.loads(place.stamp.read_text())["requirements"]
            files = requirement_files(place.root, with_tests or TESTS.as_posix() in known)
            place.stamp.unlink()
        else:
            tell("正在建立 .venv 并安装依赖，第一次约需一至三分钟……")
            make_venv(place)
        install(place, files)
        write_stamp(place, files)
        tell(f"安装完成，用时 {time.monotonic() - began:.0f} 秒。")
        return found


def remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path)


def make_venv(place: Place) -> None:
    """Create ``.venv`` from the Python that is running, or that its environment was made from."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        version = ".".join(str(n) for n in sys.version_info[:2])
        raise Stop(
            "这个 Python 缺少 venv 组件。请执行 apt-get install python3-venv"
            f"（或 python{version}-venv）后再试。",
            "This Python lacks its venv module. Run apt-get install python3-venv "
            f"(or python{version}-venv), then try again.",
        )
    # Not sys.executable: that may be the .venv that was just removed.
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run([base, "-m", "venv", place.venv], capture_output=True, text=True)
    output = made.stdout + made.stderr
    place.log.write_text(output)
    if made.returncode:
        raise explain_failure(output, place)


def install(place: Place, files: list[Path]) -> None:
    """Install the requirement files with pip; its whole output is kept in ``var/log/pip.log``."""
    command = [
        *(place.python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"),
        *("--progress-bar", "off", "--retries", "2"),
    ]
    for file in files:
        command += ["-r", str(file)]
    total = sum(
        bool(re.match(r"[\w.\[\]-]+==", line))
        for file in files
        for line in (place.root / file).read_text(encoding="utf-8").splitlines()
    )
    # A personal "install into my home" setting would make pip refuse to work in a venv.
    environment = {**os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
    lines = []
    with (
        place.log.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            cwd=place.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as pip,
    ):
        try:
            for line in pip.stdout:
                log.write(line)
                lines.append(line)
                _progress(lines, total)
            log.flush()
        except BaseException:
            pip.kill()
            raise
    if sys.stdout.isatty():
        print()
    if pip.returncode:
        raise explain_failure("".join(lines), place)


def _progress(lines: list[str], total: int) -> None:
    """A counter for someone who watches."""
    if sys.stdout.isatty() and lines[-1].startswith("Collecting "):
        count = sum(line.startswith("Collecting ") for line in lines)
        print(f"\r  已取得 {min(count, total)}/{total}", end="", flush=True)


def explain_failure(output: str, place: Place) -> Stop:
    """One sentence for a failed ``venv`` or ``pip``, from what it printed."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return Stop(
            f"磁盘已满，安装没有完成。请腾出至少 1 GB 空间后再执行一次（详情：{place.log}）。",
            "The disk is full, the installation did not finish. Free at least 1 GB, then run it "
            f"again (details: {place.log}).",
        )
    if "Permission denied" in output or "Read-only file system" in output:
        return Stop(
            f"没有写权限：{place.venv}。请换到有写权限的目录，或修改它的属主和权限"
            f"（详情：{place.log}）。",
            f"No permission to write {place.venv}. Use a folder you may write to, or change its "
            f"owner and mode (details: {place.log}).",
        )
    if _NO_NETWORK.search(output):
        return Stop(
            "下载依赖失败：连不上软件包服务器。请检查网络或代理后再执行一次"
            f"（详情：{place.log}）。",
            "Downloading the packages failed: the package server cannot be reached. Check the "
            f"network or proxy, then run it again (details: {place.log}).",
        )
    errors = re.findall(r"^.*error.*$", output, re.MULTILINE | re.IGNORECASE)
    last = errors[-1].strip().removeprefix("ERROR: ")[:200] if errors else ""
    return Stop(
        f"安装依赖失败：{last}（完整输出：{place.log}）。",
        f"Installing the packages failed: {last} (whole output: {place.log}).",
    )


def main(arguments: list[str]) -> int:
    """Command line: ``--tests`` adds the developers' tools. Answers the exit code."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also install tests/requirements.txt")
    place = Place.here()
    try:
        with_tests = parser.parse_args(arguments).tests
        found = ensure(place, with_tests)
        if found is State.READY and os.environ.get("SETUP_SAYS_READY"):
            tell("依赖已齐备，无需安装。")
    except Stop as stop:
        warn(stop.chinese, stop.english)
        return stop.code
    except KeyboardInterrupt:
        stop = interrupted()
        warn(stop.chinese, stop.english)
        return stop.code
    except OSError as error:
        stop = from_os_error(error, place.root)
        warn(stop.chinese, stop.english)
        return stop.code
    return 0
