"""`make run`: one start of everything on this machine, and nothing left when it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from demo.fake_wechat.account import write_account

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / "bin"
PATIENCE = 90.0  # a start takes about four seconds; other tests share the machine


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The modules of `bin/`, which is no package of ours."""
    monkeypatch.syspath_prepend(str(BIN))
    import announce
    import prepare
    import run
    import running

    return SimpleNamespace(announce=announce, prepare=prepare, run=run, running=running)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Workbench:
    """A folder of working files in which `bin/run.py` is started."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.output = var.with_suffix(".out")
        self.started: list[subprocess.Popen[str]] = []

    def environment(self) -> dict[str, str]:
        ours = ("DJANGO_SETTINGS_MODULE", "REDIS_URL", "SITE_URL", "SECRET_KEY")
        return {
            **{name: value for name, value in os.environ.items() if name not in ours},
            "VAR_DIR": str(self.var),
            "DATABASE_URL": f"sqlite:///{self.var}/db.sqlite3",
            "PORT": str(self.port),
            "DEMO": "0",
            "WEB_WORKERS": "1",
        }

    def start(self) -> subprocess.Popen[str]:
        """Start it and wait until it says that it is ready."""
        with self.output.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, BIN / "run.py"],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.started.append(process)
        self.wait_for(lambda: "按 Ctrl-C 停止" in self.said() or process.poll() is not None)
        assert process.poll() is None, self.said()
        return process

    def refused(self) -> str:
        """Start it where it cannot; answer what it says."""
        answer = subprocess.run(
            [sys.executable, BIN / "run.py"],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert answer.returncode == 1
        assert "Traceback" not in answer.stderr
        assert len(answer.stderr.splitlines()) == 2
        return answer.stderr

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def facts(self) -> dict:
        return json.loads((self.var / "run.lock").read_text())

    def processes(self) -> list[str]:
        """Every process that works for this folder, by its command line."""
        found = []
        mark = f"VAR_DIR={self.var}".encode()
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:  # it has just ended
                continue
        return found

    def wait_for(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def clean_up(self) -> None:
        """Whatever happened, leave nothing running."""
        if (self.var / "run.lock").exists():
            for group in self.facts()["groups"]:
                try:
                    os.killpg(group, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        for process in self.started:
            process.kill()
            process.wait()


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    bench = Workbench(tmp_path / "var")
    yield bench
    bench.clean_up()


def get(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.status


def test_one_start_and_nothing_left_behind(workbench: Workbench) -> None:
    """One story, because each start makes a database."""
    run = workbench.start()
    assert "正在建立数据库" in workbench.said()
    assert f"http://127.0.0.1:{workbench.port}/admin/" in workbench.said()
    assert "createsuperuser" in workbench.said()  # no demo, so nobody can sign in yet
    assert get(workbench.port, "/admin/login/") == 200
    # The first start has made the public pages; nobody waits for the worker.
    assert "公开页面已生成" in workbench.said() and get(workbench.port, "/") == 200
    assert (workbench.var / "mirror" / "live" / "index.html").exists()
    # The worker is up as soon as its children are.
    workbench.wait_for(lambda: "".join(workbench.processes()).count("qcluster") > 1)

    # The same folder is not started twice.
    told = workbench.refused()
    assert f"在荷塘已经在运行：http://127.0.0.1:{workbench.port}/" in told
    assert f"run kill {run.pid} first" in told

    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=PATIENCE) == 0
    assert workbench.said().endswith("已全部停止。\n")
    workbench.wait_for(lambda: workbench.processes() == [])
    assert "Traceback" not in workbench.said()

    # The supervisor is killed outright: the next start ends what it left, and works.
    run = workbench.start()
    assert "正在建立数据库" not in workbench.said()
    assert "公开页面" not in workbench.said()
    run.kill()
    run.wait()
    assert workbench.processes() != []
    left = workbench.facts()["groups"]
    run = workbench.start()
    assert "上次启动没有正常结束" in workbench.said()
    assert not set(left) & set(workbench.facts()["groups"])

    # One process dies alone, with nobody to pass signals on to its children.
    os.kill(workbench.facts()["groups"][-1], signal.SIGKILL)
    run.send_signal(signal.SIGHUP)  # as when the terminal is closed
    assert run.wait(timeout=PATIENCE) == 0
    workbench.wait_for(lambda: workbench.processes() == [])


def test_a_taken_port_is_named_with_a_free_one(workbench: Workbench) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", workbench.port))
        other.listen()
        told = workbench.refused()
    assert f"端口 {workbench.port} 已被占用" in told
    assert f"Port {workbench.port} is taken" in told
    assert "make run PORT=" in told
    assert not (workbench.var / "db.sqlite3").exists()


def test_a_database_that_does_not_open(workbench: Workbench) -> None:
    (workbench.var / "db.sqlite3").mkdir(parents=True)
    told = workbench.refused()
    assert "数据库打不开" in told
    assert "The database cannot be opened" in told


def test_a_file_in_the_place_of_var(workbench: Workbench) -> None:
    workbench.var.touch()
    assert "占了位置" in workbench.refused()


# --- the parts --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "x", "0", "65536", "-1", "8000.0", "８０００"])
def test_a_port_must_be_a_number(scripts, text: str) -> None:
    with pytest.raises(scripts.run.Stop) as caught:
        scripts.run.wanted_port(text)
    assert "PORT 应是 1 到 65535 的整数" in caught.value.chinese


def test_a_free_port_passes(scripts) -> None:
    scripts.run.check_port(free_port())


def test_a_port_without_permission(scripts, monkeypatch) -> None:
    monkeypatch.setattr(
        scripts.run, "port_problem", lambda port: scripts.run.errno.EACCES if port < 1024 else None
    )
    with pytest.raises(scripts.run.Stop) as caught:
        scripts.run.check_port(80)
    assert caught.value.chinese.endswith("make run PORT=1024")


def test_accounts_are_shown_as_an_aligned_table(scripts, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "accounts.json").write_text(
        json.dumps(
            {
                "编辑": {"username": "bianji", "password": "aB3-xyz", "name": "李荷"},
                "可信审核": {"username": "kexin", "password": "q", "name": "欧阳塘"},
            }
        ),
        encoding="utf-8",
    )
    lines = scripts.announce.announcement("http://127.0.0.1:8000", True, tmp_path)
    head, first, second = lines[5:8]
    assert first == "  编辑       bianji   aB3-xyz   李荷"
    assert second == "  可信审核   kexin    q         欧阳塘"
    width = scripts.announce.width
    assert width(head.partition("密码")[0]) == width(first.partition("aB3")[0])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"编辑": {}}', '{"编辑": 1}'])
def test_a_damaged_list_of_accounts_is_said(scripts, tmp_path: Path, text: str) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "accounts.json").write_text(text)
    lines = "\n".join(scripts.announce.announcement("http://x", True, tmp_path))
    assert "演示账号文件读不到" in lines


def test_the_choice_of_a_demo_belongs_to_one_database(scripts, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    key = scripts.prepare.database_key
    mine = key({"ENGINE": "sqlite3", "NAME": tmp_path / "db.sqlite3"})
    other = key({"ENGINE": "postgresql", "HOST": "db", "NAME": "zai_hetang", "PASSWORD": "x"})
    assert scripts.run.saved_demo(tmp_path)  # nothing known yet: a demo, most likely
    scripts.prepare.Choices(path).keep(mine, demo=True)
    assert scripts.prepare.Choices(path).get(mine) is True
    assert scripts.prepare.Choices(path).get(other) is None
    scripts.prepare.Choices(path).keep(other, demo=False)
    assert not scripts.run.saved_demo(tmp_path)
    assert scripts.prepare.Choices(path).get(mine) is True


def test_a_damaged_memory_of_choices_is_forgotten(scripts, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{")
    assert scripts.prepare.Choices(tmp_path / "run.json").get("x") is None


@pytest.mark.django_db
def test_a_database_with_a_user_is_not_empty(scripts, django_user_model) -> None:
    assert scripts.prepare.is_empty()
    django_user_model.objects.create_user("someone")
    assert not scripts.prepare.is_empty()


class Restarted(Exception):
    """In place of beginning again as a new process."""


@pytest.mark.django_db
def test_a_demo_is_loaded_once_and_never_beside_real_work(
    scripts, settings, tmp_path: Path, monkeypatch, django_user_model
) -> None:
    calls = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_: calls.append(name))
    restarts = []

    def restart(*_: object) -> None:
        restarts.append(os.environ["DEMO"])
        raise Restarted

    monkeypatch.setattr(scripts.prepare.os, "execv", restart)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    monkeypatch.setenv("DEMO", "1")
    settings.VAR_DIR, settings.DEMO = tmp_path, True

    scripts.prepare.prepare("auto")  # empty: a demo
    assert calls == ["migrate", "sync_roles", "load_demo"]
    django_user_model.objects.create_user("someone")
    scripts.prepare.prepare("auto")  # loaded: still a demo, nothing to load
    assert calls[3:] == ["migrate", "sync_roles"]
    scripts.prepare.prepare("1")
    assert calls.count("load_demo") == 1

    (tmp_path / "run.json").unlink()  # somebody's database, never started by us
    with pytest.raises(Restarted):
        scripts.prepare.prepare("auto")
    with pytest.raises(Restarted):
        scripts.prepare.prepare("0")
    assert restarts == ["0", "0"]
    settings.DEMO = False
    scripts.prepare.prepare("auto")
    assert not scripts.run.saved_demo(tmp_path)


def test_a_process_number_used_again_is_not_taken_for_ours(scripts, tmp_path: Path) -> None:
    assert scripts.running.alive(os.getpid(), Path.cwd())
    assert not scripts.running.alive(os.getpid(), tmp_path)


def test_every_process_of_the_procfile_is_its_own_leader(scripts) -> None:
    # A shell in between would swallow the signal that lets a task finish.
    commands = scripts.run.parse_procfile((ROOT / "Procfile").read_text()).processes
    assert list(commands) == ["web", "worker", "pages", "wechat"]
    assert all(command.startswith("exec ") for command in commands.values())


def test_the_demo_pages_keep_their_port(scripts, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("PAGES_PORT", "")
    monkeypatch.setenv("SCRAPER_TEST_HOSTS", "")
    monkeypatch.delenv("SCRAPER_TEST_HOSTS")
    assert not scripts.run.serve_pages(tmp_path)  # no demo was loaded
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "pages.json").write_text(json.dumps({"port": (port := free_port())}))
    assert scripts.run.serve_pages(tmp_path)
    assert os.environ["PAGES_PORT"] == str(port)
    assert os.environ["SCRAPER_TEST_HOSTS"] == "127.0.0.1"
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert not scripts.run.serve_pages(tmp_path)
    assert f"端口 {port} 已被占用" in capsys.readouterr().err


def test_the_demo_delivers_to_the_stand_in(scripts, tmp_path: Path, monkeypatch, capsys) -> None:
    names = ("API_BASE", "APPID", "SECRET", "CALLBACK_TOKEN", "CALLBACK_AES_KEY", "PORT")
    for name in (f"WECHAT_{each}" for each in names):
        monkeypatch.setenv(name, "")  # put back afterwards
        monkeypatch.delenv(name)
    assert not scripts.run.stand_in_for_wechat(tmp_path)  # no demo was loaded
    write_account(tmp_path / "demo" / "wechat.json", port := free_port())
    assert (tmp_path / "demo" / "wechat.json").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("WECHAT_APPID_FILE", "/etc/appid")
    assert not scripts.run.stand_in_for_wechat(tmp_path)  # a real account
    monkeypatch.delenv("WECHAT_APPID_FILE")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert not scripts.run.stand_in_for_wechat(tmp_path)
    assert f"端口 {port} 已被占用" in capsys.readouterr().err
    assert "WECHAT_APPID" not in os.environ
    assert scripts.run.stand_in_for_wechat(tmp_path)
    assert os.environ["WECHAT_API_BASE"] == f"http://127.0.0.1:{port}"
    assert len(os.environ["WECHAT_CALLBACK_AES_KEY"]) == 43
    lines = scripts.announce.announcement("http://x", True, tmp_path, "http://127.0.0.1:1")
    assert any("公众号后台（模拟）" in line and "http://127.0.0.1:1/" in line for line in lines)
