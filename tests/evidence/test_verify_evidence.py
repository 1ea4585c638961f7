"""``manage.py verify_evidence``."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from rankings.evidence import service
from rankings.evidence.service import Condition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path: Path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path


def keep(data: bytes):
    return service.store(data, kind="page", fetched_at=datetime(2020, 1, 1, tzinfo=UTC)).capture


def test_sound_evidence(capsys) -> None:
    keep(b"one")
    keep(b"two")
    call_command("verify_evidence")
    assert "完好 2，缺失 0，损坏 0" in capsys.readouterr().out


def test_nothing_kept_yet(capsys) -> None:
    call_command("verify_evidence", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "checked": 0,
        "sound": 0,
        "missing": [],
        "damaged": [],
        "unreadable": [],
        "last": 0,
    }


def test_faults_are_named_and_fail_the_command(evidence_root: Path, capsys) -> None:
    sound, lost, changed = keep(b"one"), keep(b"two"), keep(b"three")
    (evidence_root / lost.path).unlink()
    (evidence_root / changed.path).chmod(0o640)
    (evidence_root / changed.path).write_bytes((evidence_root / sound.path).read_bytes())
    with pytest.raises(SystemExit) as stop:
        call_command("verify_evidence", "--json")
    assert stop.value.code == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {
        "checked": 3,
        "sound": 1,
        "missing": [lost.sha256],
        "damaged": [changed.sha256],
        "unreadable": [],
        "last": changed.pk,
    }
    assert changed.path in printed.err


def test_a_part_of_it(capsys) -> None:
    captures = [keep(bytes([number])) for number in range(6)]
    call_command("verify_evidence", "--json", "--from", str(captures[2].pk), "--limit", "3")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["checked"], answer["last"]) == (3, captures[4].pk)


def test_an_interruption_says_where_to_go_on(capsys, monkeypatch) -> None:
    captures = [keep(bytes([number])) for number in range(4)]
    examine = service.examine

    def interrupted(capture):
        if capture == captures[2]:
            raise KeyboardInterrupt
        return examine(capture)

    monkeypatch.setattr(service, "examine", interrupted)
    with pytest.raises(SystemExit) as stop:
        call_command("verify_evidence", "--json")
    assert stop.value.code == 130
    printed = capsys.readouterr()
    assert json.loads(printed.out)["last"] == captures[1].pk
    assert f"--from {captures[1].pk + 1}" in printed.err


def test_one_file_without_permission_does_not_stop_the_walk(monkeypatch, capsys) -> None:
    captures = [keep(bytes([number])) for number in range(3)]
    examine = service.examine

    def examined(capture):
        if capture == captures[1]:
            return service.Finding(capture, Condition.UNREADABLE, "没有权限读存证文件。")
        return examine(capture)

    monkeypatch.setattr(service, "examine", examined)
    with pytest.raises(SystemExit) as stop:
        call_command("verify_evidence")
    assert stop.value.code == 1
    printed = capsys.readouterr()
    assert "完好 2，缺失 0，损坏 0，读不到 1" in printed.out
    assert "没有权限" in printed.err


def test_progress_is_told_beside_the_answer(monkeypatch, capsys) -> None:
    moments = iter(range(0, 1000, 10))
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    keep(b"one")
    call_command("verify_evidence", "--json")
    printed = capsys.readouterr()
    assert json.loads(printed.out)["checked"] == 1
    assert "已核对 1/1" in printed.err


@pytest.mark.parametrize("words", [["--from", "0"], ["--limit", "x"], ["--unknown"]])
def test_wrong_usage(words) -> None:
    with pytest.raises(CommandError):
        call_command("verify_evidence", *words)
