"""Writing statements: the one place that decides between new, unchanged and a new version.

The versions of one source's statement form a line: each supersedes the one before. In force is
the newest that is not a proposal; a proposal at the end of the line waits for the second person.
One that was sent or taken back keeps its number in the line and is never in force.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils import timezone

from ..models import Board, Observation, Origin, SourceKind, State, Status
from ..periods import Period
from .changes import Changes
from .errors import RankingError
from .inserting import insert

# Fields besides status and evidence in which two versions can differ, with what people call them.
CONTENT_LABELS = {
    "state": "状态",
    "rank": "名次",
    "tied": "并列",
    "unit": "主体单位",
    "source_url": "来源网址",
    "published": "发布日期",
    "list_size": "公布名次数",
    "method": "计算方法",
    "note": "备注",
    "figures": "数值",
}
_TEXT_LIMITS = {
    name: Observation._meta.get_field(name).max_length
    for name in ("unit", "source_name", "source_url", "method", "note", "reason", "rejection")
}
_TEXT_LABELS = {
    **CONTENT_LABELS,
    "source_name": "来源",
    "reason": "更正理由",
    "rejection": "退回理由",
}
MAX_INTEGER = 2**31 - 1
BATCH = 1000

# What is fetched from these counts by itself; anything else needs two people.
SELF_STANDING = frozenset({SourceKind.PUBLISHER, SourceKind.OFFICIAL_REPOST})

SCRAPED_AGAIN = "重新抓取，来源页面已更新"
EVIDENCE_ADDED = "补充存证"
VERIFIED = "补充核实"
ENTERED_AGAIN = "退回后重新录入"
GONE = "重新抓取，已不在榜上"


class Key(NamedTuple):
    """What identifies a statement: who says something about which account on which list."""

    board_id: int
    start: dt.date
    end: dt.date
    account_id: int | None
    source_kind: str
    source_name: str
    edition: str


@dataclass(slots=True)
class Draft:
    """A statement to be recorded.

    ``given`` names the content fields the writer knows about; the others keep what the version in
    force says (None: all are given). ``raw_given`` tells that the raw text of figures counts as
    content. ``version`` is set when a recorded history is read back.
    """

    board_id: int
    period: Period
    account_id: int | None
    state: str
    rank: int | None = None
    tied: bool = False
    status: str = Status.REPORTED
    source_kind: str = SourceKind.MEDIA
    source_name: str = ""
    source_url: str = ""
    edition: str = "final"
    unit: str = ""
    published: dt.date | None = None
    list_size: int | None = None
    method: str = ""
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    note: str = ""
    capture_id: int | None = None
    version: int | None = None
    reason: str = ""
    rejection: str = ""
    given: frozenset[str] | None = None
    raw_given: bool = True

    @property
    def key(self) -> Key:
        return Key(
            self.board_id,
            self.period.start,
            self.period.end,
            self.account_id,
            self.source_kind,
            self.source_name,
            self.edition,
        )


def draft_errors(draft: Draft) -> list[str]:
    """What makes a draft unfit for recording, as Chinese sentences; empty when it is fit."""
    errors = []
    if draft.state == State.RANKED:
        if draft.rank is None or not 1 <= draft.rank <= MAX_INTEGER:
            errors.append("名次必须是 1 以上的整数。")
    elif draft.rank is not None:
        errors.append("有名次的记录不能再写未上榜、未发布或不详。")
    elif draft.tied:
        errors.append("没有名次的记录不能写并列。")
    if (draft.state == State.NOT_ISSUED) != (draft.account_id is None):
        errors.append("“未发布”说的是整个榜单，不写公众号；其他记录必须写公众号。")
    if draft.list_size is not None and not 1 <= draft.list_size <= MAX_INTEGER:
        errors.append("公布名次数必须是 1 以上的整数。")
    for name, limit in _TEXT_LIMITS.items():
        text = getattr(draft, name)
        if not text:
            continue
        if len(text) > limit:
            errors.append(f"{_TEXT_LABELS[name]}太长（{len(text)} 字），最多 {limit} 字。")
        if "\x00" in text:
            errors.append(f"{_TEXT_LABELS[name]}里有不可见的控制字符，请删除。")
    if draft.status == Status.REJECTED and draft.version is None:
        errors.append("“已退回”只用来还原导出的历史，要连同版本号一起导入。")
    if draft.source_url and not draft.source_url.lower().startswith(("http://", "https://")):
        errors.append("来源网址必须以 http:// 或 https:// 开头。")
    return errors


def period_error(board: Board, period: Period) -> str:
    """Why ``period`` does not fit the board, or ``""``; a part of a period is kept as printed."""
    if period.kind in (board.period_kind, "custom") or board.period_kind == "custom":
        return ""
    return (
        f"《{board}》是{board.get_period_kind_display()}榜，“{period}”不是它的一期，"
        "请检查榜单和统计期。"
    )


@dataclass(slots=True)
class Chain:
    """The recorded versions of one statement."""

    versions: dict[int, Observation] = field(default_factory=dict)

    @property
    def head(self) -> int:
        return max(self.versions, default=0)

    @property
    def in_force(self) -> Observation | None:
        if not self.versions:
            return None
        rows = [row for row in self.versions.values() if row.is_current]
        return next((row for row in rows if row.status != Status.PROPOSED), None)

    @property
    def proposal(self) -> Observation | None:
        if not self.versions:
            return None
        rows = [row for row in self.versions.values() if row.is_current]
        return next((row for row in rows if row.status == Status.PROPOSED), None)


EMPTY_CHAIN = Chain()


def load_chains(keys: Sequence[Key]) -> dict[Key, Chain]:
    """The recorded versions behind ``keys``, in one query a board."""
    wanted = set(keys)
    by_board: dict[int, list[Key]] = defaultdict(list)
    for key in wanted:
        by_board[key.board_id].append(key)
    chains: dict[Key, Chain] = {}
    for board_id, board_keys in by_board.items():
        rows = Observation.objects.filter(
            board_id=board_id,
            start__in={key.start for key in board_keys},
            source_name__in={key.source_name for key in board_keys},
        ).order_by()
        accounts = {key.account_id for key in board_keys}
        if None not in accounts:
            rows = rows.filter(account_id__in=accounts)
        for row in rows.iterator(chunk_size=2000):
            key = key_of(row)
            if key in wanted:
                chains.setdefault(key, Chain()).versions[row.version] = row
    return chains


def key_of(row: Observation) -> Key:
    return Key(
        row.board_id,
        row.start,
        row.end,
        row.account_id,
        row.source_kind,
        row.source_name,
        row.edition,
    )


def differences(draft: Draft, row: Observation) -> list[tuple[str, Any, Any]]:
    """(field, recorded, new) for each content field in which the draft says something else."""
    found = []
    for name in CONTENT_LABELS:
        if name == "figures" or (draft.given is not None and name not in draft.given):
            continue
        old, new = getattr(row, name), getattr(draft, name)
        if old != new:
            found.append((name, old, new))
    merged = _merged_figures(draft, row)
    if not _same_figures(merged, row.figures, raw=draft.raw_given):
        found.append(("figures", row.figures, merged))
    return found


def _merged_figures(draft: Draft, row: Observation) -> dict[str, Any]:
    if draft.given is None:
        return draft.figures
    kept = {key: value for key, value in row.figures.items() if key not in draft.given}
    return kept | draft.figures


def _same_figures(one: dict[str, Any], two: dict[str, Any], *, raw: bool) -> bool:
    if raw:
        return one == two
    names = ("value", "bound", "capped")
    return one.keys() == two.keys() and all(
        [one[key].get(name) for name in names] == [two[key].get(name) for name in names]
        for key in one
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """Who records, how, and with what authority.

    ``archive`` lets confirmed rows count at once; ``confirmed_by`` is the second person.
    """

    actor: Any
    origin: str
    reason: str = ""
    confirmed_by: Any = None
    archive: bool = False

    def status_of(self, draft: Draft) -> str:
        """The status a draft gets: confirmed needs a second person, an archive or a good source."""
        if draft.status != Status.CONFIRMED:
            return draft.status
        scraped = self.origin == Origin.SCRAPE and draft.source_kind in SELF_STANDING
        if self.archive or scraped or self.confirmed_by is not None:
            return Status.CONFIRMED
        return Status.PROPOSED


@dataclass(slots=True)
class Decision:
    """What recording a draft comes to: ``kind`` is new, changed or unchanged.

    ``error`` is a Chinese sentence when it cannot be recorded, ``needs_reason`` tells that the
    caller must give one.
    """

    kind: str
    status: str
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    reason: str = ""
    needs_reason: bool = False
    error: str = ""


def decide(draft: Draft, chain: Chain, policy: Policy, *, head: int | None = None) -> Decision:
    """Compare a draft with what is recorded. Writes nothing.

    ``head`` is the newest version when more are about to be written than ``chain`` knows.
    """
    status = policy.status_of(draft)
    head = chain.head if head is None else head
    if draft.version is not None:
        recorded = chain.versions.get(draft.version)
        if recorded is not None:
            changes = differences(draft, recorded)
            if changes:
                error = f"库中已有第 {draft.version} 版，内容与这一行不同，请核对版本号。"
                return Decision("changed", status, changes, error=error)
            return Decision("unchanged", recorded.status)
        if draft.version != head + 1:
            error = f"版本号应为 {head + 1}，不能是 {draft.version}，请按版本先后排列。"
            return Decision("changed", status, error=error)
    elif (same := _already(draft, chain, status)) is not None:
        return Decision("unchanged", same.status)
    if not head:
        return Decision("new", status, reason=draft.reason)
    against = chain.in_force or chain.proposal
    if against is None and chain.versions:
        # All there was has been sent or taken back.
        return Decision("new", status, reason=draft.reason or policy.reason or ENTERED_AGAIN)
    changes = differences(draft, against) if against is not None else []
    if against is not None and status != against.status:
        changes.append(("status", against.status, status))
    reason = draft.reason or policy.reason or _own_reason(draft, changes, policy)
    return Decision("changed", status, changes, reason=reason, needs_reason=not reason)


def _already(draft: Draft, chain: Chain, status: str) -> Observation | None:
    """The recorded row that says the same at least as firmly, if any."""
    for row in (chain.in_force, chain.proposal):
        if row is None or differences(draft, row):
            continue
        weaker = row.status == Status.CONFIRMED and status == Status.REPORTED
        if weaker:
            return row
        if draft.capture_id is not None and row.capture_id is None:
            continue
        if row.status in (Status.CONFIRMED, status):
            return row
    return None


def _own_reason(draft: Draft, changes: Sequence[tuple[str, Any, Any]], policy: Policy) -> str:
    """The reason that goes without saying, or ``""``: a changed statement needs a person's."""
    if not changes:
        return EVIDENCE_ADDED if draft.capture_id is not None else ""
    if all(name == "status" for name, _, _ in changes):
        return VERIFIED if draft.status == Status.CONFIRMED else ""
    return SCRAPED_AGAIN if policy.origin == Origin.SCRAPE else ""


@dataclass(frozen=True, slots=True)
class RecordResult:
    """How many statements were new, new versions of old ones, and as recorded already.

    ``waiting`` of the first two are proposals until the second person confirms them; ``retired`` of
    the new versions say that an account is no longer on the list.
    """

    created: int = 0
    corrected: int = 0
    unchanged: int = 0
    waiting: int = 0
    retired: int = 0

    def __add__(self, other: "RecordResult") -> "RecordResult":
        return RecordResult(
            self.created + other.created,
            self.corrected + other.corrected,
            self.unchanged + other.unchanged,
            self.waiting + other.waiting,
            self.retired + other.retired,
        )


def lock_boards(board_ids: Iterable[int]) -> None:
    """Recordings of a board wait for each other; in one order, so that none waits for ever."""
    list(
        Board.objects.select_for_update()
        .filter(pk__in=set(board_ids))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def write(drafts: Sequence[Draft], policy: Policy, changes: Changes) -> RecordResult:
    """Record drafts with distinct keys. Call it in a transaction with the boards locked.

    Raises ``RankingError`` for a draft that cannot be recorded; nothing is half-written then.
    """
    chains = load_chains([draft.key for draft in drafts])
    rows: list[Observation] = []
    retired: list[int] = []
    result = {"new": 0, "changed": 0, "unchanged": 0}
    waiting = 0
    for draft in drafts:
        chain = chains.get(draft.key, EMPTY_CHAIN)
        decision = decide(draft, chain, policy)
        if decision.error:
            raise RankingError(decision.error)
        if decision.needs_reason:
            raise RankingError("这会更正已有的记录，请写明更正理由。")
        result[decision.kind] += 1
        if decision.kind == "unchanged":
            continue
        row = build(draft, chain, decision, policy)
        rows.append(row)
        if row.status in (Status.PROPOSED, Status.REJECTED):
            # What was sent back had taken the place of the proposal before it.
            waiting += row.status == Status.PROPOSED
            if chain.proposal is not None:
                retired.append(chain.proposal.pk)
        else:
            before = [old for old in (chain.in_force, chain.proposal) if old is not None]
            retired += [old.pk for old in before]
            changes.add(row, *before)
    for at in range(0, len(retired), BATCH):
        Observation.objects.filter(pk__in=retired[at : at + BATCH]).update(is_current=False)
    insert(rows)
    return RecordResult(result["new"], result["changed"], result["unchanged"], waiting)


def build(draft: Draft, chain: Chain, decision: Decision, policy: Policy) -> Observation:
    """The row to insert: what the draft leaves open is taken from the version before."""
    head = chain.versions.get(chain.head)
    base = chain.in_force or chain.proposal
    content: dict[str, Any] = {name: getattr(draft, name) for name in CONTENT_LABELS}
    capture_id = draft.capture_id
    if base is not None and draft.given is not None:
        for name in CONTENT_LABELS:
            if name != "figures" and name not in draft.given:
                content[name] = getattr(base, name)
        content["figures"] = _merged_figures(draft, base)
        if "evidence_sha256" not in draft.given:
            capture_id = base.capture_id
    month = draft.period.month
    second = policy.confirmed_by if decision.status == Status.CONFIRMED else None
    columns = _DEFAULTS | content
    columns |= {
        "board_id": draft.board_id,
        "period_kind": draft.period.kind,
        "start": draft.period.start,
        "end": draft.period.end,
        "month": None if month is None else month.index,
        "account_id": draft.account_id,
        "status": decision.status,
        "source_kind": draft.source_kind,
        "source_name": draft.source_name,
        "edition": draft.edition,
        "capture_id": capture_id,
        "version": chain.head + 1,
        "supersedes_id": None if head is None else head.pk,
        "reason": decision.reason,
        "recorded_by_id": None if policy.actor is None else policy.actor.pk,
        "confirmed_by_id": None if second is None else second.pk,
        "confirmed_at": None if second is None else timezone.now(),
        "origin": policy.origin,
        "is_current": decision.status != Status.REJECTED,
        "rejection": draft.rejection if decision.status == Status.REJECTED else "",
    }
    # By place: half the time of doing it by name, and a long import does little else.
    return Observation(*columns.values())


# Column by column in the order of the model, which updates keep.
_DEFAULTS = {field.attname: field.get_default() for field in Observation._meta.concrete_fields}
