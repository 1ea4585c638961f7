"""``manage.py streaks``: the current and the longest run of first places on a monthly board."""

import json
import unicodedata
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rankings.periods import Month, PeriodError
from rankings.queries import AccountStreaks, BoardStandings, board_standings
from rankings.resolve import NotResolved, find_account, find_board
from rankings.streaks import Run

USAGE = 2
_HEADINGS = ("公众号", "", "已核实", "可能", "其中据报道", "其中并列", "停发", "不详")


class Command(BaseCommand):
    help = "列出月榜上各公众号现在的和最长的连续榜首：已核实的月数和可能的月数。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--board", required=True, help="榜单的编号、名称或别名")
        parser.add_argument("--account", help="公众号的编号、名称或别名；不写则列出全部")
        parser.add_argument("--as-of", help="截至月份，如 2019-08；不写则截至榜单最后一期")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            board = find_board(options["board"])
            account = find_account(options["account"]) if options["account"] else None
            as_of = Month.parse(options["as_of"]) if options["as_of"] else None
        except (NotResolved, PeriodError) as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if not board.is_monthly:
            raise CommandError(
                f"《{board}》是{board.get_period_kind_display()}榜，不是月榜，连续榜首只按月计算。",
                returncode=USAGE,
            )
        standings = board_standings(board, account=account, as_of=as_of)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(standings), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(as_table(standings))


def as_json(standings: BoardStandings) -> dict[str, Any]:
    """The documented JSON object; months are ``YYYY-MM``, a run of zero months has null bounds."""
    return {
        "board": standings.board.name,
        "as_of": None if standings.as_of is None else str(standings.as_of),
        "accounts": [
            {
                "account": row.account.name,
                "current": row.current.as_json(),
                "longest": row.longest.as_json(),
            }
            for row in standings.accounts
        ],
    }


def as_table(standings: BoardStandings) -> str:
    """A table for people; full-width characters take two columns."""
    title = f"《{standings.board}》"
    if standings.as_of is None:
        return f"{title}还没有月度记录。"
    lines = [f"{title}连续榜首，截至 {standings.as_of.label}"]
    if not standings.accounts:
        return f"{lines[0]}\n没有公众号的记录。"
    cells = [_HEADINGS]
    for row in standings.accounts:
        cells += _row_cells(row)
    widths = [max(_width(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    lines += [
        "  ".join(
            text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in cells
    ]
    lines.append("“已核实”逐月有证据；“可能”还算上据报道的和不详的月份，不能当作已证明的结论。")
    return "\n".join(lines)


def _row_cells(row: AccountStreaks) -> list[tuple[str, ...]]:
    return [
        (row.account.name, "现在", *_run_cells(row.current)),
        ("", "最长", *_run_cells(row.longest)),
    ]


def _run_cells(run: Run) -> tuple[str, ...]:
    at_least = "至少 " if run.proved_open_start else ""
    return (
        _span(at_least, run.proved, run.proved_from, run.proved_to),
        _span("", run.possible, run.start, run.end),
        str(run.reported),
        str(run.ties),
        str(len(run.suspended)),
        str(len(run.unknown)),
    )


def _span(prefix: str, months: int, start: Month | None, end: Month | None) -> str:
    return f"{prefix}{months} 个月（{start} 至 {end}）" if months else "0"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
