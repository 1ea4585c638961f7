"""A listing: rows read from one place of the page, before it has a name as a board."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .contract import ACCOUNT, ARTICLE, Row
from .folding import fold

#: Values that a single article has too.
OF_ONE_ARTICLE = frozenset(("reads", "likes", "looks", "shares"))
_NO_DATA = re.compile(r"暂缺|暂无|无数据|数据缺失|暂未|待补|未公布|没有数据|空缺")


def says_no_data(text: str) -> bool:
    """Whether a line stands in place of rows (``本期数据暂缺``)."""
    return len(text) <= 40 and _NO_DATA.search(fold(text)) is not None


@dataclass(slots=True)
class Listing:
    """Rows of one shape in a row.

    ``title`` is the listing's own title row or caption. ``keys`` are the labels it has.
    ``implied_ranks``: ranks are positions. ``by_rank``: several lines share a rank on purpose
    (units), so that ranks are counted instead of rows. ``bare``: names without any value, which a
    heading must vouch for. ``brackets`` are unlabelled numbers behind the names, row by row.
    ``handles``: names are printed as accounts are (``@``, quotes). ``linked``: every name is a
    link.
    """

    rows: list[Row] = field(default_factory=list)
    title: str | None = None
    subject: str = ACCOUNT
    keys: frozenset[str] = frozenset()
    implied_ranks: bool = False
    by_rank: bool = False
    bare: bool = False
    account_label: bool = False
    flags: set[str] = field(default_factory=set)
    printed_ties: set[int] = field(default_factory=set)
    kind: str = "table"
    brackets: list[str | None] = field(default_factory=list)
    handles: bool = False
    linked: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether no line tells a labelled value or the account of an article."""
        return self.kind == "lines" and not (
            self.subject == ARTICLE or any(row.values for row in self.rows)
        )

    @property
    def may_be_chart(self) -> bool:
        """Whether the lines tell no more than a chart of articles would."""
        return self.kind == "lines" and self.subject != ARTICLE and self.keys <= OF_ONE_ARTICLE

    def goes_on_behind(self, other: Listing) -> bool:
        """Whether one ``<ol>`` holds both, an item between them being no entry."""
        if not (self.implied_ranks and other.implied_ranks and self.rows and other.rows):
            return False
        return self.rows[0].rank > other.rows[-1].rank

    def continues(self, other: Listing) -> bool:
        """Whether this is the rest of ``other``: the same shape, the ranks going on."""
        if self.title or not self.rows or not other.rows or self.subject != other.subject:
            return False
        if self.kind != other.kind or self.keys != other.keys:
            return False
        return self.rows[0].rank == other.rows[-1].rank + 1
