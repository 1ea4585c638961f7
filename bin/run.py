"""Start everything on this machine: prepare the database, then run the Procfile until Ctrl-C."""

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import environ
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message, Printer
from messages import Stop, from_os_error, interrupted, speak_utf8, tell, warn
from running import Running

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "bin"
DEFAULT_PORT = "8000"
STOP_PATIENCE = 8.0  # seconds a process gets to finish its work


def wanted_port(text: str) -> int:
    """The number in PORT. Raises Stop when it is not one."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(
            f"PORT 应是 1 到 65535 的整数，现在是“{text}”。例如：make run PORT=8001",
            f'PORT must be a whole number from 1 to 65535, not "{text}". '
            "For example: make run PORT=8001",
        )
    return int(text)


def port_problem(port: int) -> int | None:
    """The error number of trying to listen on the port; None when it is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # A port that was closed a moment ago is free for a server, and so for this test.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError as error:
            return error.errno
    return None


def check_port(port: int) -> None:
    """Raise Stop, naming a free port, when ``port`` cannot be used."""
    problem = port_problem(port)
    if problem is None:
        return
    other = next((p for p in range(max(port, 1023) + 1, 65536) if port_problem(p) is None), 8001)
    if problem == errno.EACCES:
        raise Stop(
            f"没有权限使用端口 {port}（1024 以下需要管理员）。请换一个：make run PORT={other}",
            f"No permission to use port {port} (below 1024 needs root). "
            f"Choose another: make run PORT={other}",
        )
    raise Stop(
        f"端口 {port} 已被占用。请先停止占用它的程序，或换一个端口：make run PORT={other}",
        f"Port {port} is taken. Stop the program that uses it, or choose another port: "
        f"make run PORT={other}",
    )


class Output(Printer):
    """Prints what the processes say; honcho's own remarks only tell us who started and ended."""

    def __init__(self, running: Running) -> None:
        super().__init__(sys.stdout, time_format="%H:%M:%S")
        self.running = running
        self.first_ended: str | None = None

    def write(self, message: Message) -> None:
        if message.name == "system":
            if started := re.search(r"started \(pid=(\d+)\)", str(message.data)):
                self.running.add(int(started[1]))
            if ended := re.match(r"(\S+) stopped", str(message.data)):
                self.first_ended = self.first_ended or ended[1]
            return
        # The window may be gone; the processes must still be stopped in order.
        with suppress(OSError):
            super().write(message)


class LeaderFirst:
    """How processes are ended: politely through their first process, by force all of them.

    django-q2's guard and workers die at once from a SIGTERM of their own, in the middle of a
    task; its first process lets them finish.
    """

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        # If the first process died alone, nobody passes the signal on.
        force = threading.Timer(STOP_PATIENCE, self.kill, [pid])
        force.daemon = True
        force.start()

    def kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def supervise(commands: dict[str, str], running: Running) -> str | None:
    """Run the commands until one ends or a signal comes; then none is left.

    Answers the name of the process that ended by itself, None after a signal.
    """
    output = Output(running)
    manager = Manager(output)
    manager._procmgr = LeaderFirst()
    for name, command in commands.items():
        manager.add_process(name, command, cwd=ROOT)
    # A closed terminal sends SIGHUP; honcho only knows the other two.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    announcer = subprocess.Popen([sys.executable, BIN / "announce.py"])
    try:
        manager.loop()
    finally:
        announcer.terminate()
        announcer.wait()
        for process in manager._processes.values():
            if "pid" in process and "returncode" not in process:
                manager._procmgr.kill(process["pid"])
    return None if manager.returncode in (130, 143) else output.first_ended


def surroundings() -> tuple[str, int]:
    """Complete the environment the processes will inherit. Answers DEMO's wish and the port."""
    if (ROOT / ".env").is_file():
        environ.Env.read_env(ROOT / ".env")
    port = wanted_port(os.environ.get("PORT") or DEFAULT_PORT)
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    os.environ.update(
        PORT=str(port),
        VAR_DIR=str(var),
        SITE_URL=os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}",
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        PYTHONUTF8="1",
        PYTHONUNBUFFERED="1",
    )
    wish = os.environ.get("DEMO", "").strip().lower()
    if not wish:
        return "auto", port
    return ("1" if wish in environ.Env.BOOLEAN_TRUE_STRINGS else "0"), port


def saved_demo(var: Path) -> bool:
    """Was the last start a demo? On the very first, most likely."""
    try:
        return bool(json.loads((var / "run.json").read_text())["demo"])
    except (OSError, ValueError, KeyError, TypeError):
        return True


def serve_pages(var: Path) -> bool:
    """Can this machine serve the demo's ranking pages? Their addresses hold a fixed port."""
    try:
        port = int(json.loads((var / "demo" / "pages.json").read_text())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if port_problem(port) is not None:
        warn(
            f"端口 {port} 已被占用，演示榜单的页面这次不提供，抓取演示会失败；其余照常。",
            f"Port {port} is taken: the demo's ranking pages are not served this time, so the "
            "fetching demo will fail; all else works.",
        )
        return False
    os.environ["PAGES_PORT"] = str(port)
    # Pages of this machine may be fetched, which is otherwise refused.
    os.environ.setdefault("SCRAPER_TEST_HOSTS", "127.0.0.1")
    return True


def stand_in_for_wechat(var: Path) -> bool:
    """Can the demo deliver to the stand-in for WeChat? Not beside a real account."""
    if os.environ.get("WECHAT_APPID") or os.environ.get("WECHAT_APPID_FILE"):
        return False
    try:
        account = json.loads((var / "demo" / "wechat.json").read_text())
        port = int(account["port"])
        given = {
            "WECHAT_PORT": str(port),
            "WECHAT_API_BASE": f"http://127.0.0.1:{port}",
            "WECHAT_APPID": str(account["appid"]),
            "WECHAT_SECRET": str(account["secret"]),
            "WECHAT_CALLBACK_TOKEN": str(account["callback_token"]),
            "WECHAT_CALLBACK_AES_KEY": str(account["callback_key"]),
        }
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if port_problem(port) is not None:
        warn(
            f"端口 {port} 已被占用，公众号后台（模拟）这次不启动，不能送到微信；其余照常。",
            f"Port {port} is taken: the stand-in for WeChat is not started this time, so nothing "
            "can be delivered there; all else works.",
        )
        return False
    os.environ.update(given)
    return True


def start() -> int:
    wish, port = surroundings()
    var = Path(os.environ["VAR_DIR"])
    (var / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
    running = Running(var, ROOT)
    running.take(os.environ["SITE_URL"] + "/")
    check_port(port)
    os.environ["DEMO"] = wish if wish != "auto" else str(int(saved_demo(var)))
    prepared = subprocess.run([sys.executable, BIN / "prepare.py", "--demo", wish])
    if prepared.returncode:
        return prepared.returncode
    demo = saved_demo(var)
    os.environ["DEMO"] = str(int(demo))
    commands = parse_procfile((ROOT / "Procfile").read_text()).processes
    if not (demo and serve_pages(var)):
        del commands["pages"]
    if not (demo and stand_in_for_wechat(var)):
        del commands["wechat"]
    tell("正在启动网站和后台任务……")
    ended = supervise(commands, running)
    if ended is None:
        tell("已全部停止。")
        return 0
    raise Stop(
        f"进程 {ended} 意外结束，其余已全部停止。原因见上面的输出。",
        f"The process {ended} ended unexpectedly; the others were stopped. See the output above.",
    )


def main() -> int:
    speak_utf8()
    try:
        return start()
    except Stop as problem:
        stop = problem
    except KeyboardInterrupt:
        stop = interrupted()
    except OSError as error:
        stop = from_os_error(error, os.environ.get("VAR_DIR") or ROOT / "var")
    warn(stop.chinese, stop.english)
    return stop.code


if __name__ == "__main__":
    sys.exit(main())
