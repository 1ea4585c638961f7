"""The saved ranking pages and small helpers to build pages in tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapers.extract import Extraction, extract

FOLDER = Path(__file__).parents[2] / "fixtures" / "ranking-pages"
MORE_FOLDER = FOLDER.with_name("ranking-pages-more")
FETCHED = datetime.fromisoformat("2019-04-10T10:10:10+08:00")


@dataclass(frozen=True)
class SavedPage:
    """One saved page with its request and truth."""

    slug: str
    folder: Path = FOLDER

    @property
    def data(self) -> bytes:
        return (self.folder / f"{self.slug}.html").read_bytes()

    @property
    def request(self) -> dict[str, str]:
        return json.loads((self.folder / f"{self.slug}.request.json").read_text(encoding="utf-8"))

    @property
    def truth(self) -> dict[str, Any]:
        return json.loads((self.folder / f"{self.slug}.truth.json").read_text(encoding="utf-8"))

    def extract(self) -> Extraction:
        request = self.request
        return extract(
            self.data,
            url=request["url"],
            content_type=request["content_type"],
            fetched_at=datetime.fromisoformat(request["fetched_at"]),
        )


SAVED = [SavedPage(path.stem) for path in sorted(FOLDER.glob("*.html"))]
MORE = [SavedPage(path.stem, MORE_FOLDER) for path in sorted(MORE_FOLDER.glob("*.html"))]


def read(
    body: str | bytes,
    *,
    url: str = "http://bd.example/1.html",
    content_type: str = "text/html; charset=utf-8",
    fetched_at: datetime = FETCHED,
    title: str = "荷塘区政务微信2019年3月榜",
) -> Extraction:
    """Extract a page whose body is given; bytes are taken as the whole page."""
    data = body
    if isinstance(body, str):
        data = (
            f"<html><head><meta charset='utf-8'><title>{title}</title></head>"
            f"<body><h1>{title}</h1><p>发布时间：2019-04-09</p>{body}</body></html>"
        ).encode()
    return extract(data, url=url, content_type=content_type, fetched_at=fetched_at)


def rows_of(extraction: Extraction, board: int = 0) -> list[tuple[int, str]]:
    """Rank and account of every row of one board."""
    return [(row.rank, row.account) for row in extraction.boards[board].rows]
