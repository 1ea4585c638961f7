"""What the lint says, and what a rule is made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

if TYPE_CHECKING:
    from .document import Document, Node

EXCERPT_MOST = 80


class Severity(TextChoices):
    """How bad it is: an error keeps the text from being sent, a warning is to be seen."""

    ERROR = "error", "必须改"
    WARNING = "warning", "请留意"
    HINT = "hint", "提示"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the HTML, in words for an editor.

    ``rule`` is the id of WeChat's published rule (1.1 … 4.5) or the short name of one of ours;
    ``place`` a readable way to the spot; ``excerpt`` words that stand there, at most 80.
    """

    rule: str
    severity: Severity
    place: str
    message: str
    advice: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a rule is broken: ``node`` (None: the whole text), the words its message needs."""

    node: "Node | None"
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: ``message`` and ``advice`` take the words of a spot."""

    id: str
    severity: Severity
    check: "Callable[[Document], Iterable[Spot]]"
    message: str
    advice: str
