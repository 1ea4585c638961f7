"""``manage.py replay``: read all stored pages again and list what would differ."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scrapers import services
from scrapers.management.arguments import (
    DONE,
    FAILED,
    INTERRUPTED,
    USAGE,
    WAITING,
    database_answers,
    month_named,
    source_named,
)
from scrapers.models import DifferenceState, Replay, ReplayDifference, ReplayState
from scrapers.services import Scope


class Command(BaseCommand):
    help = (
        "用现在的解析程序重读已存证的页面，列出与当时读出的有何不同。不改动任何名次："
        "采用与否由人在“抓取 › 重放”里决定。中断后重新运行同一条命令，即从停下的地方继续。"
        "退出码：0 没有不同，1 有存证读不出，2 用法有误，3 有不同等待处理，130 被中断。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", help="只重读一个来源：编号或名称")
        parser.add_argument("--month", help="只重读一个月，例如 2019-08")
        parser.add_argument("--from", dest="first", help="起始月，例如 2017-09")
        parser.add_argument("--to", dest="last", help="截止月，例如 2019-08")
        parser.add_argument("--limit", type=_positive, help="这次最多读多少个页面，余下的下次再读")
        parser.add_argument(
            "--json", action="store_true", help="结果只输出一个 JSON 对象，进度写到标准错误"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scope = _scope(options)
        try:
            with database_answers():
                replay = services.start_replay(None, scope)
                replay = services.continue_replay(
                    replay, limit=options["limit"], report=self._progress
                )
        except services.ScrapeError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except KeyboardInterrupt:
            self.stderr.write("已中断。重新运行同一条命令，即从停下的地方继续。")
            sys.exit(INTERRUPTED)
        found = list(
            replay.differences.filter(state=DifferenceState.OPEN)
            .select_related("run__source")
            .order_by("run_id")
        )
        if options["json"]:
            self.stdout.write(json.dumps(_answer(replay, found), ensure_ascii=False))
        else:
            for difference in found:
                self.stdout.write(_told(difference))
            self.stdout.write(_summary(replay, found))
        if code := _exit_code(replay, found):
            sys.exit(code)

    def _progress(self, read: int, total: int) -> None:
        if read == total or read % 20 == 0:
            self.stderr.write(f"已读 {read}/{total}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


_positive.__name__ = "正整数"


def _scope(options: dict[str, Any]) -> Scope:
    if options["month"] and (options["first"] or options["last"]):
        raise CommandError("--month 不能与 --from、--to 同用。", returncode=USAGE)
    first, last = (
        month_named(given).index if given else None
        for given in (
            options["month"] or options["first"],
            options["month"] or options["last"],
        )
    )
    if first is not None and last is not None and first > last:
        raise CommandError("起始月晚于截止月，请对调。", returncode=USAGE)
    source = source_named(options["source"]).key if options["source"] else None
    return Scope(source, first, last)


def _exit_code(replay: Replay, found: list[ReplayDifference]) -> int:
    if replay.unreadable:
        return FAILED
    return WAITING if found else DONE


def _told(difference: ReplayDifference) -> str:
    run = difference.run
    lines = [f"{run}（第 {run.pk} 号抓取记录，{run.get_state_display()}）"]
    return "\n".join([*lines, *(f"  · {sentence}" for sentence in difference.changes)])


def _summary(replay: Replay, found: list[ReplayDifference]) -> str:
    differing = sum(not difference.is_unreadable for difference in found)
    text = (
        f"{replay}，解析程序版本 {replay.version}：读了 {replay.read} 个页面，"
        f"{differing} 个与以前不同，{replay.unreadable} 个存证读不出。"
    )
    if replay.state == ReplayState.RUNNING:
        text += "还没有读完，重新运行同一条命令即继续。"
    if differing:
        text += "没有改动任何名次，请到“抓取 › 重放”逐条处理。"
    return text


def _answer(replay: Replay, found: list[ReplayDifference]) -> dict[str, Any]:
    return {
        "replay": replay.pk,
        "version": replay.version,
        "complete": replay.state == ReplayState.DONE,
        "read": replay.read,
        "unreadable": replay.unreadable,
        "differences": [
            {
                "run": difference.run_id,
                "source": difference.run.source.key,
                "month": str(difference.run.statistics_month),
                "unreadable": difference.is_unreadable,
                "changes": difference.changes,
            }
            for difference in found
        ],
    }
