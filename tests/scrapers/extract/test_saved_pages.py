"""Every saved page must be read exactly as its truth says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.scrapers.extract.pages import SAVED, SavedPage

ROW_KEYS = ("rank", "tied", "account", "wechat_id", "unit", "values", "movement")
BOARD_KEYS = ("name", "subject", "list_size", "needs_transcription")
PAGE_KEYS = ("verdict", "period", "published")


def compared(answer: dict[str, Any]) -> dict[str, Any]:
    """The keys of the contract; further keys and the order of flags are free."""
    return {
        **{key: answer[key] for key in PAGE_KEYS},
        "flags": sorted(answer["flags"]),
        "boards": [
            {
                **{key: board[key] for key in BOARD_KEYS},
                "rows": [{key: row[key] for key in ROW_KEYS} for row in board["rows"]],
            }
            for board in answer["boards"]
        ],
    }


def test_all_pages_are_here():
    assert len(SAVED) == 16


@pytest.mark.parametrize("page", SAVED, ids=lambda page: page.slug)
def test_page_is_read_as_its_truth_says(page: SavedPage):
    answer = json.loads(json.dumps(page.extract().to_json()))
    assert compared(answer) == compared(page.truth)


@pytest.mark.parametrize("page", SAVED, ids=lambda page: page.slug)
def test_every_row_of_a_listing_tells_where_it_was_read(page: SavedPage):
    for board in page.extract().boards:
        for row in board.rows:
            if board.in_text:
                assert {"rank", "account"} <= row.places.keys()
