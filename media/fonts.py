"""The Chinese fonts of pictures and charts: found on the machine, never shipped with the project.

Debian's package fonts-noto-cjk holds Noto Sans CJK and Noto Serif CJK, regular and bold, as
collections of one face a region; the face for Simplified Chinese is found by its name.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

# Where systems and administrators put fonts; distributions differ in the folders below.
ROOTS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("/Library/Fonts"),
)
# A collection has five regions and their monospaced twins.
MOST_FACES = 10


class FontMissing(Exception):
    """No Chinese font is installed; the message is a Chinese sentence that says what to do."""

    def __init__(self, family: str) -> None:
        super().__init__(
            f"服务器上没有中文字体（{family}），画不出图片。请管理员执行 "
            "apt-get install fonts-noto-cjk 后重试。"
        )


def cjk_font(size: int, *, bold: bool = False, serif: bool = False) -> ImageFont.FreeTypeFont:
    """Noto Sans (or Serif) CJK for Simplified Chinese at ``size`` pixels.

    Raises ``FontMissing`` when the machine has no such font. Each call gives an object of its own:
    one is not safe to share between threads.
    """
    path, index = cjk_font_file(bold=bold, serif=serif)
    return _open(path, size, index)


def cjk_font_file(*, bold: bool = False, serif: bool = False) -> tuple[Path, int]:
    """The file and the number of the face in it. Raises ``FontMissing``."""
    found = _find("Serif" if serif else "Sans", "Bold" if bold else "Regular")
    if found is None:
        raise FontMissing(f"Noto {'Serif' if serif else 'Sans'} CJK")
    return found


@lru_cache(maxsize=4)
def _located(kind: str, weight: str) -> tuple[Path, int]:
    for path in _candidates(kind, weight):
        index = _face(path, kind, weight)
        if index is not None:
            return path, index
    raise LookupError


def _find(kind: str, weight: str) -> tuple[Path, int] | None:
    """Remembers what was found, not what was missing: a font may be installed while we run."""
    try:
        return _located(kind, weight)
    except LookupError:
        return None


def _candidates(kind: str, weight: str) -> Iterator[Path]:
    """Files that may hold the face, the common collection before files of one region."""
    for name in (
        f"Noto{kind}CJK-{weight}.ttc",
        f"Noto{kind}CJKsc-{weight}.otf",
        f"Noto{kind}SC-{weight}.otf",
        f"Noto{kind}SC-{weight}.ttf",
    ):
        for root in ROOTS:
            yield from sorted(root.expanduser().rglob(name))


def _face(path: Path, kind: str, weight: str) -> int | None:
    """The face of ``path`` for Simplified Chinese, None when it has none."""
    families = {f"Noto {kind} CJK SC", f"Noto {kind} SC"}
    for index in range(MOST_FACES):
        try:
            family, style = _open(path, 12, index).getname()
        except OSError:
            # No such face, or no font at all.
            return None
        if family in families and style == weight:
            return index
    return None


def _open(path: Path, size: int, index: int) -> ImageFont.FreeTypeFont:
    # The basic engine draws the same on every machine; Raqm is not installed everywhere.
    # Not ImageFont.truetype: when it cannot read the file it takes another one of the same name.
    return ImageFont.FreeTypeFont(path, size, index, layout_engine=ImageFont.Layout.BASIC)
