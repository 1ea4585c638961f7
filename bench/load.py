"""wrk against a server of this machine, and what the server's processes cost meanwhile."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 64
PATIENCE = 30.0  # seconds a server may take to start
# Each request another address; the figures as JSON at the end.
SCRIPT = """
local addresses = {%(addresses)s}
local requests, number = {}, 0
init = function()
    for place, address in ipairs(addresses) do
        requests[place] = wrk.format("GET", address)
    end
end
request = function()
    number = number %% #requests + 1
    return requests[number]
end
done = function(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"requests": %%d, "microseconds": %%d, "bytes": %%d, "errors": %%d, '
            .. '"p50": %%d, "p99": %%d}\\n',
        summary.requests, summary.duration, summary.bytes,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Burst:
    """What came of some seconds of requests. Times in milliseconds."""

    rate: float
    p50: float
    p99: float
    cpu: float  # of the server's processes, for each request
    size: float  # bytes of each answer, headers included


def program() -> str | None:
    return shutil.which("wrk")


def burst(
    port: int, addresses: Sequence[str], seconds: int, process: int, folder: Path, host: str = ""
) -> Burst:
    """Ask for ``addresses`` in turn, over 64 connections, for ``seconds``.

    Raises:
        AssertionError: an answer was no success, or none came.
    """
    script = folder / "load.lua"
    quoted = ", ".join(json.dumps(address) for address in addresses)
    script.write_text(SCRIPT % {"addresses": quoted}, encoding="utf-8")
    command = [str(program()), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script)]
    command += ["-H", f"Host: {host}"] if host else []
    before = cpu_seconds(process)
    done = subprocess.run(  # noqa: S603
        [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
    )
    spent = cpu_seconds(process) - before
    told = json.loads(re.search(r"^\{.*\}$", done.stdout, re.M)[0])
    assert not told["errors"] and told["requests"], done.stdout
    return Burst(
        told["requests"] / told["microseconds"] * 1e6,
        told["p50"] / 1000,
        told["p99"] / 1000,
        spent / told["requests"] * 1000,
        told["bytes"] / told["requests"],
    )


def cpu_seconds(process: int) -> float:
    """Processor time of a process and all below it."""
    parents: dict[int, tuple[int, int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    ticks, wanted = 0, {process}
    while wanted:
        ticks += sum(parents[one][1] for one in wanted if one in parents)
        wanted = {one for one, (parent, _) in parents.items() if parent in wanted}
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def application(port: int, folder: Path, **environment: str) -> Iterator[int]:
    """The project's server as the Procfile starts it, until the block ends; its process id."""
    told = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()[0]
    command = told.removeprefix("web: ").replace("python", sys.executable, 1)
    surroundings = {**os.environ, **environment, "PORT": str(port), "WEB_WORKERS": "2"}
    with (folder / f"granian-{port}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S602
            command, shell=True, cwd=ROOT, env=surroundings, stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + PATIENCE
            while not _lives(port):
                assert process.poll() is None, Path(log.name).read_text(encoding="utf-8")
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.1)
            yield process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _lives(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/-/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
