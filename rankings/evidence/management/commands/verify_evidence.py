"""``manage.py verify_evidence``: hash every kept file again."""

import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rankings.evidence import service
from rankings.evidence.service import Condition


class Command(BaseCommand):
    help = "重新计算全部存证文件的哈希值。退出码：0 全部完好，1 有缺失或损坏。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[Condition] = Counter()
        faults = []
        for finding in service.verify():
            counts[finding.condition] += 1
            if finding.condition is not Condition.SOUND:
                faults.append(finding)
                self.stderr.write(finding.message)
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "checked": counts.total(),
                        "sound": counts[Condition.SOUND],
                        "missing": _hashes(faults, Condition.MISSING),
                        "damaged": _hashes(faults, Condition.DAMAGED),
                    },
                    ensure_ascii=False,
                )
            )
        else:
            self.stdout.write(
                f"共核对 {counts.total()} 份存证：完好 {counts[Condition.SOUND]}，"
                f"缺失 {counts[Condition.MISSING]}，损坏 {counts[Condition.DAMAGED]}。"
            )
        if faults:
            sys.exit(1)


def _hashes(faults: list[service.Finding], condition: Condition) -> list[str]:
    return [f.capture.sha256 for f in faults if f.condition is condition]
