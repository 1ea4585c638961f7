"""A Word file that was read waits here, as blocks and pictures, until a person confirms it."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from rankings import uploads
from rankings.uploads import Upload

from .word import WordPicture, WordText

_TEXT = "text.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """``name`` is the file's name; ``credit`` what the uploader said of all its pictures."""

    text: WordText
    name: str
    credit: str = ""


def keep(text: WordText, name: str, credit: str = "") -> Upload:
    """Keep what was read for a day, outside the public media."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for number, picture in enumerate(text.pictures):
            package.writestr(str(number), picture.data)
        facts = {
            "name": name,
            "credit": credit,
            "blocks": text.blocks,
            "warnings": text.warnings,
            "pictures": [[p.extension, p.alt] for p in text.pictures],
        }
        package.writestr(_TEXT, json.dumps(facts))
    return uploads.keep(buffer.getvalue())


def read(upload: Upload) -> Kept:
    """What was kept, pictures too. Raises ``uploads.UploadGone``."""
    with zipfile.ZipFile(io.BytesIO(uploads.read(upload))) as package:
        facts = json.loads(package.read(_TEXT))
        pictures = [
            WordPicture(package.read(str(number)), extension, alt)
            for number, (extension, alt) in enumerate(facts["pictures"])
        ]
    text = WordText(facts["blocks"], facts["warnings"], pictures)
    return Kept(text, facts["name"], facts["credit"])


def read_picture(upload: Upload, number: int) -> tuple[bytes, str] | None:
    """The bytes and the ending of one picture, None when there is no such picture."""
    with zipfile.ZipFile(io.BytesIO(uploads.read(upload))) as package:
        pictures: list[Any] = json.loads(package.read(_TEXT))["pictures"]
        if number >= len(pictures):
            return None
        return package.read(str(number)), pictures[number][0]
