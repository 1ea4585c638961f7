"""What a brief says, gathered from the record into a *document* of plain JSON values.

A document holds (``SCHEMA`` 1):

``board`` ``account`` ``month`` ``title`` ``is_example``; ``summary`` [{key, text, proof}];
``months`` the last 13 months of the account, newest first; ``history`` up to 36 months, oldest
first, for the charts; ``runs`` current and longest; ``top`` the first rows of the month;
``compared`` the account beside those it is watched against; ``breaks`` changes of method and name;
``sources`` numbered; ``methods`` and ``notes`` as sentences. Figures are {value, bound, text}.
Nothing in it is ever read from the database again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import timezone

from .. import queries, reports, sentences, streaks
from ..importing.columns import FIGURE_LABELS
from ..lineage import Lineage
from ..models import Account, Board, Brief, Observation, SourceKind, State, Status
from ..periods import SHANGHAI, Month
from ..reports import MonthCell, MonthTable
from ..reports.account import cell_of, chart_month, record_until
from . import findings
from .beside import COMPARED, compared_rows, figure_json, others_of, rows_of, standing_of
from .findings import Standing
from .sources import Sources, breaks, methods, notes

SCHEMA = 1
WINDOW = 13
HISTORY = 36
TOP = 20
TITLE_LIMIT = Brief._meta.get_field("title").max_length


class NothingToBrief(LookupError):
    """A brief cannot be made of this; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A document and the statements it rests on."""

    document: dict[str, Any]
    observations: frozenset[int]


class Base(NamedTuple):
    """What every brief of a board starts from; read once for many."""

    line: Lineage
    record: streaks.Record


def base_of(board: Board) -> Base:
    line = queries.lineage_of(board)
    return Base(line, queries.month_record(board, line))


def compose(
    board: Board,
    account: Account,
    month: Month,
    *,
    compared: Sequence[str] | None = None,
    base: Base | None = None,
) -> Composition:
    """The document of ``account`` on ``board`` for ``month``; later months are left out.

    ``compared`` are the keys of the accounts to set beside ours; by default those watched on the
    board, else the nearest of the month. A fixed number of queries. Raises ``NothingToBrief``.
    """
    if not board.is_monthly:
        raise NothingToBrief(f"《{board}》不是月榜，月度简报只能按月榜编写，请换一个月榜。")
    lineage, record = base or base_of(board)
    record = record_until(record, month)
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
    others = others_of(board, account, table, compared)
    rows = rows_of(lineage, others, month)
    sources = Sources()
    months = [_month_row(cell, account, sources) for cell in reversed(window)]
    for cell in reversed(history[: -len(window)]):
        sources.add_cell(cell)
    sources.add_month(table)
    top = _top(table, account)
    beside = compared_rows(account, others, rows, record, window, table)
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
        "summary": [
            *_summary(lineage, account, cells[month.index], streak, table, before, beside),
            _missing(history, cells[month.index]),
        ],
        "months": months,
        "history": [_history_row(cell, account) for cell in history],
        "runs": {"current": _run_json(streak.current), "longest": _run_json(streak.longest)},
        "top": top,
        "compared": beside,
        "compared_months": COMPARED,
        "sources": sources.as_json(),
        "breaks": breaks(lineage, history),
        "methods": methods(board, lineage, history),
        "notes": notes(board, table),
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


def _month_row(cell: MonthCell, account: Account, sources: Sources) -> dict[str, Any]:
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


def _ranked(table: MonthTable) -> list[Standing]:
    return [standing_of(row) for row in table.rows if row.place.rank is not None]


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
