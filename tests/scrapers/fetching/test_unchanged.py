"""Conditional requests: validators go to the address they came from, and 304 only on demand."""

import pytest

from scrapers.fetch_errors import BadStatus
from scrapers.fetching import Seen

from .servers import PAGE, Server, get

MONDAY = "Mon, 26 Aug 2019 03:00:00 GMT"


def test_a_server_may_say_that_nothing_changed(server: Server) -> None:
    url = server.put("/a", b"", status=304, ETag='"a1"')
    page = get(url, seen=Seen(url, '"a1"', MONDAY))
    assert (page.not_modified, page.data, page.status) == (True, b"", 304)
    sent = server.seen[0][1]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"a1"', MONDAY)
    assert page.request_headers["If-None-Match"] == '"a1"'


def test_a_page_that_changed_comes_whole(server: Server) -> None:
    url = server.put("/a")
    page = get(url, seen=Seen(url, 'W/"a1"'))
    assert (page.not_modified, page.data) == (False, PAGE)
    assert server.seen[0][1]["If-None-Match"] == 'W/"a1"'
    assert "If-Modified-Since" not in server.seen[0][1]


@pytest.mark.parametrize("seen", [None, "none", "other"])
def test_a_304_that_nobody_asked_for_is_no_page(server: Server, seen: str | None) -> None:
    url = server.put("/a", b"", status=304)
    held = {
        None: None,
        "none": Seen(url),
        "other": Seen(server.url("/b"), '"a1"'),
    }[seen]
    with pytest.raises(BadStatus, match=r"304.*没有这样问"):
        get(url, seen=held)
    assert not {"If-None-Match", "If-Modified-Since"} & server.seen[0][1].keys()


def test_validators_follow_a_redirect_to_their_own_page(server: Server) -> None:
    server.put("/榜?x=1", b"", status=304)
    server.answers["/%E6%A6%9C?x=1"] = server.answers.pop("/榜?x=1")
    url = server.put("/a", status=302, Location="/榜?x=1".encode().decode("latin-1"))
    page = get(url, seen=Seen(server.url("/%E6%A6%9C?x=1"), '"a1"'))
    assert page.not_modified
    assert [("If-None-Match" in headers) for _, headers in server.seen] == [False, True]


def test_no_validators_go_to_robots_txt(server: Server) -> None:
    server.put("/robots.txt", b"", status=302, Location="/a")
    url = server.put("/a")
    get(url, seen=Seen(url, '"a1"'))
    assert [("If-None-Match" in headers) for _, headers in server.seen] == [False, True]
