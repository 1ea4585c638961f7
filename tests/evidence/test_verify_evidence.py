"""``manage.py verify_evidence``."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from rankings.evidence import service

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
    expected = {"checked": 0, "sound": 0, "missing": [], "damaged": []}
    assert json.loads(capsys.readouterr().out) == expected


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
    }
    assert changed.path in printed.err
