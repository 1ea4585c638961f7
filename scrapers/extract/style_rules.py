"""Which elements a page's own style sheets hide (README §2): its ``display`` rules, applied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import cssselect2
import tinycss2
from lxml.html import HtmlElement
from tinycss2.ast import Node

_HIDES = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: The media a page is read on; what it hides on paper or on phones is still there.
_ON_SCREEN = {"only", "screen", "all"}
_SIMPLE = {"ident", "hash", "literal", "whitespace"}

#: Beyond these nothing is read: no page of ours needs it, and a hostile one gains nothing.
_MAX_CSS = 200_000
_MAX_RULES = 1_000
_MAX_TOKENS = 200
#: Looking for ancestors costs the depth to the power of the steps.
_MAX_STEPS, _MAX_DEPTH = 2, 100


@dataclass(frozen=True, slots=True)
class _Rule:
    """A selector list as tokens, whether it hides, and whether that is ``!important``."""

    selector: list[Node]
    hides: bool
    important: bool

    @property
    def names(self) -> set[str]:
        """The classes and ids it speaks of; without any, it says nothing about one part."""
        found = {token.value for token in self.selector if token.type == "hash"}
        for before, token in zip(self.selector, self.selector[1:], strict=False):
            if before == "." and token.type == "ident":
                found.add(token.value)
        return found

    @property
    def steps(self) -> int:
        """How many combinators its longest selector may have."""
        text = tinycss2.serialize(self.selector)
        return max(len(re.split(r"[\s>+~]+", part.strip())) - 1 for part in text.split(","))


def hidden_by_rules(root: HtmlElement, css: str) -> set[HtmlElement]:
    """The elements for which ``display: none`` wins, by weight and order of the rules."""
    if not _HIDES.search(css):
        return set()
    rules = list(_display_rules(css[:_MAX_CSS]))[:_MAX_RULES]
    named = set().union(*(rule.names for rule in rules if rule.hides))
    if named.isdisjoint(_names_of(root)):
        return set()
    matcher = cssselect2.Matcher()
    is_deep = root.xpath(f"boolean({'/*' * _MAX_DEPTH})")
    for rule in rules:
        if rule.steps > (0 if is_deep else _MAX_STEPS):
            continue
        try:
            selectors = cssselect2.compile_selector_list(rule.selector)
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            matcher.add_selector(selector, rule)
    hidden = set()
    for wrapper in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
        found = [
            (rule.important, specificity, order, rule.hides)
            for specificity, order, pseudo, rule in matcher.match(wrapper)
            if pseudo is None
        ]
        if found and max(found)[-1]:
            hidden.add(wrapper.etree_element)
    return hidden


def _names_of(root: HtmlElement) -> Iterator[str]:
    for value in root.xpath("//@class | //@id"):
        yield from value.split()


def _display_rules(css: str) -> Iterator[_Rule]:
    """The rules that set ``display`` for a class or an id, those for the screen included."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content:
            words = {token.lower_value for token in rule.prelude if token.type == "ident"}
            others = {token.type for token in rule.prelude} - {"ident", "whitespace"}
            if words <= _ON_SCREEN and not others:
                yield from _own_rules(tinycss2.parse_rule_list(rule.content, True, True))
        else:
            yield from _own_rules([rule])


def _own_rules(rules: list[Node]) -> Iterator[_Rule]:
    for rule in rules:
        if rule.type != "qualified-rule" or len(rule.prelude) > _MAX_TOKENS:
            continue
        if any(token.type not in _SIMPLE for token in rule.prelude):
            continue
        for declared in tinycss2.parse_blocks_contents(rule.content, True, True):
            if declared.type == "declaration" and declared.lower_name == "display":
                words = [token for token in declared.value if token.type == "ident"]
                hides = bool(words) and words[0].lower_value == "none"
                found = _Rule(rule.prelude, hides, declared.important)
                if found.names:
                    yield found
