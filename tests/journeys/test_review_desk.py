"""Journey: a list that is a picture is read, mended and typed, and two people make it count."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cms.ops import health
from cms.ops.models import AuditEntry
from rankings.models import Observation
from rankings.periods import Month
from scrapers import services
from scrapers.fetching import FetchedPage
from scrapers.models import Run, RunState, Source, SourceBoard, Trigger
from tests.factories.rankings import AccountFactory, BoardFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
OURS = "听荷发布"
OCTOBER = Month(2026, 10)
PAGE = """<html><head><meta charset="utf-8"><title>示例县级榜2026年10月榜单发布</title></head><body>
<h1>示例县级榜2026年10月榜单发布</h1><p>发布日期：2026年11月1日</p>
<p>统计时间：2026年10月1日至10月31日</p><h2>示例县级榜TOP3</h2>
<p><img src="/pictures/october.png" width="1080" height="600"></p></body></html>"""


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture(autouse=True)
def first_of_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 1, 2, tzinfo=UTC), tick=True):
        yield


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1080, 600), "white").save(buffer, "PNG")
    return buffer.getvalue()


def fetch(url: str, **details: Any) -> FetchedPage:
    """What the publisher's server answers."""
    pictured = url.endswith(".png")
    return FetchedPage(
        data=picture() if pictured else PAGE.encode(),
        url=url,
        final_url=url,
        status=200,
        content_type="image/png" if pictured else "text/html; charset=utf-8",
        fetched_at=timezone.now().astimezone(UTC),
        headers={},
        request_headers={},
    )


def cell(confidence: float, x: int, y: int) -> dict[str, Any]:
    return {"confidence": confidence, "crop": [x, y, 100, 30]}


class Reading:
    """What is read from the picture: one name wrongly, one row not at all."""

    def to_json(self, *, explain: bool = False) -> dict[str, Any]:
        rows = [
            {
                "rank": rank,
                "tied": False,
                "account": name,
                "wechat_id": None,
                "unit": None,
                "values": {"reads": {"value": v, "bound": "exact", "capped": False, "raw": str(v)}},
                "movement": None,
                "cells": {"account": cell(sure, 200, 100 * rank), "reads": cell(0.99, 500, 100)},
            }
            for rank, name, v, sure in ((1, OURS, 91000, 0.99), (2, "映月融煤", 80000, 0.8))
        ]
        board = {
            "name": "示例县级榜TOP3",
            "subject": "account",
            "list_size": 3,
            "needs_transcription": True,
            "rows": rows,
        }
        return {
            "verdict": "needs_transcription",
            "period": {"kind": "month", "start": "2026-10-01", "end": "2026-10-31"},
            "published": None,
            "boards": [board],
            "flags": ["picture_only"],
            "note": "",
        }


def form_of(text: str) -> dict[str, Any]:
    """All that a browser without scripts sends from the desk."""
    cells = re.findall(r'<input type="text"[^>]* name="(c-[^"]+)" value="([^"]*)"', text)
    chosen = re.search(r'<option value="(\d+)" selected', text)
    return {
        **{name: unescape(value) for name, value in cells if "__row__" not in name},
        "seen": re.search(r'name="seen" value="(\d+)"', text)[1],
        "board-0": chosen[1],
        "rows-0": re.findall(r'name="rows-0" value="((?:g|n)?[\d-]+)"[^>]* checked', text),
    }


@pytest.fixture
def office(client) -> Callable[[], Any]:
    """Another person of the office signs in."""

    def sign_in():
        user = UserFactory(roles=["office"])
        client.force_login(user)
        return user

    return sign_in


def test_from_the_picture_to_the_report(client, office) -> None:
    board = BoardFactory(key="county-example", name="示例县级榜", is_example=True)
    AccountFactory(key="tinghe", name=OURS, is_ours=True)
    AccountFactory(key="yingyue", name="映月融媒")
    source = Source.objects.create(
        key="pictures",
        name="示例图片榜",
        source_kind="publisher",
        source_name="示例研究院",
        address="https://rank.example.gov.cn/{year}/{month:02d}.html",
        allowed_hosts="rank.example.gov.cn",
    )
    SourceBoard.objects.create(source=source, heading="示例县级榜", board=board)

    # The list is a picture: nothing is guessed, the picture is kept and read.
    waiting = services.run_source(None, source, OCTOBER, Trigger.SCHEDULE, fetch=fetch)
    assert waiting.state == RunState.TRANSCRIPTION, waiting.reason
    assert services.keep_pictures(waiting.pk, fetch=fetch) == 1
    assert services.read_pictures(reader=lambda data, **details: Reading()) == 1
    assert not Observation.objects.exists()
    _, findings = health.report().checks["scrapers"]
    assert any("等待人工核对" in finding.message for finding in findings)

    # The first person sees the picture beside the rows, mends one name and types what is missing.
    first = office()
    address = reverse("scrapers_run:show", args=[waiting.pk])
    text = client.get(address).content.decode()
    kept = waiting.pictures.get()
    shown = reverse("scrapers_run:picture", args=[waiting.pk, kept.pk])
    assert shown in text
    assert client.get(shown).content == picture()
    assert "识别把握 80%" in text
    mended = form_of(text) | {
        "c-0-g0-1-account": "映月融媒",
        "c-0-n1-rank": "3",
        "c-0-n1-account": "拂霞在线",
        "c-0-n1-reads": "7万+",
        "reason": "放大图片核对，第2名是融媒",
    }
    client.post(address, {**mended, "action": "save"})
    text = client.get(address).content.decode()
    assert "原为 <del>映月融煤</del>" in text
    client.post(address, {**form_of(text), "action": "accept", "reason": "三行都核对过"})
    waiting.refresh_from_db()
    assert waiting.state == RunState.CHECK, waiting.reason
    assert not Observation.objects.exists()
    client.post(address, {"action": "pass"})
    assert not Observation.objects.exists()

    # The second person sends it back once, and then lets it pass.
    second = office()
    client.post(address, {"action": "return", "reason": "第3名阅读数看不清"})
    waiting.refresh_from_db()
    assert waiting.state == RunState.TRANSCRIPTION
    client.force_login(first)
    again = form_of(client.get(address).content.decode())
    client.post(address, {**again, "action": "accept", "reason": "放大后是7万+"})
    client.force_login(second)
    client.post(address, {"action": "pass"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.checked_by) == (RunState.RECORDED, second)

    rows = Observation.objects.in_force().order_by("rank")
    assert list(rows.values_list("rank", "account__name", "status")) == [
        (1, OURS, "confirmed"),
        (2, "映月融媒", "confirmed"),
        (3, "拂霞在线", "confirmed"),
    ]
    assert {(row.recorded_by, row.confirmed_by) for row in rows} == {(first, second)}
    # What proves a rank is the picture; what the machine read is still there.
    assert {row.capture for row in rows} == {kept.sighting.capture}
    kept.refresh_from_db()
    assert kept.reading["boards"][0]["rows"][1]["account"] == "映月融煤"
    assert Run.objects.get().extraction == waiting.extraction
    actions = AuditEntry.objects.filter(action__startswith="scrape.").order_by("pk")
    assert [entry.action for entry in actions if entry.actor] == [
        "scrape.edit",
        "scrape.check",
        "scrape.return",
        "scrape.check",
        "scrape.recorded",
    ]
    table = client.get(reverse("rankings:month_table", args=[board.key, "2026-10"]))
    assert "拂霞在线" in table.content.decode()
    overview = client.get(reverse("rankings:overview")).content.decode()
    assert OURS in overview
