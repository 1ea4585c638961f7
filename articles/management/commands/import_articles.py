"""``manage.py import_articles``: past WeChat articles; shows first, writes with --yes."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importing.archive import ArchiveRefused, open_archive
from articles.importing.past_plan import PastOptions, PastPlan, find_column, plan, run
from articles.models import Kind
from media.models import Licence
from rankings.importing.reading import UnreadableFile

BAD_ROWS = 1
USAGE = 2
TOLD_EVERY = 50


class Command(BaseCommand):
    help = "导入以前在微信公众号发过的文章（保存的网页，或地址和日期的表格）。不加 --yes 只预览。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="文件夹、ZIP、HTML 网页，或 XLSX、CSV 表格")
        parser.add_argument("--yes", action="store_true", help="写入")
        parser.add_argument("--dry-run", action="store_true", help="只预览，不写入")
        parser.add_argument("--skip-bad", action="store_true", help="有错的不导入，其余照常写入")
        parser.add_argument("--column", default="", metavar="KEY", help="没有写明栏目的归入这里")
        parser.add_argument("--author", default="", help="没有写明作者时用的署名")
        parser.add_argument("--editor", default="", help="没有写明责任编辑时用的姓名")
        parser.add_argument("--kind", default=Kind.NEWS, choices=Kind.values, help="体裁")
        parser.add_argument("--credit", default="", help="随网页保存的图片的来源")
        parser.add_argument("--licence", default="", choices=Licence.values, help="图片的授权情况")
        parser.add_argument(
            "--alt-from-caption", action="store_true", help="用图注作替代文字，带入有图注的图片"
        )
        parser.add_argument("--json", action="store_true", help="结果写成 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        try:
            chosen = self._options(options)
            archive = open_archive(Path(options["path"]))
            found = plan(archive, chosen)
        except (ArchiveRefused, UnreadableFile) as error:
            raise CommandError(str(error), returncode=USAGE) from error
        writes = options["yes"] and not options["dry_run"]
        blocked = bool(found.bad) and not options["skip_bad"]
        done = 0
        if writes and not blocked:
            wanted = found.new
            failed = run(None, archive, wanted, chosen, self._progress(len(wanted)))
            done = len(wanted) - len(failed)
        self._show(found, done, writes=writes, blocked=blocked)
        if found.bad:
            raise SystemExit(BAD_ROWS)

    def _options(self, options: dict[str, Any]) -> PastOptions:
        column = None
        if options["column"]:
            column = find_column(options["column"])
            if column is None:
                raise ArchiveRefused(f"没有名为“{options['column']}”的栏目（标题或地址名）。")
        wants_pictures = options["alt_from_caption"]
        if wants_pictures and not (options["credit"] and options["licence"]):
            raise ArchiveRefused("带入图片要同时写明 --credit 和 --licence。")
        return PastOptions(
            column,
            options["author"],
            options["editor"],
            options["kind"],
            options["credit"],
            options["licence"],
            wants_pictures,
        )

    def _progress(self, total: int) -> Any:
        def tell(done: int) -> None:
            if done % TOLD_EVERY == 0 and done < total and not self.as_json:
                self.stderr.write(f"已处理 {done} / {total} 篇")

        return tell

    def _show(self, found: PastPlan, done: int, *, writes: bool, blocked: bool) -> None:
        if self.as_json:
            self.stdout.write(
                json.dumps(
                    {
                        "imported": done,
                        "new": len(found.new),
                        "known": len(found.known),
                        "bad": [
                            {"place": item.row.place, "errors": item.errors} for item in found.bad
                        ],
                        "warnings": [
                            {"place": item.row.place, "warnings": item.warnings}
                            for item in found.new
                            if item.warnings
                        ],
                    },
                    ensure_ascii=False,
                )
            )
            return
        write = self.stdout.write
        for item in found.new:
            write(
                f"{'已导入' if writes and not blocked else '将导入'} {item.row.place}：{item.title}"
            )
            for warning in item.warnings:
                write(f"  注意：{warning}")
        for item in found.known:
            write(f"已有 {item.row.place}：{item.title}")
        for item in found.bad:
            write(f"有错 {item}")
        write(f"共：新 {len(found.new)} 篇，已有 {len(found.known)} 篇，有错 {len(found.bad)} 篇。")
        if not writes:
            write("以上是预览，什么也没有写入。确认无误后加 --yes 再运行一次。")
        elif blocked:
            write("有错的文章，什么也没有写入。改好后重新导入，或加 --skip-bad。")
        else:
            write(f"已写入 {done} 篇。")
