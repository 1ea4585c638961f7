"""The lock of one running start, and which processes belong to it."""

import fcntl
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from messages import Stop, warn

PATIENCE = 8.0  # seconds orphans get to finish their work


class Running:
    """Held by ``run.py`` and by what it forks, so it stays taken while anything is left."""

    def __init__(self, var: Path, root: Path) -> None:
        self.root = root
        self.file: TextIO = (var / "run.lock").open("a+")
        self.address = ""
        self.supervisor = os.getpid()
        self.groups: list[int] = []

    def take(self, address: str) -> None:
        """Raise Stop when it runs here already. What a killed start left behind is ended first."""
        if not self._try():
            self._read()
            if alive(self.supervisor, self.root):
                raise Stop(
                    f"在荷塘已经在运行：{self.address} 。要重新启动，请先在它的窗口按 Ctrl-C，"
                    f"或执行 kill {self.supervisor}。",
                    f"It is running already: {self.address} . To start it anew, press Ctrl-C in "
                    f"its window or run kill {self.supervisor} first.",
                )
            warn(
                "上次启动没有正常结束，正在结束它留下的进程……",
                "The last start was not ended properly; what it left running is being ended.",
            )
            self._end_orphans()
        self.address, self.supervisor, self.groups = address, os.getpid(), []
        self._write()

    def add(self, group: int) -> None:
        """Remember a process group that was started."""
        self.groups.append(group)
        self._write()

    def _try(self) -> bool:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _end_orphans(self) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for group in self.groups:
                if any(alive(pid, self.root) for pid in members(group)):
                    with suppress(ProcessLookupError):
                        os.killpg(group, sign)
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                if self._try():
                    return
                time.sleep(0.1)
        groups = " ".join(f"-{group}" for group in self.groups)
        raise Stop(
            f"上次启动留下的进程结束不了。请执行 kill -9 -- {groups} 后再试。",
            f"What the last start left running does not end. Run kill -9 -- {groups}, "
            "then try again.",
        )

    def _read(self) -> None:
        self.file.seek(0)
        with suppress(ValueError, KeyError, TypeError):
            facts = json.loads(self.file.read())
            self.address, self.supervisor = facts["address"], facts["supervisor"]
            self.groups = facts["groups"]

    def _write(self) -> None:
        facts = {"address": self.address, "supervisor": self.supervisor, "groups": self.groups}
        self.file.seek(0)
        self.file.truncate()
        self.file.write(json.dumps(facts))
        self.file.flush()


def alive(pid: int, root: Path) -> bool:
    """Is this a process of the checkout? Numbers are used again, so its folder is compared."""
    if not Path("/proc/self").exists():
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", root)
    except OSError:  # gone, a zombie, or somebody else's
        return False


def members(group: int) -> list[int]:
    """The processes of a process group."""
    if not Path("/proc/self").exists():
        return [group]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                # "pid (name) state ppid pgrp ...", and the name may hold anything.
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                if int(fields[2]) == group:
                    found.append(int(entry.name))
    return found
