"""Which nodes a reader of the page does not see (README §2)."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

#: Elements whose text is never content.
NEVER_SHOWN = frozenset(
    ("script", "style", "template", "noscript", "head", "select", "textarea", "iframe", "object")
)

_OFFSCREEN = re.compile(
    r"(?:^|;)(?:left|right|top|bottom|margin(?:-left|-top|-right)?|text-indent)"
    r":-(?:\d{4,}|999)(?:\.\d+)?(?:px|em|pt|rem)?"
)
_TRANSLATED = re.compile(r"(?:^|;)transform:translate[xy]?\(-(?:\d{4,}|999)")
_GONE = re.compile(
    r"(?:^|;)(?:display:none|font-size:0(?:\.0+)?(?:px|em|rem|pt|%)?(?:!important)?(?:;|$))"
)
_UNSEEN = re.compile(
    r"(?:^|;)(?:visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?%?(?:!important)?(?:;|$))"
)

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^([a-z][a-z0-9]*)?([.#])([\w-]+)$", re.IGNORECASE)

#: A style sheet beyond this is not read: no page of ours needs it.
_MAX_CSS = 200_000

#: The id of a WeChat article's body, which is served hidden and shown by script.
WECHAT_BODY = "js_content"


class HiddenRules:
    """The simple selectors (``.x``, ``div.x``, ``#x``) that a page's own style sheets hide."""

    def __init__(self, css: str) -> None:
        self._classes: set[tuple[str, str]] = set()
        self._ids: set[tuple[str, str]] = set()
        for selectors, body in _RULE.findall(_screen_rules(css[:_MAX_CSS])):
            if _GONE.search(_squeeze(body)) and "display:none" in _squeeze(body):
                for selector in selectors.split(","):
                    self._add(selector.strip())

    def _add(self, selector: str) -> None:
        if match := _SIMPLE.match(selector):
            target = self._classes if match[2] == "." else self._ids
            target.add(((match[1] or "").lower(), match[3]))

    def hide(self, element: HtmlElement) -> bool:
        """Whether one of the rules hides ``element``."""
        if self._classes and (names := element.get("class")):
            tag = element.tag
            if any(("", n) in self._classes or (tag, n) in self._classes for n in names.split()):
                return True
        if self._ids and (name := element.get("id")):
            return ("", name) in self._ids or (element.tag, name) in self._ids
        return False


def is_hidden(element: HtmlElement, rules: HiddenRules) -> bool:
    """Whether ``element`` is invisible by tag, attribute, inline style or style sheet."""
    if element.tag in NEVER_SHOWN:
        return True
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes or rules.hide(element):
        return True
    style = attributes.get("style")
    return bool(style) and _hidden_by(_squeeze(style), attributes.get("id") == WECHAT_BODY)


def _hidden_by(style: str, is_wechat_body: bool) -> bool:
    if _GONE.search(style) or _OFFSCREEN.search(style) or _TRANSLATED.search(style):
        return True
    return not is_wechat_body and bool(_UNSEEN.search(style))


def _squeeze(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()


def _screen_rules(css: str) -> str:
    """The rules outside ``@media`` blocks: what print or phones hide is still on the page."""
    css = _COMMENT.sub("", css)
    kept, depth, skip_from = [], 0, -1
    for piece in re.split(r"([{}])", css):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
            if depth <= skip_from:
                skip_from = -1
                continue
        elif skip_from < 0 and "@" in piece and re.search(r"@(?:media|supports|container)", piece):
            skip_from = max(depth, 0)
            kept.append(piece[: piece.index("@")])
        if skip_from < 0:
            kept.append(piece)
    return "".join(kept)
