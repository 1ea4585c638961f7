"""``manage.py mirror``: exit codes, what it says, and that the mirror is what it should be."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cms.mirror import jobs, release, worker
from cms.mirror.files import Store
from cms.mirror.management.commands.mirror import _Progress, _words
from cms.mirror.models import Alteration

from .scene import OTHER, PAGE, Site, build, site, waiting

__all__ = ["site"]
pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("mirror", *words, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_build_writes_everything_and_a_second_time_nothing(site: Site, mirror: Store) -> None:
    code, out, _ = run("build", "--processes", "1")
    assert (code, out) == (0, "完成：新写 6 页，没有变化 0 页，失败 0 页。\n")
    assert release.is_built() and mirror.read(PAGE) == (200, f"words of {PAGE}".encode())
    assert run("build", "--processes", "1")[1].startswith("完成：新写 0 页，没有变化 6 页")
    assert waiting() == []


def test_build_tells_what_failed(site: Site, mirror: Store) -> None:
    site.broken.add(PAGE)
    code, out, err = run("build", "--processes", "1")
    assert code == 1 and "失败 1 页" in out
    assert f"失败  {PAGE}  ValueError: {PAGE} is broken" in err
    assert mirror.read(OTHER)[0] == 200


@pytest.mark.parametrize("words", [["build", "--processes", "1"], ["prune"]])
def test_whoever_comes_second_leaves_it_to_the_first(
    site: Site, mirror: Store, words: list[str]
) -> None:
    with worker.only_one():
        code, _, err = run(*words)
    assert code == 3 and "别的进程正在生成" in err


def test_verify_tells_differences_one_by_one(site: Site, mirror: Store) -> None:
    build()
    assert run("verify") == (0, "核对 6 页：不一致 0，待更新 0。\n", "")
    assert run("verify", "--quick")[0] == 0
    mirror.path(PAGE).write_bytes(b"evil")
    site.words[OTHER] = "新"
    code, out, _ = run("verify")
    assert code == 1
    assert f"内容不同 {PAGE}\n" in out and f"内容不同 {OTHER}（没有及时更新）" in out
    assert "核对 6 页：不一致 2，待更新 0。" in out
    code, out, _ = run("verify", "--quick", "--json")
    assert code == 1
    assert json.loads(out) == {
        "checked": 6,
        "waiting": 0,
        "undecided": 0,
        "differences": [{"address": PAGE, "kind": "different", "altered": True, "error": ""}],
    }
    assert not Alteration.objects.exists() and waiting() == []  # it only looked


def test_verify_repairs_when_it_is_told_to(site: Site, mirror: Store) -> None:
    build()
    mirror.path(PAGE).write_bytes(b"evil")
    (mirror.pages / ".shell").write_bytes(b"evil")
    code, out, _ = run("verify", "--repair")
    assert code == 1 and "1 页已重新生成。" in out
    assert run("verify")[0] == 0
    assert Alteration.objects.count() == 2


def test_what_waits_is_no_difference(site: Site, mirror: Store) -> None:
    build()
    site.change(PAGE, "新")
    assert run("verify") == (0, "核对 6 页：不一致 0，待更新 1。\n", "")


def test_verify_does_not_judge_while_somebody_renders(
    site: Site, mirror: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.mirror.management.commands.mirror.PATIENCE_SECONDS", 0)
    build()
    mirror.path(PAGE).write_bytes(b"being written")
    with worker.only_one():
        code, out, _ = run("verify")
    assert code == 3 and "不一致 0，待更新 0，正在生成 1。" in out


def test_prune_removes_what_no_longer_belongs_and_half_written_files(
    site: Site, mirror: Store, time_machine: Any
) -> None:
    build()
    del site.words[OTHER]
    site.gone.add(PAGE)
    del site.words[PAGE]
    mirror.put("/stray/", b"left", None)
    half = mirror.root / "unfinished" / "1-1"
    half.write_bytes(b"half")
    time_machine.move_to(datetime.now(UTC) + timedelta(hours=1))
    code, out, _ = run("prune")
    assert code == 0 and "清掉没有写完的文件 1 个" in out
    assert mirror.read(OTHER) is None and mirror.read("/stray/") is None
    assert mirror.read(PAGE) == (410, b"gone")
    assert not half.exists()
    assert site.rendered.count("/410.html") == 1  # what belongs is not rendered again


def test_usage() -> None:
    for words in ([], ["what"], ["build", "--processes", "0"], ["build", "--processes", "x"]):
        with pytest.raises(CommandError):
            call_command("mirror", *words)


def test_an_interruption_leaves_what_is_left_for_the_next(
    site: Site, mirror: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BATCH", 2)

    def interrupt() -> None:
        raise KeyboardInterrupt

    site.meanwhile[OTHER] = interrupt
    code, _, err = run("build", "--processes", "1")
    assert code == 130 and "中断了" in err
    left = waiting()
    assert OTHER in left and 0 < len(left) <= 6
    assert "没有变化" in run("build", "--processes", "1")[1] and waiting() == []


def test_a_process_that_the_system_ends_is_told(
    site: Site, mirror: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures.process import BrokenProcessPool

    def broken(**kwargs: Any) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(worker, "render_pending", broken)
    code, _, err = run("build")
    assert code == 1 and "--processes 1" in err


# --- progress -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "left", "seconds", "words"),
    [
        (1234, 18766, 20.2, "1234/20000 页，每秒 61 页，还要约 5 分钟"),
        (100, 100, 10, "100/200 页，每秒 10 页，还要约 10 秒"),
        (200, 0, 10, "200/200 页，每秒 20 页"),
        (0, 10, 0, "0/10 页，每秒 0 页"),
    ],
)
def test_words_of_progress(done: int, left: int, seconds: float, words: str) -> None:
    assert _words(done, left, seconds) == words


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("kind", "said"), [(StringIO, 2), (Terminal, 1)])
def test_a_terminal_sees_one_line_and_a_log_one_every_thousand(
    kind: type[StringIO], said: int
) -> None:
    from django.core.management.base import BaseCommand

    command = BaseCommand(stderr=kind())
    progress = _Progress(command)
    for done in range(100, 2600, 100):
        progress(done, 2500 - done)
    progress.end()
    text = command.stderr.getvalue()
    assert len([line for line in text.splitlines() if "页" in line]) == said
    assert "2500/2500" in text or kind is StringIO
    silent = BaseCommand(stderr=kind())
    _Progress(silent, silent=True)(5000, 0)
    assert silent.stderr.getvalue() == ""


def test_jobs_that_wait_are_built_as_well(site: Site, mirror: Store) -> None:
    jobs.request(["/extra/"], "改")
    site.words["/extra/"] = "新"
    run("build", "--processes", "1")
    assert mirror.read("/extra/") == (200, "新".encode())
