"""``manage.py scrape``: fetch one source for one month, here and now."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rankings.periods import Month, PeriodError
from scrapers import services
from scrapers.models import WAITING_STATES, Run, RunState, Source, Trigger

DONE, FAILED, USAGE, WAITING = 0, 1, 2, 3


class Command(BaseCommand):
    help = (
        "抓取一个来源某个月的榜单。"
        "退出码：0 已入库或无变化，1 失败，2 用法有误，3 等待人工核对或转录。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", required=True, help="来源的编号或名称")
        parser.add_argument("--month", required=True, help="统计月，例如 2019-08")
        parser.add_argument("--json", action="store_true", help="结果只输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        source = _source(options["source"])
        try:
            month = Month.parse(options["month"])
            run = services.run_source(None, source, month, Trigger.COMMAND, report=self._progress)
        except (PeriodError, services.ScrapeError) as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if options["json"]:
            self.stdout.write(json.dumps(_result(run), ensure_ascii=False))
        else:
            self.stdout.write(f"{run}：{run.get_state_display()}。{run.reason}")
        code = _exit_code(run)
        if code:
            sys.exit(code)

    def _progress(self, step: str) -> None:
        self.stderr.write(f"{step}…")


def _source(given: str) -> Source:
    found = Source.objects.filter(key=given) or Source.objects.filter(name=given)
    if len(found) == 1:
        return found[0]
    if found:
        keys = "、".join(source.key for source in found)
        raise CommandError(f"有多个来源叫“{given}”，请改用编号：{keys}。", returncode=USAGE)
    keys = "、".join(Source.objects.values_list("key", flat=True)) or "（还没有来源）"
    raise CommandError(f"没有编号或名称为“{given}”的来源。现有来源：{keys}。", returncode=USAGE)


def _exit_code(run: Run) -> int:
    if run.state in (RunState.RECORDED, RunState.UNCHANGED):
        return DONE
    return WAITING if run.state in WAITING_STATES else FAILED


def _result(run: Run) -> dict[str, Any]:
    sighting = run.sighting
    return {
        "run": run.pk,
        "source": run.source.key,
        "month": str(run.statistics_month),
        "state": run.state,
        "reason": run.reason,
        "counts": run.counts,
        "sha256": sighting.capture.sha256 if sighting else None,
        "url": (sighting.final_url or sighting.url) if sighting else None,
    }
