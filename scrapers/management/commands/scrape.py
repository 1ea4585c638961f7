"""``manage.py scrape``: fetch one source for one month, or all that is due, here and now."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from rankings.periods import Month
from scrapers import services
from scrapers.management.arguments import (
    INTERRUPTED,
    USAGE,
    database_answers,
    exit_code,
    month_named,
    result,
    source_named,
)
from scrapers.models import Run, Source, Trigger


class Command(BaseCommand):
    help = (
        "抓取一个来源某个月的榜单，或所有到期的来源。"
        "退出码：0 已入库或无变化，1 失败，2 用法有误，3 等待人工核对或转录，130 被中断。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", help="来源的编号或名称")
        parser.add_argument("--month", help="统计月，例如 2019-08")
        parser.add_argument(
            "--all-due", action="store_true", help="抓取所有到期的来源，不用写来源和月份"
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="结果只输出一个 JSON 对象；与 --all-due 同用时每个来源一行",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with database_answers():
                runs = [self._run(options, *asked) for asked in _asked(options)]
        except services.ScrapeError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except KeyboardInterrupt:
            self.stderr.write("已中断，正在进行的抓取记为失败；重新运行即可继续。")
            sys.exit(INTERRUPTED)
        if options["all_due"]:
            self.stderr.write(f"到期的来源抓取完毕，共 {len(runs)} 个。")
        if code := exit_code(run for run in runs if run is not None):
            sys.exit(code)

    def _run(self, options: dict[str, Any], source: Source, month: Month) -> Run | None:
        trigger = Trigger.SCHEDULE if options["all_due"] else Trigger.COMMAND
        if options["all_due"]:
            self.stderr.write(f"{source} {month.label}")
        try:
            run = services.run_source(None, source, month, trigger, report=self._progress)
        except services.RunInProgress as refusal:
            if not options["all_due"]:
                raise
            # Somebody fetches it already, which is what was asked for.
            self.stderr.write(str(refusal))
            return None
        if options["json"]:
            self.stdout.write(json.dumps(result(run), ensure_ascii=False))
        else:
            self.stdout.write(f"{run}：{run.get_state_display()}。{run.reason}")
        return run

    def _progress(self, step: str) -> None:
        self.stderr.write(f"{step}…")


def _asked(options: dict[str, Any]) -> list[tuple[Source, Month]]:
    named = (options["source"], options["month"])
    if options["all_due"]:
        if any(named):
            raise CommandError("--all-due 不能与 --source、--month 同用。", returncode=USAGE)
        return services.due_sources(timezone.now())
    if not all(named):
        raise CommandError("请写 --source 和 --month，或者写 --all-due。", returncode=USAGE)
    return [(source_named(options["source"]), month_named(options["month"]))]
