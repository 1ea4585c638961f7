"""Bring database, roles and demo to where a start needs them. Everything already done is skipped.

Called by ``run.py`` in a process of its own, so that the supervisor stays small.
"""

import argparse
import hashlib
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from messages import Stop, from_os_error, interrupted, speak_utf8, tell, warn

SECONDS_BETWEEN = 5  # two lines of progress
ROOT = Path(__file__).resolve().parent.parent


class Choices:
    """Whether each database was started as a demo, kept in ``VAR_DIR/run.json``.

    The choice belongs to one database: pointing DATABASE_URL elsewhere asks anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.saved: dict[str, Any] = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            self.saved = {}

    def get(self, database: str) -> bool | None:
        """The choice for this database; None when it is new to us."""
        return self.saved.get("databases", {}).get(database)

    def keep(self, database: str, demo: bool) -> None:
        self.saved.setdefault("databases", {})[database] = demo
        self.saved["demo"] = demo  # what run.py starts with
        unfinished = self.path.with_suffix(".new")
        unfinished.write_text(json.dumps(self.saved, indent=1) + "\n")
        unfinished.replace(self.path)


def database_key(settings: dict[str, Any]) -> str:
    """A short name for one database, without its password."""
    parts = [str(settings.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME")]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def is_empty() -> bool:
    """No table of users yet, or nobody in it."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    users = get_user_model()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return users._meta.db_table not in tables or not users.objects.exists()


def prepare(wish: str) -> None:
    """``wish`` is ``0`` or ``1`` where the person set DEMO, else ``auto``."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    choices = Choices(settings.VAR_DIR / "run.json")
    database = database_key(settings.DATABASES["default"])
    saved, empty = choices.get(database), is_empty()
    if wish != "auto":
        saved = wish == "1"
    demo = empty if saved is None else saved
    if demo != settings.DEMO:
        # Settings are read once per process: begin again with the right ones.
        os.environ["DEMO"] = str(int(demo))
        connection.close()
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves

    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    began = time.monotonic()
    if steps:
        tell(f"正在{'建立' if empty else '更新'}数据库（{steps} 步）……")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("sync_roles", stdout=io.StringIO())
    if steps:
        tell(f"数据库已就绪，用时 {time.monotonic() - began:.0f} 秒。")

    choices.keep(database, demo)
    if demo and empty:  # all or nothing: a load broken off leaves the database empty
        tell("正在载入演示内容……")
        began = time.monotonic()
        call_command("load_demo")
        tell(f"演示内容已载入，用时 {time.monotonic() - began:.0f} 秒。")
    if not settings.MIRROR_LIVE:
        build_mirror()


def build_mirror() -> None:
    """Have the first start show pages; afterwards the worker renders what has changed."""
    from cms.mirror import release, worker
    from cms.mirror.models import MirrorFile

    place = worker.store()
    if MirrorFile.objects.exists() and place.path("/").exists():
        return
    tell("正在生成公开页面……")
    began = said = time.monotonic()

    def progress(done: int, left: int) -> None:
        nonlocal said
        if left and time.monotonic() - said >= SECONDS_BETWEEN:
            said = time.monotonic()
            tell(f"公开页面 {done}/{done + left} 页……")

    release.request_everything()
    report = worker.render_pending(processes=os.cpu_count() or 1, progress=progress)
    if report.is_busy:
        tell("公开页面由正在运行的后台任务生成。")
        return
    tell(f"公开页面已生成 {report.done} 页，用时 {time.monotonic() - began:.0f} 秒。")
    if report.failed:
        address, error = report.failed[0]
        tell(f"有 {len(report.failed)} 页没有生成，后台会自动再试。例如 {address}：{error}")


def main(arguments: list[str]) -> int:
    speak_utf8()
    parser = argparse.ArgumentParser(prog="prepare.py", description=__doc__)
    parser.add_argument("--demo", choices=["auto", "0", "1"], default="auto")
    wish = parser.parse_args(arguments).demo
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError

    try:
        django.setup()
        prepare(wish)
    except ImproperlyConfigured as error:
        stop = Stop(
            f"配置有误：{error}。请对照 .env.example 检查环境变量和 .env。",
            f"The configuration is wrong: {error}. Compare the environment and .env "
            "with .env.example.",
        )
    except OperationalError as error:
        reason = " ".join(str(error).split())
        stop = Stop(
            f"数据库打不开：{reason}。请检查 DATABASE_URL、数据库服务和目录权限。",
            f"The database cannot be opened: {reason}. Check DATABASE_URL, the database server "
            "and the folder's permissions.",
        )
    except CommandError as error:
        stop = Stop(f"启动准备失败：{error}", f"Preparing the start failed: {error}")
    except KeyboardInterrupt:
        stop = interrupted()
    except OSError as error:
        stop = from_os_error(error, ROOT)
    else:
        return 0
    warn(stop.chinese, stop.english)
    return stop.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
