"""Running the scripts, each database in a process of its own."""

import importlib
import multiprocessing
import os
import sys
import tempfile
import traceback
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from . import scratch
from .harness import Line

# Each script has TITLE and run(size, …), which yields lines; True: it gets a Scratch as well.
SCRIPTS = {
    "extraction": False,
    "pictures": False,
    "streaks": True,
    "importing": True,
    "publishing": True,
    "pushes": True,
    "editing": True,
    "rendering": True,
    "mirror": True,
    "searching": True,
    "serving": True,
}


def run(names: list[str], size: str) -> tuple[list[Line], bool]:
    """The lines of ``names`` on every database there is, and whether a script broke."""
    lines: list[Line] = []
    broken = False
    for database_url in _databases():
        wanted = [name for name in names if SCRIPTS[name] or not database_url]
        if wanted:
            found, failed = _in_own_process(wanted, size, database_url)
            lines += found
            broken |= failed
    return lines, broken


def _databases() -> list[str]:
    """SQLite always, and the server of ``DATABASE_URL`` if there is one."""
    url = os.environ.get("DATABASE_URL", "")
    return ["", url] if url.startswith(("postgres://", "postgresql://")) else [""]


def _in_own_process(names: list[str], size: str, database_url: str) -> tuple[list[Line], bool]:
    """Settings are read once in a process, hence a new one for each database."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="zai-hetang-bench-") as var_dir:
        os.environ.update(scratch.environment(var_dir, database_url))
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            try:
                return pool.submit(_measure, names, size).result()
            except BrokenProcessPool as error:
                print(f"测量进程中断：{error}", file=sys.stderr)
                return [], True


def _measure(names: list[str], size: str) -> tuple[list[Line], bool]:
    """What the measuring process does; its environment names the database."""
    lines: list[Line] = []
    broken = False

    def measure(name: str, *rest: scratch.Scratch) -> None:
        nonlocal broken
        script = importlib.import_module(f"bench.{name}")
        print(f"\n{name}：{script.TITLE}{f'，{rest[0].label}' if rest else ''}", flush=True)
        try:
            for line in script.run(size, *rest):
                print(line, flush=True)
                lines.append(line)
        except Exception:  # noqa: BLE001 - reported, and the next script shall run all the same
            traceback.print_exc()
            broken = True

    for name in names:
        if not SCRIPTS[name]:
            measure(name)
    if with_database := [name for name in names if SCRIPTS[name]]:
        import django
        from django.db import DatabaseError

        django.setup()
        try:
            with scratch.Scratch() as databases:
                for name in with_database:
                    with databases.on_copy():
                        measure(name, databases)
        except DatabaseError as error:
            print(f"不能建立临时数据库，请检查 DATABASE_URL 和建库权限：{error}", file=sys.stderr)
            broken = True
    return lines, broken
