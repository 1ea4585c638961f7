"""Rankings published as pictures, read offline (docs/pictures.md).

:func:`read_picture` is bytes in, :class:`~scrapers.extract.contract.Extraction` out, in the shape
of a page's. The steps, each in its own module: ``opening`` (bytes to a picture), ``engine`` and
``ctc`` (words with letters and their confidence; needs ``requirements-ocr.txt``), ``geometry``
and ``layout`` (words to tables and lines), ``ranks``, ``cells`` and ``doubts`` (what may be
believed), ``reading`` (the extraction's own rows, boards and periods from it).
"""

from __future__ import annotations

from .engine import INSTALL, OcrUnavailable, ocr_available, why_unavailable
from .opening import PictureRefused, kind_of
from .reading import read_picture

__all__ = [
    "INSTALL",
    "OcrUnavailable",
    "PictureRefused",
    "is_picture",
    "ocr_available",
    "read_picture",
    "why_unavailable",
]


def is_picture(data: bytes) -> bool:
    """Whether the bytes are a picture that :func:`read_picture` takes, by their content."""
    return kind_of(data) is not None
