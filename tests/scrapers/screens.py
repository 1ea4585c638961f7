"""The desk as a browser without scripts sees it, and pictures to show on it."""

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from PIL import Image

from rankings.evidence import service as evidence
from scrapers.models import Run, RunPicture

from .conftest import REVIEWER, listing, page

CHECKER = (*REVIEWER, "rankings.confirm_observation")
PICTURE = {"verdict": "needs_transcription", "flags": ["picture_only"]}


def show(run: Run) -> str:
    return reverse("scrapers_run:show", args=[run.pk])


def screen(client, run: Run, query: str = "") -> str:
    return client.get(show(run) + query).content.decode()


def fields(text: str) -> dict[str, str]:
    """The cells of a screen as they would be sent without scripts."""
    found = re.findall(r'<input type="text"[^>]* name="(c-[^"]+)" value="([^"]*)"', text)
    return {name: unescape(value) for name, value in found if "__row__" not in name}


def full_form(text: str, board: Any, **changes: Any) -> dict[str, Any]:
    """Everything a browser without scripts would send, with ``changes``."""
    ticks = re.findall(r'name="rows-0" value="([^"]+)"[^>]* checked', text)
    return {
        **fields(text),
        **dict(re.findall(r'name="((?:seen|more-\d+|columns-\d+))" value="([^"]*)"', text)),
        "board-0": str(board.pk),
        "rows-0": [tick for tick in ticks if tick != "__row__"],
        "reason": "核对过",
        **changes,
    }


def png(width: int = 40, height: int = 20) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "PNG")
    return buffer.getvalue()


def picture_of(run: Run, *rows: dict[str, Any], data: bytes = b"", **details: Any) -> RunPicture:
    given: dict[str, Any] = {
        "board": 0,
        "number": 0,
        "url": "https://rank.example.gov.cn/a.png",
        "sighting": evidence.store(data or png(), kind="picture", fetched_at=timezone.now()),
    }
    if rows:
        given |= {
            "reading": page(listing(*rows, name="")),
            "read_at": timezone.now() - timedelta(minutes=1),
        }
    return RunPicture.objects.create(run=run, **{**given, **details})
