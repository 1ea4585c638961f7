"""``manage.py lint_wechat``: WeChat's structure rules over HTML files."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from articles.wechat.lint import Finding, Severity, lint
from articles.wechat.lint.files import NotHTML, decoded

FOUND = 1
USAGE = 2
STDIN = "-"


class Command(BaseCommand):
    help = (
        "按微信公众平台的排版规范检查 HTML 文件。"
        "没有必须改的问题时退出码为0，有则为1；文件读不了为2。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="HTML 文件，- 表示标准输入")
        parser.add_argument("--json", action="store_true", help="结果写成 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        hosts = {host} if (host := urlsplit(settings.SITE_URL).hostname) else set()
        found: list[tuple[str, list[Finding]]] = []
        unread = False
        for name in options["files"]:
            try:
                found.append((name, lint(decoded(_bytes(name)), own_hosts=hosts)))
            except OSError as error:
                unread = True
                self.stderr.write(f"{name}：打不开（{_why(error)}）。请检查文件名和路径。")
            except NotHTML as error:
                unread = True
                self.stderr.write(f"{name}：{error}")
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=1))
        else:
            for name, findings in found:
                self.stdout.write(as_text(name, findings))
        if unread:
            raise SystemExit(USAGE)
        if any(one.severity == Severity.ERROR for _, findings in found for one in findings):
            raise SystemExit(FOUND)


def as_json(found: list[tuple[str, list[Finding]]]) -> list[dict[str, Any]]:
    """The documented JSON: a list of ``{file, findings}``."""
    return [
        {"file": name, "findings": [_row(finding) for finding in findings]}
        for name, findings in found
    ]


def _row(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "place": finding.place,
        "message": finding.message,
        "advice": finding.advice,
        "excerpt": finding.excerpt,
    }


def as_text(name: str, findings: list[Finding]) -> str:
    """A heading with the counts, then two lines for each finding."""
    counts = [
        f"{severity.label} {count}"
        for severity in Severity
        if (count := sum(finding.severity == severity for finding in findings))
    ]
    lines = [f"{name}：{'，'.join(counts) or '没有发现问题'}"]
    for finding in findings:
        lines.append(
            f"  [{finding.severity.label} {finding.rule}] {finding.place}：{finding.message}"
        )
        lines.append(f"    {finding.advice}")
    return "\n".join(lines)


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹"
    if isinstance(error, PermissionError):
        return "没有读取权限"
    return error.strerror or "读取出错"
