"""CSS selectors as people type them."""

from functools import lru_cache

import cssselect2


class SelectorRefused(ValueError):
    """The text is no usable CSS selector; the message is a Chinese sentence."""


@lru_cache(maxsize=64)
def compiled(selector: str) -> tuple[cssselect2.compiler.CompiledSelector, ...]:
    """Raises ``SelectorRefused``."""
    try:
        found = tuple(cssselect2.compile_selector_list(selector))
    except cssselect2.SelectorError as error:
        raise SelectorRefused(
            f"“{selector}”不是能用的 CSS 选择器，请写成 #content 或 div.article 这样。"
        ) from error
    if not found or any(part.pseudo_element or part.never_matches for part in found):
        raise SelectorRefused(
            f"“{selector}”选不中页面上的任何内容，请写成 #content 或 div.article 这样。"
        )
    return found
