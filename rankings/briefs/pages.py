"""The brief as HTML: on the screen, for the browser's printer and for PDF."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from .. import charts
from . import pictures
from .layout import lines

STYLES = Path(__file__).resolve().parents[1] / "static" / "rankings" / "briefs-print.css"

# Pixels of a chart's letters; on the screen it is shown as wide as on paper.
TEXT = 14

Document = Mapping[str, Any]


def context(document: Document) -> dict[str, Any]:
    """What the templates ``rankings/briefs/…`` show of a document."""
    who = f"“{document['account']['name']}”在《{document['board']['label']}》"
    rank, index = pictures.rank_geometry(document), pictures.index_geometry(document)
    example = document["is_example"]
    return {
        "brief": lines(document),
        "is_example": example,
        "rank_svg": ""
        if rank is None
        else charts.svg(
            "rank",
            {
                "chart": rank,
                "title": f"{who}的名次走势，第一名在最上方",
                "example": example,
                "font_size": TEXT,
            },
        ),
        "index_svg": ""
        if index is None
        else charts.svg(
            "index",
            {
                "chart": index,
                "title": f"{who}的指数走势",
                "example": example,
                "font_size": TEXT,
            },
        ),
    }


def page(
    document: Document, *, linked: bool, stamp: dt.datetime | None = None, notice: str = ""
) -> str:
    """A whole page to print.

    ``linked``: the style sheet by its address, else none; ``stamp`` when the file is made;
    ``notice`` what has become of the brief since it was issued, printed above it.
    """
    shown = {
        **context(document),
        "linked": linked,
        "stamp": stamp and stamp.isoformat(),
        "notice": notice,
    }
    return render_to_string("rankings/briefs/print.html", shown)
