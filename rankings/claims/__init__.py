"""结论: sentences the office can defend, with their proof frozen, verified and carried away.

Pure: ``freezing`` (the frozen value and its hash), ``verifying`` (frozen against present values),
``superlatives`` (首个, 唯一, 全省第一). Over the database: ``records``, ``choosing``, ``rivals``
and ``checking``. ``bundle`` writes the zip that anyone can check. Actions are in
``rankings.services.claims``.
"""

from .freezing import document
from .wording import public_note

__all__ = ["document", "public_note"]
