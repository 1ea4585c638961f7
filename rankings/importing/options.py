"""How an import is to be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..models import Origin
from ..services.writing import Policy


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import.

    ``board`` stands in for a missing board column, ``defaults`` (texts by field) for any other;
    ``create`` makes unknown boards and accounts; ``confirmed_by`` is the second person;
    ``as_archive`` lets confirmed rows count at once.
    """

    board: str = ""
    create: bool = False
    skip_bad_rows: bool = False
    reason: str = ""
    confirmed_by: Any = None
    as_archive: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> frozenset[str]:
        """The fields that need no column."""
        return frozenset({*self.defaults, "board"} if self.board else self.defaults)

    def policy(self, actor: Any) -> Policy:
        return Policy(actor, Origin.IMPORT, self.reason.strip(), self.confirmed_by, self.as_archive)
