"""Publish what is due; the schedule runs the same every minute."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from articles.publishing import publish_due


class Command(BaseCommand):
    help = "发布到时间的文章，撤下到期的文章，逐条报告结果。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只列出，不发布")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        report = publish_due(dry_run=dry_run)
        for label in report.published:
            self.stdout.write(f"{'待发布' if dry_run else '已发布'}：{label}")
        for label in report.expired:
            self.stdout.write(f"{'待撤下' if dry_run else '到期撤下'}：{label}")
        for label in report.postponed:
            self.stdout.write(f"数据库忙，稍后再试：{label}")
        for label, reason in report.failed:
            self.stderr.write(f"失败：{label}：{reason}")
        if not any((report.published, report.expired, report.postponed, report.failed)):
            self.stdout.write("没有到时间的文章。")
        if report.failed:
            raise SystemExit(1)
