"""A source, people, and pages whose text is the extraction itself.

What the extractor makes of real pages is tested beside it and in the journeys; here a page is
the JSON that it is to be read as, so that each test states exactly what was found.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone

from cms.users.models import User
from rankings.models import Board
from rankings.periods import Month, Period
from scrapers import services
from scrapers.fetching import FetchedPage
from scrapers.models import Run, Source, SourceBoard, Trigger
from tests.factories.rankings import BoardFactory
from tests.factories.users import UserFactory

AUGUST = Month(2019, 8)
SEPTEMBER_1 = datetime(2019, 9, 1, 2, 0, tzinfo=UTC)


class ReadBack:
    """Stands for an ``Extraction``."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def to_json(self, *, explain: bool = False) -> dict[str, Any]:
        return json.loads(self.data)


@pytest.fixture
def extraction_is_the_page(monkeypatch) -> None:
    monkeypatch.setattr("scrapers.extract.extract", lambda data, **details: ReadBack(data))


@pytest.fixture
def evidence_root(settings, tmp_path: Path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path


@pytest.fixture
def board(db) -> Board:
    return BoardFactory(key="county", name="县级榜")


@pytest.fixture
def source(board: Board) -> Source:
    return make_source(board)


def make_source(board: Board | None, heading: str = "", **details: Any) -> Source:
    given = {
        "key": "institute",
        "name": "示例研究院月榜",
        "source_kind": "publisher",
        "source_name": "示例研究院",
        "address": "https://rank.example.gov.cn/{year}/{month:02d}.html",
        "allowed_hosts": "rank.example.gov.cn",
    }
    source = Source.objects.create(**{**given, **details})
    SourceBoard.objects.create(source=source, heading=heading, board=board)
    return source


def person(*permissions: str, admin: bool = True) -> User:
    """Someone with these ``app.codename`` permissions and, usually, access to the admin."""
    user = UserFactory()
    names = [*permissions, *(["wagtailadmin.access_admin"] if admin else [])]
    for name in names:
        app, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


REVIEWER = ("scrapers.view_run", "scrapers.review_run", "rankings.record_observation")


def row(rank: int, account: str, *, tied: bool = False, **values: Any) -> dict[str, Any]:
    return {
        "rank": rank,
        "tied": tied,
        "account": account,
        "wechat_id": None,
        "unit": None,
        "values": {
            key: {"value": value, "bound": "exact", "capped": False, "raw": str(value)}
            for key, value in values.items()
        },
        "movement": None,
    }


def listing(*rows: dict[str, Any], name: str = "县级榜", **details: Any) -> dict[str, Any]:
    return {
        "name": name,
        "subject": "account",
        "list_size": None,
        "needs_transcription": False,
        "rows": list(rows),
        **details,
    }


THREE = (
    row(1, "在荷塘", index=1100.5),
    row(2, "甲县发布", index=900),
    row(3, "乙县发布", index=800),
)


def page(*boards: dict[str, Any], month: Month = AUGUST, **details: Any) -> dict[str, Any]:
    return {
        "verdict": "ok",
        "period": {
            "kind": "month",
            "start": str(Period.of_month(month).start),
            "end": str(Period.of_month(month).end),
        },
        "published": str(date(2019, 9, 1)),
        "boards": list(boards or [listing(*THREE)]),
        "flags": [],
        "note": "",
        **details,
    }


DOUBTFUL = {"verdict": "review", "flags": ["missing_rank"]}


def fetching(content: dict[str, Any] | bytes | BaseException) -> Callable[..., FetchedPage]:
    """A ``fetch`` that finds ``content``, or fails with it, and counts its calls."""

    def fetch(url: str, *, allowed_hosts: list[str], **details: Any) -> FetchedPage:
        fetch.calls.append((url, list(allowed_hosts)))
        if isinstance(content, BaseException):
            raise content
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        return FetchedPage(
            data=data,
            url=url,
            final_url=url,
            status=200,
            content_type="text/html; charset=utf-8",
            fetched_at=timezone.now().astimezone(UTC),
            headers={"Server": "test"},
            request_headers={"User-Agent": "test"},
        )

    fetch.calls = []
    return fetch


@pytest.fixture
def first_of_september():
    with time_machine.travel(SEPTEMBER_1, tick=False) as clock:
        yield clock


def run(source: Source, content=None, month: Month = AUGUST, **details) -> Run:
    return services.run_source(
        None,
        source,
        month,
        Trigger.COMMAND,
        fetch=fetching(page() if content is None else content),
        **details,
    )
