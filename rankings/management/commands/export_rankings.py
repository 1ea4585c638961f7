"""``manage.py export_rankings``: a board's records in the columns ``import_rankings`` reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rankings.exporting import as_csv, as_xlsx, observations_of
from rankings.resolve import NotResolved, find_board

USAGE = 2


class Command(BaseCommand):
    help = "把一个榜单的全部名次记录（包括历次版本）导出为 CSV 或 XLSX，可以原样导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--board", required=True, help="榜单的编号、名称或别名")
        parser.add_argument("--out", required=True, help="写到哪个文件，以 .csv 或 .xlsx 结尾")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            board = find_board(options["board"])
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
        self.stdout.write(f"《{board}》{count} 条记录已写到 {path}。")
