"""Imports point one way only: cms <- media <- rankings <- articles <- scrapers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FLOORS = ("cms", "media", "rankings", "articles", "scrapers")
# Each package and what of ours it may import. feedback stands beside scrapers, on articles.
ALLOWED = {name: set(FLOORS[: floor + 1]) for floor, name in enumerate(FLOORS)}
ALLOWED["feedback"] = {*FLOORS[:4], "feedback"}
ALLOWED["demo"] = {*FLOORS, "feedback", "demo"}
OURS = {*ALLOWED, "tests", "bench"}


def imported(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of every import, wherever in the module it stands.

    ``package`` is the dotted package the module is in, against which relative imports count.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, *([base] if base else [])])
            yield node.lineno, base


def breaches(source: str, package: str) -> list[str]:
    """A sentence for each import that points the wrong way."""
    own = package.partition(".")[0]
    return [
        f"line {line}: {own} must not import {name}"
        for line, name in imported(source, package)
        if (top := name.partition(".")[0]) in OURS and top not in ALLOWED[own]
    ]


def modules() -> list[Path]:
    """Every module of the product, in the packages that exist."""
    return [path for name in ALLOWED for path in sorted((ROOT / name).rglob("*.py"))]


@pytest.mark.parametrize("name", ALLOWED)
def test_no_import_points_upwards(name: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {sentence}"
        for path in sorted((ROOT / name).rglob("*.py"))
        for sentence in breaches(
            path.read_text(encoding="utf-8"), ".".join(path.relative_to(ROOT).parts[:-1])
        )
    ]
    assert not found, "\n".join(found)


def test_the_walk_sees_the_whole_product() -> None:
    packages = {path.relative_to(ROOT).parts[0] for path in modules()}
    assert packages >= set(FLOORS)


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("cms", "import media"),
        ("cms.ops", "from articles.models import ArticlePage"),
        ("media", "def f():\n    import rankings.models as m\n"),
        ("rankings", "if TYPE_CHECKING:\n    from articles import models\n"),
        ("rankings.evidence", "try:\n    import scrapers\nexcept ImportError:\n    pass\n"),
        ("articles", "from feedback.models import Message"),
        ("articles.review", "class A:\n    from scrapers import models\n"),
        ("scrapers", "from feedback import models"),
        ("feedback", "import scrapers.models"),
        ("scrapers", "import demo.loader"),
        ("demo", "from tests import factories"),
    ],
)
def test_a_wrong_import_is_found_wherever_it_hides(package: str, source: str) -> None:
    assert breaches(source, package)


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("scrapers.extract", "from . import tables\nfrom ..models import Source\nfrom .. import x"),
        (
            "articles",
            "from cms.ops import audit\nfrom rankings import streaks\nimport media.models",
        ),
        ("feedback", "from articles.models import ArticlePage\nfrom .models import Message"),
        ("demo", "import feedback, scrapers\nfrom articles import services"),
        ("cms", "import mediawiki\nfrom articlesparser import x"),
    ],
)
def test_a_right_import_passes(package: str, source: str) -> None:
    assert not breaches(source, package)
