"""Print what extraction finds on one saved page or picture, as JSON. Needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scrapers.extract import Extraction, PageRefused, extract
from scrapers.extract.document import MAX_CHARACTERS
from scrapers.extract.published import BEIJING
from scrapers.ocr import is_picture, read_picture

#: A character takes at most four bytes; a larger file is refused before it is read.
_MAX_BYTES = 4 * MAX_CHARACTERS


class Command(BaseCommand):
    """``manage.py parse_ranking PAGE --url U --content-type C --fetched-at T``.

    Exit code 0 for any verdict (a refused page is the verdict ``failed``), 2 for wrong usage
    and for a file that cannot be read.

    PAGE may be a picture (PNG, JPEG, WebP, GIF), told by its content alone. Then the verdict is
    ``needs_transcription`` (``failed`` without a ranking in it), and each row has ``cells``: for
    every cell that was read (``rank``, ``account``, ``movement``, ``reads`` …) an object of
    ``confidence`` (0 to 1) and ``crop`` ([x, y, width, height] in pixels of the picture), with
    ``inferred`` where the rank follows from its neighbours; every object in ``values`` holds the
    same two keys. Cells below their threshold are absent, the account too, and stand in
    ``unread`` with the same keys. Rows without a readable rank are left out and counted in
    ``note``. Without the optional OCR packages there are no rows, and ``note`` says how to
    install them.
    """

    help = "解析一个已保存的榜单页面或图片,把结果以 JSON 打印到标准输出(不使用数据库)。"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("page", metavar="PAGE", help="已保存的页面或图片文件(原始字节)")
        parser.add_argument("--url", required=True, help="页面地址")
        parser.add_argument(
            "--content-type", required=True, help="抓取时收到的 Content-Type,没有时写空字符串"
        )
        parser.add_argument(
            "--fetched-at",
            required=True,
            type=_moment,
            help="抓取时刻,ISO 8601,不带时区时按北京时间,例如 2019-01-07T15:00:31+08:00",
        )
        parser.add_argument(
            "--explain", action="store_true", help="给每个单元格附上它在页面中的位置"
        )
        parser.add_argument(
            "--json", action="store_true", help="结果总是一个 JSON 对象,写不写这一项都一样"
        )
        parser.add_argument(
            "--threads", type=int, default=1, help="识别图片用几个处理器核心(默认 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        extraction = self._extract(options)
        answer = extraction.to_json(explain=options["explain"])
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))

    def _extract(self, options: dict[str, Any]) -> Extraction:
        data = _read(Path(options["page"]))
        if data is None:
            return Extraction.refused("文件过大,拒绝解析;请核对它是不是榜单页面。")
        if is_picture(data):
            return read_picture(
                data,
                fetched_at=options["fetched_at"],
                url=options["url"],
                threads=options["threads"],
            )
        try:
            return extract(
                data,
                url=options["url"],
                content_type=options["content_type"],
                fetched_at=options["fetched_at"],
            )
        except PageRefused as refused:
            return Extraction.refused(str(refused))


def _read(path: Path) -> bytes | None:
    """The bytes of the file; ``None`` when it is too large to be a page."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(
            f"读不了文件 {path}:{reason}。请检查路径和权限。", returncode=2
        ) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("时刻要写成 ISO 8601,例如 2019-01-07T15:00:31+08:00。") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
