"""A claim as its screens and its evidence bundle show it, from the frozen value alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from .. import streaks
from ..models import Edition, SourceKind, State, Status
from ..periods import Month
from ..reports import STATE_WORDS, StateWords

_PROVING = frozenset({streaks.FIRST, streaks.TIED, streaks.SUSPENDED})
_WANTED = {
    streaks.REPORTED: "只有报道，缺榜单原件",
    streaks.UNKNOWN: "没有资料",
    streaks.DISPUTED: "来源有分歧，需查清",
}


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A frozen statement in words. ``number`` is its id, ``about`` an account's key or ``""``.

    ``file`` is where its evidence is found, ``people`` who recorded and confirmed it.
    """

    number: int
    about: str
    own: bool
    standing: str
    status: str
    proved: bool
    source: str
    kind: str
    url: str
    edition: str
    published: str
    version: int
    sha256: str
    file: str
    people: Mapping[str, str]
    recorded_at: str
    confirmed_at: str


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """A frozen month; ``changes`` are sentences about what no longer fits."""

    month: Month
    words: StateWords
    board: str
    methods: tuple[str, ...]
    statements: tuple[ShownStatement, ...]
    changes: tuple[str, ...] = ()

    @property
    def evidenced(self) -> bool:
        return any(each.sha256 for each in self.statements)

    @property
    def anchor(self) -> str:
        return f"m-{self.month}"

    @property
    def title(self) -> str:
        """The cell in words, for the mouse and for screen readers."""
        evidence = "，有存证" if self.evidenced else ""
        changed = "，现在不符" if self.changes else ""
        return f"{self.month.label}：{self.words.words}{evidence}{changed}"

    @property
    def wanted(self) -> str:
        """What is missing for proof; ``""`` for a month that is proved."""
        return _WANTED.get(self.words.letter, "")


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A row of the strip: twelve cells, None outside the claim."""

    year: int
    cells: tuple[ShownMonth | None, ...]


def shown_months(
    document: Mapping[str, Any],
    *,
    files: Mapping[str, str] | None = None,
    people: Mapping[str, Mapping[str, str]] | None = None,
    changes: Mapping[str, Sequence[str]] | None = None,
) -> list[ShownMonth]:
    """The months of a frozen value, oldest first.

    ``files`` maps hashes of evidence to addresses, ``people`` statement ids to names,
    ``changes`` months (``YYYY-MM``) to what no longer fits.
    """
    own = document["account"]["key"]
    files, people, changes = files or {}, people or {}, changes or {}
    statements = {
        each["id"]: _statement(each, own, files, people.get(str(each["id"]), {}))
        for each in document["statements"]
    }
    names = {board["key"]: board["name"] for board in document["lineage"]["boards"]}
    return [
        ShownMonth(
            Month.parse(month["month"]),
            STATE_WORDS[month["state"]],
            names.get(month["board"], month["board"]),
            tuple(month["methods"]),
            tuple(statements[number] for number in month["statements"]),
            tuple(changes.get(month["month"], ())),
        )
        for month in document["months"]
    ]


def years_of(months: Sequence[ShownMonth]) -> list[ShownYear]:
    years = []
    for year, group in groupby(months, key=lambda each: each.month.year):
        by_month = {each.month.month: each for each in group}
        years.append(ShownYear(year, tuple(by_month.get(month) for month in range(1, 13))))
    return years


def missing(months: Sequence[ShownMonth]) -> list[tuple[str, str]]:
    """What is missing for proof: (months, what) with neighbouring months told together."""
    found: list[tuple[Month, Month, str]] = []
    for each in months:
        if each.words.letter in _PROVING or not each.wanted:
            continue
        if found and found[-1][2] == each.wanted and each.month - found[-1][1] == 1:
            found[-1] = (found[-1][0], each.month, each.wanted)
        else:
            found.append((each.month, each.month, each.wanted))
    return [
        (first.label if first == last else f"{first.label}至{last.label}", words)
        for first, last, words in found
    ]


def shown_links(document: Mapping[str, Any]) -> list[str]:
    """The written words by which the series goes on, as sentences."""
    names = {board["key"]: board["name"] for board in document["lineage"]["boards"]}
    told = []
    for link in document["lineage"]["links"]:
        parts = [f"{Month.parse(link['month']).label}起"]
        if link["earlier"] != link["later"]:
            earlier, later = (names.get(link[end], link[end]) for end in ("earlier", "later"))
            parts.append(f"《{later}》接续《{earlier}》")
        if link["earlier_method"] or link["later_method"]:
            parts.append(f"计算方法由 {link['earlier_method']} 改为 {link['later_method']}")
        parts.append(f"理由：{link['reason']}")
        told.append("，".join(parts))
    return told


def _statement(
    statement: Mapping[str, Any], own: str, files: Mapping[str, str], people: Mapping[str, str]
) -> ShownStatement:
    source = statement["source"]
    confirmed = statement["status"] == Status.CONFIRMED
    return ShownStatement(
        number=statement["id"],
        about=statement["account"] or "",
        own=statement["account"] == own,
        standing=_standing(statement),
        status=_label(Status, statement["status"]),
        proved=confirmed and source["kind"] != SourceKind.SELF,
        source=source["name"],
        kind=_label(SourceKind, source["kind"]),
        url=source["url"] if source["url"].lower().startswith(("http://", "https://")) else "",
        edition=_label(Edition, statement["edition"]),
        published=statement["published"] or "",
        version=statement["version"],
        sha256=statement["evidence_sha256"] or "",
        file=files.get(statement["evidence_sha256"] or "", ""),
        people=people,
        recorded_at=statement["recorded_at"],
        confirmed_at=statement["confirmed_at"] or "",
    )


def _standing(statement: Mapping[str, Any]) -> str:
    if statement["rank"] is None:
        return _label(State, statement["state"])
    return f"第{statement['rank']}名{'（并列）' if statement['tied'] else ''}"


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value
