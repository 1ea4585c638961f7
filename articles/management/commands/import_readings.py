"""``manage.py import_readings``: the back office's export; shows first, writes with --yes."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.readings import import_plan
from articles.readings.import_plan import READ_ERRORS, ImportPlan, ImportRefused
from cms.users.models import User

BAD_ROWS = 1
USAGE = 2


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}”不是日期，请写成 2026-11-22。", returncode=USAGE) from error


class Command(BaseCommand):
    help = (
        "导入公众号后台“内容分析”下载的表格（XLS、XLSX、CSV）。不加 --yes 只预览。"
        "退出码：0 全部可以写入，1 有没有写入的行，2 不能导入。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="表格文件")
        parser.add_argument("--exported-on", required=True, metavar="DAY", help="下载表格的日期")
        parser.add_argument("--by", default="", metavar="USERNAME", help="以谁的名义写入")
        parser.add_argument("--yes", action="store_true", help="写入")
        parser.add_argument("--skip-bad", action="store_true", help="有错的行不写，其余照常写入")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            found = import_plan.plan(path.read_bytes(), path.name, _day(options["exported_on"]))
        except (*READ_ERRORS, OSError) as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if found.known:
            self.stdout.write(import_plan.already(found.known))
            return
        self._show(found)
        if not options["yes"]:
            self.stdout.write("以上是预览，什么也没有写入。确认无误后加 --yes --by 用户名 再运行。")
        elif found.bad and not options["skip_bad"]:
            self.stdout.write("有错的行，什么也没有写入。改好后重新导入，或加 --skip-bad。")
        else:
            self._write(found, options["by"])
        if found.bad or found.open:
            raise SystemExit(BAD_ROWS)

    def _write(self, found: ImportPlan, username: str) -> None:
        actor = User.objects.filter(username=username, is_active=True).first()
        if actor is None:
            raise CommandError(
                f"没有名为“{username}”的用户。请用 --by 写明以谁的名义导入。", returncode=USAGE
            )
        try:
            batch = import_plan.run(actor, found)
        except ImportRefused as refusal:
            raise CommandError(str(refusal), returncode=USAGE) from refusal
        self.stdout.write(f"已写入 {batch.rows} 篇。")

    def _show(self, found: ImportPlan) -> None:
        write = self.stdout.write
        for each in found.taken:
            said = "，".join(
                f"{change.value.metric.label} "
                + (f"{change.before_words} → " if change.before else "")
                + change.words
                for change in each.changes
            )
            mark = "（新的微信文章）" if each.is_new else ""
            write(f"{each.row.where}《{each.row.title or each.post.title}》{mark}：{said}")
        for each in found.open:
            write(
                f"没有对上 {each.row.where}《{each.row.title}》：没有地址，请在网页上导入时选定。"
            )
        for each in found.bad:
            write(f"有错 {each.row.where}《{each.row.title}》：{''.join(each.errors)}")
        if found.sheet.ignored:
            write(f"没有取用的列：{'、'.join(found.sheet.ignored)}")
        write(
            f"共 {len(found.rows)} 行：新增 {found.added} 个数，改动 {found.changed} 个数，"
            f"没有对上 {len(found.open)} 行，有错 {len(found.bad)} 行。"
        )
