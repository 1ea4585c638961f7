"""Templates and styles of another release: every page is rendered anew."""

import hashlib
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

from cms.version import VERSION

from . import jobs, worker

FILE = "release"
FOLDERS = ("templates", "static")


def fingerprint() -> str:
    """A hash of the version and of all files below our own template and static folders."""
    return _fingerprint(VERSION, tuple(_folders()))


@cache  # files of a release stay as they are while a process runs
def _fingerprint(version: str, folders: tuple[Path, ...]) -> str:
    found = hashlib.sha256(version.encode())
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            found.update(path.relative_to(folder).as_posix().encode() + b"\0")
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _folders() -> list[Path]:
    ours = Path(settings.BASE_DIR).resolve()
    bases = {ours / "cms"}
    for config in apps.get_app_configs():
        base = Path(config.path).resolve()
        if ours in base.parents and "site-packages" not in base.parts:
            bases.add(base)
    return [base / name for base in sorted(bases) for name in FOLDERS]


def is_built() -> bool:
    """Whether the mirror was requested as a whole for this release."""
    try:
        return _file().read_text() == fingerprint()
    except OSError:
        return False


def request_if_new() -> bool:
    """Have every page rendered where another release wrote the mirror; whether that was so."""
    if is_built():
        return False
    request_everything()
    return True


def request_everything(reason: str = "新版本或首次建立") -> None:
    """Have every page rendered for this release, and what lies there and no longer belongs."""
    jobs.everything(reason, (address for address, _ in worker.store().addresses()))
    note()


def note() -> None:
    """Every page is requested for this release."""
    file = _file()
    worker.store()
    unfinished = file.with_suffix(".new")
    unfinished.write_text(fingerprint())
    unfinished.replace(file)


def _file() -> Path:
    return Path(settings.MIRROR_ROOT) / FILE
