"""``manage.py claim_bundle``: the evidence bundle of a claim as one zip."""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rankings.claims.bundle import file_name
from rankings.claims.finding import NoSuchClaim, find_claim
from rankings.services import RankingError
from rankings.services.claims import export_bundle

USAGE = 2


class Command(BaseCommand):
    help = (
        "导出一条结论的证据包：存证原件、清单、说明页和核验程序，在任何地方都能核验。"
        "退出码：0 完成，1 导不出来，2 用法不对。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("claim", help="结论的编号，例如 JL-2026-0001，或序号")
        parser.add_argument("--out", help="写到哪个文件；不写则在当前文件夹里按编号命名")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            claim = find_claim(options["claim"])
        except NoSuchClaim as error:
            raise CommandError(str(error), returncode=USAGE) from error
        target = Path(options["out"] or file_name(claim))
        if not target.parent.is_dir():
            raise CommandError(f"没有文件夹 {target.parent}，请先建立。", returncode=USAGE)
        # Whole or not at all: a bundle that broke off must not lie under the name of a good one.
        descriptor, scratch = tempfile.mkstemp(prefix=".part-", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                export_bundle(None, claim, file)
            os.replace(scratch, target)
        except RankingError as error:
            raise CommandError(str(error)) from error
        finally:
            Path(scratch).unlink(missing_ok=True)
        target.chmod(0o644)
        self.stdout.write(f"已写出 {target}（{target.stat().st_size:,} 字节）。")
