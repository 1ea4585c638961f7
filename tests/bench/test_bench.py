"""Each measurement runs, at a size that says nothing about speed, and prints its ratios."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import load, nginx
from bench.harness import Line, Work, interleaved, number, ratio, table
from bench.running import SCRIPTS

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "error", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_script_prints_its_ratios_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = run("--tiny", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("机器：")
    for name in SCRIPTS:
        assert f"\n{name}：" in done.stdout
    for ratio_printed in (
        "100 行：抽取 ÷ BeautifulSoup 逐格走一遍",
        "有缺口：全榜连续榜首 ÷ count(*)",
        "导入：解析之后每秒行数",
        "全站 10 篇，4 篇到点：publish_due ÷ 自带命令",
        "一次推送 8 篇：全站 10 篇 ÷ 5 篇",
        "审稿页的查询数：在审 4 篇 ÷ 2 篇",
        "存草稿：全站 10 篇 ÷ 5 篇（在审 4 篇）",
        "搜索 30 篇：各种查询的中位数（毫秒）",
    ):
        assert f"  {ratio_printed}：" in done.stdout
        assert done.stdout.count(ratio_printed) >= 2, "in its place and in the table"
    assert "publish_due：1（目标 ≥ 1，达标）  4 篇到点，3 篇发出" in done.stdout
    if load.program() and nginx.program():  # else it says what to install
        assert "  单进程 ÷ nginx 只给文件：" in done.stdout
    assert not list(tmp_path.iterdir())


def test_an_unknown_name_is_told() -> None:
    done = run("speed")
    assert done.returncode == 2
    assert "没有这一项：speed" in done.stderr


def test_rounds_are_interleaved_and_begin_with_another_work_each() -> None:
    seen = []
    works = {name: Work(lambda name=name: seen.append(name)) for name in "ab"}
    taken = interleaved(works, 2)
    assert "".join(seen) == "a" + "ab" + "ba"
    assert [len(times) for times in taken.values()] == [2, 2]


def test_the_ratio_is_the_median_of_each_round_s_own() -> None:
    assert ratio([1, 20, 3], [1, 10, 1]) == 2


@pytest.mark.parametrize(
    ("figure", "limit", "least", "verdict"),
    [
        (2, 2, False, "达标"),
        (2.1, 2, False, "未达标"),
        (0.9, 1, True, "未达标"),
        (9, None, False, ""),
    ],
)
def test_a_line_says_whether_its_bar_is_met(
    figure: float, limit: float | None, least: bool, verdict: str
) -> None:
    line = Line("SQLite", "甲 ÷ 乙", figure, limit, least)
    assert line.verdict == verdict
    assert table([line]).splitlines()[1].endswith(verdict or number(figure))
