"""The pace, and what a server says of when to come again. Sleeping moves the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from scrapers.fetch_errors import RobotsUnreachable, ServerFault, Throttled, TryLater
from scrapers.fetching import OwnMemory
from scrapers.fetching.answers import retry_after

from .servers import PAGE, Server, get

NOW = datetime(2019, 9, 1, 2, 0, tzinfo=UTC)


class Sleep(list):
    """Stands for ``time.sleep``, remembers, and lets the time pass."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock

    def __call__(self, seconds: float) -> None:
        self.append(seconds)
        self.clock.shift(timedelta(seconds=seconds))


@pytest.fixture
def sleep() -> Iterator[Sleep]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield Sleep(clock)


@pytest.fixture
def memory() -> OwnMemory:
    return OwnMemory(pace=2)


def test_requests_to_one_host_keep_their_distance(server: Server, sleep, memory) -> None:
    server.put("/b")
    get(server.put("/a", status=302, Location="/b"), sleep, memory=memory)
    assert sleep == [2, 2]  # robots.txt, /a, /b
    get(server.url("/b"), sleep, memory=memory)
    assert sleep == [2, 2, 2]


def test_the_pace_of_the_settings_holds_without_a_memory(server: Server, sleep, settings) -> None:
    settings.SCRAPER_PACE_SECONDS = 3.0
    get(server.put("/a"), sleep)
    assert sleep == [3]


def test_each_host_has_its_own_pace(server: Server, sleep, memory) -> None:
    target = f"http://localhost:{server.server_port}/b"
    server.put("/b")
    get(server.put("/a", status=302, Location=target), sleep, memory=memory)
    assert server.robots_asked == 2
    assert sleep == [2, 2]  # one before each page; the second host's robots.txt waits for nothing


def test_a_host_that_wishes_a_longer_pace_gets_it(server: Server, sleep, memory) -> None:
    server.put("/robots.txt", b"User-agent: *\nCrawl-delay: 30")
    server.put("/b")
    get(server.put("/a", status=302, Location="/b"), sleep, memory=memory)
    assert sleep == [2, 30]


def test_a_long_line_is_not_waited_in(server: Server, sleep, memory) -> None:
    memory.put_off(f"http://127.0.0.1:{server.server_port}", NOW + timedelta(seconds=121))
    with pytest.raises(TryLater, match=r"2019年9月1日 10:03（北京时间）以后重试") as later:
        get(server.put("/a"), sleep, memory=memory)
    assert later.value.until == NOW + timedelta(seconds=121)
    assert (sleep, server.seen, server.robots_asked) == ([], [], 0)


def test_all_waits_of_one_fetch_together_are_bounded(server: Server, sleep, memory) -> None:
    server.put("/robots.txt", b"User-agent: *\nCrawl-delay: 50")
    with pytest.raises(TryLater):
        get(server.put("/a", status=302, Location="/a"), sleep, memory=memory)
    assert sleep == [2, 50, 50]
    assert len(server.seen) == 3


# --- Retry-After ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [503, 429])
@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "7"},
        {"Retry_After": "Sun, 01 Sep 2019 02:00:07 GMT", "Date": "Sun, 01 Sep 2019 02:00:00 GMT"},
    ],
    ids=["seconds", "date"],
)
def test_a_short_wish_is_waited_for(server: Server, sleep, status, headers) -> None:
    server.put("/a", status=status, **headers)
    assert get(server.put("/a"), sleep).data == PAGE
    assert sleep == [7]


@pytest.mark.parametrize("status", [503, 429])
def test_a_long_wish_ends_the_fetch_and_is_remembered(server: Server, sleep, memory, status):
    url = server.put("/a", b"<h1>busy</h1>", status=status, Retry_After="5400")
    with pytest.raises(TryLater, match=rf"HTTP {status}.*2019年9月1日 11:31（北京时间）") as later:
        get(url, sleep, memory=memory)
    assert later.value.page.data == b"<h1>busy</h1>"
    assert sleep == [2]
    with pytest.raises(TryLater, match="11:31"):
        get(url, sleep, memory=memory)
    assert len(server.seen) == 1
    sleep.clock.shift(timedelta(seconds=5400))
    server.answers["/a"] = []
    assert get(server.put("/a"), sleep, memory=memory).data == PAGE


def test_a_wish_for_ever_is_heeded_for_a_day(server: Server, sleep) -> None:
    url = server.put("/a", status=503, Retry_After="9" * 40)
    with pytest.raises(TryLater) as later:
        get(url, sleep)
    assert later.value.until == NOW + timedelta(days=1)


def test_a_host_that_keeps_wishing_is_given_up(server: Server, sleep) -> None:
    with pytest.raises(ServerFault):
        get(server.put("/a", status=503, Retry_After="60"), sleep)
    assert sleep == [60, 60]
    assert len(server.seen) == 3


def test_too_many_requests_without_a_time_are_not_tried_again(server: Server, sleep) -> None:
    with pytest.raises(Throttled, match="太频繁"):
        get(server.put("/a", status=429), sleep)
    assert (sleep, len(server.seen)) == ([], 1)


def test_other_faults_name_no_time(server: Server, sleep) -> None:
    server.put("/a", status=500, Retry_After="5400")
    assert get(server.put("/a"), sleep).data == PAGE
    assert sleep == [2.5]


def test_a_wish_in_place_of_the_robots_file(server: Server, sleep) -> None:
    server.put("/robots.txt", status=503, Retry_After="9")
    server.put("/robots.txt", b"")
    assert get(server.put("/a"), sleep).data == PAGE
    assert sleep == [2.5, 6.5]
    server.answers["/robots.txt"] = []
    server.put("/robots.txt", status=429)
    with pytest.raises(RobotsUnreachable):
        get(server.url("/a"), sleep)


@pytest.mark.parametrize(
    ("text", "date", "seconds"),
    [
        ("0", "", 0),
        (" 120 ", "", 120),
        ("-5", "", None),
        ("1.5", "", None),
        ("soon", "", None),
        ("", "", None),
        ("²", "", None),
        ("Sun, 01 Sep 2019 02:10:00 GMT", "", 600),
        # The server's clock is a year behind; what it means is ten minutes.
        ("Sat, 01 Sep 2018 02:10:00 GMT", "Sat, 01 Sep 2018 02:00:00 GMT", 600),
        ("Sun, 01 Sep 2019 01:00:00 GMT", "", 0),
        ("Sun, 99 Sep 2019 01:00:00 GMT", "", None),
    ],
)
def test_what_a_wish_says(text: str, date: str, seconds: float | None) -> None:
    assert retry_after({"RETRY-AFTER": text, "date": date}, NOW) == seconds
