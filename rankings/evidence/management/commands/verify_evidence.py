"""``manage.py verify_evidence``: hash every kept file again."""

import json
import sys
import time
from argparse import ArgumentTypeError
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rankings.evidence import rounds, service
from rankings.evidence.models import Capture
from rankings.evidence.service import Condition, Finding

FAULTY, UNFINISHED, INTERRUPTED = 1, 3, 130
# Seconds between two lines of progress.
PROGRESS = 2


class Command(BaseCommand):
    help = (
        "重新计算全部存证文件的哈希值。退出码：0 全部完好，1 有缺失、损坏或读不到，2 用法有误，"
        "3 存储连不上而没有核对完，130 被中断。没有核对完时会说从哪里接着核对。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")
        parser.add_argument(
            "--from", dest="start", type=_positive, default=1, help="从这个编号的存证开始"
        )
        parser.add_argument("--limit", type=_positive, help="最多核对这么多份")

    def handle(self, *args: Any, **options: Any) -> None:
        start, limit = options["start"], options["limit"]
        asked = Capture.objects.filter(pk__gte=start).count()
        walk = _Walk(self, min(asked, limit or asked), start)
        code = 0
        try:
            walk.go(service.verify(start, limit))
        except KeyboardInterrupt:
            code = INTERRUPTED
        except _StoreAway:
            code = UNFINISHED
        self._report(walk, options["json"])
        if code:
            self.stderr.write(f"没有核对完。接着核对：verify_evidence --from {walk.last + 1}")
        elif walk.faults:
            code = FAULTY
        if code:
            sys.exit(code)

    def _report(self, walk: "_Walk", as_json: bool) -> None:
        counts = walk.counts
        if as_json:
            answer = {
                "checked": counts.total(),
                "sound": counts[Condition.SOUND],
                "missing": walk.hashes(Condition.MISSING),
                "damaged": walk.hashes(Condition.DAMAGED),
                "unreadable": walk.hashes(Condition.UNREADABLE),
                "last": walk.last,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        unreadable = counts[Condition.UNREADABLE]
        self.stdout.write(
            f"共核对 {counts.total()} 份存证：完好 {counts[Condition.SOUND]}，"
            f"缺失 {counts[Condition.MISSING]}，损坏 {counts[Condition.DAMAGED]}"
            + (f"，读不到 {unreadable}。" if unreadable else "。")
        )


class _StoreAway(Exception):
    """The store does not answer: to go on would only fail for each of the others."""


class _Walk:
    """What was found so far. ``last`` is the pk up to which everything is known."""

    def __init__(self, command: BaseCommand, total: int, start: int) -> None:
        self.command = command
        self.total = total
        self.last = start - 1
        self.counts: Counter[Condition] = Counter()
        self.faults: list[Finding] = []
        self.missed: list[Finding] = []
        self.said_at = time.monotonic()

    def go(self, findings: Any) -> None:
        for finding in findings:
            if finding.condition is Condition.UNREADABLE:
                self.missed.append(finding)
                self.command.stderr.write(finding.message)
                if len(self.missed) >= rounds.UNREADABLE:
                    raise _StoreAway
            else:
                self._count(finding)
            self._progress()
        self._count(None)

    def hashes(self, condition: Condition) -> list[str]:
        return [f.capture.sha256 for f in self.faults if f.condition is condition]

    def _count(self, finding: Finding | None) -> None:
        for each in [*self.missed, *([finding] if finding else [])]:
            self.counts[each.condition] += 1
            self.last = each.capture.pk
            if each.condition is not Condition.SOUND:
                self.faults.append(each)
                if each.condition is not Condition.UNREADABLE:
                    self.command.stderr.write(each.message)
        self.missed = []

    def _progress(self) -> None:
        if time.monotonic() - self.said_at >= PROGRESS:
            self.said_at = time.monotonic()
            self.command.stderr.write(f"已核对 {self.counts.total()}/{self.total}……")


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) < 2**63:
        raise ArgumentTypeError("要写一个大于 0 的整数。")
    return int(text)
