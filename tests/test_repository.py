"""What must be true of the repository itself."""

import ast
import importlib.metadata
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("cms", "media", "rankings", "articles", "scrapers", "feedback", "demo", "bin")
LONGEST = 500

# Files that may be longer, each with its reason; data and generated files are not listed.
LONG_FILES: dict[str, str] = {}

# Modules that are themselves imported only where an optional extra is installed.
ONLY_WITH_EXTRAS = {"ctc.py", "opensearch.py", "s3.py"}

# Written in two halves, so that this file does not find itself.
FORBIDDEN = [
    re.compile(left + right, flags)
    for left, right, flags in (
        (r"(?<![\w./-])/wo", r"rk/", 0),
        (r"(?<![\w./-])/ro", r"ot/", 0),
        (r"\.\./sha", r"red/", 0),
        (r"pypi\.o", r"rg|python" r"hosted", re.I),
        (r"registry\.npm", r"js|deb\.debian", re.I),
        (r"\bTO", r"DO\b|\bFIX", 0),
        (r"\bissue ", r"[A-H]\b", 0),
        (r"language mo", r"del|chat ?gpt|\bcop" r"ilot\b", re.I),
        (r"(written|generated|produced|made) by (an? )?", r"(AI|agent|assistant|bot)\b", 0),
        (r"\bA", r"I (agent|assistant|tool)", 0),
    )
]


@cache
def tracked() -> list[Path]:
    """The files of the repository: what git knows, or everything where there is no git."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        skipped = {".venv", "var", "node_modules", ".git"}
        return [
            path.relative_to(ROOT)
            for path in ROOT.rglob("*")
            if path.is_file() and not skipped & set(path.relative_to(ROOT).parts)
        ]
    return [Path(name) for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


@cache
def imported(path: Path) -> frozenset[tuple[str, bool]]:
    """The top-level modules a file imports, and whether it does so when it is itself imported."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    at_once = set(map(id, tree.body))
    found = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        found |= {(name.partition(".")[0], id(node) in at_once) for name in names}
    return frozenset(found)


@cache
def providers() -> dict[str, list[str]]:
    """The installed distributions by the modules they bring."""
    return dict(importlib.metadata.packages_distributions())


def text_of(path: Path) -> str | None:
    """The file's text; None for pictures, sheets and other binary files."""
    data = (ROOT / path).read_bytes()
    if b"\0" in data:
        return None
    return data.decode("utf-8", errors="replace")


def test_no_word_tells_of_a_machine_or_of_unfinished_work() -> None:
    found = []
    for path in tracked():
        if path.parts[:2] == ("tests", "fixtures"):  # other people's pages, kept as they are
            continue
        text = text_of(path) or ""
        # Hardly a file has one: only then is it worth a look at each line.
        for pattern in (each for each in FORBIDDEN if each.search(text)):
            found += [
                f"{path}:{number}: {match[0]}"
                for number, line in enumerate(text.splitlines(), 1)
                if (match := pattern.search(line))
            ]
    assert not found, "\n".join(found)


def test_nothing_of_a_machine_is_tracked() -> None:
    wrong = [
        path
        for path in tracked()
        if path.parts[0] in {".venv", "var"}
        or path.name == ".env"
        or path.suffix in {".pyc", ".sqlite3", ".log"}
    ]
    assert not wrong


def test_files_stay_short() -> None:
    long = {}
    for path in tracked():
        if path.suffix not in {".py", ".html", ".js", ".css", ".sh"}:
            continue
        if {"migrations", "vendor", "fixtures"} & set(path.parts):
            continue
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            long[str(path)] = lines
    assert not set(long) - set(LONG_FILES), f"split these: {long}"
    assert not set(LONG_FILES) - set(long), "no longer long: take it off the list"


def test_migrations_have_names() -> None:
    wrong = [
        str(path)
        for path in tracked()
        if path.parent.name == "migrations"
        and path.name != "__init__.py"
        and not re.fullmatch(r"\d{4}_(?!auto)[a-z0-9_]+\.py", path.name)
    ]
    assert not wrong


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_translations_come_compiled() -> None:
    catalogues = [path for path in tracked() if path.suffix == ".po"]
    assert catalogues
    for path in catalogues:
        assert path.with_suffix(".mo") in tracked(), f"compile {path}"


def test_every_setting_is_explained() -> None:
    read = set()
    for path in (ROOT / "cms" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
                and isinstance(node.args[0], ast.Constant)
            ):
                read.add(node.args[0].value)
    example = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    told = {
        line[2:].partition("=")[0]: before
        for before, line in pairwise(example)
        if re.match(r"# [A-Z0-9_]+=", line)
    }
    assert read <= set(told), f"missing in .env.example: {read - set(told)}"
    # Read by the start scripts, not by the settings.
    assert set(told) - read <= {"DJANGO_SETTINGS_MODULE", "WEB_WORKERS"}
    assert all(re.match(r"# .*[\u4e00-\u9fff]", before) for before in told.values())


def test_the_readme_names_only_what_exists() -> None:
    from django.core.management import get_commands

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\| `(\w+)[^`]*` \|", text, re.MULTILINE)
    assert len(commands) > 5
    known = set(get_commands()) | {"load_demo"}  # the demo is installed only where DEMO=1
    assert set(commands) <= known
    for link in re.findall(r"\]\(([\w/.-]+)\)", text):
        assert (ROOT / link).is_file(), link


# --- requirements -----------------------------------------------------------------------------

_PIN = re.compile(r"([A-Za-z0-9_.-]+)(\[[a-z]+\])?==[0-9][0-9A-Za-z.]*")


def normal(name: str) -> str:
    """A distribution's name in its one normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(path: str) -> set[str]:
    """The normalised names pinned in a requirements file. Fails on a line that is no exact pin."""
    names = set()
    for line in (ROOT / path).read_text(encoding="utf-8").splitlines():
        if line := line.partition("#")[0].strip():
            match = _PIN.fullmatch(line)
            assert match, f"{path}: not an exact pin: {line}"
            names.add(normal(match[1]))
    return names


OPTIONAL = tuple(sorted(path.name for path in ROOT.glob("requirements-*.txt")))


def third_party(folders: tuple[str, ...]) -> dict[str, str]:
    """Top-level modules imported below ``folders`` that are neither ours nor Python's own."""
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()}
    ours |= {path.stem for path in (ROOT / "bin").glob("*.py")}
    found = {}
    for path in tracked():
        if path.suffix != ".py" or path.parts[0] not in folders:
            continue
        for top, _ in imported(path):
            if top not in ours and top not in sys.stdlib_module_names:
                found[top] = str(path)
    return found


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (PRODUCT, ("requirements.txt", *OPTIONAL)),
        (
            ("tests",),
            (
                "requirements.txt",
                *OPTIONAL,
                "tests/requirements.txt",
                "tests/drills/requirements.txt",
            ),
        ),
    ],
)
def test_everything_imported_is_pinned(folders: tuple[str, ...], files: tuple[str, ...]) -> None:
    pinned = set().union(*(pins(file) for file in files))
    for module, where in third_party(folders).items():
        # What is not installed here, as the fuzzer of the drills may be, goes by its own name.
        distributions = {normal(name) for name in providers().get(module, [module])}
        assert distributions & pinned, f"{where} imports {module}, which no requirement pins"


@pytest.mark.parametrize("beside", ["tests/requirements.txt", *OPTIONAL])
def test_what_the_pinned_packages_need_is_pinned_too(beside: str) -> None:
    from packaging.requirements import Requirement

    pinned = pins("requirements.txt") | pins(beside)
    for name in pinned:
        for text in importlib.metadata.requires(name) or []:
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert normal(need.name) in pinned, f"{name} needs {need.name}"


@pytest.mark.parametrize("beside", ["tests/requirements.txt", *OPTIONAL])
def test_a_requirement_is_listed_once(beside: str) -> None:
    assert not pins("requirements.txt") & pins(beside)


@pytest.mark.parametrize("name", OPTIONAL)
def test_the_product_starts_without_optional_packages(name: str) -> None:
    """They are imported where they are used, not when the module is."""
    of_its_own = {
        module for module, names in providers().items() if {normal(n) for n in names} & pins(name)
    }
    for path in tracked():
        if path.suffix != ".py" or path.parts[0] not in PRODUCT:
            continue
        wrong = {module for module, at_once in imported(path) if at_once} & of_its_own
        assert not wrong or path.name in ONLY_WITH_EXTRAS, f"{path} imports {wrong}"
