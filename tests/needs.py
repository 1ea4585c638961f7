"""Programs outside Python that some tests need, and how to install each."""

import ctypes.util
import functools
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """``packages`` are Debian's names; ``present`` says whether the program can be used here.

    What Python packages bring is named by ``requirements``, the file that pins them.
    """

    label: str
    packages: str
    present: Callable[[], bool]
    requirements: str = ""


def chromium() -> str | None:
    """The path of an installed Chromium; None when there is none."""
    from scrapers.browser import installed

    return installed()


def postgres_url() -> str | None:
    """A PostgreSQL the tests may use: the tests' own database, or ``TEST_POSTGRES_URL``."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        url = os.environ.get("TEST_POSTGRES_URL", "")
    return url or None


def _postgres_answers() -> bool:
    import psycopg

    if not (url := postgres_url()):
        return False
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout
    return "Noto Sans CJK" in fonts


def nginx_program() -> str | None:
    from bench.nginx import program

    return program()


def _ocr() -> bool:
    from scrapers.ocr import ocr_available

    return ocr_available()


PROGRAMS = {
    "chromium": Program(
        "Chromium 浏览器", "chromium-headless-shell", lambda: chromium() is not None
    ),
    "postgresql": Program(
        "PostgreSQL（DATABASE_URL 或 TEST_POSTGRES_URL 指向可用的服务）",
        "postgresql",
        _postgres_answers,
    ),
    "redis": Program("Redis", "redis-server", lambda: bool(shutil.which("redis-server"))),
    "nginx": Program("nginx", "nginx", lambda: bool(nginx_program())),
    "node": Program("Node.js", "nodejs", lambda: bool(shutil.which("node"))),
    "gettext": Program("gettext", "gettext", lambda: bool(shutil.which("msgfmt"))),
    "fonts-noto-cjk": Program("Noto CJK 字体", "fontconfig fonts-noto-cjk", _chinese_font),
    "pango": Program(
        "Pango",
        "libpango-1.0-0 libpangoft2-1.0-0",
        lambda: bool(ctypes.util.find_library("pangoft2-1.0")),
    ),
    "ocr": Program("图片识别组件", "", _ocr, requirements="requirements-ocr.txt"),
    "atheris": Program(
        "atheris（只有 Linux 上才有）",
        "",
        lambda: importlib.util.find_spec("atheris") is not None,
        requirements="tests/drills/requirements.txt",
    ),
}


@functools.cache
def missing(name: str) -> str | None:
    """The sentence to skip with, or None when the program is here. KeyError: unknown name."""
    program = PROGRAMS[name]
    if program.present():
        return None
    if program.requirements:
        return f"缺少 {program.label}。安装：.venv/bin/pip install -r {program.requirements}"
    return f"缺少 {program.label}。安装：apt-get install {program.packages}"
