"""Evidence in an S3-compatible store: the same promises as on a disk, over the real protocol."""

import gzip
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from rankings.evidence import checks, service
from rankings.evidence.errors import EvidenceMissing, EvidenceUnreachable
from rankings.evidence.models import AppendOnly, Capture, Sighting
from rankings.evidence.service import Condition

from .s3_server import BUCKET, Store, running_store

pytestmark = pytest.mark.django_db
NOW = datetime(2019, 9, 2, 1, 30, tzinfo=UTC)
PAGE = "<h1>2019年8月榜单</h1>".encode()


@pytest.fixture
def store() -> Iterator[Store]:
    with running_store() as store:
        yield store


@pytest.fixture(autouse=True)
def options(settings, store: Store, monkeypatch) -> dict:
    monkeypatch.setattr("botocore.retryhandler.delay_exponential", lambda *a, **k: 0)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *a: 0)
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": store.endpoint,
        "access_key": "key",
        "secret_key": "secret",
        "region_name": "cn-north-1",
        "addressing_style": "auto",
    }
    use(settings, options)
    return options


def use(settings, options: dict) -> None:
    backend = {"BACKEND": "rankings.evidence.s3.EvidenceS3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "evidence": backend}


def keep(data: bytes = PAGE) -> Sighting:
    return service.store(data, kind="page", fetched_at=NOW, url="https://a.example/1")


def test_bytes_go_there_and_come_back(store: Store) -> None:
    capture = keep().capture
    assert gzip.decompress(store.objects[capture.path]) == PAGE
    assert service.read(capture) == PAGE
    assert [f.condition for f in service.verify()] == [Condition.SOUND]
    written = next(headers for method, headers in store.requests if method == "PUT")
    assert written["If-None-Match"] == "*"
    assert written["Content-Type"] == "application/gzip"
    assert "Content-Encoding" not in written


def test_the_same_bytes_are_written_once(store: Store) -> None:
    assert keep().capture == keep().capture
    assert store.asked().count("PUT") == 1


@pytest.mark.parametrize("conditions", ["kept", "ignored", "refused"])
def test_nothing_is_overwritten_whatever_the_store_knows(store: Store, conditions: str) -> None:
    store.conditions = conditions
    store.objects["ab/cd/name.gz"] = b"first"
    storages["evidence"].save("ab/cd/name.gz", ContentFile(b"second"))
    storages["evidence"].save("ab/cd/other.gz", ContentFile(b"third"))
    assert store.objects == {"ab/cd/name.gz": b"first", "ab/cd/other.gz": b"third"}


def test_of_two_writers_at_one_moment_the_first_stays(store: Store) -> None:
    store.objects["ab/cd/name.gz"] = b"first"
    store.hide_from_head = True
    assert storages["evidence"].save("ab/cd/name.gz", ContentFile(b"second")) == "ab/cd/name.gz"
    assert store.objects["ab/cd/name.gz"] == b"first"


def test_the_store_deletes_nothing_and_shows_no_address(store: Store) -> None:
    capture = keep().capture
    with pytest.raises(AppendOnly):
        storages["evidence"].delete(capture.path)
    with pytest.raises(NotImplementedError):
        storages["evidence"].url(capture.path)
    assert storages["evidence"].exists(capture.path)
    assert "DELETE" not in store.asked()


def test_a_lost_object_is_missing_and_put_back_by_the_next_fetch(store: Store) -> None:
    capture = keep().capture
    store.objects.clear()
    with pytest.raises(EvidenceMissing):
        service.read(capture)
    keep()
    assert service.read(capture) == PAGE


def test_a_changed_object_is_damaged(store: Store) -> None:
    capture = keep().capture
    store.objects[capture.path] = gzip.compress(b"other")
    assert [f.condition for f in service.verify()] == [Condition.DAMAGED]


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (403, "AccessDenied", "拒绝访问（AccessDenied），请检查 S3_ACCESS_KEY"),
        (503, "SlowDown", "HTTP 503 SlowDown"),
        (500, "InternalError", "HTTP 500"),
        (404, "NoSuchBucket", "存储桶不存在，请检查 S3_BUCKET"),
        (301, "PermanentRedirect", "HTTP 301"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_store_that_refuses_records_nothing(store, method, status, code, sentence) -> None:
    store.faults[method] = (status, code)
    with pytest.raises(EvidenceUnreachable, match=sentence):
        keep()
    assert not Capture.objects.exists()
    assert not Sighting.objects.exists()
    assert not store.objects


def test_trouble_of_the_store_is_not_said_to_be_damage(store: Store) -> None:
    capture = keep().capture
    store.faults["GET"] = (503, "SlowDown")
    with pytest.raises(EvidenceUnreachable):
        service.read(capture)
    assert [f.condition for f in service.verify()] == [Condition.UNREADABLE]


def test_an_answer_that_is_cut_off_is_not_evidence(store: Store) -> None:
    capture = keep().capture
    store.cut = True
    with pytest.raises(EvidenceUnreachable, match="连不上"):
        service.read(capture)


def test_a_store_that_is_down(settings, options) -> None:
    use(settings, {**options, "endpoint_url": "http://127.0.0.1:9"})
    with pytest.raises(EvidenceUnreachable, match="S3_ENDPOINT_URL"):
        keep()
    assert not Capture.objects.exists()


def test_wrong_bucket(settings, options, store: Store) -> None:
    use(settings, {**options, "bucket_name": "another"})
    with pytest.raises(EvidenceUnreachable, match="S3_BUCKET"):
        keep()


# --- settings ---------------------------------------------------------------------------------


def ids(settings, **values: str) -> list[str]:
    for name in ("BUCKET", "ENDPOINT_URL", "ACCESS_KEY", "SECRET_KEY", "REGION"):
        setattr(settings, f"S3_{name}", values.get(name, ""))
    settings.S3_ADDRESSING = values.get("ADDRESSING", "auto")
    return [error.id for error in checks.check_store(None)]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"BUCKET": "b"}, []),
        ({"BUCKET": "b", "ACCESS_KEY": "k", "SECRET_KEY": "s"}, []),
        ({"ENDPOINT_URL": "https://s3.cn"}, ["evidence.E002"]),
        ({"BUCKET": "b", "ACCESS_KEY": "k"}, ["evidence.E003"]),
        ({"BUCKET": "b", "ADDRESSING": "domain"}, ["evidence.E004"]),
        ({"BUCKET": "b", "ENDPOINT_URL": "s3.cn"}, ["evidence.E005"]),
    ],
)
def test_settings_are_checked_at_the_start(settings, values, found) -> None:
    assert ids(settings, **values) == found


def test_the_missing_extra_is_named_at_the_start_and_at_use(settings, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "storages", None)
    monkeypatch.setitem(sys.modules, "rankings.evidence.s3", None)
    monkeypatch.setattr(checks.importlib.util, "find_spec", lambda name: None)
    assert ids(settings, BUCKET="b") == ["evidence.E001"]
    [error] = checks.check_store(None)
    assert "requirements-s3.txt" in error.hint
    with pytest.raises(EvidenceUnreachable, match=r"requirements-s3\.txt"):
        keep()


def test_the_command_stops_when_the_store_is_away(store: Store, capsys) -> None:
    captures = [keep(bytes([number])).capture for number in range(8)]
    store.faults["GET"] = (503, "SlowDown")
    with pytest.raises(SystemExit) as stop:
        start = str(captures[0].pk)
        call_command("verify_evidence", "--json", "--from", start, stdout=io.StringIO())
    assert stop.value.code == 3
    assert f"--from {captures[0].pk}" in capsys.readouterr().err
