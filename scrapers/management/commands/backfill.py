"""``manage.py backfill``: fetch the past of a source, oldest month first."""

import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scrapers import services
from scrapers.management.arguments import (
    FAILED,
    INTERRUPTED,
    USAGE,
    database_answers,
    exit_code,
    month_named,
    result,
    source_named,
)
from scrapers.services import Filled


class Command(BaseCommand):
    help = (
        "按月补抓一个来源的往期榜单，从最早的月份起，每月一次抓取。已入库或待核的月份跳过，"
        "中断后重新运行即从停下的地方继续。"
        "退出码：0 全部办妥，1 有失败的月份，2 用法有误，3 有月份等待人工核对或转录，130 被中断。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", required=True, help="来源的编号或名称")
        parser.add_argument("--from", dest="first", required=True, help="起始月，例如 2017-09")
        parser.add_argument("--to", dest="last", required=True, help="截止月，例如 2019-08")
        parser.add_argument(
            "--force", action="store_true", help="已入库或待核的月份也重新抓取（用于发现更正）"
        )
        parser.add_argument(
            "--json", action="store_true", help="结果只输出一个 JSON 对象，进度写到标准错误"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source = source_named(options["source"])
        first, last = month_named(options["first"]), month_named(options["last"])
        try:
            months = services.backfill(
                None, source, first, last, force=options["force"], report=self._step
            )
        except services.ScrapeError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        filled: list[Filled] = []
        interrupted = False
        try:
            with database_answers():
                for each in months:
                    filled.append(each)
                    line = f"[{len(filled)}/{last - first + 1}] {each.month} {_state(each)}"
                    (self.stderr if options["json"] else self.stdout).write(line)
        except KeyboardInterrupt:
            interrupted = True
            self.stderr.write("已中断。重新运行同一条命令，即从停下的月份继续。")
        if options["json"]:
            self.stdout.write(json.dumps(_answer(source.key, filled), ensure_ascii=False))
        else:
            self.stdout.write(_summary(filled))
        if interrupted:
            sys.exit(INTERRUPTED)
        missed = any(each.run is None for each in filled)
        if code := FAILED if missed else exit_code(each.run for each in filled if each.run):
            sys.exit(code)

    def _step(self, step: str) -> None:
        self.stderr.write(f"  {step}…")


def _state(filled: Filled) -> str:
    if filled.run is None:
        return f"没有抓取：{filled.problem}"
    state = filled.run.get_state_display()
    if filled.skipped:
        return f"{state}（第 {filled.run.pk} 号抓取记录），跳过"
    return f"{state}。{filled.run.reason}"


def _summary(filled: list[Filled]) -> str:
    counts = Counter(
        "没有抓取" if each.run is None else each.run.get_state_display() for each in filled
    )
    told = "，".join(f"{state} {count} 个月" for state, count in counts.items())
    skipped = sum(each.skipped for each in filled)
    return f"共 {len(filled)} 个月：{told or '无'}；其中 {skipped} 个月早已办妥，没有再抓。"


def _answer(source: str, filled: list[Filled]) -> dict[str, Any]:
    return {
        "source": source,
        "months": [
            {"month": str(each.month), "run": None, "problem": each.problem}
            if each.run is None
            else {**result(each.run), "skipped": each.skipped}
            for each in filled
        ],
    }
