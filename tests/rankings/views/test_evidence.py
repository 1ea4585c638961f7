"""Evidence on screen: pictures in place, pages dead, everything else a download."""

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse

from rankings.evidence import service as evidence

from .pictures import picture
from .screens import READERS, refused, text_of

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2019, 9, 5, 4, tzinfo=dt.UTC)
HOSTILE = b"<!doctype html><script>alert(1)</script><p>\xbb\xc4\xcc\xc1"


def kept(data: bytes, content_type: str = ""):
    return evidence.store(data, kind="upload", fetched_at=NOON, content_type=content_type).capture


def url(name: str, capture) -> str:
    return reverse(f"rankings:{name}", args=[capture.pk])


def test_a_picture_is_shown_in_place(client, as_role) -> None:
    as_role("editor")
    capture = kept(picture())
    text = text_of(client.get(url("evidence", capture)))
    assert f'src="{url("evidence_picture", capture)}"' in text and "PNG 图片" in text
    response = client.get(url("evidence_picture", capture))
    assert response.content == picture()
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "private" in response["Cache-Control"]
    assert client.get(url("evidence_page", capture)).status_code == 404
    file = client.get(url("evidence_file", capture))
    assert file["Content-Disposition"].endswith(".png") or "png" in file["Content-Disposition"]


def test_a_page_is_shown_dead(client, as_role) -> None:
    as_role("editor")
    capture = kept(HOSTILE, "text/html; charset=gb2312")
    text = text_of(client.get(url("evidence", capture)))
    assert f'sandbox="" referrerpolicy="no-referrer" src="{url("evidence_page", capture)}"' in text
    response = client.get(url("evidence_page", capture))
    assert response["Content-Type"] == "text/html; charset=gb2312"
    policy = response["Content-Security-Policy"]
    assert "sandbox;" in policy and "default-src 'none'" in policy and "script" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(url("evidence_picture", capture)).status_code == 404


@pytest.mark.parametrize("data", [b"%PDF-1.7 x", b"\x00\x01binary"])
def test_everything_else_is_only_downloaded(client, as_role, data) -> None:
    as_role("editor")
    capture = kept(data, "image/png")
    for name in ("evidence_picture", "evidence_page"):
        assert client.get(url(name, capture)).status_code == 404
    file = client.get(url("evidence_file", capture))
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")


def test_lost_evidence_is_told_on_every_screen(client, as_role) -> None:
    as_role("editor")
    capture = kept(picture())
    Path(evidence.storage().path(capture.path)).unlink()
    assert client.get(url("evidence_picture", capture)).status_code == 503
    text = text_of(client.get(url("evidence", capture)))
    assert "不见了" in text and "取得记录" in text and "下载原始文件" not in text


@pytest.mark.parametrize("name", ["evidence", "evidence_file", "evidence_picture", "evidence_page"])
def test_who_may_look(client, as_role, name) -> None:
    capture = kept(HOSTILE)
    assert client.get(url(name, capture)).status_code == 302
    as_role("auditor")
    assert refused(client.get(url(name, capture)))
    for role in READERS:
        as_role(role)
        assert not refused(client.get(url(name, capture)))
    assert client.get(reverse(f"rankings:{name}", args=[999])).status_code == 404
