"""Texts that were looked at once, in ``tests/fixtures/wechat-html``, against what is made now."""

from pathlib import Path

FOLDER = Path(__file__).parents[3] / "fixtures" / "wechat-html"


def assert_golden(name: str, made: str, tmp_path: Path) -> None:
    """``made`` is what the file ``name`` holds, a line a piece.

    After a change that is wanted: look at what was made, on the phone preview too, and copy it over
    the file; the failure names both.
    """
    old, new = FOLDER / f"{name}.html", tmp_path / f"{name}.html"
    made = f"{made.strip()}\n"
    if not old.exists() or old.read_text(encoding="utf-8") != made:
        new.write_text(made, encoding="utf-8")
        raise AssertionError(f"differs: if it is what is wanted, cp {new} {old}")
