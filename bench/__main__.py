"""``python -m bench [NAME…] [--full | --tiny]``: measure, and print figures with their bars."""

import argparse
import os
import platform
import sys

from .harness import DEFAULT, FULL, TINY, table
from .running import SCRIPTS, run


def main() -> int:
    """0 unless a script broke: a bar that is missed is a finding, no failure."""
    known = "、".join(SCRIPTS)
    parser = argparse.ArgumentParser(prog="python -m bench", description="性能测量：只看同次比值。")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"只测这几项：{known}")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", dest="size", action="store_const", const=FULL, help="目标规模")
    size.add_argument("--tiny", dest="size", action="store_const", const=TINY, help="只试能不能跑")
    parser.set_defaults(size=DEFAULT)
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in SCRIPTS]:
        parser.error(f"没有这一项：{'、'.join(unknown)}。可选：{known}。")

    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    print(
        f"机器：{os.cpu_count()} 核 {platform.machine()}，Python {platform.python_version()}，"
        f"负载 {load}；规模：{options.size}",
        flush=True,
    )
    names = [name for name in SCRIPTS if not options.names or name in options.names]
    lines, broken = run(names, options.size)
    print(f"\n{table(lines)}")
    if options.size != FULL:
        print("\n目标按 --full 的规模定，这次规模较小，结果只作参考。")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
