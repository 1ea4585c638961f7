"""The demo's public honours page."""

import pytest

from demo import rankings
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


def test_it_shows_the_real_board_alone_and_nothing_as_proved(client):
    assert rankings.load_county() == 24
    page = rankings.load_honours(
        UserFactory(roles=["administrator"]), UserFactory(roles=["publisher"])
    )
    assert page.get_url() == "/honours/"
    [board] = client.get("/honours/data.json").json()["boards"]
    assert (board["key"], board["is_example"]) == ("county", False)
    assert {month["state"] for month in board["months"]} == {"R"}
    assert (board["longest"]["proved"], board["longest"]["possible"]) == (0, 24)
    text = client.get("/honours/").content.decode()
    assert "演示榜" not in text
    assert "petal--first" not in text
    assert text.count("petal-room") == 24
