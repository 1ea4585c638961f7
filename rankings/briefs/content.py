"""What a brief says, gathered from the record into a *document* of plain JSON values.

A document holds (``SCHEMA`` 1):

``board`` ``account`` ``month`` ``title`` ``is_example``; ``summary`` [{key, text, proof}];
``months`` the last 13 months of the account, newest first; ``history`` up to 36 months, oldest
first, for the charts; ``runs`` current and longest; ``top`` the first rows of the month;
``compared`` the account beside those it is watched against; ``breaks`` changes of method; ``sources`` numbered; ``methods`` and
``notes`` as sentences. Figures are {value, bound, text}. Nothing in it is ever read from the
database again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from .. import queries, reports, sentences, streaks
from ..importing.columns import FIGURE_LABELS
from ..lineage import Lineage
from ..models import Account, Board, Brief, Observation, SourceKind, State, Status, Watch
from ..periods import SHANGHAI, Month
from ..reports import MonthCell, MonthTable, TableRow
from ..reports.account import breaks_of, cell_of, chart_month, record_until
from ..reports.places import figure_text, place_of
from . import findings
from .findings import Standing

SCHEMA = 1
WINDOW = 13
HISTORY = 36
# Months over which we are set against others.
COMPARED = 12
TOP = 20
# Accounts to set beside ours when none are watched.
NEIGHBOURS = 3
TITLE_LIMIT = Brief._meta.get_field("title").max_length

PROOF_WORDS = {"proved": "已核实", "reported": "据报道", "open": "未核实"}


class NothingToBrief(LookupError):
    """A brief cannot be made of this; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A document and the statements it rests on."""

    document: dict[str, Any]
    observations: frozenset[int]


def compose(
    board: Board, account: Account, month: Month, *, compared: Sequence[str] | None = None
) -> Composition:
    """The document of ``account`` on ``board`` for ``month``; later months are left out.

    ``compared`` are the keys of the accounts to set beside ours; by default those watched on the
    board, else the nearest of the month. A fixed number of queries. Raises ``NothingToBrief``.
    """
    if not board.is_monthly:
        raise NothingToBrief(f"《{board}》不是月榜，月度简报只能按月榜编写，请换一个月榜。")
    lineage = queries.lineage_of(board)
    record = record_until(queries.month_record(board, lineage), month)
    if month.index not in record.months:
        raise NothingToBrief(
            f"《{board}》还没有{month.label}的名次记录，请先录入或导入，再编写简报。"
        )
    cells = {
        state.month.index: cell_of(state, lineage.board_of(state.month.index))
        for state in queries.month_states(board, account, record=record, line=lineage)
    }
    of_month = lineage.board_of(month.index)
    table = reports.month_table(of_month, month)
    before = (
        reports.month_table(of_month, table.compared_with)
        if table.compared_with is not None
        else MonthTable(board, None)
    )
    history = [
        cells[index]
        for index in range(max(record.first, month.index - HISTORY + 1), month.index + 1)
    ]
    window = history[-WINDOW:]
    standing = queries.board_standings(
        board, account=account, as_of=month, record=record, line=lineage
    )
    [streak] = standing.accounts
    others = _others(board, account, table, compared)
    rows = _rows_of(lineage, others, month)
    sources = _Sources()
    months = [_month_row(cell, account, sources) for cell in reversed(window)]
    for cell in history[: -len(window)]:
        sources.add_cell(cell)
    sources.add_month(table)
    top = _top(table, account)
    beside = _compared(account, others, rows, record, window, table)
    document = {
        "schema": SCHEMA,
        "composed_at": timezone.now().astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "board": {
            "key": board.key,
            "name": board.name,
            "label": str(board),
            "publisher": board.publisher,
            "scope": board.scope,
            "metric": board.metric,
        },
        "account": {"key": account.key, "name": account.name},
        "is_example": board.is_example,
        "month": str(month),
        "month_label": month.label,
        "title": title(account.name, month, example=board.is_example),
        "summary": _summary(lineage, account, cells[month.index], streak, table, before, beside)
        + [_missing(history, cells[month.index])],
        "months": months,
        "history": [_history_row(cell, account) for cell in history],
        "runs": {"current": _run_json(streak.current), "longest": _run_json(streak.longest)},
        "top": top,
        "compared": beside,
        "compared_months": COMPARED,
        "sources": sources.as_json(),
        "breaks": _breaks(lineage, history),
        "methods": _methods(board, lineage, history),
        "notes": _notes(board, table),
    }
    used = {row.pk for cell in history for row in cell.observations}
    used |= {row.row.pk for each in (table, before) for row in each.rows}
    used |= {row.pk for each in rows.values() for row in each}
    used |= {
        row.pk
        for cell in cells.values()
        if _in_run(cell.month, streak.current) or _in_run(cell.month, streak.longest)
        for row in cell.observations
    }
    return Composition(document, frozenset(used))


def title(account: str, month: Month, *, example: bool) -> str:
    """关于2026年10月“在荷塘”公众号榜单情况的简报; a name too long for it is cut."""
    pattern = "关于{}“{}”公众号榜单情况的简报" + ("（示例）" if example else "")
    room = TITLE_LIMIT - len(pattern.format(month.label, ""))
    name = account if len(account) <= room else account[: room - 1] + "…"
    return pattern.format(month.label, name)


def _in_run(month: Month, run: streaks.Run) -> bool:
    return run.start is not None and run.start <= month <= run.end


# --- the account's own months ---------------------------------------------------------------------


def figure_json(figure: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A stored figure as documents keep it."""
    if not figure or figure.get("value") is None:
        return None
    return {
        "value": figure["value"],
        "bound": figure.get("bound", "exact"),
        "text": figure_text(figure),
    }


def proof_words(cell: MonthCell) -> str:
    """已核实, 据报道（未核实）… for one month of the account."""
    if cell.state in (streaks.FIRST, streaks.TIED, streaks.NOT_FIRST):
        return "已核实"
    if cell.state == streaks.REPORTED or cell.place.reported:
        return "据报道（未核实）"
    return {streaks.SUSPENDED: "停发", streaks.DISPUTED: "有分歧"}.get(cell.state, "未核实")


def place_words(cell: MonthCell) -> str:
    """第1名, 未上榜（前30名以外）, or a dash."""
    if cell.place.rank is not None:
        return cell.place.words
    if cell.state == streaks.SUSPENDED:
        return "停发"
    absent = _absence(cell)
    return absent.standing if absent is not None else "—"


def _absence(cell: MonthCell) -> Observation | None:
    """The confirmed statement that the account was not on the list, where nothing says more."""
    if cell.place.rank is not None or cell.state in (streaks.SUSPENDED, streaks.DISPUTED):
        return None
    return next(
        (
            row
            for row in cell.observations
            if row.state == State.ABSENT
            and row.status == Status.CONFIRMED
            and row.source_kind != SourceKind.SELF
        ),
        None,
    )


def _month_row(cell: MonthCell, account: Account, sources: "_Sources") -> dict[str, Any]:
    source = cell.place.source
    return {
        **_history_row(cell, account),
        "place": place_words(cell),
        "proof": proof_words(cell),
        "figures": {
            key: figure
            for key in FIGURE_LABELS
            if source is not None and (figure := figure_json(source.figures.get(key)))
        },
        "sources": sources.add_cell(cell),
    }


def _history_row(cell: MonthCell, account: Account) -> dict[str, Any]:
    """A month as the charts draw it."""
    drawn, source = chart_month(cell, account), cell.place.source
    return {
        "month": str(cell.month),
        "label": cell.month.label,
        "state": cell.state,
        "state_words": cell.words.words,
        "rank": drawn.rank,
        "tied": drawn.tied,
        "reported": drawn.reported,
        "mark": drawn.mark,
        "beyond": drawn.beyond,
        "title": drawn.title,
        "index": None if source is None else figure_json(source.figures.get("index")),
        "method": "" if source is None else source.method,
    }


def _run_json(run: streaks.Run) -> dict[str, Any]:
    return {
        **run.as_json(),
        "proved_span": reports.span(run.proved_from, run.proved_to),
        "possible_span": reports.span(run.start, run.end),
    }


# --- the month's list -----------------------------------------------------------------------------


def _standing(row: TableRow) -> Standing:
    said = row.row
    return Standing(
        key=row.account.key,
        name=row.account.name,
        rank=row.place.rank,
        tied=row.place.tied,
        reported=row.place.reported,
        index=said.figures.get("index"),
        origin=(said.source_kind, said.source_name, said.edition, said.method),
        movement=row.movement.words,
        step=row.movement.step,
    )


def _ranked(table: MonthTable) -> list[Standing]:
    return [_standing(row) for row in table.rows if row.place.rank is not None]


def _top(table: MonthTable, account: Account) -> dict[str, Any]:
    """The first rows of the month, and ours where it stands further down."""
    ranked = [row for row in table.rows if row.place.rank is not None]
    shown = ranked[:TOP]
    shown += [row for row in ranked[TOP:] if row.account.pk == account.pk]
    keys = [
        key for key in FIGURE_LABELS if any(figure_json(row.row.figures.get(key)) for row in shown)
    ]
    return {
        "size": len(ranked),
        "limit": TOP,
        "compared_with": None if table.compared_with is None else table.compared_with.label,
        "not_issued": table.not_issued,
        "contested": table.contested,
        "figures": [[key, FIGURE_LABELS[key]] for key in keys],
        "rows": [
            {
                "rank": row.place.rank,
                "tied": row.place.tied,
                "key": row.account.key,
                "name": row.account.name,
                "ours": row.account.pk == account.pk,
                "movement": row.movement.words,
                "step": row.movement.step,
                "proof": "据报道（未核实）" if row.place.reported else "已核实",
                "figures": {
                    key: figure for key in keys if (figure := figure_json(row.row.figures.get(key)))
                },
            }
            for row in shown
        ],
    }


# --- beside others --------------------------------------------------------------------------------


def _others(
    board: Board, account: Account, table: MonthTable, compared: Sequence[str] | None
) -> list[Account]:
    if compared is not None:
        found = {each.key: each for each in Account.objects.filter(key__in=compared)}
        return [found[key] for key in compared if key in found]
    watched = [
        watch.account
        for watch in Watch.objects.filter(board=board)
        .exclude(account=account)
        .select_related("account")
        .order_by("pk")
    ]
    if watched:
        return watched
    ranked = [row for row in table.rows if row.place.rank is not None]
    own = next((row.place.rank for row in ranked if row.account.pk == account.pk), 1)
    near = sorted(
        (row for row in ranked if row.account.pk != account.pk),
        key=lambda row: (abs(row.place.rank - own), row.place.rank, row.account.name),
    )
    chosen = sorted(near[:NEIGHBOURS], key=lambda row: (row.place.rank, row.account.name))
    return [row.account for row in chosen]


def _rows_of(
    lineage: Lineage, accounts: Sequence[Account], month: Month
) -> dict[tuple[int, int], list[Observation]]:
    """Statements in force about ``accounts`` in the compared months, by account and month."""
    found: dict[tuple[int, int], list[Observation]] = {}
    rows = Observation.objects.in_force().filter(
        board__in=lineage.boards,
        account__in=accounts,
        month__gt=month.index - COMPARED,
        month__lte=month.index,
    )
    for row in rows.order_by("pk"):
        if lineage.board_of(row.month).pk == row.board_id:
            found.setdefault((row.account_id, row.month), []).append(row)
    return found


def _compared(
    account: Account,
    others: Sequence[Account],
    rows: Mapping[tuple[int, int], Sequence[Observation]],
    record: streaks.Record,
    window: Sequence[MonthCell],
    table: MonthTable,
) -> list[dict[str, Any]]:
    """A row for each of ``others``; only months in which both places are proved are counted."""
    in_table = {row.account.pk: row for row in table.rows if row.place.rank is not None}
    own = in_table.get(account.pk)
    result = []
    for other in others:
        tally = {"ahead": 0, "behind": 0, "level": 0}
        for cell in window[-COMPARED:]:
            index = cell.month.index
            place = place_of(record.state(other.pk, index), rows.get((other.pk, index), ()))
            ranks = (cell.place.rank, place.rank)
            if None in ranks or cell.place.reported or place.reported:
                continue
            order = (ranks[0] > ranks[1]) - (ranks[0] < ranks[1])
            tally[{-1: "ahead", 0: "level", 1: "behind"}[order]] += 1
        row = in_table.get(other.pk)
        result.append(
            {
                "key": other.key,
                "name": other.name,
                "rank": None if row is None else row.place.rank,
                "place": "—" if row is None else row.place.words,
                "movement": "" if row is None else row.movement.words,
                "proof": ""
                if row is None
                else ("据报道（未核实）" if row.place.reported else "已核实"),
                "index": None if row is None else figure_json(row.row.figures.get("index")),
                "gap": _gap_words(own, row),
                **tally,
            }
        )
    return result


def _gap_words(own: TableRow | None, other: TableRow | None) -> str:
    """高34.55, 低≥1,200 or a dash."""
    if own is None or other is None:
        return "—"
    ours, theirs = _standing(own), _standing(other)
    for ahead, behind, word in ((ours, theirs, "高"), (theirs, ours, "低")):
        gap = findings.lead(ahead, behind)
        if gap is not None:
            return f"{word}{figure_text(gap)}" if gap["value"] else "相同"
    return "—"


# --- sentences ------------------------------------------------------------------------------------


def _summary(
    line: Lineage,
    account: Account,
    cell: MonthCell,
    streak: queries.AccountStreaks,
    table: MonthTable,
    before: MonthTable,
    beside: Sequence[Mapping[str, Any]],
) -> list[dict[str, str]]:
    ranked = _ranked(table)
    earlier = {each.key: each for each in _ranked(before)}
    own = next((each for each in ranked if each.key == account.key), None)
    lines = [_place_line(account, cell, own, table), *_run_lines(line, account, cell, streak)]
    if own is not None:
        lines += [
            findings.margin(own, ranked),
            findings.neighbours(own, ranked, earlier),
        ]
    if not table.not_issued:
        lines += [
            findings.ties(own, ranked),
            findings.first_places(ranked, list(earlier.values())),
        ]
    lines.append(findings.head_to_head(beside, COMPARED))
    return [line for line in lines if line is not None]


def _place_line(
    account: Account, cell: MonthCell, own: Standing | None, table: MonthTable
) -> dict[str, str]:
    text = reports.latest_sentence(cell, account.name)
    absent = place_words(cell)
    if cell.place.rank is None and absent.startswith("未上榜"):
        text = f"{cell.month.label}，“{account.name}”{absent}（已核实）。"
    elif own is not None and own.movement:
        text = f"{text.removesuffix('。')}{findings.movement_words(own)}。"
    if cell.place.rank is not None and table.rows:
        size = sum(row.place.rank is not None for row in table.rows)
        text = f"{text.removesuffix('。')}，本系统收有本期{size}个账号的名次。"
    proved = cell.state in (streaks.FIRST, streaks.TIED, streaks.NOT_FIRST, streaks.SUSPENDED)
    reported = cell.place.reported or cell.state == streaks.REPORTED
    proof = findings.REPORTED if reported else findings.PROVED if proved else findings.OPEN
    return findings.finding("place", text, proof)


_RUN_PROOF = {
    sentences.Proof.PROVED: findings.PROVED,
    sentences.Proof.PARTIAL: findings.OPEN,
    sentences.Proof.REPORTED: findings.REPORTED,
    sentences.Proof.NONE: findings.OPEN,
}


def _run_lines(
    line: Lineage, account: Account, cell: MonthCell, streak: queries.AccountStreaks
) -> list[dict[str, str]]:
    """The current run, both lengths told apart, and the longest until then where it is another."""
    current, longest = streak.current, streak.longest
    lines = []
    if current.possible:
        sentence = queries.run_sentence(line.board, account, current, line=line)
        text = f"{sentence.text.removesuffix('。')}；{_lengths('当前连续', current)}。"
        lines.append(findings.finding("run", text, _RUN_PROOF[sentence.proof]))
    else:
        lines.append(
            findings.finding(
                "run", f"截至{cell.month.label}，没有正在延续的连续列第一。", findings.PROVED
            )
        )
    if longest.possible and longest != current:
        sentence = queries.run_sentence(line.board, account, longest, line=line)
        text = (
            f"截至{cell.month.label}的最长记录：{sentence.text.removesuffix('。')}；"
            f"{_lengths('最长连续', longest)}。"
        )
        lines.append(findings.finding("longest", text, _RUN_PROOF[sentence.proof]))
    return lines


def _lengths(label: str, run: streaks.Run) -> str:
    """已核实24个月，最多可能26个月: two numbers that are never mixed up."""
    if run.proved == run.possible:
        return f"{label}：已核实{run.proved}个月"
    return f"{label}：已核实{run.proved}个月，最多可能{run.possible}个月"


def _missing(history: Sequence[MonthCell], latest: MonthCell) -> dict[str, str]:
    states: dict[str, list[str]] = {}
    for cell in history:
        states.setdefault(cell.state, []).append(cell.month.label)
    source = latest.place.source
    return findings.missing(
        states,
        len(history),
        no_evidence=source is not None and source.capture_id is None,
        waiting=sum(cell.waiting for cell in history),
    )


# --- sources, methods, notes ----------------------------------------------------------------------


class _Sources:
    """Every source once, numbered as it is met, with the months that rest on it."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], tuple[int, Observation, set[Month]]] = {}

    def add(self, row: Observation, month: Month) -> int:
        key = (row.source_kind, row.source_name, row.source_url, row.published, row.capture_id)
        number, _, months = self._found.setdefault(key, (len(self._found) + 1, row, set()))
        months.add(month)
        return number

    def add_cell(self, cell: MonthCell) -> list[int]:
        """The statements about the month that count, as numbers of their sources."""
        return sorted(
            {
                self.add(row, cell.month)
                for row in cell.observations
                if row.status != Status.PROPOSED
            }
        )

    def add_month(self, table: MonthTable) -> None:
        for row in table.sources:
            if row.status != Status.PROPOSED:
                self.add(row, table.month)

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "number": number,
                "kind": SourceKind(row.source_kind).label,
                "name": row.source_name,
                "url": row.source_url,
                "published": "" if row.published is None else row.published.isoformat(),
                "sha256": "" if row.capture_id is None else row.capture.sha256,
                "months": month_spans(months),
            }
            for number, row, months in self._found.values()
        ]


def month_spans(months: Iterable[Month]) -> str:
    """2018年9月、2019年1月至2019年3月."""
    spans: list[list[Month]] = []
    for month in sorted(months):
        if spans and month - spans[-1][-1] == 1:
            spans[-1][1:] = [month]
        else:
            spans.append([month])
    return "、".join(reports.span(span[0], span[-1]) for span in spans)


def _breaks(lineage: Lineage, history: Sequence[MonthCell]) -> list[dict[str, Any]]:
    """Where the charts draw a line; ``cut`` where no run goes across."""
    first, last = history[0].month, history[-1].month
    return [
        {"month": str(each.month), "label": each.label, "cut": each.cut}
        for each in breaks_of(lineage)
        if first < each.month <= last
    ]


def _methods(board: Board, lineage: Lineage, history: Sequence[MonthCell]) -> list[str]:
    """Which method made which months, and what changed; a sentence each."""
    first, last = history[0].month.index, history[-1].month.index
    metric = f"（指标：{board.metric}）" if board.metric else ""
    by_method: dict[str, list[Month]] = {}
    for index, labels in lineage.methods.items():
        if first <= index <= last:
            by_method.setdefault("、".join(sorted(labels)), []).append(Month.from_index(index))
    if not by_method:
        texts = [f"各期榜单没有注明计算方法{metric}，不同期的指数只供参考。"]
    else:
        texts = [
            f"{month_spans(months)}的榜单注明计算方法为{method}{metric}。"
            for method, months in by_method.items()
        ]
        unnamed = [
            cell.month
            for cell in history
            if cell.state not in (streaks.SUSPENDED, streaks.UNKNOWN)
            and cell.month.index not in lineage.methods
        ]
        if unnamed:
            texts.append(f"{month_spans(unnamed)}的榜单没有注明计算方法。")
    for change in lineage.method_changes:
        if first < change.month <= last:
            goes_on = "没有书面衔接，连续月数到此断开"
            if change.link is not None:
                goes_on = f"依据书面衔接，连续月数接着算（{change.link.reason}）"
            texts.append(
                f"自{change.since.label}起计算方法{change.words}，前后指数不可比；{goes_on}。"
            )
    for link in lineage.links:
        if not link.within_board and first < link.month <= last:
            texts.append(
                f"自{link.since.label}起《{link.earlier}》由《{link.later}》接续（{link.reason}）。"
            )
    return texts


def _notes(board: Board, table: MonthTable) -> list[str]:
    notes = []
    if board.is_example:
        notes.append("本简报所用榜单为示例数据，账号、名次和数值均为虚构，不得引用。")
    notes += [
        "“≥”表示不少于，“≤”表示不超过，“约”表示近似值。",
        "标明“据报道”或“未核实”的月份，只有报道或自述，没有核实到榜单原件，不计入已核实的连续月数。",
        "升降只在紧邻的两期之间、核实程度相同的名次之间比较；榜单停发的月份既不计入也不中断。",
        "榜单由第三方发布，仅用于了解传播情况，不作为考核、评比单位和个人的依据。",
    ]
    if table.contested:
        notes.insert(0, "本月有不止一个账号被同级来源记为第一，来源有分歧，查清之前都不算数。")
    return notes
