"""Further pages, written by someone who did not know the extractor, must be read exactly too."""

from __future__ import annotations

import json

import pytest

from tests.scrapers.extract.pages import MORE, SavedPage
from tests.scrapers.extract.test_saved_pages import compared


def test_the_pages_are_here():
    assert len(MORE) >= 75


@pytest.mark.parametrize("page", MORE, ids=lambda page: page.slug)
def test_page_is_read_as_its_truth_says(page: SavedPage):
    answer = json.loads(json.dumps(page.extract().to_json()))
    assert compared(answer) == compared(page.truth)
