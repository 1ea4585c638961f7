"""``python -m demo.fake_wechat --port 8126 --state DIR``: the stand-in as a process of its own.

The account and the callback come from the same settings the workbench reads: WECHAT_APPID,
WECHAT_SECRET, WECHAT_CALLBACK_TOKEN, WECHAT_CALLBACK_AES_KEY and SITE_URL.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from .server import FakeWeChat
from .state import StateUnreadable

CALLBACK = "/-/wechat/callback"
EVENT_DELAY = 2.0


def take_settings(server: FakeWeChat, environment: dict[str, str]) -> None:
    """The account's name, secret and callback from the environment."""
    settings = server.state.settings
    settings.appid = environment.get("WECHAT_APPID") or settings.appid
    settings.secret = environment.get("WECHAT_SECRET") or settings.secret
    token = environment.get("WECHAT_CALLBACK_TOKEN")
    key = environment.get("WECHAT_CALLBACK_AES_KEY")
    site = environment.get("SITE_URL")
    if token and key and site:
        settings.callback_url = site.rstrip("/") + CALLBACK
        settings.callback_token, settings.callback_key = token, key
        settings.event_delay = EVENT_DELAY


def start(port: int, folder: Path | None) -> FakeWeChat:
    """The server, as it was left. What cannot be read is put aside, and it begins anew.

    Names of an earlier start must not come again, because the workbench remembers them: each
    beginning has a seed of its own.
    """
    seed = os.urandom(8).hex()
    try:
        return FakeWeChat(port, folder=folder, seed=seed)
    except StateUnreadable as error:
        path = Path(str(error))
        aside = path.replace(path.with_name("state.unreadable.json"))
        sys.stderr.write(f"上次的草稿读不出来，已改存为 {aside}，从空的草稿箱开始。\n")
    return FakeWeChat(port, folder=folder, seed=seed)


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 1 when the port or the folder cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.fake_wechat", description="公众号后台（模拟）"
    )
    parser.add_argument("--port", type=int, default=8126, help="端口，默认 8126")
    parser.add_argument("--state", type=Path, help="保存草稿和图片的目录；不填就只在内存里")
    options = parser.parse_args(arguments)
    try:
        server = start(options.port, options.state)
    except OSError as error:
        sys.stderr.write(f"端口 {options.port} 或目录 {options.state} 无法使用：{error}\n")
        return 1
    take_settings(server, dict(os.environ))
    # Stopped like a web server: what is kept is written after each call.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return server.serve(f"公众号后台（模拟）：{server.base}/")


if __name__ == "__main__":
    sys.exit(main())
