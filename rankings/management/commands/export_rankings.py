"""``manage.py export_rankings``: the records of a board, or of all, as the importer reads them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rankings.exporting import as_csv, as_xlsx, observations_of
from rankings.resolve import NotResolved, find_board

USAGE = 2


class Command(BaseCommand):
    help = "把一个榜单或所有榜单的全部名次记录（包括历次版本）导出为 CSV 或 XLSX，可以原样导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--board", help="榜单的编号、名称或别名")
        which.add_argument("--all", action="store_true", help="所有榜单，写在一个文件里")
        parser.add_argument("--out", required=True, help="写到哪个文件，以 .csv 或 .xlsx 结尾")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            board = None if options["all"] else find_board(options["board"])
        except NotResolved as error:
            raise CommandError(str(error), returncode=USAGE) from error
        path = Path(options["out"])
        rows = observations_of(board)
        count = rows.count()
        try:
            match path.suffix.lower():
                case ".csv":
                    with path.open("w", encoding="utf-8", newline="") as file:
                        file.writelines(as_csv(rows.iterator(chunk_size=2000)))
                case ".xlsx":
                    path.write_bytes(as_xlsx(rows.iterator(chunk_size=2000)))
                case _:
                    raise CommandError("文件名请以 .csv 或 .xlsx 结尾。", returncode=USAGE)
        except OSError as error:
            raise CommandError(
                f"写不了文件 {path}：{error.strerror}。", returncode=USAGE
            ) from error
        what = "所有榜单" if board is None else f"《{board}》"
        self.stdout.write(f"{what} {count} 条记录已写到 {path}。")
