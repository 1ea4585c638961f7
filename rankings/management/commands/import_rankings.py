"""``manage.py import_rankings``: ranks from a CSV or XLSX file; shows first, writes with --yes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from rankings.importing.apply import import_table
from rankings.importing.columns import UnusableTable
from rankings.importing.options import ImportOptions
from rankings.importing.plan import Plan, preview
from rankings.importing.reading import UnreadableFile, open_table
from rankings.services import RankingError
from rankings.services.recording import second_person

BAD_ROWS = 1
USAGE = 2
WAITING = 3


class Command(BaseCommand):
    help = "从 CSV 或 XLSX 导入名次。不加 --yes 只列出差异，不写入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV 或 XLSX 文件")
        parser.add_argument("--yes", action="store_true", help="写入")
        parser.add_argument("--dry-run", action="store_true", help="只列出差异，不写入")
        parser.add_argument("--create", action="store_true", help="新建不认识的榜单和公众号")
        parser.add_argument(
            "--skip-bad-rows", action="store_true", help="有错的行不导入，其余照常写入"
        )
        parser.add_argument("--reason", default="", help="更正已有记录的理由")
        parser.add_argument("--confirmed-by", metavar="USER", help="复核人的用户名")
        parser.add_argument(
            "--as-archive",
            action="store_true",
            help="管理员首次导入档案：已核实的行立即生效，不等第二人复核",
        )
        parser.add_argument("--board", default="", help="文件没有榜单一栏时所用的榜单")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = self._options(options)
            table = open_table(self._bytes(options["file"]))
            if options["dry_run"] or not options["yes"]:
                plan = preview(table, chosen)
                self._show(plan)
                self.stdout.write("以上是预览，什么也没有写入。确认无误后加 --yes 再运行一次。")
                self._finish(plan, waiting=False)
                return
            outcome = import_table(None, table, chosen)
        except (UnreadableFile, UnusableTable, RankingError) as error:
            raise CommandError(str(error), returncode=USAGE) from error
        self._show(outcome.plan)
        if not outcome.written:
            self.stdout.write("有错的行，什么也没有写入。改好后重新导入，或加 --skip-bad-rows。")
        else:
            result = outcome.result
            self.stdout.write(
                f"已写入：新增 {result.created} 条，更正 {result.corrected} 条，"
                f"不变 {outcome.plan.unchanged} 条。"
            )
            if result.waiting:
                self.stdout.write(f"其中 {result.waiting} 条写明已核实，要等第二个人复核后才算数。")
        self._finish(outcome.plan, waiting=bool(outcome.result.waiting))

    def _options(self, options: dict[str, Any]) -> ImportOptions:
        confirmed_by = None
        if options["confirmed_by"]:
            users = get_user_model()
            confirmed_by = users.objects.filter(username=options["confirmed_by"]).first()
            if confirmed_by is None:
                raise RankingError(f"没有用户名为“{options['confirmed_by']}”的用户。")
            second_person(None, confirmed_by)
        return ImportOptions(
            board=options["board"],
            create=options["create"],
            skip_bad_rows=options["skip_bad_rows"],
            reason=options["reason"],
            confirmed_by=confirmed_by,
            as_archive=options["as_archive"],
        )

    def _bytes(self, name: str) -> bytes:
        try:
            return Path(name).read_bytes()
        except FileNotFoundError as error:
            raise RankingError(f"找不到文件 {name}。") from error
        except OSError as error:
            raise RankingError(f"读不了文件 {name}：{error.strerror}。") from error

    def _show(self, plan: Plan) -> None:
        write = self.stdout.write
        if plan.columns.ignored:
            write(f"不认识的列（不导入）：{'、'.join(plan.columns.ignored)}")
        for label, names in (("榜单", plan.new_boards), ("公众号", plan.new_accounts)):
            if names:
                write(f"新建{label} {len(names)} 个：{_few(names)}")
        for sign, rows, count in (
            ("新增", plan.new_rows, plan.new),
            ("更正", plan.changed_rows, plan.changed),
        ):
            for row in rows:
                changes = "，".join(str(difference) for difference in row.differences)
                write(f"{sign} {row.place}：{row.title}{'：' if changes else ''}{changes}")
            if count > len(rows):
                write(f"{sign} 还有 {count - len(rows)} 行，不再逐一列出。")
        for bad in plan.bad:
            write(f"有错 {bad}")
        write(
            f"共：新增 {plan.new} 行，更正 {plan.changed} 行，不变 {plan.unchanged} 行，"
            f"有错 {len(plan.bad)} 行；待第二人复核 {plan.waiting} 行。"
        )
        if plan.without_reason:
            write(f"有 {len(plan.without_reason)} 行更正已有的记录，写入时要用 --reason 写明理由。")

    def _finish(self, plan: Plan, *, waiting: bool) -> None:
        if plan.bad:
            raise SystemExit(BAD_ROWS)
        if waiting:
            raise SystemExit(WAITING)


def _few(names: list[str], limit: int = 10) -> str:
    more = f" 等 {len(names)} 个" if len(names) > limit else ""
    return "、".join(names[:limit]) + more
