"""The handbook speaks of the screens as they are: its buttons, its pictures, its links.

What people click is written in 「」, exactly as it stands on the screen, and nothing else is.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import wagtail
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
HANDBOOK = ROOT / "docs" / "handbook"
PICTURES = ROOT / "docs" / "images" / "handbook"
PAGES = sorted(HANDBOOK.glob("*.md"))
SPEAKING = ("cms", "media", "rankings", "articles", "feedback")

BUTTON = re.compile(r"「([^」]*)」")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.S)
SCRIPT_TEXT = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")
TRANSLATION = re.compile(r"^msgstr(?:\[\d\])? (\".*\"(?:\n\".*\")*)", re.M)

# Labels the screen puts together from a pattern and a name, both of which must be there.
COMPOSED = {
    "提交到三审": ("提交到%(workflow_name)s", "三审"),
    "添加审核问题": ("添加%(model_name)s", "审核问题"),
}
LARGEST, LARGEST_TOGETHER = 120_000, 1_200_000


@cache
def words_on_screens() -> frozenset[str]:
    """Every text that a template, a script, the Python code or a translation can show."""
    found: set[str] = set()
    for app in SPEAKING:
        for path in (ROOT / app).rglob("*"):
            if path.suffix == ".py":
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found |= {
                    node.value
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
            elif path.suffix == ".html":
                pieces = MARKUP.split(path.read_text(encoding="utf-8"))
                found |= {piece.strip() for piece in pieces}
            elif path.suffix == ".js":
                found |= {
                    "".join(groups)
                    for groups in SCRIPT_TEXT.findall(path.read_text(encoding="utf-8"))
                }
    catalogues = [
        *Path(wagtail.__file__).parent.rglob("zh_Hans/LC_MESSAGES/django.po"),
        *(ROOT / "locale").rglob("*.po"),
    ]
    assert catalogues
    for path in catalogues:
        for quoted in TRANSLATION.findall(path.read_text(encoding="utf-8")):
            found.add("".join(ast.literal_eval(line) for line in quoted.splitlines()))
    return frozenset(found)


def is_on_a_screen(label: str) -> bool:
    return all(part in words_on_screens() for part in COMPOSED.get(label, (label,)))


def anchor(heading: str) -> str:
    """The anchor that readers of Markdown make of a heading."""
    kept = re.sub(r"[^\w\s-]", "", heading.strip().lower())
    return re.sub(r"\s+", "-", kept)


def test_a_button_that_is_nowhere_would_be_found() -> None:
    assert not is_on_a_screen("提交给机器人")
    assert not is_on_a_screen("提交到二审")
    assert is_on_a_screen("以我的为准保存")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_button_stands_on_a_screen(page: Path) -> None:
    labels = {label for label in BUTTON.findall(page.read_text(encoding="utf-8")) if label}
    assert labels
    assert not {label for label in labels if not is_on_a_screen(label)}


def test_no_label_is_put_together_in_vain() -> None:
    used = {label for page in PAGES for label in BUTTON.findall(page.read_text(encoding="utf-8"))}
    assert set(COMPOSED) <= used


def test_every_picture_is_there_is_used_and_is_described() -> None:
    shown = set()
    for page in PAGES:
        for described, address in PICTURE.findall(page.read_text(encoding="utf-8")):
            assert len(described) >= 10, f"{page.name}: {address} needs a description"
            picture = (page.parent / address).resolve()
            assert picture.is_file(), f"{page.name}: {address}"
            shown.add(picture)
    assert shown == set(PICTURES.iterdir())


def test_pictures_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert max(sizes.values()) <= LARGEST
    assert sum(sizes.values()) <= LARGEST_TOGETHER
    for path in PICTURES.iterdir():
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.mode == "P", f"{path.name} has no palette"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for address in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, fragment = address.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), address
        if fragment:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)
            assert fragment in {anchor(heading) for heading in headings}, address


def test_every_page_is_in_the_index() -> None:
    index = (HANDBOOK / "README.md").read_text(encoding="utf-8")
    assert {page.name for page in PAGES} - {"README.md"} <= set(LINK.findall(index))
