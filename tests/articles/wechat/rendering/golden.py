"""Texts that were looked at once, in ``tests/fixtures/wechat-html``, against what is made now."""

from pathlib import Path

FOLDER = Path(__file__).parents[3] / "fixtures" / "wechat-html"


def assert_golden(made: dict[str, str], tmp_path: Path) -> None:
    """Each text is what the file of its name holds, a line a piece.

    After a change that is wanted: look at what was made, on the phone preview too, and copy it over
    the files; the failure names them.
    """
    wrong = []
    for name, text in made.items():
        old, new = FOLDER / f"{name}.html", tmp_path / f"{name}.html"
        text = f"{text.strip()}\n"
        if not old.exists() or old.read_text(encoding="utf-8") != text:
            new.write_text(text, encoding="utf-8")
            wrong.append(f"cp {new} {old}")
    assert not wrong, "\n".join(["differs; if it is what is wanted:", *wrong])
