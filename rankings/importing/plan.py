"""What an import would change: rows compared with the records. Writes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..evidence.models import Capture
from ..models import State, Status
from ..resolve import NotResolved
from ..services.errors import RankingError
from ..services.writing import (
    CONTENT_LABELS,
    EMPTY_CHAIN,
    Chain,
    Decision,
    Draft,
    Key,
    decide,
    draft_errors,
    load_chains,
    period_error,
)
from .columns import FIGURE_LABELS, FIGURES, Columns, Lines, match
from .names import Names
from .options import ImportOptions
from .reading import Table
from .rows import BadRow, ImportRow, RowReader
from .seen import Seen
from .wide import WideTable, unfold

CHUNK = 1000
# Differences beyond these are counted, not listed.
LISTED = 500

NO_REASON = "这一行更正已有的记录，请写明更正理由（命令行加 --reason，或写在“更正理由”一栏）"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a changed row, in words people use."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.label}：{self.old or '（空）'} → {self.new or '（空）'}"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row that would be added, or change a record; ``title`` says what it is about.

    ``before`` is the number of the statement in force that a changed row would replace.
    """

    line: int
    title: str
    status: str
    differences: list[Difference]
    needs_reason: bool = False
    place: str = ""
    before: int | None = None


@dataclass(slots=True)
class Plan:
    """What an import would do. ``new_rows`` and ``changed_rows`` list the first ``LISTED`` ones.

    ``waiting`` of the new and changed rows would wait for the second person; ``without_reason``
    are the lines that correct a record without saying why.
    """

    columns: Columns
    table: Lines
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    bad: list[BadRow] = field(default_factory=list)
    new_rows: list[PlannedRow] = field(default_factory=list)
    changed_rows: list[PlannedRow] = field(default_factory=list)
    without_reason: list[int] = field(default_factory=list)
    new_boards: list[str] = field(default_factory=list)
    new_accounts: list[str] = field(default_factory=list)


# The outcome of each line, one byte a line however long the file is.
_NEW, _CHANGED, _SAME, _BAD, _WAITING = 1, 2, 3, 4, 16


def columns_of(table: Table, given: Collection[str]) -> tuple[Lines, Columns]:
    """The table as a long one, and its columns; ``given`` names fields that need none.

    Raises ``UnusableTable`` and ``UnreadableFile``.
    """
    long = unfold(table)
    columns = match(long, given=given)
    if isinstance(long, WideTable):
        columns.ignored.extend(long.left_out)
    return long, columns


class Planner:
    """Compares a table with the records, a chunk at a time."""

    def __init__(self, table: Table, options: ImportOptions, actor: Any = None) -> None:
        """Raises ``UnusableTable`` and ``UnreadableFile``."""
        self._options = options
        self._policy = options.policy(actor)
        self._table, self._columns = columns_of(table, options.given)
        self._reader = RowReader(self._table, self._columns, options.board, options.defaults)
        self._outcomes = bytearray()
        # Of which statements in which versions the table has spoken.
        self._seen = Seen()
        self._bad: dict[int, list[str]] = defaultdict(list)
        given = self._columns.given | options.given
        # A cell that is blank says so only where the file has its column.
        self._given = given | {"state", "rank", "tied"}
        self._raw_given = any(f"{name}_raw" in given for name in FIGURES)

    # --- rows to drafts --------------------------------------------------------------------

    def drafts(
        self, names: Names, bad: dict[int, list[str]] | None = None
    ) -> Iterator[list[tuple[ImportRow, Draft]]]:
        """Chunks of rows with their drafts; rows that are unfit go to ``bad``."""
        chunk: list[tuple[ImportRow, Draft]] = []
        for row in self._reader.rows():
            if isinstance(row, BadRow):
                if bad is not None:
                    bad[row.line] += row.errors
                continue
            if bad is None and not self.is_wanted(row.line):
                continue
            try:
                draft = self._draft(row, names)
            except (NotResolved, RankingError) as error:
                if bad is None:
                    raise
                bad[row.line].append(str(error))
                continue
            chunk.append((row, draft))
            if len(chunk) == CHUNK:
                yield self._with_captures(chunk, bad)
                chunk = []
        if chunk:
            yield self._with_captures(chunk, bad)

    def _draft(self, row: ImportRow, names: Names) -> Draft:
        board = names.board(row.board, row.period, row.board_key)
        if error := period_error(board, row.period):
            raise RankingError(error)
        account_id = None
        if row.state != State.NOT_ISSUED:
            account_id = names.account(row.account, row.wechat_id, row.period, row.account_key).pk
        draft = Draft(
            board_id=board.pk,
            period=row.period,
            account_id=account_id,
            state=row.state,
            rank=row.rank,
            tied=row.tied,
            status=row.status,
            source_kind=row.source_kind,
            source_name=row.source_name,
            source_url=row.source_url,
            edition=row.edition,
            unit=row.unit,
            published=row.published,
            list_size=row.list_size,
            method=row.method,
            figures=row.figures,
            note=row.note,
            version=row.version,
            reason=row.reason,
            rejection=row.rejection,
            given=self._given,
            raw_given=self._raw_given,
        )
        if errors := draft_errors(draft):
            raise RankingError("".join(errors))
        return draft

    def _with_captures(
        self, chunk: list[tuple[ImportRow, Draft]], bad: dict[int, list[str]] | None
    ) -> list[tuple[ImportRow, Draft]]:
        """Put the evidence to the drafts that name some."""
        hashes = {row.evidence_sha256 for row, _ in chunk if row.evidence_sha256}
        if not hashes:
            return chunk
        captures = dict(
            Capture.objects.filter(sha256__in=hashes).values_list("sha256", "pk").order_by()
        )
        kept = []
        for row, draft in chunk:
            if row.evidence_sha256:
                draft.capture_id = captures.get(row.evidence_sha256)
                if draft.capture_id is None and bad is not None:
                    bad[row.line].append("库里没有这份存证，请先存入原件，或清空存证一栏")
                    continue
            kept.append((row, draft))
        return kept

    # --- comparing -------------------------------------------------------------------------

    def plan(self) -> Plan:
        """Read the whole table and compare. Raises ``UnreadableFile``."""
        names = Names(self._options)
        plan = Plan(self._columns, self._table)
        for chunk in self.drafts(names, self._bad):
            self._compare(chunk, plan)
        plan.new_boards, plan.new_accounts = names.new_boards, names.new_accounts
        self._tally(plan)
        return plan

    def refuse_missing_reasons(self, plan: Plan) -> None:
        """Make the rows that correct a record without a reason bad ones."""
        for line in plan.without_reason:
            self._bad[line].append(NO_REASON)
        self._tally(plan)

    def _tally(self, plan: Plan) -> None:
        for line in self._bad:
            self._set(line, _BAD)
        count = self._outcomes.count
        plan.new = count(_NEW) + count(_NEW | _WAITING)
        plan.changed = count(_CHANGED) + count(_CHANGED | _WAITING)
        plan.unchanged = count(_SAME)
        plan.waiting = count(_NEW | _WAITING) + count(_CHANGED | _WAITING)
        plan.bad = [
            BadRow(line, errors, self._table.where(line))
            for line, errors in sorted(self._bad.items())
        ]
        plan.new_rows = [row for row in plan.new_rows if row.line not in self._bad]
        plan.changed_rows = [row for row in plan.changed_rows if row.line not in self._bad]
        plan.without_reason = [line for line in plan.without_reason if line not in self._bad]

    def is_wanted(self, line: int) -> bool:
        """Whether the plan found that the line is to be written."""
        return line < len(self._outcomes) and self._outcomes[line] & ~_WAITING in (_NEW, _CHANGED)

    def _set(self, line: int, outcome: int) -> None:
        if line >= len(self._outcomes):
            self._outcomes.extend(bytes(line + 1 - len(self._outcomes)))
        self._outcomes[line] = outcome

    def _compare(self, chunk: list[tuple[ImportRow, Draft]], plan: Plan) -> None:
        chains = load_chains([draft.key for _, draft in chunk])
        for row, draft in chunk:
            key = draft.key
            first, same = self._seen.first(
                _identity(key, draft.version), _fingerprint(draft), row.line
            )
            if first != row.line:
                if same:
                    self._set(row.line, _SAME)
                else:
                    self._contradiction(first, row.line)
                continue
            chain = chains.get(key, EMPTY_CHAIN)
            head = None
            if draft.version is not None and _identity(key, draft.version - 1) in self._seen:
                head = draft.version - 1
            decision = decide(draft, chain, self._policy, head=head)
            if decision.error:
                self._bad[row.line].append(decision.error)
            else:
                self._note(row, decision, chain, plan)

    def _contradiction(self, one: int, two: int) -> None:
        for line, other in ((one, two), (two, one)):
            self._bad[line].append(
                f"与{self._table.where(other)}矛盾：同一榜单、同一期、同一公众号、同一来源，内容却不同"
            )

    def _note(self, row: ImportRow, decision: Decision, chain: Chain, plan: Plan) -> None:
        waiting = _WAITING if decision.status == Status.PROPOSED else 0
        if decision.kind == "unchanged":
            self._set(row.line, _SAME)
            return
        new = decision.kind == "new"
        self._set(row.line, (_NEW if new else _CHANGED) | waiting)
        if decision.needs_reason:
            plan.without_reason.append(row.line)
        listed = plan.new_rows if new else plan.changed_rows
        if len(listed) < LISTED:
            listed.append(
                PlannedRow(
                    row.line,
                    _title(row),
                    decision.status,
                    [d for change in decision.changes for d in describe(*change)],
                    decision.needs_reason,
                    self._table.where(row.line),
                    None if chain.in_force is None else chain.in_force.pk,
                )
            )


def _identity(key: Key, version: int | None) -> str:
    """A text that no other statement or version has."""
    return (
        f"{key.board_id} {key.start.toordinal()} {key.end.toordinal()} {key.account_id} {version} "
        f"{key.source_kind} {key.edition} {key.source_name}"
    )


def _fingerprint(draft: Draft) -> int:
    """Equal for drafts that say the same; good within one run."""
    figures = sorted((key, *figure.values()) for key, figure in draft.figures.items())
    return hash(
        (
            draft.state,
            draft.rank,
            draft.tied,
            draft.status,
            draft.source_url,
            draft.unit,
            draft.published,
            draft.list_size,
            draft.method,
            draft.note,
            draft.capture_id,
            *figures,
        )
    )


def _title(row: ImportRow) -> str:
    who = row.account or "全榜"
    if row.rank is not None:
        standing = f"第{row.rank}名" + ("（并列）" if row.tied else "")
    else:
        standing = State(row.state).label
    source = f"（{row.source_name}）" if row.source_name else ""
    return f"《{row.board}》{row.period.label} {who} {standing}{source}"


def describe(name: str, old: Any, new: Any) -> Iterator[Difference]:
    """A changed field in words; a changed set of figures is one difference a figure."""
    if name == "figures":
        for key in FIGURES:
            before, after = old.get(key), new.get(key)
            if before != after:
                yield Difference(FIGURE_LABELS[key], _figure_text(before), _figure_text(after))
    elif name == "status":
        yield Difference("核实情况", Status(old).label, Status(new).label)
    elif name == "state":
        yield Difference(CONTENT_LABELS[name], State(old).label, State(new).label)
    else:
        yield Difference(CONTENT_LABELS[name], _text(old), _text(new))


def _figure_text(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return ""
    sign = {"at_least": "≥", "at_most": "≤", "about": "约"}.get(figure["bound"], "")
    return f"{sign}{figure['value']}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def preview(table: Table, options: ImportOptions, actor: Any = None) -> Plan:
    """What importing the table would change; writes nothing.

    Raises ``UnreadableFile`` and ``UnusableTable``.
    """
    return Planner(table, options, actor).plan()
