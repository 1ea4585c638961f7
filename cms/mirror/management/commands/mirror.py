"""``manage.py mirror build | verify | prune``."""

import json
import os
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.mirror import jobs, release, verifying, worker
from cms.mirror.models import MirrorJob

FINE, DIFFERS, BUSY, INTERRUPTED = 0, 1, 3, 130
PROGRESS_SECONDS = 0.5
QUIET_EVERY = 1000
PATIENCE_SECONDS = 30
NAMED = 20


class Command(BaseCommand):
    help = (
        "公开镜像。build 重新生成全部页面；verify 把每个文件和重新生成的结果比较；"
        "prune 删掉不再需要的文件。"
        "退出码：0 正常，1 有不一致或失败，2 用法有误，3 别的进程正在生成，130 被中断。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="build|verify|prune")
        build = actions.add_parser("build", help="重新生成全部页面")
        build.add_argument(
            "--processes", type=_positive, default=os.cpu_count() or 1, help="同时用几个进程"
        )
        verify = actions.add_parser("verify", help="核对每个文件")
        verify.add_argument(
            "--quick", action="store_true", help="只和写入时的校验值比较，不重新生成"
        )
        verify.add_argument("--repair", action="store_true", help="把不一致的页面重新生成")
        verify.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")
        actions.add_parser("prune", help="删掉不再需要的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = getattr(self, f"_{options['action']}")(options)
        except KeyboardInterrupt:
            self.stderr.write(
                "中断了。已经登记的页面由后台接着生成，也可以再运行一次 mirror build。"
            )
            code = INTERRUPTED
        except BrokenProcessPool:
            self.stderr.write(
                "一个生成进程被系统结束了，可能内存不够。请用 --processes 1 再试一次。"
            )
            code = DIFFERS
        if code:
            sys.exit(code)

    def _build(self, options: dict[str, Any]) -> int:
        release.request_everything("全部重建")
        return self._render(options["processes"])

    def _prune(self, options: dict[str, Any]) -> int:
        place = worker.store()
        belongs = set(jobs.registry.all_addresses())
        jobs.request(
            (address for address in verifying.all_known(is_full=False) if address not in belongs),
            "清理",
        )
        swept = place.sweep()
        code = self._render(1)
        self.stdout.write(f"清掉没有写完的文件 {swept} 个。")
        return code

    def _render(self, processes: int) -> int:
        progress = _Progress(self)
        report = worker.render_pending(processes=processes, progress=progress)
        progress.end()
        if report.is_busy:
            waiting = MirrorJob.objects.values("address").distinct().count()
            self.stderr.write(
                f"别的进程正在生成镜像。{waiting} 页已经登记，由它接着生成，这里不用再做。"
            )
            return BUSY
        self.stdout.write(
            f"完成：新写 {report.written} 页，没有变化 {report.unchanged} 页，"
            f"失败 {len(report.failed)} 页。"
        )
        for address, error in report.failed[:NAMED]:
            self.stderr.write(f"失败  {address}  {error}")
        if report.failed:
            self.stderr.write("失败的页面保持原样，后台会自动再试。")
        return DIFFERS if report.failed else FINE

    def _verify(self, options: dict[str, Any]) -> int:
        total = verifying.Result()
        progress = _Progress(self, silent=options["json"])
        is_full = not options["quick"]
        everything = len(verifying.all_known(is_full=is_full))
        for _, found in verifying.verify(is_full=is_full, patience=PATIENCE_SECONDS):
            total.checked += found.checked
            total.waiting += found.waiting
            total.undecided += found.undecided
            total.differences += found.differences
            progress(total.checked, max(0, everything - total.checked))
        progress.end()
        repaired = verifying.repair(total.differences) if options["repair"] else 0
        self._tell(total, options["json"])
        if repaired:
            report = worker.render_pending()
            if not options["json"]:
                told = "正在由别的进程生成" if report.is_busy else "已重新生成"
                self.stdout.write(f"{repaired} 页{told}。")
        if total.differences:
            return DIFFERS
        return BUSY if total.undecided else FINE

    def _tell(self, total: verifying.Result, as_json: bool) -> None:
        if as_json:
            answer = {
                "checked": total.checked,
                "waiting": total.waiting,
                "undecided": total.undecided,
                "differences": [
                    {
                        "address": each.address,
                        "kind": each.kind.value,
                        "altered": each.is_altered,
                        "error": each.error,
                    }
                    for each in total.differences
                ],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for each in total.differences:
            self.stdout.write(f"{each}{'' if each.is_altered else '（没有及时更新）'}")
        undecided = f"，正在生成 {total.undecided}" if total.undecided else ""
        self.stdout.write(
            f"核对 {total.checked} 页：不一致 {len(total.differences)}，"
            f"待更新 {total.waiting}{undecided}。"
        )


class _Progress:
    """One line that is written over in a terminal; elsewhere a line every thousand."""

    def __init__(self, command: BaseCommand, *, silent: bool = False) -> None:
        self.out = command.stderr
        self.silent = silent
        self.is_terminal = bool(getattr(self.out, "isatty", bool)())
        self.began = self.said_at = time.monotonic()
        self.said = 0
        self.open = False

    def __call__(self, done: int, left: int) -> None:
        now = time.monotonic()
        if self.silent:
            return
        if self.is_terminal:
            if now - self.said_at < PROGRESS_SECONDS and left:
                return
        elif done - self.said < QUIET_EVERY:
            return
        self.said_at, self.said = now, done
        words = _words(done, left, now - self.began)
        if self.is_terminal:
            self.out.write(f"\r\x1b[K{words}", ending="")
            self.out.flush()
            self.open = True
        else:
            self.out.write(words)

    def end(self) -> None:
        if self.open:
            self.out.write("")


def _words(done: int, left: int, seconds: float) -> str:
    pace = done / seconds if seconds > 0 else 0.0
    words = f"{done}/{done + left} 页，每秒 {pace:.0f} 页"
    if not left or not pace:
        return words
    rest = left / pace
    return (
        f"{words}，还要约 {rest / 60:.0f} 分钟" if rest >= 90 else f"{words}，还要约 {rest:.0f} 秒"
    )


def _positive(given: str) -> int:
    number = int(given)
    if number < 1:
        raise ValueError(given)
    return number
