"""Importing a long table of ranks: rows a second after parsing, and memory while it grows."""

import random
import time
import tracemalloc
from collections.abc import Iterator

from rankings.importing.apply import import_table
from rankings.importing.options import ImportOptions
from rankings.importing.reading import Table, open_table
from rankings.models import Account, Board, Observation
from rankings.periods import Month

from .harness import DEFAULT, FULL, TINY, Line, number
from .scratch import Scratch

TITLE = "导入一张长表"
# Rows of the long table and of the one a fifth as long, and how many rounds.
SIZES = {TINY: (500, 1), DEFAULT: (20_000, 2), FULL: (100_000, 3)}
ACCOUNTS = 500
SHARE = 5

RATE = 5000.0  # rows a second on SQLite, once the table is parsed
FLAT = 1.5  # peak memory of the long table by that of the short one
BEGIN = Month(2000, 1)

HEADINGS = "board,period,account,rank,index,reads,avg_reads,likes,status,source_kind,source_name"


def table(rows: int) -> Table:
    """``rows`` lines: months of a list of invented accounts, with four figures each."""
    draw = random.Random(rows)
    lines = [HEADINGS]
    for line in range(rows):
        month, place = divmod(line, ACCOUNTS)
        reads = draw.randrange(900, 2_000_000)
        lines.append(
            f"bench-import,{BEGIN + month},演示{(place + month) % ACCOUNTS:04d},{place + 1},"
            f"{1800 - place * 2.5:.2f},{reads},{reads // 30},{reads // 90},confirmed,publisher,"
            "演示发布机构"
        )
    return open_table("\n".join(lines).encode())


def parse(data: Table) -> int:
    """Only the cells of every line, as the import reads them; how many lines."""
    return sum(1 for _ in data.lines())


def run(size: str, databases: Scratch) -> Iterator[Line]:
    rows, rounds = SIZES[size]
    Account.objects.bulk_create(
        Account(key=f"import-{n}", name=f"演示{n:04d}") for n in range(ACCOUNTS)
    )
    for account in Account.objects.filter(key__startswith="import-"):
        account.names.create(name=account.name)
    Board.objects.create(key="bench-import", name="演示榜 导入", publisher="演示发布机构")
    long, short = table(rows), table(rows // SHARE)
    rates = []
    for _ in range(rounds):
        with databases.on_copy():
            parsing = _seconds(lambda: parse(long))
            taken = _seconds(lambda: _import(long, rows))
            # The table is read twice: once to compare and once to write.
            rates.append(rows / (taken - 2 * parsing))
    yield Line(
        databases.label,
        "导入：解析之后每秒行数",
        sorted(rates)[len(rates) // 2],
        RATE if databases.connection.vendor == "sqlite" else None,
        least=True,
        detail=f"{rows} 行，{rounds} 轮，最慢一轮 {number(min(rates))}",
    )
    peaks = []
    for data, count in ((short, rows // SHARE), (long, rows)):
        with databases.on_copy():
            tracemalloc.start()
            try:
                _import(data, count)
                peaks.append(tracemalloc.get_traced_memory()[1])
            finally:
                tracemalloc.stop()
    yield Line(
        databases.label,
        f"导入：{rows} 行的内存峰值 ÷ {rows // SHARE} 行的",
        peaks[1] / peaks[0],
        FLAT,
        detail=f"{number(peaks[1] / 2**20)} ÷ {number(peaks[0] / 2**20)} MiB，不计文件本身",
    )


def _import(data: Table, rows: int) -> None:
    done = import_table(None, data, ImportOptions(as_archive=True))
    assert done.written and done.result.created == rows, done.plan.bad[:3]
    assert Observation.objects.count() == rows


def _seconds(work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
