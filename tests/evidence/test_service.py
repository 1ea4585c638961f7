"""Evidence: one file for the same bytes, nothing recorded without it, nothing changed after."""

import errno
import gzip
import hashlib
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from cms.ops.models import AuditEntry
from rankings.evidence import service
from rankings.evidence.errors import EvidenceUnreachable
from rankings.evidence.models import AppendOnly, Capture, Sighting
from rankings.evidence.service import Condition, EvidenceDamaged, EvidenceError, EvidenceMissing

pytestmark = pytest.mark.django_db
NOW = datetime(2019, 9, 2, 1, 30, tzinfo=UTC)
PAGE = "<h1>2019年8月榜单</h1>".encode()


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


def keep(data: bytes = PAGE, **details) -> Sighting:
    return service.store(
        data, kind=Sighting.Kind.PAGE, fetched_at=NOW, url="https://a.example/1", **details
    )


def test_bytes_are_kept_compressed_under_their_hash(evidence_root: Path) -> None:
    sighting = keep(http_status=200, response_headers={"Server": "x"})
    sha256 = hashlib.sha256(PAGE).hexdigest()
    file = evidence_root / sha256[:2] / sha256[2:4] / f"{sha256}.gz"
    assert gzip.decompress(file.read_bytes()) == PAGE
    assert sighting.capture.sha256 == sha256
    assert sighting.capture.size == len(PAGE)
    assert sighting.fetched_at == NOW
    assert sighting.response_headers == {"Server": "x"}
    assert service.read(sighting.capture) == PAGE


def test_same_bytes_are_one_capture_with_two_sightings(evidence_root: Path) -> None:
    first, second = keep(), keep(final_url="https://b.example/1")
    assert first.capture == second.capture
    assert Capture.objects.count() == 1
    assert Sighting.objects.count() == 2
    assert len([p for p in evidence_root.rglob("*") if p.is_file()]) == 1


def test_a_file_left_by_a_crash_before_its_row_is_used(evidence_root: Path) -> None:
    sha256 = hashlib.sha256(PAGE).hexdigest()
    path = service.path_for(sha256)
    storages["evidence"].save(path, ContentFile(gzip.compress(PAGE, mtime=0)))
    before = (evidence_root / path).stat().st_mtime_ns
    assert keep().capture.path == path
    assert (evidence_root / path).stat().st_mtime_ns == before
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("model", [Capture, Sighting])
def test_rows_are_append_only(model) -> None:
    keep()
    row = model.objects.get()
    with pytest.raises(AppendOnly):
        row.save()
    with pytest.raises(AppendOnly):
        row.delete()
    with pytest.raises(AppendOnly):
        model.objects.update(pk=5)
    with pytest.raises(AppendOnly):
        model.objects.all().delete()
    with pytest.raises(AppendOnly):
        model.objects.bulk_update([row], ["id"])
    assert model.objects.count() == 1


def test_the_store_deletes_nothing() -> None:
    capture = keep().capture
    with pytest.raises(AppendOnly):
        storages["evidence"].delete(capture.path)


def test_a_disk_that_fails_records_nothing(evidence_root: Path, monkeypatch) -> None:
    def full(*args) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(EvidenceError, match="磁盘空间"):
        keep()
    assert not Capture.objects.exists()
    assert not Sighting.objects.exists()
    assert not [p for p in evidence_root.rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("place", "fault", "sentence"),
    [
        ("os.fsync", OSError(errno.ENOSPC, "No space left on device"), "No space left"),
        ("tempfile.mkstemp", OSError(errno.EROFS, "Read-only file system"), "Read-only"),
        ("pathlib.Path.mkdir", PermissionError(errno.EACCES, "Permission denied"), "denied"),
    ],
    ids=["full", "read-only", "no-permission"],
)
def test_a_disk_that_refuses_records_nothing(
    evidence_root: Path, monkeypatch, place: str, fault: OSError, sentence: str
) -> None:
    def refuse(*args, **options) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(place, refuse)
        with pytest.raises(EvidenceError, match=sentence):
            keep()
    assert not Capture.objects.exists()
    assert not Sighting.objects.exists()
    assert not [p for p in evidence_root.rglob("*") if p.is_file()]
    keep()  # nothing stands in the way once there is room


def test_a_kept_file_is_read_only(evidence_root: Path) -> None:
    assert stat.S_IMODE((evidence_root / keep().capture.path).stat().st_mode) == 0o440


def test_a_file_without_permission_is_not_said_to_be_damaged(monkeypatch) -> None:
    capture = keep().capture

    def refuse(*args, **options) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(storages["evidence"], "open", refuse)
    with pytest.raises(EvidenceUnreachable, match="属主和权限"):
        service.read(capture)
    assert [f.condition for f in service.verify()] == [Condition.UNREADABLE]


def test_a_disk_that_cannot_read_is_told(monkeypatch) -> None:
    capture = keep().capture

    def refuse(*args, **options) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(storages["evidence"], "open", refuse)
    with pytest.raises(EvidenceDamaged, match="检查磁盘"):
        service.read(capture)


@pytest.mark.parametrize(
    ("data", "url", "sentence"),
    [
        (b"", "https://a.example/", "内容为空"),
        (b"x", "https://a.example/" + "y" * 2000, "网址超过"),
    ],
)
def test_what_cannot_be_evidence_is_refused(data: bytes, url: str, sentence: str) -> None:
    with pytest.raises(EvidenceError, match=sentence):
        service.store(data, kind=Sighting.Kind.PAGE, fetched_at=NOW, url=url)
    assert not Sighting.objects.exists()


def tamper(root: Path, capture: Capture, content: bytes) -> None:
    path = root / capture.path
    path.chmod(0o640)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(PAGE.replace(b"8", b"9")),
        gzip.compress(PAGE + b" "),
        gzip.compress(b"x" * 50_000_000),
        gzip.compress(PAGE)[:-6],
        b"not gzip",
        b"",
    ],
    ids=["changed", "longer", "blown-up", "cut", "other", "emptied"],
)
def test_a_changed_file_is_never_read_as_evidence(evidence_root: Path, content: bytes) -> None:
    capture = keep().capture
    tamper(evidence_root, capture, content)
    with pytest.raises(EvidenceDamaged):
        service.read(capture)
    # Nor is the damage hidden by the next fetch of the same page.
    with pytest.raises(EvidenceDamaged):
        keep()
    assert [f.condition for f in service.verify()] == [Condition.DAMAGED]


def test_a_lost_file_is_put_back_by_the_next_fetch_and_logged(evidence_root: Path) -> None:
    capture = keep().capture
    (evidence_root / capture.path).unlink()
    with pytest.raises(EvidenceMissing):
        service.read(capture)
    keep()
    assert service.read(capture) == PAGE
    assert AuditEntry.objects.get().action == "evidence.restore"
