"""Charts as SVG text, for the page, for print, for download and for documents."""

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

NAMES = ("rank", "index", "versus", "heat")
# Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TITLE_HEIGHT, SUBTITLE_HEIGHT, CAPTION_HEIGHT = 32, 20, 24


def svg(name: str, context: Mapping[str, Any]) -> SafeString:
    """The chart ``name`` (one of ``NAMES``) as an ``<svg>`` element.

    ``context``: ``chart``, the geometry; ``title``, what is to be seen, always spoken to screen
    readers; ``example`` marks the picture 示例. ``standalone`` makes a picture that says by itself
    what it shows: the title, a ``subtitle`` and a ``caption`` are drawn too, and nothing is a link.
    Raises ``ValueError`` for another name.
    """
    if name not in NAMES:
        raise ValueError(f"no chart is called {name}")
    chart, standalone = context["chart"], bool(context.get("standalone"))
    subtitle, caption = context.get("subtitle", ""), context.get("caption", "")
    above = below = 0
    if standalone:
        above = TITLE_HEIGHT + (SUBTITLE_HEIGHT if subtitle else 0)
        below = CAPTION_HEIGHT if caption else 0
    text = render_to_string(
        f"rankings/charts/{name}.svg",
        {
            "example": False,
            **context,
            "standalone": standalone,
            "links": not standalone,
            "above": above,
            "top_edge": -above,
            "title_y": 22 - above,
            "subtitle_y": 44 - above,
            "caption_y": chart.height + 15,
            "full_height": chart.height + above + below,
            "middle_x": chart.width // 2,
            "middle_y": chart.height // 2,
        },
    )
    return mark_safe(_NOT_XML.sub("", text).strip())
