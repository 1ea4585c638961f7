"""Does a claim still hold? Frozen and present values are compared; nothing is looked up here.

An *error* says that something the claim states, or leans on, is no longer so. A *note* tells what
else changed: a renaming, more evidence, months that became firmer than they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from .. import streaks
from ..periods import Month
from .freezing import FORMAT, STATEMENT_FIELDS, Basis, digest

STATE_NAMES = {
    streaks.FIRST: "已核实第一",
    streaks.TIED: "已核实并列第一",
    streaks.NOT_FIRST: "已核实不是第一",
    streaks.SUSPENDED: "榜单停发",
    streaks.REPORTED: "仅据报道第一",
    streaks.UNKNOWN: "没有资料",
    streaks.DISPUTED: "来源有分歧",
}
# A month may become firmer than it was frozen; every other change makes the claim untrue.
FIRMER = frozenset(
    (before, now)
    for before, after in {
        streaks.REPORTED: (streaks.FIRST, streaks.TIED),
        streaks.UNKNOWN: (streaks.FIRST, streaks.TIED, streaks.REPORTED, streaks.DISPUTED),
        streaks.DISPUTED: (streaks.FIRST, streaks.TIED, streaks.REPORTED, streaks.UNKNOWN),
    }.items()
    for now in after
)
_STATEMENT_LABELS = {
    "state": "状态",
    "rank": "名次",
    "tied": "并列",
    "list_size": "公布名次数",
    "status": "核实情况",
    "method": "计算方法",
    "published": "发布日期",
    "url": "来源网址",
    "evidence_sha256": "存证",
}
# What a claim leans on in a statement; evidence and addresses may be added later.
_MATERIAL = frozenset({"state", "rank", "tied", "list_size"})
_VALUES = {
    "state": {
        "ranked": "有名次",
        "absent": "未上榜",
        "not_issued": "未发布",
        "unknown": "不详",
    },
    "status": {"confirmed": "已核实", "reported": "据报道", "proposed": "待复核"},
    "tied": {True: "是", False: "否"},
}
_FIRMNESS = {"confirmed": 1}


class Level(StrEnum):
    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that changed. ``month`` is ``YYYY-MM`` or ``""``, ``code`` names the kind."""

    level: str
    code: str
    month: str
    message: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @property
    def is_error(self) -> bool:
        return self.level == Level.ERROR


@dataclass(frozen=True, slots=True)
class Successor:
    """What is in force today in place of a frozen statement, as ``statement``, None for nothing.

    ``number`` is its version, ``reason``, ``who`` and ``when`` belong to the correction.
    """

    statement: Mapping[str, Any] | None = None
    number: int = 0
    reason: str = ""
    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """What the records say today about the months of a claim.

    ``rows`` are the frozen statements as their rows read now, by id; ``replaced`` those no longer
    in force. ``captures`` maps hashes to a sentence about what is wrong with the file (``""`` when
    sound); a hash that was not checked is absent. ``sentence`` is written with the frozen names,
    ``renewed`` is the sentence as it would be written today. ``objections`` stand against the
    superlative.
    """

    basis: Basis
    rows: Mapping[int, Mapping[str, Any]]
    replaced: Mapping[int, Successor]
    captures: Mapping[str, str]
    sentence: str
    renewed: str
    proof: str
    rules: Mapping[str, str]
    links: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    objections: Sequence[str] = ()


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_error]


def broken(frozen: Mapping[str, Any], sha256: str) -> list[Finding]:
    """Why a frozen value cannot be compared with anything; empty when it is intact."""
    if digest(frozen) != sha256:
        return [_error("frozen", "证明材料的内容与哈希值不符，有人改动过，不能再作依据。")]
    if frozen["format"] != FORMAT:
        return [_error("frozen", f"证明材料的格式（{frozen['format']}）不认识，无法核验。")]
    return []


def compare(frozen: Mapping[str, Any], sha256: str, today: Today) -> list[Finding]:
    """Everything that changed since the claim was frozen; errors first, then by month."""
    if unsound := broken(frozen, sha256):
        return unsound
    states = _states(frozen, today)
    changed = {finding.month for finding in states if finding.is_error}
    firmer = {finding.month for finding in states if not finding.is_error}
    found = [
        *states,
        *_statements(frozen, today, firmer),
        *_additions(frozen, today, changed | firmer),
        *_captures(frozen, today),
        *_lineage(frozen, today),
        *(_error("superlative", f"“最高级”说法不再成立：{each}") for each in today.objections),
        *_names(frozen, today),
        *_sentence(frozen, today, bool(states)),
    ]
    if frozen["rules"] != dict(today.rules):
        before, now = frozen["rules"]["version"], today.rules["version"]
        words = f"第{before}版 → 第{now}版" if before != now else "文件有改动，版本号未变"
        found.append(_note("rules", f"判定规则：{words}；以上结果按现行规则得出。"))
    return sorted(found, key=lambda each: (not each.is_error, each.month))


def _error(code: str, message: str, month: str = "") -> Finding:
    return Finding(Level.ERROR, code, month, message)


def _note(code: str, message: str, month: str = "") -> Finding:
    return Finding(Level.NOTE, code, month, message)


def _label(month: str) -> str:
    return Month.parse(month).label


def _states(frozen: Mapping[str, Any], today: Today) -> list[Finding]:
    found = []
    for before, now in zip(frozen["months"], today.basis.months, strict=True):
        if before["state"] == now["state"]:
            continue
        month = before["month"]
        message = (
            f"{_label(month)}：原为“{STATE_NAMES[before['state']]}”，"
            f"现在是“{STATE_NAMES[now['state']]}”。"
        )
        firmer = (before["state"], now["state"]) in FIRMER
        found.append((_note if firmer else _error)("state", message, month))
    return found


def _statements(frozen: Mapping[str, Any], today: Today, firmer: set[str]) -> list[Finding]:
    """What became of each frozen statement."""
    found = []
    for before in frozen["statements"]:
        month = before["month"]
        row = today.rows.get(before["id"])
        name = f"{_label(month)}：{_source(before)}的记录（第{before['version']}版）"
        if row is None:
            found.append(_error("statement", f"{name}在数据库里找不到了。", month))
            continue
        if altered := _altered(before, row):
            found.append(_error("statement", f"{name}被直接改动：{altered}。", month))
        successor = today.replaced.get(before["id"])
        if successor is None:
            continue
        if successor.statement is None:
            found.append(_error("statement", f"{name}已撤下{_because(successor)}。", month))
            continue
        diffs = differences(before, successor.statement)
        words = "；".join(f"{label} {old} → {new}" for _, label, old, new in diffs)
        message = (
            f"{name}已被第{successor.number}版取代："
            f"{words or '内容与原来相同'}{_because(successor)}。"
        )
        names = {each for each, *_ in diffs}
        weaker = "status" in names and _FIRMNESS.get(
            successor.statement["status"], 0
        ) < _FIRMNESS.get(before["status"], 0)
        lost = "evidence_sha256" in names and successor.statement["evidence_sha256"] is None
        wrong = weaker or lost or bool(names & _MATERIAL and month not in firmer)
        found.append((_error if wrong else _note)("statement", message, month))
    return found


def _altered(before: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """A recorded statement never changes, but for its confirmation and the names in it."""
    fixed = [name for name in STATEMENT_FIELDS if name not in ("confirmed_at", "status")]
    changed = [name for name in fixed if before[name] != row[name]]
    return "、".join(
        f"{_STATEMENT_LABELS.get(name, name)} {_value(name, before[name])} → "
        f"{_value(name, row[name])}"
        for name in changed
    )


def differences(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> list[tuple[str, str, str, str]]:
    """(field, label, old, new) for each field in which two statements differ, in words."""
    found = []
    for name, label in _STATEMENT_LABELS.items():
        old = before["source"]["url"] if name == "url" else before[name]
        new = now["source"]["url"] if name == "url" else now[name]
        if old != new:
            found.append((name, label, _value(name, old), _value(name, new)))
    return found


def _value(name: str, value: Any) -> str:
    if name in _VALUES and value in _VALUES[name]:
        return _VALUES[name][value]
    if value in (None, ""):
        return "（空）"
    return f"{value[:12]}…" if name == "evidence_sha256" else str(value)


def _because(successor: Successor) -> str:
    parts = []
    if successor.reason:
        parts.append(f"理由：{successor.reason.rstrip('。')}")
    if successor.who or successor.when:
        parts.append("，".join(part for part in (successor.who, successor.when) if part))
    return f"；{'；'.join(parts)}" if parts else ""


def _source(statement: Mapping[str, Any]) -> str:
    return statement["source"]["name"] or "未写明来源"


def _standing(statement: Mapping[str, Any]) -> str:
    if statement["rank"] is None:
        return _VALUES["state"][statement["state"]]
    return f"第{statement['rank']}名{'（并列）' if statement['tied'] else ''}"


def _additions(frozen: Mapping[str, Any], today: Today, moved: set[str]) -> list[Finding]:
    """Statements that were not there; those in place of frozen ones are told with them."""
    known = {each["id"] for each in frozen["statements"]}
    known |= {
        each.statement["id"] for each in today.replaced.values() if each.statement is not None
    }
    found = []
    for statement in today.basis.statements:
        if statement["id"] in known:
            continue
        own = statement["account"] == frozen["account"]["key"]
        who = "" if own or statement["account"] is None else "另一公众号"
        status = _VALUES["status"].get(statement["status"], statement["status"])
        effect = "" if statement["month"] in moved else "，不影响当月的判定"
        found.append(
            _note(
                "addition",
                f"{_label(statement['month'])}：新增{_source(statement)}的记录："
                f"{who}{_standing(statement)}（{status}）{effect}。",
                statement["month"],
            )
        )
    return found


def _captures(frozen: Mapping[str, Any], today: Today) -> list[Finding]:
    months: dict[str, str] = {}
    for statement in frozen["statements"]:
        if statement["evidence_sha256"]:
            months.setdefault(statement["evidence_sha256"], statement["month"])
    return [
        _error("capture", f"{_label(month) + '：' if month else ''}{problem}", month)
        for sha256 in frozen["evidence_hashes"]
        if (problem := today.captures.get(sha256, ""))
        for month in [months.get(sha256, "")]
    ]


def _lineage(frozen: Mapping[str, Any], today: Today) -> list[Finding]:
    found = []
    names = {board["key"]: board["name"] for board in frozen["lineage"]["boards"]}
    for link in frozen["lineage"]["links"]:
        now = today.links.get(link["id"])
        later = names.get(link["later"], link["later"])
        earlier = names.get(link["earlier"], link["earlier"])
        name = f"{_label(link['month'])}起《{later}》衔接《{earlier}》的依据"
        if now is None:
            found.append(_error("link", f"{name}已撤销，不能再算作同一个系列。", link["month"]))
        elif now != link:
            found.append(_error("link", f"{name}有改动，请重新起草结论。", link["month"]))
    frozen_links = {link["id"] for link in frozen["lineage"]["links"]}
    for number, link in today.links.items():
        if number not in frozen_links:
            found.append(_note("link", f"新增衔接：{link['reason']}", link["month"]))
    for month in today.basis.cuts:
        found.append(
            _error(
                "link",
                f"{_label(month)}起榜单或计算方法变了，没有书面衔接，连续到此断开。",
                month,
            )
        )
    return found


def _names(frozen: Mapping[str, Any], today: Today) -> list[Finding]:
    found = []
    for label, before, now in (
        ("榜单名称", frozen["board"]["name"], today.basis.board["name"]),
        ("发布机构", frozen["board"]["publisher"], today.basis.board["publisher"]),
        ("榜单范围", frozen["board"]["scope"], today.basis.board["scope"]),
        ("公众号名称", frozen["account"]["name"], today.basis.account["name"]),
    ):
        if before != now:
            found.append(_note("names", f"{label}改了：{before or '（空）'} → {now or '（空）'}。"))
    if frozen["board"]["is_example"] != today.basis.board["is_example"]:
        found.append(_error("names", "榜单的“示例”标记改了，请重新起草结论。"))
    return found


def _sentence(frozen: Mapping[str, Any], today: Today, moved: bool) -> list[Finding]:
    """Whether the same words come out; a firmer record only makes better ones possible."""
    told = frozen["sentence"]
    if today.sentence == told:
        if today.renewed != told:
            return [_note("sentence", f"现在起草会写成：{today.renewed}")]
        return []
    if moved:
        return [_note("sentence", f"按现有记录应写为：{today.renewed}")]
    return [_error("sentence", f"按现有记录写出的结论不同：{today.renewed}")]
