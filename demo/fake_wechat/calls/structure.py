"""The official check of an article's structure, as far as single words show it.

A rehearsal of the answer's shape and of the plainest rules; what WeChat itself says is known only
to WeChat.
"""

import re
from typing import Any

from ..asking import Asked
from ..state import State

RULES = {
    "1.1": re.compile(r"<img\b[^>]*opacity:\s*0\s*[;\"'][^>]*>", re.IGNORECASE),
    "1.6": re.compile(r"<[^>]*text-align:\s*(?:start|end)\b[^>]*>", re.IGNORECASE),
    "3": re.compile(
        r"<[^>]*font-family:\s*(?!mp-quote, ?PingFang SC, ?system-ui, ?-apple-system)[^>]*>",
        re.IGNORECASE,
    ),
    "4.5": re.compile(r"<[^>]*!important[^>]*>", re.IGNORECASE),
}


def verify(state: State, asked: Asked) -> dict[str, Any]:
    """POST /article-bin/verify_article_structure."""
    content = asked.text("content")
    found = {
        rule: [{"outerHTML": match[0]} for match in pattern.finditer(content)]
        for rule, pattern in RULES.items()
    }
    wrong = {rule: items for rule, items in found.items() if items}
    return {
        "isValid": not wrong,
        "inValidInfo": {
            "rule": {
                "violateRules": list(wrong),
                "items": [item for items in wrong.values() for item in items],
            }
        },
    }
