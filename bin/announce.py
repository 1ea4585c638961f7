"""Wait until the web server answers, then say where it is and who can sign in.

Called by ``run.py`` beside the servers; ends by itself when ``run.py`` is gone.
"""

import http.client
import json
import os
import sys
import time
import unicodedata
from pathlib import Path

from messages import speak_utf8, tell, warn

PATIENCE = 120.0


def answers(port: int) -> bool:
    """Does the web server on this machine answer requests?"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/-/live")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows with aligned columns, three spaces between them."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        "   ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def accounts(path: Path) -> list[tuple[str, ...]]:
    """Role, sign-in name, password and person of the demo; empty when there is no demo."""
    try:
        people = json.loads(path.read_text(encoding="utf-8"))
        return [(role, p["username"], p["password"], p["name"]) for role, p in people.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def announcement(site: str, demo: bool, var: Path, wechat: str = "") -> list[str]:
    """The lines shown when everything is up; ``wechat`` is the stand-in's address."""
    lines = ["", "在荷塘 已就绪 / ready"]
    addresses = [("  公众页面", f"{site}/"), ("  工作台", f"{site}/admin/")]
    if wechat:
        addresses.append(("  公众号后台（模拟）", f"{wechat}/"))
    lines += table(addresses)
    path = var / "demo" / "accounts.json"
    people = accounts(path)
    if people:
        lines += ["", *table([("  角色", "账号", "密码", "姓名"), *_indented(people)])]
        lines += [f"  （演示账号，密码随机生成，保存在 {path}）"]
    elif demo:
        lines += [f"  演示账号文件读不到：{path}。删除 {var} 后再启动会重新生成。"]
    else:
        lines += ["  建立第一个管理员：.venv/bin/python manage.py createsuperuser"]
    return [*lines, "按 Ctrl-C 停止。", ""]


def _indented(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [("  " + row[0], *row[1:]) for row in rows]


def main() -> int:
    speak_utf8()
    port, site = int(os.environ["PORT"]), os.environ["SITE_URL"].rstrip("/")
    supervisor, deadline = os.getppid(), time.monotonic() + PATIENCE
    while not answers(port):
        if os.getppid() != supervisor:
            return 0
        if time.monotonic() > deadline:
            warn(
                f"网站 {PATIENCE:.0f} 秒内没有应答，原因见上面的输出。按 Ctrl-C 停止。",
                f"The site did not answer within {PATIENCE:.0f} seconds; see the output above. "
                "Press Ctrl-C to stop.",
            )
            return 1
        time.sleep(0.1)
    stand_in = os.environ.get("WECHAT_PORT")  # set by run.py when it runs
    wechat = f"http://127.0.0.1:{stand_in}" if stand_in else ""
    demo, var = os.environ.get("DEMO") == "1", Path(os.environ["VAR_DIR"])
    lines = announcement(site, demo, var, wechat)
    tell("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
